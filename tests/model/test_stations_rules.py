"""What happens on the floor, on days small enough to follow with a finger."""

import math
from typing import Any

import numpy as np
import pytest

from tests.model.desks import always, desk, floor_of
from twin.errors import TwinError
from twin.model.chance import Chance
from twin.model.floor import Floor
from twin.model.kernels.queues import BALKED, DONE, FINISHED, GONE, PUT_DOWN, SERVED, WAITING
from twin.spec.structure import Structure

WORDS = {
    WAITING: "comes", SERVED: "begun", DONE: "done", GONE: "gives up", BALKED: "turns round", FINISHED: "finished",
    PUT_DOWN: "put down",
}  # fmt: skip


def story(floor: Floor, *words: str) -> list[tuple[float, int, str]]:
    """What happened, as (minute, visit, word), of these words."""
    events = [(minute, tag, WORDS[what]) for minute, tag, _, what, _ in floor.log.tolist()]
    return [event for event in events if event[2] in words]


def two_teams(**station: Any) -> Structure:
    """A desk that team one serves first, and team two where one is busy."""
    return Structure.model_validate(
        {
            "kinds": {"all": {"start": "desk"}},
            "teams": {"one": always(1), "two": always(1, skills={"desk": 0.5})},
            "stations": {"desk": {"teams": ["one", "two"], "times": "fixed", "minutes": 10, **station}},
        }
    )


def test_who_comes_first_is_served_first() -> None:
    floor = floor_of(desk(), (0, 0, 1), arrivals=[1.0, 2.0, 30.0])
    done = floor.advance(100.0)
    assert done.ended.tolist() == [11.0, 21.0, 40.0]
    assert done.waited.tolist() == [0.0, 9.0, 0.0]
    assert done.stations["queue_minutes"].tolist() == [9.0]
    assert done.stations["busy_minutes"].tolist() == done.teams["busy_minutes"].tolist() == [30.0]


def test_all_may_come_at_one_moment() -> None:
    floor = floor_of(desk(), (0, 0, 2), arrivals=[5.0] * 4)
    assert floor.advance(100.0).ended.tolist() == [15.0, 15.0, 25.0, 25.0]


def test_of_those_who_end_at_one_moment_the_lower_tag_is_told_first() -> None:
    for in_turn in (True, False):
        floor = Floor(desk(), {}, Chance(1, 0), in_turn=in_turn)
        floor.staff(0, 0.0, 3)
        floor.accept([5.0] * 3, [0, 1, 2], [0] * 3, tag=[9, 4, 7])
        assert floor.advance(100.0).tag.tolist() == [4, 7, 9]


def test_nobody_is_there_until_somebody_comes() -> None:
    floor = floor_of(desk(), (50, 0, 1), arrivals=[1.0])
    assert len(floor.advance(50.0)) == 0
    assert (floor.open, floor.waiting(0)) == (1, 1)
    assert floor.advance(math.inf).waited.tolist() == [49.0]
    assert floor.clock == 60.0


def test_without_staff_and_without_visits_time_passes() -> None:
    floor = floor_of(desk(), arrivals=[])
    assert len(floor.advance(1e6)) == 0
    assert len(floor_of(desk(), (0, 0, 0), arrivals=[1.0, 2.0]).advance(math.inf)) == 0


def test_the_urgent_are_served_first_but_nobody_is_interrupted() -> None:
    kinds = {"normal": {"start": "desk", "rank": 1}, "urgent": {"start": "desk", "rank": 0}}
    floor = floor_of(desk(kinds=kinds), (0, 0, 1), arrivals=[0.0, 1.0, 2.0, 3.0], kind=[0, 0, 1, 1])
    assert floor.advance(math.inf).tag.tolist() == [0, 2, 3, 1]


def test_the_patient_wait_and_others_give_up() -> None:
    kinds = {"patient": {"start": "desk"}, "other": {"start": "desk"}}
    structure = desk(kinds=kinds, patience_of={"other": 1.0}, minutes=100.0)
    done = floor_of(structure, (0, 0, 1), arrivals=[0.0, 1.0, 2.0], kind=[1, 1, 0]).advance(math.inf)
    assert done.how.tolist() == [GONE, DONE, DONE]
    assert done.tag.tolist() == [1, 0, 2]
    assert done.kinds["abandons"].tolist() == [0.0, 1.0]


@pytest.mark.parametrize("leaver", [1, 2, 3])
def test_the_queue_closes_up_behind_whoever_gives_up(leaver: int) -> None:
    kinds = {"patient": {"start": "desk"}, "other": {"start": "desk"}}
    structure = desk(kinds=kinds, patience_of={"other": 0.01}, minutes=100.0)
    kind = [int(n == leaver) for n in range(6)]
    done = floor_of(structure, (0, 0, 1), arrivals=[0.0, 1.0, 2.0, 3.0, 50.0, 51.0], kind=kind).advance(math.inf)
    assert done.tag.tolist() == [leaver, *(n for n in range(6) if n != leaver)]


