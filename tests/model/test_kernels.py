"""Each kernel against its plain Python twin: the same draws give the same answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain, plain_customers, plain_stock
from twin.model.kernels import baskets, customers
from twin.model.kernels.chance import stem
from twin.model.kernels.elementary import running_sums

KEYS = [np.uint64(stem(3, 1, purpose)) for purpose in range(1, 8)]
PLAIN = [int(key) for key in KEYS]
FEW = settings(max_examples=60)

LUCK = st.lists(st.floats(0.0, 1.0, exclude_min=True, exclude_max=True), max_size=30)
ITEMS = 4
SHELF = st.lists(st.integers(0, 50), min_size=ITEMS, max_size=ITEMS)


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 6), st.floats(0.05, 9.0)), max_size=8),
    SHELF,
    st.integers(0, ITEMS),
    st.floats(0.2, 2.0),
    st.just(0.0) | st.floats(0.0, 1.0),
)
def test_shelves_give_as_the_plain_ones(
    orders: list[tuple[int, int, int, float]], shelf: list[int], tracked: int, effect: float, share: float
) -> None:
    weights, quantity, price = [0.4, 0.0, 0.35, 0.25], [1.5, 2.0, 8.0, 0.2], [1.0, 2.5, 0.3, 9.99]
    sums, held = running_sums(np.array(weights)), np.array(shelf, float)
    cost, plain_held = [0.5, 1.25, 0.1, 5.0], [float(one) for one in shelf]
    n = len(orders)
    worth, fill, totals, sold = np.zeros((n, 3)), np.ones(n), np.zeros(4), np.zeros(ITEMS)
    entities, nth, lines = (np.array([one[k] for one in orders], np.int64) for k in range(3))
    sizes = np.array([one[3] for one in orders], float)
    first = np.cumsum([0, *lines])
    items, pieces = np.zeros(first[-1], np.int64), np.zeros(first[-1])
    baskets.filled(
        KEYS[0], KEYS[1], KEYS[2], 5, entities, nth, lines, sizes, sums, baskets.guide(sums), np.array(quantity),
        np.full(ITEMS, effect), np.array(price), np.array(cost), tracked, share, held, worth, fill, totals, sold,
        first, items, pieces,
    )  # fmt: skip
    parcels: list[list[tuple[int, float]]] = []
    told = plain_stock.filled(
        PLAIN[0], PLAIN[1], 5, orders, sums.tolist(), quantity, [effect] * ITEMS, price, tracked, plain_held,
        PLAIN[2], share, parcels,
    )  # fmt: skip
    assert worth[:, 0] / 100.0 == pytest.approx(told[0], abs=0.005 + 1e-9)
    assert worth == pytest.approx(np.array([plain_stock.worth(one, price, cost, tracked) for one in parcels] or worth))
    assert list(zip(items.tolist(), pieces.tolist(), strict=True)) == [line for one in parcels for line in one]
    assert fill.tolist() == told[1]
    assert (totals.tolist(), sold.tolist()) == (told[2], told[3])
    assert held.tolist() == plain_held
    assert held.min() >= 0.0
    assert sold[1] == 0.0  # nobody draws an item without a share


@FEW
@given(
    st.lists(st.lists(st.tuples(st.integers(0, ITEMS - 1), st.integers(0, 30)), max_size=4), max_size=6),
    SHELF,
    st.integers(0, ITEMS),
)
def test_recorded_orders_are_filled_as_the_plain_ones(
    orders: list[list[tuple[int, int]]], shelf: list[int], tracked: int
) -> None:
    held, fill = np.array(shelf, float), np.ones(len(orders))
    flat = [line for order in orders for line in order]
    items, pieces = (np.array([line[k] for line in flat], np.int32) for k in range(2))
    offsets = np.cumsum([0, *(len(order) for order in orders)])
    baskets.filled_as_recorded(0, len(orders), offsets, items, pieces, tracked, held, fill)
    plain_held = [float(one) for one in shelf]
    assert fill.tolist() == plain_stock.filled_as_recorded(orders, tracked, plain_held)
    assert held.tolist() == plain_held


@FEW
@given(st.lists(st.sampled_from([0.0, 0.001, 0.4, 1.0]) | st.floats(0.0, 1.0), min_size=1, max_size=2000), LUCK)
def test_the_guide_leads_to_the_place_that_a_search_finds(weights: list[float], lucks: list[float]) -> None:
    sums = running_sums(np.array([*weights, 0.5]))
    places = baskets.guide(sums)
    ends = [float(end) for end in sums if end < 1.0]  # where a draw lies exactly on a running sum
    for u in [
        *lucks,
        *ends,
        *(n / baskets.GUIDES for n in range(0, baskets.GUIDES, 37)),
        float(np.nextafter(1.0, 0.0)),
    ]:
        assert baskets.guided(sums, places, u) == plain.located(sums.tolist(), u)


PERSON = st.builds(
    plain_customers.Person,
    entity=st.integers(0, 2**62),
    alive=st.booleans(),
    rate=st.floats(0.0, 3.0),
    hazard=st.floats(0.0, 0.5),
    patience=st.floats(0.0, 2.0),
    satisfaction=st.floats(0.0, 1.0),
)
PEOPLE = st.lists(PERSON, max_size=12)


def columns(people: list[plain_customers.Person]) -> dict[str, np.ndarray]:
    kinds = {"entity": np.int64, "alive": np.bool_}
    names = ("entity", "alive", "rate", "hazard", "patience", "satisfaction")
    return {name: np.array([getattr(one, name) for one in people], kinds.get(name, np.float64)) for name in names}


@FEW
@given(PEOPLE, st.integers(0, 300), st.floats(0, 1), st.floats(0, 1), st.floats(0, 90), st.integers(0, 20))
def test_who_orders_is_the_plain_one(
    people: list[plain_customers.Person], day: int, reference: float, response: float, factor: float, room: int
) -> None:
    c, buyers, luck = columns(people), np.full(room, -9), np.empty(len(people), np.uint64)
    customers.lucks(KEYS[0], c["entity"], luck)
    number = customers.returning_orders(
        luck, day, len(people), c["alive"], c["rate"], c["satisfaction"], reference, response, factor, buyers
    )
    told = plain_customers.returning(PLAIN[0], day, people, reference, response, factor)
    assert number == len(told)
    assert buyers[:number].tolist() == told[:room]
    expected = customers.expected_returning(len(people), c["alive"], c["rate"], c["satisfaction"], reference, response)
    active = customers.active(len(people), c["alive"], c["satisfaction"])
    columns_of = (c["alive"], c["rate"], c["satisfaction"])
    assert customers.standing(len(people), *columns_of, reference, response) == (expected, *active)
    assert expected == pytest.approx(
        sum(one.rate * max(0.0, 1 + response * (one.satisfaction - reference)) for one in people if one.alive)
    )


@FEW
@given(PEOPLE, st.floats(0, 1), st.floats(0, 10), st.floats(1, 4), st.floats(0, 1))
def test_who_leaves_is_the_plain_one(
    people: list[plain_customers.Person], reference: float, response: float, pull: float, returning: float
) -> None:
    c = columns(people)
    standing = (c["alive"], c["rate"], c["satisfaction"], reference, returning)
    for _ in range(4):
        lost, told = customers.evening(
            len(people), c["alive"], c["rate"], c["hazard"], c["patience"], c["satisfaction"], reference, response,
            pull, returning,
        )  # fmt: skip
        assert lost == plain_customers.leaving(people, reference, response, pull)
        assert told == customers.standing(len(people), *standing)
        assert c["alive"].tolist() == [one.alive for one in people]
        assert c["patience"].tolist() == [one.patience for one in people]
    left = [one.satisfaction for one in people if one.alive]
    mean = sum(left) / len(left) if left else 1.0
    assert customers.active(len(people), c["alive"], c["satisfaction"]) == pytest.approx((len(left), mean))


@FEW
@given(st.lists(st.tuples(st.integers(-2, 5), st.floats(0, 1)), max_size=20), st.floats(0, 1))
def test_what_is_remembered_is_the_plain_one(orders: list[tuple[int, float]], memory: float) -> None:
    satisfaction, told = np.linspace(0.0, 1.0, 6), np.linspace(0.0, 1.0, 6).tolist()
    rows, outcomes = [one[0] for one in orders], [one[1] for one in orders]
    customers.remembered(np.array(rows, np.int64), np.array(outcomes, float), memory, satisfaction)
    plain_customers.remembered(rows, outcomes, memory, told)
    assert satisfaction.tolist() == told
    assert all(0.0 <= one <= 1.0 for one in told)


FITTED = st.tuples(st.floats(0.05, 5), st.floats(1, 200), st.floats(0.02, 3), st.floats(0.1, 9))
HISTORY = st.tuples(st.integers(0, 200), st.floats(0, 1), st.floats(0, 900)).map(
    lambda one: (one[0], one[1] * one[2] if one[0] else 0.0, one[2])
)


@FEW
@given(st.lists(HISTORY, max_size=8), FITTED)
def test_what_records_cannot_show_is_drawn_as_the_plain_one(
    history: list[tuple[int, float, float]], fitted: tuple[float, float, float, float]
) -> None:
    repeats = np.array([one[0] for one in history], np.int64)
    recency, age = (np.array([one[k] for one in history], float) for k in (1, 2))
    found = customers.posterior(repeats, recency, age, *fitted, *KEYS[:5])
    told = plain_customers.posterior(history, fitted, PLAIN[:5])
    assert found[0].tolist() == [one[0] for one in told]
    for k in (1, 2, 3):
        assert found[k] == pytest.approx([one[k] for one in told], rel=1e-9, abs=1e-280)
    rates = customers.expected_rates(repeats, recency, age, *fitted)
    r, alpha = fitted[:2]
    for rate, (x, last, since) in zip(rates.tolist(), history, strict=True):
        odds = plain_customers.odds_gone(x, last, since, *fitted)
        assert rate == pytest.approx((r + x) / (alpha + since) / (1 + odds), rel=1e-9)


@FEW
@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 365), FITTED)
def test_new_customers_are_drawn_as_the_plain_ones(
    first: int, number: int, day: int, fitted: tuple[float, float, float, float]
) -> None:
    n, spends = first + number, np.array([0.5, 1.0, 2.0])
    alive, entity = np.zeros(n, np.bool_), np.zeros(n, np.int64)
    rate, hazard, patience, satisfaction, spend = (np.zeros(n) for _ in range(5))
    keys = np.array(KEYS[:5], np.uint64)
    customers.joining(
        first, number, day, *fitted, keys, spends, alive, rate, hazard, patience, satisfaction, 0.9, spend, entity
    )
    assert alive.tolist() == [False] * first + [True] * number
    assert satisfaction.tolist() == [0.0] * first + [0.9] * number
    for rank in range(number):
        name = (1 << 40) + day * (1 << 16) + rank
        found = [column[first + rank] for column in (rate, hazard, patience, spend)]
        assert entity[first + rank] == name
        assert found == pytest.approx(
            plain_customers.joined(name, fitted, PLAIN[:5], spends.tolist()), rel=1e-9, abs=1e-280
        )


@FEW
@given(st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.5, 9.0]), min_size=24, max_size=24), st.integers(0, 99))
def test_orders_come_in_at_the_plain_minute(shares: list[float], entity: int) -> None:
    shares[9] = 3.0
    sums, minutes = running_sums(np.array(shares)), np.zeros(5)
    customers.arrival_minutes(KEYS[0], 3, np.arange(5) + entity, np.arange(5, dtype=np.int64) % 2, sums, 60.0, minutes)
    told = [plain_customers.arrival_minute(PLAIN[0], 3, entity + n, n % 2, shares, 60.0) for n in range(5)]
    assert minutes == pytest.approx(told, abs=1e-6)
    assert all(shares[int(minute // 60)] > 0.0 for minute in minutes)


BINS = st.lists(st.sampled_from([0.0, 1.0, 2.5, 9.0]), min_size=24, max_size=24).filter(any)


@FEW
@given(
    BINS, st.lists(st.integers(0, 3), max_size=9).map(sorted), st.integers(0, 4), st.integers(0, 9), st.integers(0, 9)
)
def test_a_days_buyers_are_listed_by_minute(
    shares: list[float], known: list[int], joined: int, others: int, day: int
) -> None:
    """Known ones with the place of each order among their own, then new ones, then those without a number."""
    names, number = [*range(70, 74), *range(900, 900 + joined)], len(known) + joined + others
    (rows, entities, nth), minutes = np.full((3, number), -9), np.empty(number)
    customers.arrived(
        KEYS[0], day, np.array(known, np.int64), 4, joined, np.array(names), running_sums(np.array(shares)), 60.0, rows,
        entities, nth, minutes,
    )  # fmt: skip
    told = [(row, names[row], known[:n].count(row)) for n, row in enumerate(known)]
    told += [(4 + n, 900 + n, 0) for n in range(joined)] + [(-1, (1 << 60) + n, 0) for n in range(others)]
    when = [plain_customers.arrival_minute(PLAIN[0], day, name, n, shares, 60.0) for _, name, n in told]
    order = sorted(range(number), key=when.__getitem__)
    assert list(zip(rows.tolist(), entities.tolist(), nth.tolist(), strict=True)) == [told[n] for n in order]
    assert minutes == pytest.approx(sorted(when), abs=1e-6)


@FEW
@given(st.lists(st.integers(-1, 3), max_size=8), st.floats(0.0, 8.5), st.floats(0.0, 2.0), st.floats(0.0, 1.5))
def test_orders_have_the_plain_size(rows: list[int], log_mean: float, log_sd: float, scatter: float) -> None:
    n, spend = len(rows), np.array([0.2, 1.0, 3.0, 0.5])
    lines, sizes, entities = np.zeros(n, np.int64), np.zeros(n), np.arange(n) + 50
    nth = np.zeros(n, np.int64)
    means, sds, scales = np.array([log_mean, 2.0]), np.array([log_sd, 0.5]), np.array([1.5, 0.7])
    baskets.sized(
        KEYS[0], KEYS[1], 4, np.array(rows, np.int64), entities, nth, spend, means, sds, scales, scatter, lines, sizes
    )
    for k, row in enumerate(rows):
        kind, own = (0, spend[row]) if row >= 0 else (1, 1.0)
        told = plain_customers.sized(
            PLAIN[0], PLAIN[1], 4, 50 + k, 0, means[kind], sds[kind], scales[kind], own, scatter
        )
        assert (lines[k], sizes[k]) == (told[0], pytest.approx(told[1], rel=1e-9))


@FEW
@given(st.lists(st.floats(0.0, 1440.0) | st.sampled_from([0.0, 5e-324, 7.0, 7.5, 1440.0]), max_size=40))
def test_orders_are_listed_by_minute_as_they_came(minutes: list[float]) -> None:
    order = np.empty(len(minutes), np.int64)
    customers.in_order(np.array(minutes), order)
    assert order.tolist() == sorted(range(len(minutes)), key=lambda n: minutes[n])


def test_many_are_drawn_as_few_are() -> None:
    """Draws are made in blocks; where a block ends must not be seen."""
    luck, many = np.random.default_rng(3), 3 * baskets.BLOCK + 7
    rows, entities = luck.integers(-1, 4, many), luck.integers(0, 2**40, many)
    nth, spend, two = luck.integers(0, 2, many), np.array([0.2, 1.0, 3.0, 0.5]), np.array([1.0, 2.0])

    def sizes(these: slice) -> tuple[list[int], list[float]]:
        count = len(rows[these])
        lines, size = np.zeros(count, np.int64), np.zeros(count)
        baskets.sized(
            KEYS[0], KEYS[1], 4, rows[these], entities[these], nth[these], spend, two, two / 4, two, 0.3, lines, size
        )
        return lines.tolist(), size.tolist()

    parts = [sizes(slice(n, n + 5)) for n in range(0, many, 5)]
    lines, size = sizes(slice(None))
    assert (lines, size) == ([one for part in parts for one in part[0]], [one for part in parts for one in part[1]])
    orders = [*zip(entities.tolist(), nth.tolist(), lines, size, strict=True)]
    shelf, share, prices = [900.0, 50.0, 40.0, 600.0], [0.4, 0.1, 0.3, 0.2], np.ones(ITEMS)
    sums, held = running_sums(np.array(share)), np.array(shelf)
    worth, fill, totals, sold = np.zeros((many, 3)), np.ones(many), np.zeros(4), np.zeros(ITEMS)
    nothing = np.empty(0, np.int64)
    baskets.filled(
        KEYS[0], KEYS[1], KEYS[2], 5, entities, nth, np.array(lines), np.array(size), sums, baskets.guide(sums), prices,
        prices, prices, prices, 3, 0.5, held, worth, fill, totals, sold, nothing, nothing, np.empty(0),
    )  # fmt: skip
    told = plain_stock.filled(
        PLAIN[0], PLAIN[1], 5, orders, sums.tolist(), [1.0] * ITEMS, [1.0] * ITEMS, [1.0] * ITEMS, 3, shelf, PLAIN[2],
        0.5,
    )  # fmt: skip
    assert (fill.tolist(), totals.tolist(), sold.tolist()) == told[1:]
    assert held.tolist() == shelf
