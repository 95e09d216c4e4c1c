"""The kernels of teams against their plain twins."""

from dataclasses import astuple, fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_teams as plain
from twin.model.kernels import teams as kernel
from twin.model.kernels.chance import stem

KEYS = [np.uint64(stem(5, 2, purpose)) for purpose in (1, 2)]
PLAIN = [int(key) for key in KEYS]
FEW = settings(max_examples=60, deadline=None)
SHARE, DAY = st.floats(0.0, 1.0), st.integers(-60, 400)
LEARNING = st.tuples(SHARE, st.floats(1.0, 300.0))
HAZARD, HIRING = st.sampled_from([0.0, 0.0004, 0.03, 1.5]), st.sampled_from([0.0, 0.4, 3.0, 45.0])
SHIFTS = st.lists(
    st.builds(plain.Shift, st.integers(0, 4), st.booleans(), *[st.integers(0, 3)] * 4, st.floats(0.0, 4.0)),
    min_size=2, max_size=2,
)  # fmt: skip
PEOPLE = st.lists(
    st.builds(
        plain.Person, st.integers(0, 1 << 45), st.integers(0, 1), st.integers(0, 5), st.integers(0, 3),
        st.floats(0.0, 900.0), st.floats(0.0, 2.0), st.booleans(), DAY, st.booleans(), st.booleans(),
    ),
    max_size=9,
)  # fmt: skip
TIMES = st.tuples(*[st.sampled_from([0.0, 30.0, 420.0, 900.0, 1410.0, 1440.0])] * 3)


def people_as_rows(people: list[plain.Person]) -> np.ndarray:
    return np.array([astuple(one) for one in people], kernel.PERSON)


def shifts_as_rows(shifts: list[plain.Shift]) -> np.ndarray:
    return np.array([astuple(one) for one in shifts], kernel.SHIFT)


def same(rows: np.ndarray, plain_rows: list[Any]) -> None:
    """Every column as in the plain twin; whole numbers exactly."""
    for field in fields(plain_rows[0]) if plain_rows else ():
        expected = [float(getattr(one, field.name)) for one in plain_rows]
        assert rows[field.name].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12), field.name


@FEW
@given(SHARE, st.floats(1.0, 40.0))
def test_chances_of_absence_are_the_plain_ones(share: float, days: float) -> None:
    found = kernel.absence_chances(share, days)
    assert found == pytest.approx(plain.absence_chances(share, days), rel=1e-9, abs=1e-12)
    assert 0.0 <= found[0] <= found[1] + 1e-12 <= 1.0 + 1e-12


@FEW
@given(st.floats(0.0, 20000.0), LEARNING, st.floats(0.0, 3.0), st.floats(0.0, 0.2), st.floats(0.0, 1.5))
def test_speed_and_hazard_are_the_plain_ones(
    days: float, learning: tuple[float, float], per_year: float, response: float, load: float
) -> None:
    assert kernel.learned_speed(days, *learning) == pytest.approx(plain.learned_speed(days, *learning), abs=1e-12)
    found = kernel.quit_hazard(per_year, response, load, 0.85)
    assert found == pytest.approx(plain.quit_hazard(per_year, response, load, 0.85), abs=1e-12)


@FEW
@given(PEOPLE, SHARE, st.tuples(SHARE, SHARE), HAZARD, HIRING)
def test_the_first_day_is_the_plain_one(
    people: list[plain.Person], absence: float, worked: tuple[float, float], hazard: float, hiring: float
) -> None:
    for one in people:
        one.generation, one.vacant = 0, False
    rows = people_as_rows(people)
    kernel.settled(*KEYS, rows, absence)
    plain.settled(*PLAIN, people, absence)
    same(rows, people)
    kernel.known(*KEYS, rows, np.array(worked), hazard, hiring)
    plain.known(PLAIN, people, list(worked), hazard, hiring)
    same(rows, people)


@FEW
@given(PEOPLE, SHIFTS, DAY, st.tuples(SHARE, SHARE), st.tuples(SHARE, SHARE), LEARNING, HAZARD, HIRING)
def test_a_day_is_the_plain_one(
    people: list[plain.Person], shifts: list[plain.Shift], day: int, chances: tuple[float, float],
    agency: tuple[float, float], learning: tuple[float, float], hazard: float, hiring: float,
) -> None:  # fmt: skip
    rows, today = people_as_rows(people), shifts_as_rows(shifts)
    assert kernel.replaced(KEYS[0], day, rows, today) == plain.replaced(PLAIN[0], day, people, shifts)
    same(rows, people)
    kernel.attended(*KEYS, day, rows, today, *chances, *agency, *learning)
    plain.attended(PLAIN, day, people, shifts, chances, agency, learning)
    same(rows, people)
    same(today, shifts)
    found = kernel.parted(KEYS[1], day, rows, today, hazard, hiring, *learning)
    assert found == pytest.approx(plain.parted(PLAIN[1], day, people, shifts, hazard, hiring, learning))
    same(rows, people)


def in_pairs(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[list[float], ...]:
    """Starts, ends and ends on the day after of two shifts."""
    return tuple(
        list(pair) for pair in zip((*sorted(first[:2]), first[2]), (*sorted(second[:2]), second[2]), strict=True)
    )


@FEW
@given(SHIFTS, SHIFTS, TIMES, TIMES, st.sampled_from([(48, 30.0), (1, 540.0), (0, 0.0)]), st.floats(0.5, 2.0))
def test_stretches_and_minutes_are_the_plain_ones(
    today: list[plain.Shift], night: list[plain.Shift], first: tuple[float, ...], second: tuple[float, ...],
    slots: tuple[int, float], speed: float,
) -> None:  # fmt: skip
    (starts, ends, afters), (minutes, people, speeds) = in_pairs(first, second), np.zeros((3, 48))
    rows, columns = (shifts_as_rows(today), shifts_as_rows(night)), [np.array(one) for one in (starts, ends, afters)]
    count, pace = kernel.stretches(*rows, *columns, *slots, speed, 0.9, minutes, people, speeds)
    found = [tuple(row) for row in np.stack([minutes, people, speeds], axis=1)[:count].tolist()]
    assert (found, pace) == plain.stretches(today, night, starts, ends, afters, *slots, speed, 0.9)
    assert kernel.counted(*rows, *columns) == plain.counted(today, night, starts, ends, afters)
