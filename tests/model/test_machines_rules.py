"""What happens at machines, on days small enough to follow with a finger."""

import math

import numpy as np
import pytest

from tests.model.desks import always, desk, floor_of
from tests.model.small_plant import ONE, shop_floor, works
from twin.errors import TwinError
from twin.model.floor import Floor
from twin.model.kernels import queues as kernel
from twin.model.kernels.machines import IDLE

WORDS = {
    kernel.WAITING: "comes", kernel.SERVED: "begun", kernel.FINISHED: "finished", kernel.DONE: "done",
    kernel.STOPPED: "stopped", kernel.RUNS_AGAIN: "runs", kernel.SET_UP: "set up", kernel.BLOCKED: "blocked",
    kernel.SCRAPPED: "scrapped", kernel.MAINTAINED: "maintained", kernel.PUT_DOWN: "put down",
    kernel.RUNS: "works",
}  # fmt: skip


def story(floor: Floor, *words: str) -> list[tuple[float, int, str]]:
    """What happened, as (minute, visit, word), of these words."""
    events = [(round(minute, 6), tag, WORDS[what]) for minute, tag, _, what, _ in floor.log.tolist()]
    return [event for event in events if event[2] in words]


def fragile(floor: Floor, *minutes: float) -> Floor:
    """The same with lives of these lengths, so that a test may say when a machine fails."""
    assert floor.machines
    floor.machines.machines["left"][: len(minutes)] = minutes
    return floor


def test_work_needs_somebody_and_a_machine() -> None:
    floor = shop_floor(works(ONE, 2), [0.0, 0.0], (2,))
    assert floor.advance(100.0).ended.tolist() == [10.0, 20.0]
    floor = shop_floor(works({**ONE, "count": 2}, 1), [0.0, 0.0])
    assert floor.advance(100.0).ended.tolist() == [10.0, 20.0]
    floor = shop_floor(works({**ONE, "count": 2}, 2), [0.0, 0.0], (2,))
    assert floor.advance(100.0).ended.tolist() == [10.0, 10.0]


def test_a_machine_may_work_alone() -> None:
    done = shop_floor(works({**ONE, "count": 2}, station={"teams": []}), [0.0, 0.0, 0.0], (0,)).advance(100.0)
    assert done.ended.tolist() == [10.0, 10.0, 20.0]
    assert done.teams["busy_minutes"].tolist() == [0.0]
    assert done.machines["running_minutes"].tolist() == [30.0]
    assert done.machines["idle_minutes"].tolist() == [170.0]


def test_nothing_done_is_lost_when_a_machine_fails() -> None:
    floor = fragile(shop_floor(works({**ONE, "repair_minutes": 30.0, "repair_times": "fixed"}), [0.0]), 4.0)
    assert floor.advance(100.0).ended.tolist() == [40.0]
    assert story(floor, "stopped", "runs", "begun") == [
        (0, 0, "begun"), (4, 0, "stopped"), (34, 0, "runs"), (34, 0, "begun"),
    ]  # fmt: skip
    assert floor.advance(200.0).machines["idle_minutes"].tolist() == [100.0]


def test_while_a_machine_is_repaired_its_people_do_something_else() -> None:
    broken = {**ONE, "count": 2, "repair_minutes": 30.0, "repair_times": "fixed"}
    floor = fragile(shop_floor(works(broken), [0.0, 1.0, 2.0]), 4.0, 1000.0)
    assert floor.advance(100.0).tag.tolist() == [1, 2, 0]
    assert story(floor, "begun") == [(0, 0, "begun"), (4, 1, "begun"), (14, 2, "begun"), (34, 0, "begun")]


