"""Who comes with what work: numbers of their own, kinds by share, appointments, and tags that are used again."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain
from tests.model.test_satisfaction import LOSSES
from twin.model.appointments import agreed, coming
from twin.model.callers import Callers, Open, merged
from twin.model.chance import Chance, Purpose
from twin.model.kernels.callers import conditions_drawn, lived, numbered, reckoned, sorted_into_kinds
from twin.model.kernels.chance import stem
from twin.model.kernels.queues import BALKED, DONE, ENDED, GONE
from twin.model.orders import Orders
from twin.model.satisfaction import experience, losses
from twin.records import WAIT_EDGES
from twin.spec.structure import Booked

KEYS = np.array([stem(3, 1, 25), stem(3, 1, 24)], dtype=np.uint64)
NUMBERS = st.lists(st.tuples(st.integers(0, 2**62), st.integers(0, 4)), max_size=12)


@settings(deadline=None)
@given(NUMBERS, st.integers(-60, 400))
def test_each_visit_has_the_plain_number(visits: list[tuple[int, int]], day: int) -> None:
    entity, nth = (np.array(column, np.int64) for column in (zip(*visits, strict=True) if visits else ((), ())))
    found = np.empty(len(visits), np.int64)
    numbered(entity, day, nth, found)
    expected = [plain.mixed(plain.mixed(plain.mixed(0, one), day % 2**64), n) >> 1 for one, n in visits]
    assert found.tolist() == expected
    assert np.all(found >= 0)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 2**60), max_size=20),
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4).filter(lambda shares: sum(shares) > 0.01),
    st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4),
)
def test_kinds_and_conditions_are_the_plain_ones(who: list[int], shares: list[float], ill: list[float]) -> None:
    weights = np.array(shares) / sum(shares)
    kind, condition = np.zeros(len(who), np.int64), np.zeros(len(who), np.int64)
    sorted_into_kinds(KEYS[0], np.array(who, np.int64), weights, kind)
    conditions_drawn(KEYS[1], np.array(who, np.int64), kind, np.array(ill), condition)
    for n, one in enumerate(who):
        u, place = plain.draw(int(KEYS[0]), one, 0, 0), 0
        while place < len(weights) - 1 and u >= sum(weights[: place + 1].tolist()):
            place += 1
        assert kind[n] == place
        assert condition[n] == (plain.draw(int(KEYS[1]), one, 0, 0) < ill[place])


def test_kinds_come_by_their_share() -> None:
    who, weights = np.arange(40_000), np.array([0.2, 0.5, 0.3])
    kind, condition = np.zeros(len(who), np.int64), np.zeros(len(who), np.int64)
    sorted_into_kinds(KEYS[0], who, weights, kind)
    conditions_drawn(KEYS[1], who, kind, np.array([0.0, 1.0, 0.5]), condition)
    for n, share in enumerate(weights):
        assert abs(np.mean(kind == n) - share) < 3.0 * np.sqrt(share * (1 - share) / len(who))
    assert not condition[kind == 0].any()
    assert condition[kind == 1].all()


ENDS = st.lists(
    st.tuples(st.sampled_from([DONE, GONE, BALKED]), st.integers(0, 2), st.floats(0.0, 1e5), st.floats(0.0, 1e5)),
    max_size=30,
)


@settings(deadline=None)
@given(ENDS, st.lists(st.floats(0.0, 1e5), min_size=3, max_size=3))
def test_a_day_is_reckoned_as_by_hand(ends: list[tuple[int, int, float, float]], promised: list[float]) -> None:
    ended, sums, histogram = np.zeros(len(ends), ENDED), np.zeros((3, 6)), np.zeros(len(WAIT_EDGES) + 1)
    late, lost = np.zeros((2, len(ends)), np.bool_)
    for row, (how, kind, waited, through) in zip(ended, ends, strict=True):
        row["how"], row["kind"], row["waited"], row["ended"] = how, kind, waited, through
    reckoned(ended, np.array(promised), np.array(WAIT_EDGES), sums, late, lost, histogram)
    bins = [0.0] * len(histogram)
    for kind in range(3):
        mine = [one for one in ends if one[1] == kind]
        done = [one for one in mine if one[0] == DONE]
        told = [len(done), sum(one[3] > promised[kind] for one in done)]
        told += [sum(one[0] == how for one in mine) for how in (GONE, BALKED)]
        assert sums[kind].tolist() == pytest.approx([*told, sum(one[2] for one in done), sum(one[3] for one in done)])
        for one in done:
            bins[sum(one[2] > edge for edge in WAIT_EDGES)] += 1.0
    assert histogram.tolist() == bins
    assert lost.tolist() == [one[0] != DONE for one in ends]
    assert late.tolist() == [one[0] == DONE and one[3] > promised[one[1]] for one in ends]


@settings(deadline=None)
@given(ENDS, st.lists(st.floats(0.0, 1e3), min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_what_work_was_like_is_the_plain_experience(
    ends: list[tuple[int, int, float, float]], promised: list[float], luck: Random
) -> None:
    ended, tags = np.zeros(len(ends), ENDED), luck.sample(range(40), len(ends))
    ended["tag"], ended["kind"] = tags, [one[1] for one in ends]
    ended["waited"] = [one[2] for one in ends]
    late, lost = np.array([[luck.random() < 0.5 for _ in ends] for _ in range(2)], np.bool_).reshape(2, len(ends))
    fill, segment = np.array([luck.random() for _ in range(40)]), np.array([luck.randint(0, 1) for _ in range(40)])
    row = np.array([luck.randint(-1, 9) for _ in range(40)])
    for one in range(2):
        rows, outcomes = np.zeros(len(ends), np.int64), np.zeros(len(ends))
        count = lived(ended, late, lost, np.array(promised), fill, segment, row, losses(LOSSES), one, rows, outcomes)
        mine = [n for n, tag in enumerate(tags) if segment[tag] == one and row[tag] >= 0]
        assert rows[:count].tolist() == [row[tags[n]] for n in mine]
        for n, outcome in zip(mine, outcomes.tolist(), strict=False):
            minutes = promised[ends[n][1]]
            ratio = ends[n][2] / minutes if minutes > 0.0 else 0.0
            assert outcome == experience(LOSSES, late[n], 1.0 - fill[tags[n]], lost[n], ratio)


# ------------------------------------------------------------------ appointments


def test_appointments_are_agreed_every_so_many_minutes_of_their_days() -> None:
    booked = Booked(days="mon-fri", start="09:00", end="10:30", every_minutes="slot")
    assert agreed(booked, 0, {"slot": 30.0}) == [540.0, 570.0, 600.0]
    assert agreed(booked, 0, {"slot": 25.0}) == [540.0, 565.0, 590.0, 615.0]
    assert agreed(booked, 5, {"slot": 30.0}) == []


def test_those_who_come_are_the_same_however_many_others_are_booked() -> None:
    """A longer morning changes nobody's luck."""
    short, long = (
        Booked(start="09:00", end=end, every_minutes=10.0, no_show_share=0.3, punctuality_minutes=5.0)
        for end in ("11:00", "12:00")
    )
    for day in range(10):
        first, second = (coming(one, 1, day, 0, Chance(2, 0), {}) for one in (short, long))
        assert second[: len(first)] == first
    assert len(coming(long, 1, 3, 0, Chance(2, 0), {})) < 18


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 400), st.floats(0.0, 1.0), st.floats(0.0, 90.0), st.integers(0, 12))
def test_appointments_are_kept_as_the_plain_ones(kind: int, day: int, missed: float, scatter: float, n: int) -> None:
    booked = Booked(start="08:00", end=f"{8 + n:02d}:00", every_minutes=30.0, no_show_share=missed)
    booked = booked.model_copy(update={"punctuality_minutes": scatter})
    luck, told = Chance(2, 0), list[tuple[float, int]]()
    for place, minute in enumerate(agreed(booked, 0, {})):
        entity = kind * 2**32 + place
        if plain.draw(int(luck[Purpose.NO_SHOW]), entity, day, 0) >= missed:
            off = scatter * plain.NORMAL.inv_cdf(plain.draw(int(luck[Purpose.PUNCTUALITY]), entity, day, 0))
            told.append((pytest.approx(min(max(minute + off, 0.0), 1440.0), abs=1e-5), place))
    assert coming(booked, kind, day, 0, luck, {}) == told


