"""Teams: kernels against their plain twins, what is known by hand or from theory, and what must always hold."""

import math
from collections.abc import Iterator
from dataclasses import astuple, fields
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_teams as plain
from tests.model.plain import draw as drawn
from twin.model.chance import Chance
from twin.model.kernels import teams as kernel
from twin.model.kernels.chance import stem
from twin.model.teams import Roster, Team, TeamDay
from twin.spec.structure import Structure

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


# ---------------------------------------------------------------- kernels and their plain twins


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


# ---------------------------------------------------------------- a business with one team


class Firm(mesa.Model):
    """What a team needs of a business."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(rng=0)
        self.chance = Chance(seed, 0)


DAILY = {"day": {"start": "08:00", "end": "16:00", "people": "people"}}
Day = tuple[Roster, TeamDay]


def firm(hours: str = "calendar", shifts: dict[str, Any] | None = None, **numbers: Any) -> Structure:
    """A business with one station and one team."""
    team = {"shifts": DAILY if shifts is None else shifts, **numbers}
    rest = {"kinds": {"work": {"start": "desk"}}, "stations": {"desk": {"teams": ["desk"], "minutes": 5.0}}}
    return Structure.model_validate({"hours": hours, "opening_hours": 9.0, "teams": {"desk": team}, **rest})


def team_of(structure: Structure, people: float = 4.0, seed: int = 1, index: int = 0, **values: float) -> Team:
    return Team(Firm(seed), "desk", index, structure, {"people": people, **values})


def played(team: Team, days: int, levers: dict[int, dict[str, float]] | None = None, load: float = 0.5) -> list[Day]:
    """The team's days at a constant load; `levers` are the numbers that change, by the day from which they do."""
    numbers, found = dict(team.values), []
    for day in range(days):
        numbers |= (levers or {}).get(day, {})
        roster = team.morning(day, day % 7, True, dict(numbers))
        found.append((roster, team.evening(day, load * roster.present_minutes, 0.0)))
    return found


def people_by_day(team: Team, days: int, levers: dict[int, dict[str, float]] | None = None) -> Iterator[np.ndarray]:
    """Everybody's columns after each day."""
    numbers = dict(team.values)
    for day in range(days):
        numbers |= (levers or {}).get(day, {})
        roster = team.morning(day, day % 7, True, dict(numbers))
        team.evening(day, 0.5 * roster.present_minutes, 0.0)
        yield team.people.copy()


# ---------------------------------------------------------------- rosters known by hand


THREE_SHIFTS = {
    "early": {"days": "mon-fri", "start": "07:00", "end": "15:00", "people": "people"},
    "late": {"days": "mon-fri", "start": "13:00", "end": "24:00", "people": 3},
    "night": {"days": "sun-thu", "start": "22:30", "end": "06:00", "people": 2},
}


def test_a_week_known_by_hand() -> None:
    team = team_of(firm(shifts=THREE_SHIFTS))
    changes = [[(minute, people) for minute, people, _ in roster.changes] for roster, _ in played(team, 7)]
    weekday = [(0, 2), (360, 0), (420, 4), (780, 7), (900, 3), (1350, 5)]
    friday = [*weekday[:-1]]  # nobody begins a night on a Friday
    assert changes == [weekday] * 4 + [friday, [(0, 0)], [(0, 0), (1350, 2)]]


def test_the_first_day_begins_with_last_nights_shift() -> None:
    assert team_of(firm(shifts=THREE_SHIFTS)).morning(0, 0, True, {"people": 4.0}).changes[0] == (0.0, 2, 1.0)
    assert team_of(firm(shifts=THREE_SHIFTS)).morning(0, 5, True, {"people": 4.0}).changes[0] == (0.0, 0, 1.0)