def test_whoever_finds_too_many_waiting_turns_round() -> None:
    floor = floor_of(desk(balk_at=1), (0, 0, 1), arrivals=[0.0, 1.0, 2.0, 11.0])
    floor.advance(math.inf)
    assert story(floor, "turns round", "begun") == [
        (0, 0, "begun"),
        (2, 2, "turns round"),
        (10, 1, "begun"),
        (20, 3, "begun"),
    ]


def test_no_more_are_served_than_there_are_places() -> None:
    floor = floor_of(two_teams(capacity=1), (0, 0, 1), (0, 1, 1), arrivals=[0.0, 1.0, 2.0])
    assert floor.advance(math.inf).ended.tolist() == [10.0, 20.0, 30.0]


def test_a_place_that_is_left_goes_to_whoever_is_free() -> None:
    """Team one is called away to another queue; team two takes the place."""
    structure = Structure.model_validate(
        {
            "kinds": {"urgent": {"start": "other", "rank": 0}, "normal": {"start": "desk", "rank": 1}},
            "teams": {"one": always(1), "two": always(1)},
            "stations": {
                "desk": {"teams": ["one", "two"], "times": "fixed", "minutes": 10, "capacity": 1},
                "other": {"teams": ["one"], "times": "fixed", "minutes": 10},
            },
        }
    )
    floor = floor_of(structure, (0, 0, 1), (0, 1, 1), arrivals=[0.0, 1.0, 2.0], kind=[1, 1, 0])
    floor.advance(math.inf)
    assert [event[-1] for event in floor.log.tolist() if event[3] == SERVED] == [0, 0, 1]
    assert [one[0] for one in story(floor, "begun")] == [0.0, 10.0, 10.0]


def test_the_preferred_team_is_taken_and_skill_is_speed() -> None:
    floor = floor_of(two_teams(), (0, 0, 1), (0, 1, 1), arrivals=[0.0, 1.0, 12.0])
    floor.advance(math.inf)
    assert [event[-1] for event in floor.log.tolist() if event[3] == FINISHED] == [0, 1, 0]
    assert story(floor, "finished") == [(10, 0, "finished"), (21, 1, "finished"), (22, 2, "finished")]


def test_people_finish_what_they_have_begun() -> None:
    floor = floor_of(desk(), (0, 0, 1), (5, 0, 0), (100, 0, 1), arrivals=[0.0, 1.0])
    assert floor.advance(math.inf).ended.tolist() == [10.0, 110.0]


def test_work_is_put_down_and_goes_on_where_it_was() -> None:
    floor = floor_of(
        desk(team={"shift_end": "pause"}), (0, 0, 2), (8, 0, 1), (9, 0, 0), (100, 0, 1), arrivals=[0.0, 1.0, 2.0]
    )
    done = floor.advance(math.inf)
    assert story(floor, "put down") == [(8, 1, "put down"), (9, 0, "put down")]
    assert story(floor, "done") == [(101, 0, "done"), (104, 1, "done"), (114, 2, "done")]
    assert done.down.tolist() == [91.0, 93.0, 0.0]
    assert done.waited.tolist() == [91.0, 93.0, 102.0]
    assert done.stations[["begins", "wait_sum", "down_sum", "queue_minutes"]].tolist() == [(3.0, 102.0, 184.0, 286.0)]


def test_work_that_was_put_down_is_not_given_up() -> None:
    structure = desk(team={"shift_end": "pause"}, patience_minutes=0.001)
    floor = floor_of(structure, (0, 0, 1), (5, 0, 0), (1e6, 0, 1), arrivals=[0.0])
    assert floor.advance(math.inf).ended.tolist() == [1e6 + 5.0]


def test_another_team_takes_up_what_was_put_down() -> None:
    structure = two_teams()
    paused = structure.model_copy(
        update={"teams": {**structure.teams, "one": structure.teams["one"].model_copy(update={"shift_end": "pause"})}}
    )
    floor = floor_of(paused, (0, 0, 1), (0, 1, 1), (4, 0, 0), arrivals=[0.0])
    assert floor.advance(math.inf).ended.tolist() == [4.0 + 6.0 / 0.5]


def test_speed_holds_for_what_begins_later() -> None:
    floor = floor_of(desk(), (0, 0, 1), arrivals=[0.0, 1.0])
    floor.staff(0, 5.0, 1, 2.0)
    assert floor.advance(math.inf).ended.tolist() == [10.0, 15.0]


