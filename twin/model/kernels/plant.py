"""What happens where there are machines: they fail under work and are repaired, and a full queue blocks those before.

The arrays are described in kernels/stations.py and kernels/machines.py.
"""

from numba import njit

from twin.model.kernels.calendar import (
    BARE,
    STAMPS,
)
from twin.model.kernels.chance import draw
from twin.model.kernels.machines import (
    DUE,
    FAILED,
    FAILURES,
    HALTED,
    IDLE,
    MAINTENANCE,
    REPAIR,
    SETTING_UP,
    anybody_ready,
    count_piece,
    down,
    errand_luck,
    machine_is_free,
    plan_next,
    queue_up,
    rest,
    restored,
    set_up,
    stop,
    turn,
)
from twin.model.kernels.queues import (
    BLOCKED,
    DONE,
    DOWN,
    ERRANDS,
    FINISHES_SUM,
    NOBODY,
    ONWARD,
    SCRAPPED,
    STOPPED,
    enter,
    free,
    join,
    leave,
    note,
)
from twin.model.kernels.serving import arrive, call_all, found, release, sent_to


@njit(**BARE)
def send_for(
    visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally, labour,
    ended, log, plant, machine, time,
):  # fmt: skip
    """A machine is out of use: a crew is sent for where there is one, and that is work like any other."""
    state = plant.machines[machine].state
    kind = down(plant, times, orders, whats, counters, machine, time)
    if kind < 0:
        return
    luck = errand_luck(plant, machine, REPAIR if state == FAILED else MAINTENANCE)
    number = enter(visits, counters, time, luck, kind, 0, 1.0, -1 - machine, plant.start[kind])
    counters[ERRANDS] += 1
    job = plant.jobs[number]
    job.machine, job.errand = NOBODY, machine
    arrive(
        visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally,
        labour, ended, log, plant, number, time,
    )  # fmt: skip


@njit(**BARE)
def fail(
    visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally, labour,
    ended, log, plant, number, time,
):  # fmt: skip
    """A machine fails under its work, which stays on it and goes on after the repair with whoever is free then."""
    visit, machine = visits[number], plant.jobs[number].machine
    release(visits, stations, teams, tally, labour, number, time)
    visit.left = max(0.0, visit.left - (time - visit.began) * visit.pace)
    counters[DOWN] += 1
    join(visits, stations, ranks, queues, tally, number, time, True)
    plant.places[visit.station].held += 1
    plant.machines[machine].left = 0.0
    plant.sums[plant.machines[machine].pool, FAILURES] += 1
    turn(plant, machine, FAILED, time)
    note(log, counters, time, visit.tag, visit.station, STOPPED, machine)
    send_for(
        visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally,
        labour, ended, log, plant, machine, time,
    )  # fmt: skip


@njit(**BARE)
def has_room(visits, stations, queues, teams, team_of, plant, place):
    """Whether a station takes one more from another: its queue has room, or somebody can begin at once."""
    station, own = stations[place], plant.places[place]
    if station.waiting - own.held < own.room:
        return True
    if station.served >= station.capacity or not machine_is_free(plant, place):
        return False
    if anybody_ready(plant, visits, queues, place):
        return False
    for n in range(team_of.shape[1]):
        team = team_of[place, n]
        if team >= 0 and teams[team].busy < teams[team].staff + teams[team].extra:
            return True
    return False


@njit(**BARE)
def block(visits, stations, teams, counters, tally, labour, log, plant, number, target, time):
    """Finished work finds no room to go on: it blocks its machine, or whoever did it where there is none."""
    visit, machine = visits[number], plant.jobs[number].machine
    if machine >= 0:
        release(visits, stations, teams, tally, labour, number, time)
        turn(plant, machine, HALTED, time)
        plant.places[visit.station].blocked += 1
    visit.place = BLOCKED
    queue_up(plant, number, target)
    note(log, counters, time, visit.tag, visit.station, BLOCKED, machine)


@njit(**BARE)
def end_errand(
    visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally, labour,
    ended, log, plant, number, time,
):  # fmt: skip
    """A crew has done its work at a machine, which runs again, or is to be maintained now."""
    visit, machine = visits[number], plant.jobs[number].errand
    note(log, counters, time, visit.tag, visit.station, DONE, NOBODY)
    free(visits, counters, number)
    counters[ERRANDS] -= 1
    if restored(plant, visits, log, counters, machine, time):
        send_for(
            visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally,
            labour, ended, log, plant, machine, time,
        )  # fmt: skip