def test_the_plan_of_a_week_is_what_full_rosters_show() -> None:
    structure = firm(shifts=THREE_SHIFTS)
    numbers = {"people": 4.0}
    week = plain.planned(THREE_SHIFTS, numbers)
    for weekday, (roster, _) in enumerate(played(Team(Firm(), "desk", 0, structure, numbers), 7)):
        starts = [int(minute) // 30 for minute, _, _ in roster.changes] + [48]
        shown = [people for n, (_, people, _) in enumerate(roster.changes) for _ in range(starts[n + 1] - starts[n])]
        assert week[weekday] == shown


def test_a_shift_round_the_clock_never_leaves_anybody_alone() -> None:
    around = {"all": {"start": "08:00", "end": "08:00", "people": 2}}
    assert [roster.changes for roster, _ in played(team_of(firm(shifts=around)), 3)] == [[(0.0, 2, 1.0)]] * 3


def test_no_shift_begins_on_a_closed_day_and_last_night_still_ends() -> None:
    team = team_of(firm(shifts=THREE_SHIFTS))
    team.morning(0, 0, True, team.values)
    roster = team.morning(1, 1, False, team.values)
    assert roster.changes == [(0.0, 2, 1.0), (360.0, 0, 1.0)]
    assert (roster.rostered, roster.present, roster.present_minutes) == (0, 0, 720.0)


def test_opening_hours_are_one_stretch() -> None:
    shifts = {"usual": {"people": "people"}, "saturday": {"days": "sat", "people": 1}}
    team = team_of(firm("open", shifts, speed="speed"), speed=1.25)
    assert team.morning(0, 4, True, team.values).changes == [(0.0, 4, 1.25)]
    saturday = team.morning(1, 5, True, team.values)
    assert (saturday.changes, saturday.present_minutes) == ([(0.0, 5, 1.25)], 5 * 540.0)
    closed = team.morning(2, 6, False, team.values)
    assert (closed.changes, closed.rostered, closed.present_minutes) == ([], 0, 0.0)


def test_a_change_of_the_roster_holds_in_its_window() -> None:
    window = {2: {"people": 6.0}, 5: {"people": 3.9}, 6: {"people": 4.0}}
    days = played(team_of(firm()), 8, window)
    assert [roster.changes[1][1] for roster, _ in days] == [4, 4, 6, 6, 6, 3, 4, 4]
    assert [roster.hires for roster, _ in days] == [0, 0, 2, 0, 0, 0, 0, 0]


def test_a_number_that_is_whole_but_for_rounding_is_not_a_person_less() -> None:
    assert team_of(firm(), people=20 * 1.15).morning(0, 0, True, {"people": 20 * 1.15}).rostered == 23


# ---------------------------------------------------------------- absence


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9), SHARE, st.integers(0, 40))
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
@given(SHARE, SHARE, st.floats(1.0, 20.0))
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


# ---------------------------------------------------------------- experience


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


# ---------------------------------------------------------------- leaving and hiring


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


# ---------------------------------------------------------------- what must always hold


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
        numbers |= {"people": places[0], "late": places[1]}
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


# ---------------------------------------------------------------- wages


def test_wages_of_a_week_to_the_cent() -> None:
    """Three of early by 8 h, two of late by 11 h, one of night by 7.5 h, of which 1.5 h before midnight, at 21.36."""
    shifts = {
        "early": THREE_SHIFTS["early"],
        "late": {**THREE_SHIFTS["late"], "people": 2},
        "night": {**THREE_SHIFTS["night"], "people": 1},
    }
    week = played(team_of(firm(shifts=shifts, wage=21.36), 3.0), 7)
    weekday = (3 * 8 + 2 * 11 + 6 + 1.5) * 21.36
    expected = [weekday] * 4 + [weekday - 1.5 * 21.36, 0.0, 1.5 * 21.36]
    assert [round(day.wages, 2) for _, day in week] == [round(wages, 2) for wages in expected]
    assert round(sum(day.wages for _, day in week), 2) == 5713.80


def test_absent_people_are_paid_and_vacant_places_are_not() -> None:
    team = team_of(firm(wage=10.0, absence_share=1.0))
    roster = team.morning(0, 0, True, team.values)
    assert (roster.absent, roster.present_minutes, team.evening(0, 0.0, 0.0).wages) == (4, 0.0, 320.0)
    team = team_of(firm(wage=10.0))
    team.people["vacant"], team.people["vacant_until"] = [1, 0, 0, 0], 99
    assert team.morning(0, 0, True, team.values).vacant == 1
    assert team.evening(0, 0.0, 0.0).wages == 240.0


def test_overtime_and_agency_are_paid_at_their_ratio() -> None:
    terms = {"wage": 10.0, "overtime_wage_ratio": 1.25, "agency_share": 1.0, "agency_wage_ratio": 2.0}
    team = team_of(firm(**terms))
    team.people["vacant"], team.people["vacant_until"] = [1, 0, 0, 0], 99
    roster = team.morning(0, 0, True, team.values)
    assert (roster.present, roster.agency, roster.agency_minutes) == (3, 1, 480.0)
    assert team.evening(0, 900.0, 90.0).wages == 3 * 80.0 + 8 * 20.0 + 1.5 * 12.5


def test_a_wage_may_change_by_day() -> None:
    days = played(team_of(firm(wage="wage"), wage=10.0), 4, {2: {"wage": 11.0}})
    assert [day.wages for _, day in days] == [320.0, 320.0, 352.0, 352.0]