def test_a_repair_is_work_for_a_crew() -> None:
    """The second machine fails while the only fitter is at the first."""
    structure = works(
        {**ONE, "count": 2, "repair": {"kind": "breakdown"}},
        station={"teams": []},
        kinds={"breakdown": {"start": "workshop", "share": 0.0}},
        teams={"fitters": always(1)},
        stations={"workshop": {"teams": ["fitters"], "times": "fixed", "minutes": 20.0}},
    )
    floor = fragile(shop_floor(structure, [0.0, 0.0], (0, 1)), 4.0, 6.0)
    done = floor.advance(100.0)
    assert done.ended.tolist() == [30.0, 48.0]
    assert story(floor, "stopped", "runs") == [(4, 0, "stopped"), (6, 1, "stopped"), (24, 0, "runs"), (44, 1, "runs")]
    assert done.teams["busy_minutes"].tolist() == [0.0, 40.0]
    assert done.stations["wait_sum"].tolist() == [0.0, 18.0]
    assert done.machines["failed_minutes"].tolist() == [20.0 + 38.0]
    assert len(done) == 2
    assert floor.open == 0


def test_a_crew_that_is_not_there_is_waited_for() -> None:
    structure = works(
        {**ONE, "repair": {"kind": "breakdown"}},
        kinds={"breakdown": {"start": "workshop", "share": 0.0}},
        teams={"fitters": always(1)},
        stations={
            "workshop": {"teams": ["fitters"], "minutes": 0.0, "times": "fixed", "balk_at": 0, "patience_minutes": 1}
        },
    )
    floor = fragile(shop_floor(structure, [0.0], (1, 0)), 4.0)
    floor.staff(1, 500.0, 1)
    assert floor.advance(1000.0).ended.tolist() == [506.0]


def test_another_kind_of_work_needs_a_set_up() -> None:
    structure = works(
        {**ONE, "setup_minutes": 3.0, "setup_minutes_of": {"red": 7.0}}, kinds={"red": {"start": "milling"}}
    )
    floor = shop_floor(structure, [0.0, 0.0, 0.0, 0.0], kind=[0, 1, 1, 0])
    done = floor.advance(100.0)
    assert done.ended.tolist() == [10.0, 27.0, 37.0, 50.0]
    assert done.machines["setup_minutes"].tolist() == [10.0]
    assert story(floor, "set up") == [(10, 1, "set up"), (37, 3, "set up")]


def test_the_machine_that_is_set_up_is_taken_first() -> None:
    structure = works({**ONE, "count": 2, "setup_minutes": 3.0}, 2, kinds={"red": {"start": "milling"}})
    floor = shop_floor(structure, [0.0, 1.0, 50.0], (2,), kind=[0, 1, 1])
    assert floor.advance(100.0).ended.tolist() == [10.0, 11.0, 60.0]


def test_a_set_up_that_was_interrupted_goes_on() -> None:
    kinds = {"red": {"start": "milling"}}
    structure = works({**ONE, "setup_minutes": 6.0}, kinds=kinds, teams={"crew": always(1, shift_end="pause")})
    floor = shop_floor(structure, [0.0, 0.0], kind=[0, 1])
    floor.staff(0, 12.0, 0)
    floor.staff(0, 100.0, 1)
    assert floor.advance(200.0).ended.tolist() == [10.0, 114.0]


def test_maintenance_waits_until_the_piece_is_done() -> None:
    group = {**ONE, "maintain_every_hours": 0.25, "maintenance_minutes": 5.0}
    floor = shop_floor(works(group), [0.0] * 3)
    done = floor.advance(100.0)
    assert done.ended.tolist() == [10.0, 20.0, 35.0]
    assert done.machines["maintenance_minutes"].tolist() == [5.0]
    assert story(floor, "maintained", "runs") == [(20, -1, "maintained"), (25, -1, "runs")]


def test_maintenance_by_the_day_comes_to_an_idle_machine_too() -> None:
    floor = shop_floor(works({**ONE, "maintain_every_days": 1.0, "maintenance_minutes": 30.0}), [1435.0])
    floor.advance(5000.0)
    assert story(floor, "maintained", "runs") == [
        (1445, -1, "maintained"), (1475, -1, "runs"), (2880, -1, "maintained"), (2910, -1, "runs"),
        (4320, -1, "maintained"), (4350, -1, "runs"),
    ]  # fmt: skip
    with pytest.raises(TwinError, match="so there is no end"):
        floor.advance(math.inf)


