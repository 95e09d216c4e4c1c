"""How well each method would have done: the past is cut at several origins and forecast from there.

A day is scored if the business was open on it or was expected to be: a closing that was not foreseen counts as a miss,
a day closed as expected (forecast 0, observed 0) does not count at all. Everything used at an origin (the closing
rules, the fit, the width of the range) comes from days before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.forecast import scores
from twin.forecast.calendar import learned_calendar
from twin.forecast.history import Days, Flags, Floats, History, Projection
from twin.forecast.paths import NORMAL_80

LEVEL = 0.8
LENGTH_DAYS = 28
LEAST_PAST_DAYS = 60
EARLIER_ORIGINS = 5  # a range is as wide as the misses at the five origins before it ask for; five more are not scored
ENOUGH_MISSES = 20

Method = Callable[[History, Days, Flags], Projection]


@dataclass(frozen=True)
class Attempt:
    """One method's forecast from one origin beside what came, on the scored days only."""

    origin: date
    day: Days
    observed: Floats
    forecast: Floats
    low: Floats
    high: Floats
    total_miss: float  # log of the stretch's observed total over its forecast; NaN if either is 0
    misses: Floats  # |log observed / forecast| in units of the method's own spread, where both are above 0
    scale: float  # error of repeating last week over the history before the origin; NaN if it has none


def origin_days(history: History, count: int, length: int = LENGTH_DAYS) -> list[np.datetime64]:
    """The first days of up to `count` stretches that end with the history, each with enough past before it."""
    after = history.day[-1] + np.timedelta64(1, "D")
    starts = [after - np.timedelta64(length * back, "D") for back in range(count, 0, -1)]
    return [start for start in starts if (start - history.day[0]).astype(int) >= LEAST_PAST_DAYS]


def attempts(
    history: History,
    method: Method,
    country: str,
    counts: bool,
    starts: Sequence[np.datetime64],
    length: int = LENGTH_DAYS,
) -> list[Attempt]:
    """One method tried from each origin in turn, its range set by its misses at the origins before."""
    done: list[Attempt] = []
    for start in starts:
        past, day = history.before(start), start + np.arange(length)
        opened = learned_calendar(past.day, past.open, country).open_on(day)
        projection = method(past, day, opened)
        # A method without enough past (no last year, say) has no opinion here.
        if np.isnan(projection.forecast).any():
            continue
        done.append(attempt(history, past, projection, widening([a.misses for a in done]), counts))
    return done


def attempt(history: History, past: History, projection: Projection, factor: float, counts: bool) -> Attempt:
    """A projection laid beside what came."""
    observed, was_open = history.on(projection.day)
    scored = was_open | projection.open
    low, high = band(projection, factor, counts)
    both = scored & (observed > 0) & (projection.forecast > 0)
    misses = np.abs(np.log(observed[both] / projection.forecast[both])) / np.maximum(projection.spread[both], 1e-9)
    try:
        scale = scores.weekly_scale(past.value, past.open)
    except ValueError:
        scale = np.nan
    return Attempt(
        projection.day[0].item(),
        projection.day[scored],
        observed[scored],
        projection.forecast[scored],
        low[scored],
        high[scored],
        log_ratio(observed[scored].sum(), projection.forecast[scored].sum()),
        misses,
        scale,
    )


def widening(misses: Sequence[Floats], level: float = LEVEL) -> float:
    """How many of its own standard deviations a method's range must reach to have held `level` of the past misses.

    misses : one array for each origin, oldest first; the last five count, so that the range follows recent forecasts
    Split conformal prediction; with fewer than 20 misses the normal distribution's answer stands in.

    >>> widening([np.arange(1.0, 100.0)], level=0.5)
    50.0
    """
    pooled = np.sort(np.concatenate([*misses[-EARLIER_ORIGINS:], np.empty(0)]))
    if len(pooled) < ENOUGH_MISSES:
        return NORMAL_80
    rank = min(int(np.ceil((len(pooled) + 1) * level)), len(pooled))
    return float(pooled[rank - 1])


def band(projection: Projection, factor: float, counts: bool) -> tuple[Floats, Floats]:
    """Low and high end of the range; for counts at least what chance alone does to a number of that size."""
    reach = reaches(projection, factor, counts)
    return projection.forecast * np.exp(-reach), projection.forecast * np.exp(reach)


def reaches(projection: Projection, factor: float, counts: bool) -> Floats:
    """How far the range goes on the log scale, by day; 0 on closed days."""
    reach = factor * projection.spread
    if counts:
        reach = np.maximum(reach, NORMAL_80 / np.sqrt(np.maximum(projection.forecast, 0.5)))
    return np.where(projection.forecast > 0, reach, 0.0)


def log_ratio(observed: float, forecast: float) -> float:
    """The logarithm of observed over forecast; NaN if either is 0.

    >>> log_ratio(5.0, 5.0)
    0.0
    """
    return float(np.log(observed / forecast)) if observed > 0 and forecast > 0 else float("nan")


def summary(done: Sequence[Attempt]) -> dict[str, float | None]:
    """The three scores of one method over all its origins; None where a score has no meaning."""
    nothing: dict[str, float | None] = {"mase": None, "wape": None, "coverage": None}
    if not any(len(a.day) for a in done):
        return nothing
    observed, forecast, low, high = (
        np.concatenate([getattr(a, name) for a in done]) for name in ("observed", "forecast", "low", "high")
    )
    scale = np.concatenate([np.full(len(a.day), a.scale) for a in done])
    if observed.sum() > 0:
        nothing["wape"] = scores.wape(observed, forecast)
    if (scale > 0).all():
        nothing["mase"] = scores.mase(observed / scale, forecast / scale, scale=1.0)
    return nothing | {"coverage": scores.coverage(observed, low, high)}
