"""From a scenario to the levers of each day."""

import numpy as np

from twin.clock import Horizon
from twin.experiment.inputs import Bundle
from twin.model.inputs import Plan, Values
from twin.spec.scenario import Change, Scenario


def plan(bundle: Bundle, values: Values, scenario: Scenario, horizon: Horizon) -> Plan:
    """The levers on each day of one replication.

    values : what this replication drew. 'Set' moves a drawn number by the same ratio as the number
    known today, so that what is unknown about it stays, and setting it to today's value changes nothing.
    """
    levers = {name: np.full(horizon.days, float(values[name])) for name in bundle.levers}
    for change in scenario.changes:
        if change.target is None:
            days = _days(change, horizon)
            moved = _moved(change, levers[change.lever][days], values[change.lever], bundle.values[change.lever])
            levers[change.lever][days] = np.clip(moved, *bundle.allowed.get(change.lever, (-np.inf, np.inf)))
    return Plan(levers, _item_prices(bundle, scenario, horizon))


def _days(change: Change, horizon: Horizon) -> slice:
    first = horizon.index(change.first) if change.first else 0
    last = horizon.index(change.last) if change.last else horizon.days - 1
    return slice(first, last + 1)


def _moved(change: Change, numbers: np.ndarray, drawn: float, today: float) -> np.ndarray:
    if change.operation == "add":
        return numbers + change.value
    if change.operation == "scale":
        return numbers * change.value
    known = drawn == today or not today
    return np.full(numbers.shape, change.value if known else drawn * (change.value / today))


def _item_prices(bundle: Bundle, scenario: Scenario, horizon: Horizon) -> np.ndarray | None:
    """Price against today's by day and item, or None where no single price changes.

    An item without a shelf of its own moves the price of all other items by its share of their revenue;
    one that nobody bought for a year moves nothing.
    """
    single = [change for change in scenario.changes if change.target is not None]
    if not single:
        return None
    items = [str(name) for name in bundle.vectors["item_id"]]
    place = {name: n for n, name in enumerate(items[:-1])}
    others = {str(name): n for n, name in enumerate(bundle.vectors["other_item_id"])}
    ratios = np.ones((horizon.days, len(items)))
    moves: dict[str, np.ndarray] = {}
    for change in single:
        target = str(change.target)
        move = moves.setdefault(target, np.ones(horizon.days))
        days = _days(change, horizon)
        move[days] = [change.applied(ratio) for ratio in move[days].tolist()]
    for target, move in moves.items():
        if target in place:
            ratios[:, place[target]] = move
        elif target in others:
            ratios[:, -1] += bundle.vectors["other_item_revenue_share"][others[target]] * (move - 1.0)
    return ratios
