"""Made-up shops of any size, for the figures that must not hang on one business's records: three stations in a row.

All that knows how a business is described and played stands in `bundle` and `play`.
"""

from datetime import date
from itertools import pairwise

import numpy as np

from twin.clock import Horizon
from twin.experiment.inputs import Bundle
from twin.experiment.question import Question
from twin.experiment.replicate import basket_scales, replicate
from twin.spec.parameter import assumed
from twin.spec.scenario import Scenario
from twin.spec.structure import Structure
from twin.spec.template import template

TODAY = date(2024, 1, 1)  # a Monday
PATHS = 16
LINES = 3.0  # of an order, on average


class AnyLength(Horizon):
    """Days that may be more than a what-if plays, to see how time grows with them."""

    def __post_init__(self) -> None:
        """Nothing is refused."""


def bundle(
    customers: int, visits: float, items: int = 500, days: int = 90, staff: int = 30, replayed: int = 14, rooms: int = 3
) -> Bundle:
    """A shop that is open every day, with so many visits a day.

    staff    people on the rosters of all three stations, who are at work four fifths of the time
    replayed days of the past that each replication begins with
    rooms    one packing room, or three stations in a row
    """
    kind, luck = template("shop"), np.random.default_rng(1)
    values = {name: float(assumed(declared).value) for name, declared in kind.declarations.items()}
    values |= numbers(visits, staff / rooms)
    vectors = (
        people(luck, customers, visits) | goods(luck, items, visits) | past(luck, customers, items, visits, replayed)
    )
    vectors |= {"demand_ahead": np.ones(replayed + days + 28)}
    vectors["basket_scale"] = basket_scales(values, vectors, sample=512)
    return Bundle(
        structure=in_a_row(kind.structure) if rooms == 3 else kind.structure,
        values=values,
        uncertain=(),
        covariances=(),
        vectors=vectors,
        open_days=np.ones(days, np.bool_),
        months=np.zeros(days, np.int64),
        first_weekday=TODAY.weekday(),
        paths=visits * luck.lognormal(0.0, 0.1, (PATHS, days)),
        levers=tuple(kind.levers),
    )


def in_a_row(shop: Structure) -> Structure:
    """The same shop with picking, checking and packing in turn, each with a third of the people and of the work."""
    content = shop.model_dump()
    packing, pickers = content["stations"].pop("packing"), content["teams"].pop("pickers")
    names = ("picking", "checking", "packing")
    content["teams"] = {name: pickers | {"label": name} for name in names}
    content["stations"] = {name: packing | {"label": name, "teams": [name], "next": {}} for name in names}
    for name, then in pairwise(names):
        content["stations"][name]["next"] = {then: 1.0}
    content["kinds"]["order"]["start"] = names[0]
    return Structure.model_validate(content)


def play(shop: Bundle, replication: int, days: int | None = None) -> np.ndarray:
    """The records of one replication's days."""
    horizon = AnyLength(TODAY, days or len(shop.open_days))
    return replicate(shop, Question(Scenario(), horizon, 1), replication)["days"]


def numbers(visits: float, staff: float) -> dict[str, float]:
    """The template's numbers that hang on the size of the shop; staff of one room."""
    minutes, each = 0.8 * staff * 540.0 / visits, float(round(staff))
    return {
        "lines_log_mean": float(np.log(LINES) - 0.125), "lines_log_sd": 0.5,
        "anonymous_lines_log_mean": float(np.log(LINES) - 0.125), "anonymous_lines_log_sd": 0.5,
        "basket_value": 40.0, "anonymous_basket_value": 40.0,
        "pickers_weekday": each, "pickers_weekend": each,
        "picking_minutes_order": 0.4 * minutes, "picking_minutes_line": 0.6 * minutes / LINES,
        "new_customers_per_day": 0.01 * visits, "anonymous_orders_per_day": 0.05 * visits,
        "reorder_point": 28.0, "order_up_to_level": 49.0, "rate_shape": 2.0, "rate_scale_days": 20.0,
    }  # fmt: skip


def people(luck: np.random.Generator, customers: int, visits: float) -> dict[str, np.ndarray]:
    """The customers' histories: each has come now and then for up to three years."""
    age = luck.uniform(30.0, 1000.0, customers)
    repeats = 1 + luck.poisson(visits / customers * age)
    day = np.zeros((7, 24))
    day[:, 8:17] = np.arange(10.0, 19.0)
    return {
        "customer_id": np.arange(customers),
        "customer_repeats": repeats.astype(np.int64),
        "customer_recency_days": age * luck.beta(repeats, 1.0),
        "customer_age_days": age,
        "customer_spend": luck.lognormal(-0.1, 0.4, customers),
        "orders_per_purchase_day": np.ones(1),
        "open_share": np.ones(1),
        "season_lines": np.ones((2, 12)),
        "season_size": np.ones((2, 12)),
        "hour_share": (day / day.sum()).ravel(),
    }


def goods(luck: np.random.Generator, items: int, visits: float) -> dict[str, np.ndarray]:
    """The items; the last stands for all others."""
    share = luck.dirichlet(np.full(items + 1, 2.0))
    quantity, price = luck.uniform(1.5, 6.0, items + 1), luck.uniform(0.5, 9.0, items + 1).round(2)
    revenue = share * quantity * price
    return {
        "item_id": np.array([f"item {n}" for n in range(items)] + ["other items"]),
        "item_price": price,
        "item_line_share": share,
        "item_quantity": quantity,
        "item_units_per_day": visits * LINES * share * quantity,
        "item_revenue_share": revenue / revenue.sum(),
        "other_item_id": np.array(["rare"]),
        "other_item_revenue_share": np.ones(1),
    }


def past(luck: np.random.Generator, customers: int, items: int, visits: float, days: int) -> dict[str, np.ndarray]:
    """The last days, visits of three lines each."""
    counts = luck.poisson(visits, days)
    orders = int(counts.sum())
    lines = orders * int(LINES)
    return {
        "replay_open": np.ones(days, np.bool_),
        "replay_day": np.repeat(np.arange(-days, 0), counts).astype(np.int32),
        "replay_minute": np.concatenate([np.sort(luck.uniform(480.0, 1020.0, count)) for count in counts]),
        "replay_customer": luck.integers(0, customers, orders),
        "replay_number": np.arange(orders),
        "replay_line_offsets": np.arange(0, lines + 1, int(LINES)),
        "replay_line_item": luck.integers(0, items + 1, lines).astype(np.int32),
        "replay_line_quantity": luck.integers(1, 9, lines).astype(np.int32),
    }