def test_people_stay_on_while_work_waits() -> None:
    """At 20 two of three leave; work waits until 40, so they go at 50, when they look for the second time."""
    floor = floor_of(
        desk(minutes=20.0, team={"overtime_hours": 5}), (0, 0, 3), (20, 0, 1), arrivals=[0.0] * 3 + [1.0] * 5
    )
    done = floor.advance(500.0)
    assert done.ended.tolist() == [20.0] * 3 + [40.0] * 3 + [60.0] * 2
    assert done.teams.tolist() == [(160.0, 60.0)]


def test_overtime_has_an_end() -> None:
    structure = desk(minutes=10.0, team={"overtime_hours": 0.4})
    floor = floor_of(structure, (0, 0, 1), (100, 0, 0), (1000, 0, 1), arrivals=[95.0] * 9)
    done = floor.advance(math.inf)
    assert done.ended.tolist() == [105.0, 115.0, 125.0, *(1000.0 + 10.0 * n for n in range(1, 7))]
    assert done.teams["overtime_minutes"].tolist() == [24.0]


def test_units_add_minutes() -> None:
    floor = floor_of(desk(minutes_per_unit=2.0), (0, 0, 9), arrivals=[0.0, 0.0], units=[0.0, 5.0])
    assert floor.advance(math.inf).ended.tolist() == [10.0, 20.0]


def test_what_goes_round_again_has_luck_of_its_own() -> None:
    """Half go round again: one draw for all rounds would let a visit leave at once or never."""
    floor = floor_of(desk(minutes=1.0, next={"desk": 0.5}), (0, 0, 2000), arrivals=[0.0] * 2000)
    steps = floor.advance(math.inf).steps
    assert abs(steps.mean() - 2.0) < 3.0 * math.sqrt(2.0 / 2000)


def test_a_step_begins_with_today_s_numbers() -> None:
    structure = Structure.model_validate(
        {**desk().model_dump(), "stations": {"desk": {"teams": ["crew"], "times": "fixed", "minutes": "long"}}}
    )
    for in_turn in (True, False):
        floor = Floor(structure, {"long": 10.0}, Chance(1, 0), in_turn=in_turn)
        floor.staff(0, 0.0, 1)
        floor.accept([0.0, 1.0, 2.0], [0, 1, 2], [0, 0, 0])
        ended = floor.advance(15.0).ended.tolist()
        floor.tune({"long": 3.0})
        assert ended + floor.advance(100.0).ended.tolist() == [10.0, 20.0, 23.0]


def test_room_grows_with_those_inside_and_no_further() -> None:
    floor = Floor(desk(minutes=1.0, patience_minutes=1e6), {}, Chance(1, 0))
    floor.staff(0, 0.0, 1)
    for day in range(60):
        floor.accept(day * 1440.0 + np.arange(1000.0) * 1.01, np.arange(1000) + 1000 * day, np.zeros(1000, int))
        assert len(floor.advance((day + 1) * 1440.0)) == 1000
    assert (len(floor._visits), len(floor._coming[0])) == (64, 1000)


def test_the_log_keeps_what_there_is_room_for() -> None:
    full, some = floor_of(desk(), (0, 0, 1), arrivals=[0.0] * 40), Floor(desk(), {}, Chance(1, 0), log=50)
    some.staff(0, 0.0, 1)
    some.accept([0.0] * 40, range(40), [0] * 40)
    full.advance(math.inf)
    some.advance(math.inf)
    assert some.log.tobytes() == full.log[:50].tobytes()
    assert some.log_lost == len(full.log) - 50
    long = Floor(desk(minutes=0.01), {}, Chance(1, 0), log=10_000)
    long.staff(0, 0.0, 1)
    long.accept(np.arange(2000.0), range(2000), [0] * 2000)
    long.advance(math.inf)
    assert len(long.log) == 8000


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda floor: floor.accept([5.0], [0], [0]), "not before the clock"),
        (lambda floor: floor.accept([12.0, 11.0], [0, 1], [0, 0]), "in order of time"),
        (lambda floor: floor.accept([math.nan], [0], [0]), "in order of time"),
        (lambda floor: floor.accept([math.inf], [0], [0]), "in order of time"),
        (lambda floor: floor.accept([12.0], [0], [1]), "numbered from 0 to 0"),
        (lambda floor: floor.accept([12.0], [0, 1], [0]), "differ in length"),
        (lambda floor: floor.staff(0, 5.0, 1), "too late"),
        (lambda floor: floor.staff(0, 15.0, -1), "-1 people"),
        (lambda floor: floor.staff(0, 15.0, 1, 0.0), "speed 0"),
        (lambda floor: floor.staff(1, 15.0, 1), "team"),
        (lambda floor: floor.advance(9.0), "cannot go back"),
        (lambda floor: floor.advance(math.nan), "cannot go back"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(what: Any, said: str) -> None:
    floor = floor_of(desk(), (0, 0, 1), arrivals=[])
    floor.advance(10.0)
    with pytest.raises(TwinError, match=said):
        what(floor)
