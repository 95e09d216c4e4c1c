"""Teams: what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.firm import DAILY, THREE_SHIFTS, Firm, firm, people_by_day, played, team_of
from twin.model.kernels import teams as kernel
from twin.model.staff import Staff
from twin.model.teams import Team
from twin.spec.structure import Structure

ALL_ON = {
    "absence_share": 0.15, "absence_spell_days": 3.0, "agency_share": 0.4, "attrition_per_year": 6.0,
    "attrition_response": 0.02, "hiring_days": 5.0, "learning_share": 0.5, "wage": 20.0,
}  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 99), st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_nobody_appears_from_nowhere(seed: int, people: list[int]) -> None:
    """Places are present, absent or vacant; who is there was there yesterday, or was hired, or came back."""
    shifts = THREE_SHIFTS | {"late": {**THREE_SHIFTS["late"], "people": "late"}}
    team = team_of(firm(shifts=shifts, **ALL_ON), people[0], seed, late=4.0)
    numbers, filled = dict(team.values), names(team)
    for day in range(28):
        places = [people[day // 7 % len(people)], 9 - people[day // 7 % len(people)], 2]
        numbers = numbers | {"people": places[0], "late": places[1]}
        roster = team.morning(day, day % 7, True, numbers)
        begins = [day % 7 < 5, day % 7 < 5, day % 7 in (6, 0, 1, 2, 3)]
        assert roster.rostered == sum(n for n, is_on in zip(places, begins, strict=True) if is_on)
        assert roster.rostered == roster.present + roster.absent + roster.vacant
        assert 0 <= roster.agency <= roster.absent + roster.vacant
        came = names(team) - filled
        assert (filled <= names(team), len(came)) == (True, roster.hires)
        assert all(entity % kernel.SHIFTS < places[entity // kernel.SHIFTS] for entity, _ in came)
        filled = names(team)
        quits = team.evening(day, 0.95 * roster.present_minutes, 0.0).quits
        assert quits == len(filled) - len(names(team))
        filled = names(team)
    assert len(set(team.people["entity"].tolist())) == len(team.people)


def names(team: Team) -> set[tuple[int, int]]:
    """Everybody of the team, on the roster or not."""
    return {(int(one["entity"]), int(one["generation"])) for one in team.people if not one["vacant"]}


def test_another_place_changes_nobody_elses_luck() -> None:
    structure = firm(shifts=THREE_SHIFTS, **(ALL_ON | {"attrition_response": 0.0}))
    with_two_more = people_by_day(team_of(structure, seed=4), 80, {20: {"people": 6.0}, 40: {"people": 4.0}})
    for usual, more in zip(people_by_day(team_of(structure, seed=4), 80), with_two_more, strict=True):
        assert np.array_equal(usual, more[: len(usual)])


def test_people_taken_off_the_roster_come_back_as_they_went() -> None:
    structure = firm(**(ALL_ON | {"attrition_response": 0.0}))
    days = list(people_by_day(team_of(structure, 8.0, seed=2), 40, {10: {"people": 5.0}, 30: {"people": 8.0}}))
    usual = list(people_by_day(team_of(structure, 8.0, seed=2), 40))
    for name in ("generation", "experience", "patience", "vacant"):
        assert np.array_equal(days[9][name][5:], days[29][name][5:])
    for before, after in zip(usual, days, strict=True):
        assert np.array_equal(before[:5], after[:5])  # those who stay notice nothing
        assert np.array_equal(before["absent"], after["absent"])  # and spells of absence go on as they would have


def test_a_change_that_changes_nothing_changes_nothing() -> None:
    structure = firm(shifts=THREE_SHIFTS, **(ALL_ON | {"absence_share": "absence"}))
    usual = played(team_of(structure, absence=0.15), 30)
    assert played(team_of(structure, absence=0.15), 30, {3: {"absence": 0.15, "people": 4.0}}) == usual
    later = played(team_of(structure, absence=0.15), 30, {12: {"absence": 0.4}})
    assert later[:12] == usual[:12]
    assert later != usual


def test_teams_and_shifts_have_luck_of_their_own() -> None:
    structure = firm(shifts=THREE_SHIFTS, absence_share=0.5)
    first, second = team_of(structure, 30.0), team_of(structure, 30.0, index=1)
    entities = np.concatenate([first.people["entity"], second.people["entity"]])
    assert len(set(entities.tolist())) == len(entities)
    assert first.people["entity"].tolist() == [*range(30), *((1 << 20) + np.arange(3)), *((2 << 20) + np.arange(2))]
    assert played(first, 5) != played(second, 5)


def test_replayed_days_change_nobody_but_who_is_ill() -> None:
    team, other = (team_of(firm(**ALL_ON), 12.0) for _ in range(2))
    before = other.people.copy()
    for day in range(-30, 0):
        other.remember_load(0.5 * other.replay(day, day % 7, True, other.values).present_minutes)
    assert other.load == pytest.approx(0.5)
    still = [name for name in kernel.PERSON.names or () if name not in ("absent", "came")]
    assert np.array_equal(before[still], other.people[still])
    assert np.array_equal(team.people, before)


def test_teams_together_are_as_each_alone() -> None:
    """People and shifts of all teams lie in common columns; nobody sees the others, whoever is added meanwhile."""
    numbers = {"absence_share": 0.2, "agency_share": 0.5, "attrition_per_year": 3.0, "hiring_days": 9.0}
    teams = {
        "desk": {"shifts": THREE_SHIFTS, **numbers},
        "bench": {"shifts": DAILY, **numbers, "learning_share": 0.4, "learning_days": 8.0},
        "crew": {"shifts": THREE_SHIFTS, "speed": 1.5, "absence_share": 0.1, "absence_spell_days": 4.0},
    }
    rest = {"kinds": {"work": {"start": "desk"}}, "stations": {"desk": {"teams": list(teams), "minutes": 5.0}}}
    structure, usual = Structure.model_validate({"teams": teams, **rest, "hours": "calendar"}), {"people": 4.0}

    def staff(*names: str) -> Staff:
        return Staff([Team(Firm(), name, list(teams).index(name), structure, usual) for name in names])

    together, alone, hired = staff(*teams), [staff(name) for name in teams], 0
    for day in range(-5, 60):
        today = {"people": 6.0} if 10 <= day < 30 else usual
        given = (day, day % 7, day % 11 > 0, today, day >= 0)
        rosters = together.morning(*given)
        assert rosters == [one.morning(*given)[0] for one in alone]
        busy = [0.9 * roster.present_minutes for roster in rosters]
        if day < 0:
            together.remember_load(busy)
            for one, minutes in zip(alone, busy, strict=True):
                one.remember_load([minutes])
        else:
            days = [one.evening(day, [minutes], [30.0])[0] for one, minutes in zip(alone, busy, strict=True)]
            assert together.evening(day, busy, [30.0] * 3) == days
            hired += sum(one.hires for one in days)
    for team, one in zip(together.teams, alone, strict=True):
        assert team.people.tobytes() == one.teams[0].people.tobytes()
    assert hired > 10
    assert len({len(team.people) for team in together.teams}) > 1