def test_finished_work_without_room_blocks_the_machine_and_not_its_people() -> None:
    drill = {"teams": ["crew"], "times": "fixed", "minutes": 30.0, "room": 1}
    structure = works({**ONE, "count": 2}, 2, station={"next": {"drilling": 1.0}}, stations={"drilling": drill})
    floor = shop_floor(structure, [0.0, 0.0, 0.0, 0.0], (3,))
    done = floor.advance(1000.0)
    assert done.ended.tolist() == [40.0, 50.0, 50.0, 70.0]
    assert done.machines["blocked_minutes"].tolist() == [0.0]
    alone = works({**ONE, "count": 2}, station={"next": {"drilling": 1.0}, "teams": []}, stations={"drilling": drill})
    floor = shop_floor(alone, [0.0] * 4, (1,))
    done = floor.advance(1000.0)
    assert done.ended.tolist() == [40.0, 70.0, 100.0, 130.0]
    assert story(floor, "blocked") == [(20, 2, "blocked"), (20, 3, "blocked")]
    assert done.machines["blocked_minutes"].tolist() == [(40.0 - 20.0) + (70.0 - 20.0)]


def test_without_a_machine_it_blocks_the_person() -> None:
    structure = works(
        ONE,
        station={"machines": None, "teams": ["crew"], "next": {"drilling": 1.0}},
        teams={"drillers": always(1)},
        stations={"drilling": {"teams": ["drillers"], "times": "fixed", "minutes": 30.0, "room": 0}},
    )
    floor = shop_floor(structure, [0.0] * 3, (1, 1))
    assert floor.advance(1000.0).ended.tolist() == [40.0, 70.0, 100.0]
    assert story(floor, "begun")[:4] == [(0, 0, "begun"), (10, 0, "begun"), (10, 1, "begun"), (40, 1, "begun")]


def test_who_comes_from_outside_is_not_held_up_by_room() -> None:
    floor = shop_floor(works(ONE, station={"room": 0}), [0.0] * 5)
    assert len(floor.advance(1000.0)) == 5


def test_scrap_leaves_and_is_counted() -> None:
    floor = shop_floor(works({**ONE, "count": 1}, station={"scrap_share": 0.3, "minutes": 1.0}), [0.0] * 1000)
    done = floor.advance(2000.0)
    scrapped = int((done.how == kernel.SCRAPPED).sum())
    assert scrapped == done.machines["scrapped"][0]
    assert abs(scrapped - 300) < 3 * math.sqrt(1000 * 0.3 * 0.7)
    assert done.machines["good_minutes"][0] == 1000 - scrapped


def test_more_scrap_scraps_the_same_and_more() -> None:
    few, many = (
        shop_floor(works(ONE, station={"scrap_share": share, "minutes": 1.0}), [0.0] * 300).advance(2000.0)
        for share in (0.1, 0.2)
    )
    some, more = (set(done.tag[done.how == kernel.SCRAPPED].tolist()) for done in (few, many))
    assert some < more


def test_machines_that_may_not_run_stop_when_their_work_is_done() -> None:
    structure = works({**ONE, "count": 3, "running": "running"}, 3)
    floor = shop_floor(structure, [0.0] * 6, (3,), values={"running": 3.0})
    floor.advance(5.0)
    floor.tune({"running": 1.0})
    done = floor.advance(100.0)
    assert done.ended.tolist() == [10.0, 10.0, 10.0, 20.0, 30.0, 40.0]
    assert done.machines["off_minutes"].tolist() == [180.0]
    floor.tune({"running": 2.0})
    assert floor.advance(200.0).machines["off_minutes"].tolist() == [100.0]


