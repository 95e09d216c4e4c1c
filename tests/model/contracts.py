"""A made-up crowd of customers with contracts, alone with its luck: no stations, no staff, no supplier."""

from types import SimpleNamespace

import mesa
import numpy as np

from twin.model.chance import Chance
from twin.model.inputs import Plan, Values, Vectors
from twin.model.orders import Orders
from twin.model.subscribers import Subscribers
from twin.spec.structure import Segment

CYCLE = 30
VALUES: Values = {"churn_share": 0.03, "new_per_day": 3.0, "churn_response": 2.0, "satisfaction_memory": 0.3}
SEGMENT = Segment(
    relation="contract", rate_shape=0.8, rate_scale_days=16.0, new_per_day="new_per_day", renewal_days=CYCLE,
    churn_share="churn_share", fee=40.0,
)  # fmt: skip


class Alone(mesa.Model):
    """What a crowd needs of a business."""

    def __init__(self, replication: int, seed: int = 1) -> None:
        super().__init__(rng=0)
        self.chance = Chance(seed, replication)
        self.inputs = SimpleNamespace(first_weekday=0)


def known(customers: int, visits: int = 0, days: float = 0.0, segment: int = 0) -> Vectors:
    """So many customers with the same history, whose contracts are due evenly over the cycle."""
    return {
        "customer_segment": np.full(customers, segment),
        "customer_id": np.arange(customers),
        "customer_visits": np.full(customers, visits, np.int64),
        "customer_days": np.full(customers, days),
        "customer_renews_in_days": np.arange(customers) % CYCLE,
        "hour_share": np.tile(np.repeat([0.0, 1.0, 0.0], [8, 10, 6]), 7) / 70.0,
        "open_share": np.ones(1),
    }


def crowd(
    vectors: Vectors, replication: int = 0, index: int = 0, segment: Segment = SEGMENT, **values: float
) -> Subscribers:
    """The segment on its first morning."""
    return Subscribers(Alone(replication), VALUES | values, vectors, segment, index)  # type: ignore[arg-type]


def lived(people: Subscribers, days: int, **levers: float) -> tuple[list[Orders], np.ndarray]:
    """So many days: the visits of each, and by day how many joined, how many left and how many there are."""
    visits, counts = [], np.zeros((days, 3), np.int64)
    for day in range(days):
        visits.append(people.order(day, (1.0, 1.0), levers, Plan({})))
        counts[day] = visits[-1].joined, people.leave(day), people.active()[0]
    return visits, counts


def within(found: np.ndarray, expected: float, errors: float = 3.0) -> bool:
    """Whether the mean lies within three standard errors of what it should be."""
    return bool(abs(found.mean() - expected) <= errors * found.std(ddof=1) / np.sqrt(len(found)))
