"""The stations alone: rosters from shifts, days from any step, and what cannot be."""

import math

import pytest

from tests.model.desks import always, desk
from twin.errors import TwinError, UnknownName
from twin.model.stations import Played, alone, poisson_visits, rosters_of
from twin.spec.structure import Structure

SHIFTS = {
    "early": {"days": "mon-fri", "start": "07:00", "end": "15:00", "people": 4},
    "late": {"days": "mon-fri", "start": "13:00", "end": "21:00", "people": "late"},
    "night": {"days": "sun", "start": "22:00", "end": "06:00", "people": 1},
}
VALUES = {"late": 3.0, "many": 0.25}
SERVICE = Structure.model_validate(
    {
        "kinds": {"urgent": {"start": "first", "rank": 0}, "normal": {"start": "first", "rank": 1}},
        "teams": {
            "one": {"shifts": SHIFTS, "overtime_hours": 2, "shift_end": "pause"},
            "two": always(2, skills={"first": 0.8}),
        },
        "stations": {
            "first": {
                "teams": ["one", "two"], "minutes": 34, "scatter": 0.9, "patience_minutes": 600,
                "next": {"second": "many"},
            },
            "second": {"teams": ["two"], "minutes": 90, "capacity": 4, "next": {"first": 0.06}},
        },
    }
)  # fmt: skip


def test_shifts_add_up_and_a_night_belongs_to_the_day_it_begins() -> None:
    one = rosters_of(SERVICE, VALUES, 2)["one"]
    # the night from Sunday to Monday is there at the start, and again from 22:00 of the seventh day
    assert one[:6] == [
        (0.0, 1, 1.0),
        (360.0, 0, 1.0),
        (420.0, 4, 1.0),
        (780.0, 7, 1.0),
        (900.0, 3, 1.0),
        (1260.0, 0, 1.0),
    ]
    assert rosters_of(SERVICE, VALUES, 8)["one"][-6:-4] == [(6 * 1440.0 + 1320.0, 1, 1.0), (7 * 1440.0 + 360.0, 0, 1.0)]
    assert rosters_of(SERVICE, VALUES, 1, first_weekday=5)["one"] == [(0.0, 0, 1.0)]
    assert rosters_of(SERVICE, VALUES, 2)["two"] == [(0.0, 2, 1.0)]


def test_with_opening_hours_a_day_is_as_long_as_the_doors_are_open() -> None:
    shop = Structure.model_validate(
        {
            "hours": "open",
            "opening_hours": 9,
            "kinds": {"all": {"start": "desk"}},
            "teams": {
                "crew": {"shifts": {"week": {"days": "mon-fri", "people": 3}, "end": {"days": "sat", "people": 2}}}
            },
            "stations": {"desk": {"teams": ["crew"], "minutes": 1}},
        }
    )
    assert rosters_of(shop, {}, 7)["crew"] == [(0.0, 3, 1.0), (5 * 540.0, 2, 1.0), (6 * 540.0, 0, 1.0)]


def bytes_of(played: Played) -> tuple[bytes, ...]:
    return tuple(
        one.tobytes() for one in (played.visits, played.waited, played.stations, played.teams, played.open, played.log)
    )


def test_days_are_the_same_for_any_step() -> None:
    visits = poisson_visits(62 / 1440, days=21, seed=4, shares=(0.2, 0.8))
    whole = bytes_of(alone(SERVICE, VALUES, visits, 21, seed=4, log=20_000))
    for step in (30.0, 60.0, 77.0, 1e9):
        assert bytes_of(alone(SERVICE, VALUES, visits, 21, seed=4, log=20_000, step_minutes=step)) == whole


def test_all_parts_of_the_route_are_used() -> None:
    """So that the test above says something."""
    visits = poisson_visits(62 / 1440, days=21, seed=4, shares=(0.2, 0.8))
    played = alone(SERVICE, VALUES, visits, 21, seed=4)
    assert set(played.visits["how"].tolist()) == {3, 4}
    assert (played.stations["down_sum"].sum(axis=0) > 0).tolist() == [True, False]
    assert played.teams["overtime_minutes"][:, 0].sum() > 0
    assert played.open[-1] == len(visits) - len(played.visits)


def test_without_an_end_of_days_all_are_served() -> None:
    visits = poisson_visits(0.9, count=500)
    played = alone(desk(2, 2.0, "exponential"), {}, visits)
    assert (len(played.visits), played.open.tolist()) == (500, [0])
    assert played.waited.tobytes() == played.visits["waited"].tobytes()


def test_rosters_can_be_given() -> None:
    visits = poisson_visits(0.9, count=5)
    played = alone(desk(1, 0.0), {}, visits, rosters={"crew": [(0.0, 0, 1.0), (5000.0, 1, 1.0)]})
    assert played.visits["ended"].tolist() == [5000.0] * 5


def test_what_cannot_be_is_refused_in_a_sentence() -> None:
    visits = poisson_visits(1.0, count=1)
    with pytest.raises(UnknownName, match="Did you mean 'crew'"):
        alone(desk(), {}, visits, rosters={"crow": []})
    with pytest.raises(TwinError, match="number of days must be given"):
        alone(SERVICE, VALUES, visits)
    for days, step in ((0, None), (math.nan, None), (2, -5.0)):
        with pytest.raises(TwinError, match="more than zero"):
            alone(desk(), {}, visits, days, step_minutes=step)
    with pytest.raises(TwinError, match="rate of arrivals"):
        poisson_visits(0.0, days=1)
    with pytest.raises(TwinError, match="either"):
        poisson_visits(1.0)
