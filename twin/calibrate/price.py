"""How units sold move with the list price: five reasonable readings of the same records, and whether they agree.

None of them is an experiment: the shop chose when to change its prices, so each reading is an association.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Z90, Estimate
from twin.calibrate.items import quantiles
from twin.spec.parameter import Declaration, Parameter, assumed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Run = tuple[int, int, int]
ListPrice = Literal["mode", "median", "highest"]
Demand = Literal["units", "lines", "capped units"]

FEWEST_LINES = 50
STABLE_WEEKS = 4
WINDOW_WEEKS = 8
CAP_QUANTILE = 0.995
FEWEST_ITEMS = 30


@dataclass(frozen=True)
class Definition:
    """One reasonable way to read an effect of price out of the records."""

    name: str
    price: ListPrice
    demand: Demand
    weeks: int | None = None
    around_steps: bool = False
    largest_step: float = 2.0


DEFINITIONS = (
    Definition("usual price, units", "mode", "units"),
    Definition("usual price, order lines", "mode", "lines"),
    Definition("highest price, units", "highest", "units"),
    Definition(
        "middle price, capped units, last year, steps up to half", "median", "capped units", weeks=52, largest_step=1.5
    ),
    Definition(
        "usual price, units, 8 weeks either side of steps up to half",
        "mode",
        "units",
        around_steps=True,
        largest_step=1.5,
    ),
)


@dataclass(frozen=True)
class Reading:
    """What one definition says: by how many per cent units change with one per cent of price."""

    name: str
    estimate: float
    standard_error: float
    items: int
    rows: int


@dataclass(frozen=True)
class ItemWeeks:
    """Items by week: what was sold, and the list price by each way of reading it; the last week ends yesterday."""

    demand: dict[str, Floats]
    prices: dict[str, Floats]


def readings(lines: pd.DataFrame, today: pd.Timestamp) -> list[Reading]:
    """What each definition says about the effect of price; those with too few price steps are left out.

    lines : one row for each order line, columns item_id, day, quantity, price, known (whether the buyer is)
    """
    panel = item_weeks(lines, today)
    if panel is None:
        return []
    found = [_reading(definition, panel) for definition in DEFINITIONS]
    return [reading for reading in found if reading is not None]


def item_weeks(lines: pd.DataFrame, today: pd.Timestamp) -> ItemWeeks | None:
    """Sales and list prices by item and week; None if no item sells often enough.

    Buyers without an identity often pay other prices, so they are left out wherever there are known ones.
    """
    chosen = lines[lines["known"]] if lines["known"].any() else lines
    item, names = pd.factorize(chosen["item_id"])
    often = np.bincount(item, minlength=len(names)) >= FEWEST_LINES
    if not often.any():
        return None
    keep = often[item]
    row = (np.cumsum(often) - 1)[item[keep]]
    weeks_ago = ((today - chosen["day"]).dt.days.to_numpy()[keep] - 1) // 7
    weeks = int(weeks_ago.max()) + 1
    cell = row * weeks + (weeks - 1 - weeks_ago)
    quantity, price = (chosen[name].to_numpy(float)[keep] for name in ("quantity", "price"))
    shape = (int(often.sum()), weeks)
    return ItemWeeks(_sold(cell, row, quantity, shape), _list_prices(cell, row, quantity, price, shape))


def _sold(cell: Ints, row: Ints, quantity: Floats, shape: tuple[int, int]) -> dict[str, Floats]:
    capped = np.minimum(quantity, quantiles(row, quantity, CAP_QUANTILE)[row])
    weights: dict[str, Floats] = {"units": quantity, "capped units": capped, "lines": np.ones_like(quantity)}
    size = shape[0] * shape[1]
    return {name: np.bincount(cell, weight, size).astype(float).reshape(shape) for name, weight in weights.items()}


def _list_prices(cell: Ints, row: Ints, quantity: Floats, price: Floats, shape: tuple[int, int]) -> dict[str, Floats]:
    """The price of small quantities in each item's week, so that a quantity break is not taken for a lower price."""
    small = quantity <= quantiles(row, quantity, 0.5)[row]
    order = np.lexsort((price[small], cell[small]))
    cells, prices = cell[small][order], price[small][order]
    first = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
    last = np.r_[first[1:], len(cells)] - 1
    found = {"highest": prices[last], "median": prices[(first + last) // 2], "mode": _modes(cells, prices)}
    return {name: _carried_forward(cells[first], values, shape) for name, values in found.items()}


def _modes(cells: Ints, prices: Floats) -> Floats:
    """The most frequent price of each cell, the higher one of two equally frequent; both columns sorted."""
    start = np.flatnonzero(np.r_[True, (cells[1:] != cells[:-1]) | (prices[1:] != prices[:-1])])
    length = np.diff(np.r_[start, len(cells)])
    order = np.lexsort((prices[start], length, cells[start]))
    ends = np.flatnonzero(np.r_[cells[start][order][1:] != cells[start][order][:-1], True])
    return prices[start][order][ends]


def _carried_forward(cells: Ints, values: Floats, shape: tuple[int, int]) -> Floats:
    table = np.full(shape[0] * shape[1], np.nan)
    table[cells] = values
    return pd.DataFrame(table.reshape(shape)).ffill(axis=1).to_numpy()


def _reading(definition: Definition, panel: ItemWeeks) -> Reading | None:
    sold, price = panel.demand[definition.demand], panel.prices[definition.price]
    if definition.weeks:
        sold, price = sold[:, -definition.weeks :], price[:, -definition.weeks :]
    steps = _steps(_clean_runs(price), price, definition.largest_step)
    entity, item, week = _around(steps) if definition.around_steps else _panel(steps)
    some = sold[item, week] > 0
    entity, item, week = entity[some], item[some], week[some]
    items = len(np.unique(item))
    if items < FEWEST_ITEMS:
        return None
    slope = within_slope(np.log(sold[item, week]), np.log(price[item, week]), entity, week, item)
    return slope and Reading(definition.name, *slope, items, len(item))


def _clean_runs(price: Floats) -> list[Run]:
    """Item, first week and end week of each list price that stood long enough to be one."""
    changed = np.ones(price.shape, dtype=bool)
    changed[:, 1:] = price[:, 1:] != price[:, :-1]
    start = np.flatnonzero(changed.ravel())
    end = np.r_[start[1:], price.size]
    weeks = price.shape[1]
    long = (end - start >= STABLE_WEEKS) & ~np.isnan(price.ravel()[start])
    spans = zip(start[long].tolist(), end[long].tolist(), strict=True)
    return [(first // weeks, first % weeks, end - first // weeks * weeks) for first, end in spans]


def _steps(runs: list[Run], price: Floats, largest: float) -> list[tuple[Run, Run]]:
    """Neighbouring list prices of one item that differ, but not so much that it is another thing."""
    found = []
    for one, two in pairwise(runs):
        ratio = price[two[0], two[1]] / price[one[0], one[1]]
        if one[0] == two[0] and ratio != 1 and 1 / largest <= ratio <= largest:
            found.append((one, two))
    return found


def _panel(steps: list[tuple[Run, Run]]) -> tuple[Ints, Ints, Ints]:
    used = sorted({run for step in steps for run in step})
    return _cells([(item, item, first, end) for item, first, end in used])


def _around(steps: list[tuple[Run, Run]]) -> tuple[Ints, Ints, Ints]:
    wanted = []
    for number, (one, two) in enumerate(steps):
        if two[1] - one[2] <= STABLE_WEEKS:
            wanted.append((number, one[0], max(one[1], one[2] - WINDOW_WEEKS), one[2]))
            wanted.append((number, two[0], two[1], min(two[2], two[1] + WINDOW_WEEKS)))
    return _cells(wanted)


def _cells(stretches: list[tuple[int, int, int, int]]) -> tuple[Ints, Ints, Ints]:
    """Entity, item and week of each week in the stretches (entity, item, first week, end week)."""
    if not stretches:
        return tuple(np.empty(0, dtype=np.int64) for _ in range(3))  # type: ignore[return-value]
    table = np.array(stretches)
    length = table[:, 3] - table[:, 2]
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(table[:, 0], length), np.repeat(table[:, 1], length), np.repeat(table[:, 2], length) + offset


def within_slope(y: Floats, x: Floats, entity: Ints, week: Ints, cluster: Ints) -> tuple[float, float] | None:
    """The slope of y on x once what is particular to each entity and to each week is taken out; error clustered.

    None where nothing of x is left by then.
    """
    x, y = _residual(x, entity, week), _residual(y, entity, week)
    spread = float(x @ x)
    if spread <= 1e-12:
        return None
    slope = float(x @ y) / spread
    scores = np.bincount(cluster, x * (y - slope * x))
    groups = len(np.unique(cluster))
    return slope, float(np.sqrt(scores @ scores * groups / max(groups - 1, 1)) / spread)


def _residual(values: Floats, entity: Ints, week: Ints, rounds: int = 100) -> Floats:
    entities, weeks = (np.maximum(np.bincount(code), 1) for code in (entity, week))
    for _ in range(rounds):
        values = values - (np.bincount(entity, values) / entities)[entity]
        shift = np.bincount(week, values) / weeks
        values = values - shift[week]
        if np.abs(shift).max() < 1e-10:
            break
    return values


def agree(found: list[Reading]) -> bool:
    """Whether the lowest and the highest reading lie within each other's errors."""
    low, high = min(found, key=_estimate), max(found, key=_estimate)
    return high.estimate - low.estimate <= Z90 * float(np.hypot(low.standard_error, high.standard_error))


def _estimate(reading: Reading) -> float:
    return reading.estimate


def price_effect(found: list[Reading], declared: Declaration) -> Parameter:
    """By how many per cent units change with one per cent of price: data if the readings agree, else an assumption."""
    if len(found) < len(DEFINITIONS):
        why = f"{len(found)} of {len(DEFINITIONS)} readings found {FEWEST_ITEMS} items with clean price steps"
        return replace(assumed(declared), method=f"assumption of the template, not measured: {why}")
    return _agreed(found).parameter(declared) if agree(found) else _disputed(found, declared)


def _agreed(found: list[Reading]) -> Estimate:
    """One number from readings of the same records: their mean, with the error of one and the spread among them."""
    values, errors = (np.array([getattr(one, name) for one in found]) for name in ("estimate", "standard_error"))
    error = float(np.sqrt((errors**2).mean() + values.var(ddof=1)))
    method = f"association, not experiment: mean of five readings that agree within their errors: {in_words(found)}"
    return Estimate(float(values.mean()), error, max(one.rows for one in found), method)


def _disputed(found: list[Reading], declared: Declaration) -> Parameter:
    values = np.clip([one.estimate for one in found], *declared.allowed)
    low, high = float(values.min()), float(values.max())
    method = (
        "association, not experiment: five readings disagree, the range spans them and the value is its middle: "
        + in_words(found)
    )
    return replace(
        assumed(declared),
        value=(low + high) / 2,
        low=low,
        high=high,
        method=method,
        rows=max(one.rows for one in found),
    )


def in_words(found: list[Reading]) -> str:
    """All readings in one line, for the method of the parameter."""
    return "; ".join(
        f"{one.name} {one.estimate:.2f} (standard error {one.standard_error:.2f}, {one.items:,} items)" for one in found
    )