def test_nobody_comes_before_midnight_or_after() -> None:
    early = Booked(start="00:00", end="24:00", every_minutes=5.0, punctuality_minutes=60.0)
    minutes = [minute for minute, _ in coming(early, 0, 1, 0, Chance(1, 0), {})]
    assert len(minutes) == 288
    assert min(minutes) >= 0.0
    assert max(minutes) < 1440.0


# ------------------------------------------------------------------ columns


def callers(minutes: list[float], first: int = 0) -> Callers:
    """Some callers at these minutes."""
    count = len(minutes)
    whole = (np.zeros(count, np.int64) for _ in range(4))
    entity = np.arange(first, first + count)
    return Callers(entity, np.array(minutes), *(next(whole) for _ in range(2)), np.ones(count), *whole, np.ones(count))


def test_two_groups_are_joined_in_order_of_time() -> None:
    both = callers([1.0, 5.0, 9.0]).joined(callers([0.5, 5.0], first=10))
    assert both.minute.tolist() == [0.5, 1.0, 5.0, 5.0, 9.0]
    assert both.entity.tolist() == [10, 0, 1, 11, 2]
    assert callers([1.0]).joined(None).minute.tolist() == [1.0]


def test_orders_of_segments_are_merged_with_whose_they_are() -> None:
    parts = [Orders.empty(2, returning=2), Orders.empty(3, new=1, returning=2)]
    parts[0].minute[:], parts[1].minute[:] = [3.0, 8.0], [1.0, 3.0, 9.0]
    orders, segment = merged(parts)
    assert orders.minute.tolist() == [1.0, 3.0, 3.0, 8.0, 9.0]
    assert segment.tolist() == [1, 0, 1, 0, 1]
    assert (orders.returning, orders.new) == (4, 1)


@pytest.mark.parametrize("again", [True, False])
def test_no_two_open_visits_have_the_same_number(again: bool) -> None:
    luck, book, open_now, used = np.random.default_rng(1), Open(again), set[int](), 0
    for _ in range(200):
        tags = book.noted(callers(sorted(luck.uniform(0, 9, luck.integers(0, 9)))))
        assert not open_now & set(tags.tolist())
        assert len(set(tags.tolist())) == len(tags)
        open_now |= set(tags.tolist())
        used += len(tags)
        gone = luck.permutation(np.array(sorted(open_now), np.int64))[: luck.integers(0, len(open_now) + 1)]
        book.closed(gone)
        open_now -= set(gone.tolist())
    assert (book.used < used / 4) == again
