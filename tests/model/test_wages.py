"""Wages, overtime and agency staff, to the cent."""

from tests.model.firm import THREE_SHIFTS, firm, played, team_of


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
