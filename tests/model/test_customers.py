"""Groups of customers who buy: each has numbers and luck of its own."""

from types import SimpleNamespace

import mesa
import numpy as np
import pytest

from tests.model.small import small
from twin.experiment.draws import central
from twin.model.chance import Chance, Purpose
from twin.model.customers import SHOPPERS, Customers, until_noon
from twin.model.inputs import Plan, Vectors
from twin.model.kernels import customers as kernel
from twin.model.orders import Orders

BUNDLE = small()
VALUES = central(BUNDLE)
LEVERS = {name: VALUES[name] for name in BUNDLE.levers}
PLAN = Plan({name: np.full(40, value) for name, value in LEVERS.items()})
DAYS = 20


class Alone(mesa.Model):
    """What customers need of a shop."""

    def __init__(self) -> None:
        super().__init__(rng=0)
        self.chance, self.path = Chance(1, 0), BUNDLE.paths[0]
        self.inputs = SimpleNamespace(first_weekday=0, open_days=BUNDLE.open_days, months=BUNDLE.months)


def customers(vectors: Vectors, index: int = 0, **numbers: float) -> Customers:
    segment = SHOPPERS.model_copy(update=numbers)
    return Customers(Alone(), VALUES, vectors, segment, index)  # type: ignore[arg-type]


def lived(people: Customers) -> list[Orders]:
    """So many days without anything that went wrong."""
    orders = []
    for day in range(DAYS):
        orders.append(people.order(day, (1.0, 1.0), LEVERS, PLAN))
        people.leave(day)
    return orders


def told(orders: list[Orders]) -> list[bytes]:
    names = ("entity", "nth", "minute", "lines", "size")
    return [getattr(one, name).tobytes() for one in orders for name in names]


def of_segment(index: int) -> Vectors:
    return BUNDLE.vectors | {"customer_segment": np.full(300, index)}


def test_a_new_segment_changes_nobodys_orders() -> None:
    mixed = {
        name: np.concatenate([vector, vector]) if name.startswith("customer_") else vector
        for name, vector in BUNDLE.vectors.items()
    }
    mixed["customer_segment"] = np.repeat([1, 0], 300)
    assert told(lived(customers(mixed))) == told(lived(customers(BUNDLE.vectors)))


def test_no_two_segments_share_their_luck() -> None:
    one, other = customers(of_segment(0)), customers(of_segment(1), 1)
    assert not np.array_equal(one.rate, other.rate)
    assert not np.array_equal(one.alive, other.alive)
    first, second = lived(one), lived(other)
    assert {name for day in first for name in day.entity.tolist() if day.anonymous == 0}.isdisjoint(
        name for day in second for name in day.entity.tolist()
    )
    assert not set(one.entity[: one.count].tolist()) & set(other.entity[: other.count].tolist())
    assert [day.new for day in first] != [day.new for day in second]


def test_buyers_without_a_number_belong_to_no_second_segment() -> None:
    assert sum(day.anonymous for day in lived(customers(of_segment(0)))) > 0
    assert sum(day.anonymous for day in lived(customers(of_segment(1), 1))) == 0


def test_a_segment_has_numbers_of_its_own() -> None:
    usual, more = (customers(of_segment(1), 1, new_per_day=each) for each in (2.0, 9.0))
    counts = [sum(day.joined for day in lived(one)) for one in (usual, more)]
    expected = [DAYS * each * 7 / 6 for each in (2.0, 9.0)]
    assert all(abs(found - mean) < 4.0 * mean**0.5 + 0.2 * mean for found, mean in zip(counts, expected, strict=True))
    rare = customers(of_segment(1), 1, rate_scale_days=600.0)
    assert rare.expected()[0] < usual.expected()[0]
    assert rare.income(0) == 0.0


def test_fewer_and_less_satisfied_customers_are_expected_to_win_fewer() -> None:
    people = customers(BUNDLE.vectors)
    usual, share = people.expected()[1], VALUES["recommendation_share"]
    new = VALUES["new_customers_per_day"] * 7 / 6
    assert usual == pytest.approx(new + VALUES["anonymous_orders_per_day"] * 7 / 6)
    people.satisfaction[:] = 0.5
    assert people.expected()[1] == pytest.approx(usual - 0.5 * share * new)
    people.alive[:] = False
    assert people.expected()[1] == pytest.approx(usual - share * new)


def stayed(alive: np.ndarray, hazard: np.ndarray, patience: np.ndarray, evenings: int) -> list[float]:
    """How many are there on each day from this one on."""
    found, usual = [], np.ones(len(alive))
    for _ in range(evenings):
        found.append(float(alive.mean()))
        kernel.leaving(len(alive), alive, hazard, patience, usual, 1.0, 0.0, 1.0)
    return found


def within(found: list[float], expected: np.ndarray, number: int) -> bool:
    errors = np.sqrt(expected * (1.0 - expected) / number)
    return bool((np.abs(np.array(found) - expected) <= 3.0 * errors).all())


def test_who_is_there_this_morning_has_borne_half_a_day_of_hazard_by_noon() -> None:
    number, day = 50_000, np.arange(4)
    alive, hazard = np.ones(number, np.bool_), np.full(number, 0.2)
    patience = -np.log(1.0 - np.random.default_rng(5).random(number))
    until_noon(alive, hazard, patience)
    assert within(stayed(alive, hazard, patience, 4), np.exp(-0.2 * (day + 0.5)), number)


def test_who_comes_for_the_first_time_has_half_a_day_left_of_the_first() -> None:
    number, luck = 50_000, Chance(3, 0)
    columns = alive, _, hazard, patience, _ = (np.zeros(number, np.bool_), *np.zeros((4, number)))
    keys = np.array([luck[one] for one in list(Purpose)[:5]], np.uint64)
    spend, entity = np.zeros(number), np.zeros(number, np.int64)
    kernel.joining(0, number, 0, 4.0, 9.0, 2.0, 3.0, keys, np.ones(1), *columns, 1.0, spend, entity)
    drawn = hazard.copy()
    expected = np.array([1.0, *(np.exp(-drawn * (evening - 0.5)).mean() for evening in (1, 2, 3))])
    assert within(stayed(alive, hazard, patience, 4), expected, number)
