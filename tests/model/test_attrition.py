"""Leaving and hiring: stays, load, and places that are vacant until somebody is hired."""

import math

import numpy as np
import pytest

from tests.model import plain_teams as plain
from tests.model.firm import firm, people_by_day, played, team_of
from twin.model.kernels.chance import stem
from twin.model.teams import Team


def stays(team: Team, load: float, days: int = 1200) -> np.ndarray:
    """Days until the first person of each place leaves; `days` for those who do not."""
    found = np.full(len(team.people), days)
    for day in range(days):
        roster = team.morning(day, day % 7, True, team.values)
        team.evening(day, load * roster.present_minutes, 0.0)
        gone = (team.people["vacant"] == 1) | (team.people["generation"] > 0)
        found[gone & (found == days)] = day + 1
    return found


def test_a_constant_hazard_gives_an_exponential_stay() -> None:
    found = stays(team_of(firm(attrition_per_year=3.65), 1500.0), 0.5)
    daily = 1.0 - math.exp(-0.01)
    error = math.sqrt(1.0 - daily) / daily / math.sqrt(len(found))
    assert found.mean() == pytest.approx(1.0 / daily, abs=3.0 * error)
    for days in (30, 100, 250):
        left = math.exp(-0.01 * days)
        assert (found > days).mean() == pytest.approx(left, abs=3.0 * math.sqrt(left * (1.0 - left) / len(found)))


def test_load_above_what_is_bearable_makes_people_leave_earlier() -> None:
    structure = firm(attrition_per_year=1.0, attrition_response=0.05, attrition_load=0.85)
    easy, bearable, hard = (stays(team_of(structure, 400.0), load, 300) for load in (0.2, 0.85, 0.95))
    assert np.array_equal(easy, bearable)
    assert np.all(hard <= easy)
    chance = 1.0 - np.exp(-300.0 / 365.0 * np.array([1.0, 1.5]))  # ten points of load more, 5 % each
    error = np.sqrt(chance * (1.0 - chance) / 400)
    assert (easy < 300).mean() == pytest.approx(chance[0], abs=3.0 * error[0])
    assert (hard < 300).mean() == pytest.approx(chance[1], abs=3.0 * error[1])


def test_load_is_that_of_the_last_weeks() -> None:
    team = team_of(firm())
    played(team, 60, load=0.5)
    assert team.load == pytest.approx(0.5)
    for day in range(28):
        last = team.evening(day, 4 * 480.0, 0.0)
    rest = (1.0 - 1.0 / 28.0) ** 28
    mix = rest * (1.0 - (1.0 - 1.0 / 28.0) ** 60) / (1.0 - (1.0 - 1.0 / 28.0) ** 88)
    assert last.load == pytest.approx(1.0 - 0.5 * mix)


@pytest.mark.parametrize("hiring_days", [0.0, 1.0, 12.0])
def test_a_place_is_vacant_until_somebody_is_hired(hiring_days: float) -> None:
    team = team_of(firm(attrition_per_year=20.0, hiring_days=hiring_days), 60.0)
    team.people["vacant"] = 0
    vacancies, since, before = [], {}, team.people.copy()
    for day, people in enumerate(people_by_day(team, 120)):
        for place in np.nonzero(people["generation"] > before["generation"])[0]:
            person = plain.Person(int(place), 0, int(place), int(before["generation"][place]))
            key = stem(1, 0, 29)
            assert day - since[place] == 1 + plain.vacancy_days(int(key), person, hiring_days)
            assert people["experience"][place] <= 1.0
            vacancies.append(day - since.pop(place) - 1)
        since |= {place: day for place in np.nonzero(people["vacant"])[0] if place not in since}
        before = people
    if hiring_days == 12.0:
        assert len(vacancies) > 200
        error = np.std(vacancies, ddof=1) / math.sqrt(len(vacancies))
        assert np.mean(vacancies) == pytest.approx(12.0, abs=3.0 * error)
        assert np.std(vacancies, ddof=1) == pytest.approx(0.3 * 12.0, rel=0.2)