def test_longer_lives_stretch_what_is_left() -> None:
    lives = []
    for factor in (1.0, 2.0):
        structure = works(
            {"count": 1, "life_hours": "life", "life_shape": 4.0, "repair_minutes": 1.0}, station={"minutes": 10.0}
        )
        floor = shop_floor(structure, [0.0] * 500, values={"life": 10.0})
        assert floor.machines
        first = float(floor.machines.machines["left"][0])
        floor.advance(100.5)
        floor.tune({"life": 10.0 * factor})
        floor.advance(4000.0)
        lives.append((first, story(floor, "stopped")[0][0]))
    (first, plainly), (_, stretched) = lives
    assert first > 110.0
    assert plainly == pytest.approx(first, abs=1e-5)
    assert stretched == pytest.approx(110.0 + 2.0 * (first - 110.0), abs=1e-5)


def test_machines_bought_later_change_nothing_for_the_others() -> None:
    structure = works({"count": "mills", "life_hours": 3.0, "repair_minutes": 20.0}, 4)
    floors = [shop_floor(structure, [0.0] * 200, (4,), values={"mills": float(count)}) for count in (2, 2)]
    for floor in floors:
        floor.advance(300.0)
    floors[1].tune({"mills": 4.0})
    few, many = (floor.advance(2000.0) for floor in floors)
    assert few.machines["off_minutes"].tolist() == many.machines["off_minutes"].tolist() == [0.0]
    assert len(floors[1].machines.machines) == 4  # type: ignore[union-attr]
    assert many.ended.max() < few.ended.max()
    kept, more = (floor.machines.machines["entity"] for floor in floors)  # type: ignore[union-attr]
    assert kept.tolist() == more[:2].tolist()
    assert len(set(more.tolist())) == 4


def test_a_life_belongs_to_the_machine_and_its_failure() -> None:
    """Whatever is changed elsewhere: the n-th life of a machine is as long as before."""

    def lives(**more: float) -> list[float]:
        group = {"count": 1, "life_hours": 2.0, "repair_minutes": 5.0, "repair_times": "fixed"} | more
        floor = shop_floor(works(group, station={"minutes": 1.0}), [0.0] * 3000)
        floor.advance(2000.0)
        stops = [minute for minute, _, _ in story(floor, "stopped")]
        again = [0.0, *(minute for minute, _, _ in story(floor, "runs"))]
        return [stop - start for stop, start in zip(stops, again, strict=False)][:8]

    assert lives() == pytest.approx(lives(repair_minutes=50.0), abs=1e-6)


def test_who_waits_is_called_before_whoever_comes_next() -> None:
    floor = floor_of(desk(3, capacity="places"), (0, 0, 3), arrivals=[0.0, 1.0, 2.0, 5.0], values={"places": 1.0})
    floor.advance(5.0)
    floor.tune({"places": 3.0})
    floor.advance(100.0)
    served = [(minute, tag) for minute, tag, _, what, _ in floor.log.tolist() if what == kernel.SERVED]
    assert served == [(0.0, 0), (5.0, 1), (5.0, 2), (10.0, 3)]


def test_numbers_that_do_not_change_call_nobody() -> None:
    floor = floor_of(desk(3, capacity="places"), (0, 0, 3), arrivals=[0.0, 1.0, 2.0, 5.0], values={"places": 1.0})
    floor.advance(5.0)
    floor.tune({"places": 1.0})
    assert floor.advance(100.0).ended.tolist() == [10.0, 20.0, 30.0, 40.0]


def test_a_machine_with_nothing_to_do_is_idle() -> None:
    floor = shop_floor(works({**ONE, "count": 2}), [])
    done = floor.advance(60.0)
    assert floor.machines
    assert floor.machines.machines["state"].tolist() == [IDLE, IDLE]
    assert np.array_equal(done.machines["idle_minutes"], [120.0])
