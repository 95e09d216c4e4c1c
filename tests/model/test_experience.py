"""Experience: people learn, beginners are slower, and a team begins as it will be after years."""

import math

import numpy as np
import pytest

from tests.model.firm import firm, people_by_day, played, team_of
from twin.model.kernels import teams as kernel


def test_half_of_what_a_beginner_lacks_is_made_up_in_learning_days() -> None:
    assert [kernel.learned_speed(days, 0.4, 30.0) for days in (0.0, 30.0, 60.0)] == pytest.approx([0.6, 0.8, 0.9])


def test_people_of_a_change_come_without_experience_and_learn() -> None:
    structure = firm(learning_share=0.4, learning_days=2.0)
    rosters = [roster for roster, _ in played(team_of(structure, 3.0), 9, {4: {"people": 4.0}})]
    beginner = [1.0 - 0.4 * 2.0 ** (-worked / 2.0) for worked in range(5)]
    expected = [1.0] * 4 + [(3.0 + speed) / 4.0 for speed in beginner]
    assert [roster.changes[1][2] for roster in rosters] == pytest.approx(expected)


def test_whoever_is_absent_learns_nothing() -> None:
    structure = firm(absence_share=0.5, learning_share=0.4)
    before = np.zeros(40)
    for people in people_by_day(team_of(structure, 40.0), 10):
        grown = people["experience"] - (before if before.any() else people["experience"] - people["came"])
        assert np.array_equal(grown, people["came"])
        before = people["experience"].copy()


def test_an_empty_stretch_keeps_the_speed_of_those_who_worked_last() -> None:
    team = team_of(firm(agency_share=1.0, agency_speed=0.5, absence_share=1.0, speed="speed"), speed=1.0)
    team.morning(0, 0, True, team.values)
    changes = team.morning(1, 1, True, {**team.values, "speed": 3.0}).changes
    assert changes == [(0.0, 0, 1.5), (480.0, 4, 1.5), (960.0, 0, 1.5)]


def test_beginners_who_can_do_nothing_still_move() -> None:
    structure = firm(learning_share=1.0)
    changes = played(team_of(structure, 0.0), 1, {0: {"people": 2.0}})[0][0].changes
    assert changes[1] == (480.0, 2, 0.01)


def slope(values: np.ndarray) -> float:
    """Change over the horizon of a straight line through the values."""
    days = np.arange(len(values)) - (len(values) - 1) / 2.0
    return float((days * (values - values.mean())).sum() / (days * days).sum() * len(values))


TURNOVER = {"attrition_per_year": 1.2, "hiring_days": 40.0, "learning_share": 0.5, "learning_days": 50.0}


def test_a_team_without_load_shows_no_trend() -> None:
    """Speed and vacancies over 90 days, in twelve plays."""
    structure = firm(absence_share=0.06, absence_spell_days=3.0, **TURNOVER)
    slopes = []
    for seed in range(12):
        rosters = [roster for roster, _ in played(team_of(structure, 800.0, seed), 90)]
        speed = np.array([roster.changes[1][2] for roster in rosters])
        vacant = np.array([roster.vacant / roster.rostered for roster in rosters])
        slopes.append((slope(speed), slope(vacant)))
    mean, error = np.mean(slopes, axis=0), np.std(slopes, axis=0, ddof=1) / math.sqrt(len(slopes))
    assert error.max() < 0.01
    assert np.all(np.abs(mean) < 3.0 * error)


def test_a_team_begins_as_it_will_be_after_years() -> None:
    """Share of vacant places: mean vacancy over mean vacancy and stay."""
    hazard = TURNOVER["attrition_per_year"] / 365.0
    empty = 40.0 / (40.0 + 1.0 / (1.0 - math.exp(-hazard)))
    vacant = team_of(firm(**TURNOVER), 5000.0).people["vacant"]
    assert vacant.mean() == pytest.approx(empty, abs=3.0 * math.sqrt(empty * (1.0 - empty) / 5000))