@njit(**BARE)
def depart(
    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
    tally, labour, ended, log, plant, number, target, how, time,
):  # fmt: skip
    """Finished work leaves its station, and its machine is free; it goes on, or out of the business."""
    visit, machine = visits[number], plant.jobs[number].machine
    tally[visit.station, FINISHES_SUM] += 1
    count_piece(plant, work, visit, number, how == SCRAPPED)
    note(log, counters, time, visit.tag, visit.station, found(visit, stations[visit.station]), visit.team)
    plant.jobs[number].machine = NOBODY
    if target < 0 and plant.jobs[number].errand >= 0:
        end_errand(
            visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally,
            labour, ended, log, plant, number, time,
        )  # fmt: skip
    elif target < 0:
        leave(visits, ended, counters, log, number, time, how)
    if machine >= 0:
        plant.machines[machine].visit = NOBODY
        if rest(plant, log, counters, machine, time):
            send_for(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, plant, machine, time,
            )  # fmt: skip
    if target < 0:
        return
    own = plant.places[target]
    if stations[target].waiting - own.held < own.room:  # else it is begun at once, before anybody else moves
        call_all(
            visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
            tally, labour, log, plant, time,
        )  # fmt: skip
    visit.station = target
    arrive(
        visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally,
        labour, ended, log, plant, number, time,
    )  # fmt: skip


@njit(**BARE)
def settle(
    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
    tally, labour, ended, log, plant, time,
):  # fmt: skip
    """Everybody who can be begun is, and everybody for whom there is room goes on, until nothing moves any more."""
    moves = True
    while moves:
        moves = False
        call_all(
            visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
            tally, labour, log, plant, time,
        )  # fmt: skip
        for place in range(len(stations)):
            own = plant.places[place]
            while own.first >= 0 and has_room(visits, stations, queues, teams, team_of, plant, place):
                number, moves = own.first, True
                own.first = plant.jobs[number].behind
                if plant.jobs[number].machine >= 0:
                    plant.places[visits[number].station].blocked -= 1
                else:
                    release(visits, stations, teams, tally, labour, number, time)
                depart(
                    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders,
                    whats, counters, tally, labour, ended, log, plant, number, place, DONE, time,
                )  # fmt: skip


@njit(**BARE)
def finish(
    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, onward, keys, times, orders, whats,
    counters, tally, labour, ended, log, plant, number, time,
):  # fmt: skip
    """The present stretch of work on a visit ends, where there are machines: set up, failed, blocked or finished."""
    visit, machine = visits[number], plant.jobs[number].machine
    if machine >= 0:
        if plant.machines[machine].state == SETTING_UP:
            set_up(plant, times, orders, whats, counters, log, visit, number, time)
            return
        stop(plant, machine, time)
        if plant.machines[machine].breaks > 0:
            fail(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, plant, number, time,
            )  # fmt: skip
            settle(
                visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats,
                counters, tally, labour, ended, log, plant, time,
            )  # fmt: skip
            return
    station, how = stations[visit.station], DONE
    target = sent_to(visit, station, onward, keys)
    if target < 0 and is_scrap(visit, station, keys, plant, number):
        how = SCRAPPED
    free_way = target < 0 or (
        plant.places[target].first < 0 and has_room(visits, stations, queues, teams, team_of, plant, target)
    )
    if free_way:
        release(visits, stations, teams, tally, labour, number, time)
        depart(
            visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats,
            counters, tally, labour, ended, log, plant, number, target, how, time,
        )  # fmt: skip
    else:
        block(visits, stations, teams, counters, tally, labour, log, plant, number, target, time)
    settle(
        visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
        tally, labour, ended, log, plant, time,
    )  # fmt: skip


@njit(**BARE)
def is_scrap(visit, station, keys, plant, number):
    """Whether finished work that goes nowhere else is scrap: the other end of the draw that sends it on."""
    place = plant.places[visit.station]
    above = place.positive_scrap_from if station.sensitivity >= 0.0 and visit.result > 0 else place.scrap_from
    if above >= 1.0 or plant.jobs[number].errand >= 0:
        return False
    return draw(keys[ONWARD], visit.entity, visit.station, visit.steps) >= above


@njit(**BARE)
def machine_event(
    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
    tally, labour, ended, log, plant, number, stamp, time,
):  # fmt: skip
    """A machine is repaired or maintained by itself, or the day of its maintenance has come."""
    machine, to_maintain = plant.machines[number], False
    if (stamp & 3) == DUE:
        if (stamp >> 2) != (machine.plan & (STAMPS >> 2)):
            return
        machine.due = 1
        plan_next(plant, times, orders, whats, counters, number, time)
        if machine.state == IDLE and machine.visit < 0:
            to_maintain = rest(plant, log, counters, number, time)
    else:
        to_maintain = restored(plant, visits, log, counters, number, time)
    if to_maintain:
        send_for(
            visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally,
            labour, ended, log, plant, number, time,
        )  # fmt: skip
    settle(
        visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
        tally, labour, ended, log, plant, time,
    )  # fmt: skip
