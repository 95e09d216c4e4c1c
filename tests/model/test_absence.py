"""Absence: single days and spells, and agency staff who stand in."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.firm import firm, people_by_day, played, team_of
from tests.model.plain import draw as drawn
from twin.model.kernels.chance import stem


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9), st.floats(0.0, 1.0), st.integers(0, 40))
def test_single_days_are_missed_as_pickers_miss_them(seed: int, share: float, people: int) -> None:
    team = team_of(firm("open", {"usual": {"people": "people"}}, absence_share="share"), people, seed, share=share)
    for day in range(5):
        key = int(stem(seed, 0, 16))
        expected = sum(drawn(key, place, day, 0) >= share for place in range(people))
        assert team.morning(day, day, True, team.values).present == expected


def spells(missed: np.ndarray, within: int) -> np.ndarray:
    """Lengths of the spells that begin after the first and before day `within`; missed is (days, places)."""
    begun = [(day, place) for day, place in np.argwhere(missed[1:] & ~missed[:-1]) if day + 1 < within]
    return np.array([np.argmin(missed[day + 1 :, place]) for day, place in begun])


@pytest.mark.parametrize(("share", "days"), [(0.05, 2.5), (0.12, 8.0), (0.3, 1.2)])
def test_share_and_spells_of_absence_are_those_asked_for(share: float, days: float) -> None:
    team = team_of(firm(absence_share=share, absence_spell_days=days), 300.0)
    missed = np.array([people["absent"] for people in people_by_day(team, 500)], np.bool_)
    length = max(days, 1.0 / (1.0 - share))  # what pure chance already brings
    memory = 1.0 - 1.0 / length - share / (1.0 - share) / length
    error = math.sqrt(share * (1.0 - share) * (1.0 + memory) / (1.0 - memory) / missed.size)
    assert missed.mean() == pytest.approx(share, abs=3.0 * error)
    found = spells(missed, 400)
    assert found.mean() == pytest.approx(length, abs=3.0 * math.sqrt(length * (length - 1.0) / len(found)))


def test_the_first_day_is_a_day_like_any_other() -> None:
    share, people = 0.1, 4000
    team = team_of(firm(absence_share=share, absence_spell_days=10.0), people)
    error = math.sqrt(share * (1.0 - share) / people)
    assert [people["absent"].mean() for people in people_by_day(team, 3)] == pytest.approx([share] * 3, abs=3.0 * error)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1.0, 20.0))
def test_nobody_comes_because_absence_rose(one: float, other: float, days: float) -> None:
    structure = firm(absence_share="share", absence_spell_days=days)
    less, more = (people_by_day(team_of(structure, 25.0, share=share), 12) for share in sorted((one, other)))
    for few, many in zip(less, more, strict=True):
        assert not np.any(few["absent"] > many["absent"])


def test_agency_staff_stand_in_for_their_share_of_the_missing() -> None:
    structure = firm(absence_share=0.4, agency_share=0.3, agency_speed=0.5, speed=2.0)
    rosters = [roster for roster, _ in played(team_of(structure, 50.0), 100)]
    missing, agency = sum(roster.absent for roster in rosters), sum(roster.agency for roster in rosters)
    assert agency / missing == pytest.approx(0.3, abs=3.0 * math.sqrt(0.3 * 0.7 / missing))
    for roster in rosters:
        _, people, speed = roster.changes[1]
        assert people == roster.present + roster.agency
        assert speed == pytest.approx(2.0 * (roster.present + 0.5 * roster.agency) / people)
        assert roster.agency_minutes == roster.agency * 480.0
