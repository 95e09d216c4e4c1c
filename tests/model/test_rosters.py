"""Rosters known by hand."""

from tests.model import plain_teams as plain
from tests.model.firm import THREE_SHIFTS, Crew, Firm, firm, played, team_of
from twin.model.teams import Team


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
    for weekday, (roster, _) in enumerate(played(Crew(Team(Firm(), "desk", 0, structure, numbers)), 7)):
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
