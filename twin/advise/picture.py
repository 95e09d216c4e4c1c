"""What a chart shows: lines of a measure by day or by week, observed, forecast and played."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from twin.advise.days import Days
from twin.experiment.outcome import band
from twin.records import COLUMN
from twin.spec.measures import Measure

WEEK = 7


@dataclass(frozen=True)
class Line:
    """One line: a number for each day, or for the seven days around that day; NaN where there is none."""

    day: list[date]
    mean: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def played(records: np.ndarray, measure: Measure, today: date, size: int, driven: str) -> Line:
    """A measure of a run: its mean and the range of the middle 80 % of plays, in blocks of `size` days.

    driven : the field that says whether anything came in
    """
    return _line(measure.daily(blocks(records, size)), today, size, closed(records, size, driven))


def difference(
    baseline: np.ndarray, scenario: np.ndarray, measure: Measure, today: date, size: int, driven: str
) -> Line:
    """The paired difference of a measure, in blocks of `size` days."""
    values = measure.daily(blocks(scenario, size)) - measure.daily(blocks(baseline, size))
    return _line(values, today, size, closed(baseline, size, driven))


def _line(values: np.ndarray, today: date, size: int, shut: np.ndarray) -> Line:
    found = band(values)
    mean, low, high = (np.where(shut, np.nan, part) for part in (found.mean, found.low, found.high))
    return Line(middles(today, len(mean), size), mean, low, high)


def blocks(records: np.ndarray, size: int) -> np.ndarray:
    """Records averaged over each `size` whole days; what is left over at the end is dropped."""
    if size == 1:
        return records
    number = records.shape[1] // size
    cut = records[:, : number * size]
    return cut.reshape(len(records), number, size, records.shape[2]).mean(axis=2)


def closed(records: np.ndarray, size: int, driven: str) -> np.ndarray:
    """The days on which nothing came in in any play: closed, not bad."""
    if size > 1:
        return np.zeros(records.shape[1] // size, dtype=bool)
    return (records[:, :, COLUMN[driven]] == 0).all(axis=0)


def middles(first: date, number: int, size: int) -> list[date]:
    """The middle day of each block."""
    return [first + timedelta(days=n * size + size // 2) for n in range(number)]


def observed(days: Days, measure: Measure, size: int, back: int) -> Line:
    """A measure of the last `back` days as they were, in blocks of `size` days that end on the last one."""
    length = len(days.day)
    back = min(back, length) // size * size
    kept = days.cut(length - back, length)
    values = kept.by_block(measure, size)
    return Line(middles(kept.day[0], back // size, size), np.where(kept.open, values, np.nan) if size == 1 else values)


def expected(
    values: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    paths: np.ndarray | None,
    opened: np.ndarray,
    today: date,
    size: int,
) -> Line:
    """A forecast; by week with the range of its paths, where it has any."""
    if size == 1:
        shown = [np.where(opened, part, np.nan) for part in (values, low, high)]
        return Line(middles(today, len(values), 1), *shown)
    number = len(values) // size
    mean = values[: number * size].reshape(number, size).mean(axis=1)
    if paths is None:
        return Line(middles(today, number, size), mean)
    found = band(paths[:, : number * size].reshape(len(paths), number, size).mean(axis=2))
    return Line(middles(today, number, size), mean, found.low, found.high)


def continued(past: Line, ahead: Line) -> Line:
    """A coming line that begins with the last point of a past one."""
    day, value = past.day[-1], past.mean[-1:]
    low, high = (None if part is None else np.concatenate([value, part]) for part in (ahead.low, ahead.high))
    return Line([day, *ahead.day], np.concatenate([value, ahead.mean]), low, high)


def anchor(records: np.ndarray, today: date, size: int = WEEK) -> Line:
    """How far what is expected to come in by itself had to be scaled to meet the forecast, as each day weighs it."""
    expected, factor = records[:, :, COLUMN["demand_expected"]], records[:, :, COLUMN["anchor_factor"]]
    expected = expected - records[:, :, COLUMN["booked_expected"]]
    own = np.divide(expected, factor, out=np.zeros_like(expected), where=factor > 0)
    number = records.shape[1] // size
    scaled, unscaled = (
        part[:, : number * size].reshape(len(records), number, size).sum(axis=2) for part in (expected, own)
    )
    found = band(np.divide(scaled, unscaled, out=np.full(scaled.shape, np.nan), where=unscaled > 0))
    return Line(middles(today, number, size), found.mean, found.low, found.high)
