"""Machines: which one takes what work, how long it runs before it fails, and what its time went to.

A machine wears only while it runs. Its life is drawn for the machine, its n-th failure and its n-th maintenance since,
so that nothing else can shift it; a change of the mean life stretches what is left of the life under way. The arrays
of a Plant go through all functions here; for the stations it is None where a business has none of this, and Numba then
compiles them without.

machines  MACHINE;  pools: POOL, groups of machines that can stand in for one another;  members: machines by pool
places    PLACE, by station: its machines, its room, and who is blocked on the way to it
jobs      JOB, by slot of a visit;  setups: minutes of set-up by pool and kind;  start: first station by kind
sums      running sums by pool: ticks in each state, then ideal ticks, good pieces and so on;  keys: stems of the draws
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from twin.model.kernels.calendar import BARE, FINISHES, STAYS_ON, schedule
from twin.model.kernels.chance import draw, mixed
from twin.model.kernels.elementary import exponential, logarithm, normal
from twin.model.kernels.queues import (
    EXPONENTIAL,
    FIXED,
    MAINTAINED,
    NEVER,
    NOBODY,
    RUNS,
    RUNS_AGAIN,
    SET_UP,
    TICKS,
    note,
    ticks,
)

# What a machine does. Idle: nothing to do, or nobody there to do it. Off: not planned to run.
IDLE, SETTING_UP, RUNNING, HALTED, FAILED, SERVICED, OFF = range(7)
STATES = 7
# Running sums behind the ticks in each state: ideal ticks of all and of good work, good and scrapped pieces, failures.
IDEAL, GOOD_IDEAL, GOOD, SCRAP, FAILURES, PLANT_SUMS = 7, 8, 9, 10, 11, 12
LIFE, REPAIR, MAINTENANCE = 0, 1, 2
RESTORED, DUE = 1, 2  # what an event of a machine is: its stamp, with the number of its plan above
LEAST_HAZARD = 1e-16
NEARLY = 1e-6  # minutes: twelve pieces of a minute are twelve minutes, whatever rounding makes of them

MACHINE = np.dtype(
    [
        ("pool", "i8"),
        ("slot", "i8"),  # its place in the pool
        ("entity", "i8"),  # whose luck it has
        ("state", "i8"),
        ("visit", "i8"),  # the work on it; -1 is none
        ("place", "i8"),  # the station and the kind of work that it is set up for; -1 is none yet
        ("kind", "i8"),
        ("setup", "f8"),  # minutes of set-up that are left
        ("breaks", "i8"),  # whether the present stretch of work ends in a failure
        ("since", "f8"),  # when the present stretch began
        ("left", "f8"),  # minutes of running until it fails
        ("scale", "f8"),  # of the Weibull law that its life was drawn from
        ("shape", "f8"),
        ("ran", "f8"),  # minutes of running since it was renewed
        ("failures", "i8"),
        ("renewals", "i8"),  # maintenance since the last failure
        ("due", "i8"),  # whether its day of maintenance has come
        ("every", "f8"),  # minutes from one such day to the next, as they are on the calendar
        ("plan", "i8"),  # changes with that, so that older days no longer hold
        ("tick", "i8"),  # until when its time is in the sums
    ]
)
POOL = np.dtype(
    [
        ("first", "i8"),  # among the members
        ("count", "i8"),
        ("limit", "i8"),  # how many may run
        ("scale", "f8"),
        ("shape", "f8"),
        ("every_ran", "f8"),  # maintenance after so many minutes of running
        ("every", "f8"),  # maintenance after so many minutes by the clock
        ("repair_kind", "i8"),  # the kind of work that a repair is; -1 where it takes its time by itself
        ("repair_minutes", "f8"),
        ("repair_times", "i8"),
        ("repair_spread", "f8"),
        ("service_kind", "i8"),
        ("service_minutes", "f8"),
    ]
)
PLACE = np.dtype(
    [
        ("pool", "i8"),  # -1 where work needs no machine
        ("room", "f8"),  # for how many that wait
        ("scrap_from", "f8"),  # finished work whose draw lies above is scrap; the second after a positive result
        ("positive_scrap_from", "f8"),
        ("first", "i8"),  # who is blocked on the way here, in order
        ("last", "i8"),
        ("held", "i8"),  # of those who wait here: how many are on a machine
        ("blocked", "i8"),  # whose work is finished here and blocks a machine, with nobody at it
    ]
)
JOB = np.dtype([("machine", "i8"), ("errand", "i8"), ("target", "i8"), ("behind", "i8")])


class Plant(NamedTuple):
    """All that stations with machines, with finite room or with scrap need besides."""

    machines: np.ndarray
    pools: np.ndarray
    members: np.ndarray
    places: np.ndarray
    jobs: np.ndarray
    setups: np.ndarray
    start: np.ndarray
    sums: np.ndarray
    keys: np.ndarray


@njit(cache=True)
def gamma_function(x):
    """The Gamma function for x of at least 1, to about 1e-12: Stirling's series, above 12 where it is short.

    >>> round(gamma_function(5.0), 9)
    24.0
    """
    product = 1.0
    while x < 12.0:
        product *= x
        x += 1.0
    q = 1.0 / (x * x)
    series = (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q * (1 / 1188))))) / x
    return exponential((x - 0.5) * logarithm(x) - x + 0.9189385332046728 + series) / product


@njit(cache=True)
def weibull_scale(mean, shape):
    """The scale of a Weibull law with this mean."""
    return mean / gamma_function(1.0 + 1.0 / shape)


@njit(forceinline=True, **BARE)
def turn(plant, number, state, time):
    """From now on a machine does something else."""
    machine = plant.machines[number]
    tick = ticks(time)
    plant.sums[machine.pool, machine.state] += tick - machine.tick
    machine.tick, machine.state = tick, state


@njit(**BARE)
def look(plant, time):
    """Put the time of all machines into the sums, until now."""
    for number in range(len(plant.machines)):
        turn(plant, number, plant.machines[number].state, time)


@njit(**BARE)
def told(plant, time, before, sums):
    """Write what came together in each pool since it was told before, ticks as minutes, until now."""
    look(plant, time)
    for pool in range(len(sums)):
        for column in range(PLANT_SUMS):
            new = float(plant.sums[pool, column] - before[pool, column])
            sums[pool, column] = new / TICKS if column < GOOD else new
            before[pool, column] = plant.sums[pool, column]


@njit(**BARE)
def left_alone(sums, there):
    """Where nobody was there for a pool, only what ran was planned to: all else counts as off."""
    for pool in range(len(there)):
        if not there[pool]:
            for state in (IDLE, HALTED, FAILED, SERVICED):
                sums[pool, OFF] += sums[pool, state]
                sums[pool, state] = 0.0


@njit(**BARE)
def whole_life(plant, number):
    """How long a machine runs from new, by its own luck."""
    machine = plant.machines[number]
    if machine.scale == NEVER:
        return NEVER
    u = draw(plant.keys[LIFE], machine.entity, machine.failures, machine.renewals)
    hazard = max(LEAST_HAZARD, -logarithm(u))
    return machine.scale * (hazard if machine.shape == 1.0 else exponential(logarithm(hazard) / machine.shape))


@njit(**BARE)
def renew(plant, number):
    """A machine is as good as new."""
    machine = plant.machines[number]
    pool = plant.pools[machine.pool]
    machine.scale, machine.shape, machine.ran = pool.scale, pool.shape, 0.0
    machine.left = whole_life(plant, number)


@njit(cache=True)
def left_at(scale, shape, age, u):
    """How long a machine goes on that has run for so long without a failure, by its own luck."""
    if scale == NEVER:
        return NEVER
    hazard = exponential(shape * logarithm(age / scale)) if age > 0.0 else 0.0
    return max(0.0, scale * exponential(logarithm(max(LEAST_HAZARD, hazard - logarithm(u))) / shape) - age)


@njit(**BARE)
def stretch_life(plant, number):
    """Where lives have changed, what is left of the present one changes in proportion."""
    machine = plant.machines[number]
    pool = plant.pools[machine.pool]
    if machine.scale == pool.scale and machine.shape == pool.shape:
        return
    before = whole_life(plant, number)
    machine.scale, machine.shape = pool.scale, pool.shape
    now = whole_life(plant, number)
    machine.left = now if before == NEVER or now == NEVER else machine.left * (now / before)


@njit(forceinline=True, **BARE)
def machine_for(plant, place, kind):
    """Which free machine takes work of a kind at a station: one that is set up for it, else the first; -1 is none."""
    pool = plant.pools[plant.places[place].pool]
    found = NOBODY
    for n in range(pool.first, pool.first + min(pool.count, pool.limit)):
        machine = plant.machines[plant.members[n]]
        if machine.state == IDLE and machine.visit < 0:
            if machine.place == place and machine.kind == kind:
                return plant.members[n]
            if found < 0:
                found = plant.members[n]
    return found


@njit(forceinline=True, **BARE)
def machine_is_free(plant, place):
    """Whether a station has a machine for new work, or needs none."""
    return plant.places[place].pool < 0 or machine_for(plant, place, NOBODY) >= 0


@njit(forceinline=True, **BARE)
def ready(plant, visits, number, place):
    """The first of a queue, from one of its visits on, whose machine is there for it; -1 is none.

    Work that is on a machine already stands before all work that is not.
    """
    if plant.places[place].pool < 0:
        return number
    while number >= 0:
        own = plant.jobs[number].machine
        if own < 0:
            return number if machine_is_free(plant, place) else NOBODY
        if plant.machines[own].state == IDLE:
            return number
        number = visits[number].behind
    return NOBODY


@njit(**BARE)
def anybody_ready(plant, visits, queues, place):
    """Whether somebody who waits at a station could be begun, were a member of a team free."""
    found = False
    for rank in range(queues.shape[1]):
        found = found or ready(plant, visits, queues[place, rank].first, place) >= 0
    return found


@njit(**BARE)
def run(plant, number, minutes, time):
    """A machine runs for so many minutes, or until it fails; returns how long."""
    turn(plant, number, RUNNING, time)
    stretch_life(plant, number)
    machine = plant.machines[number]
    machine.since = time
    machine.breaks = 1 if machine.left < minutes else 0
    return machine.left if machine.breaks > 0 else minutes


@njit(**BARE)
def take_up(plant, log, counters, visit, slot, minutes, time):
    """Work comes onto a machine, or goes on there; returns minutes until the machine is set up, done or fails."""
    place, job = plant.places[visit.station], plant.jobs[slot]
    if place.pool < 0:
        return minutes
    if job.machine >= 0:
        place.held -= 1
    else:
        job.machine = machine_for(plant, visit.station, visit.kind)
        machine = plant.machines[job.machine]
        fits = machine.place < 0 or (machine.place == visit.station and machine.kind == visit.kind)
        machine.setup = 0.0 if fits else plant.setups[place.pool, visit.kind]
        machine.visit, machine.place, machine.kind = slot, visit.station, visit.kind
    machine = plant.machines[job.machine]
    if machine.setup > 0.0:
        turn(plant, job.machine, SETTING_UP, time)
        machine.since = time
        note(log, counters, time, visit.tag, visit.station, SET_UP, job.machine)
        return machine.setup
    note(log, counters, time, visit.tag, visit.station, RUNS, job.machine)
    return run(plant, job.machine, minutes, time)


@njit(**BARE)
def stop(plant, number, time):
    """A machine has run from the beginning of its present stretch until now."""
    machine = plant.machines[number]
    ran = time - machine.since
    machine.ran += ran
    machine.left = max(0.0, machine.left - ran)


@njit(**BARE)
def halt(plant, visit, slot, time):
    """Work is put down; it stays on its machine. Returns minutes of work that were done."""
    job = plant.jobs[slot]
    if job.machine < 0:
        return time - visit.began
    machine, done = plant.machines[job.machine], 0.0
    if machine.state == SETTING_UP:
        machine.setup = max(0.0, machine.setup - (time - machine.since))
    else:
        stop(plant, job.machine, time)
        done = time - visit.began
    turn(plant, job.machine, IDLE, time)
    plant.places[visit.station].held += 1
    return done


@njit(**BARE)
def set_up(plant, times, orders, whats, counters, log, visit, slot, time):
    """A machine is set up, and its work begins."""
    number = plant.jobs[slot].machine
    plant.machines[number].setup = 0.0
    visit.began = time
    note(log, counters, time, visit.tag, visit.station, RUNS, number)
    until = time + run(plant, number, visit.left / visit.pace, time)
    schedule(times, orders, whats, counters, until, FINISHES, slot, visit.stamp)


@njit(**BARE)
def duration(key, machine, times, mean, deviation):
    """How long a repair or maintenance takes without a crew, by the machine's own luck."""
    if times == FIXED or mean == 0.0 or (times != EXPONENTIAL and deviation == 0.0):
        return mean
    u = draw(key, machine.entity, machine.failures, machine.renewals)
    if times == EXPONENTIAL:
        return -mean * logarithm(u)
    return mean * exponential(deviation * normal(u) - 0.5 * deviation * deviation)


@njit(**BARE)
def errand_luck(plant, number, purpose):
    """Whose luck a repair or maintenance has that a crew does: the machine's at its n-th failure."""
    machine = plant.machines[number]
    key = mixed(mixed(mixed(plant.keys[purpose], machine.entity), machine.failures), machine.renewals)
    return np.int64(key >> np.uint64(1))


@njit(**BARE)
def down(plant, times, orders, whats, counters, number, time):
    """A machine is failed or to be maintained; returns the kind of work that brings it back, -1 is none."""
    machine = plant.machines[number]
    pool = plant.pools[machine.pool]
    if machine.state == FAILED:
        kind = pool.repair_kind
        minutes = duration(plant.keys[REPAIR], machine, pool.repair_times, pool.repair_minutes, pool.repair_spread)
    else:
        kind, minutes = pool.service_kind, pool.service_minutes
    if kind < 0:
        schedule(times, orders, whats, counters, time + minutes, STAYS_ON, number, RESTORED)
    return kind


@njit(**BARE)
def rest(plant, log, counters, number, time):
    """A machine has no work on it: idle, off, or due to be maintained; returns whether the last."""
    machine = plant.machines[number]
    pool = plant.pools[machine.pool]
    if machine.slot >= pool.limit:
        turn(plant, number, OFF, time)
    elif machine.due > 0 or machine.ran + NEARLY >= pool.every_ran:
        machine.due = 0
        turn(plant, number, SERVICED, time)
        note(log, counters, time, -1 - number, machine.place, MAINTAINED, number)
        return True
    else:
        turn(plant, number, IDLE, time)
    return False


@njit(**BARE)
def restored(plant, visits, log, counters, number, time):
    """A machine is repaired or maintained and as good as new; returns whether it must be maintained now."""
    machine = plant.machines[number]
    if machine.state == FAILED:
        machine.failures += 1
        machine.renewals = 0
    else:
        machine.renewals += 1
    renew(plant, number)
    tag = visits[machine.visit].tag if machine.visit >= 0 else -1 - number
    note(log, counters, time, tag, machine.place, RUNS_AGAIN, number)
    if machine.visit < 0:
        return rest(plant, log, counters, number, time)
    turn(plant, number, IDLE, time)
    return False


@njit(**BARE)
def planned(plant, times, orders, whats, counters, number, time):
    """Put the next day of maintenance of a machine on the calendar, where that has changed."""
    machine = plant.machines[number]
    every = plant.pools[machine.pool].every
    if every == machine.every:
        return
    machine.every = every
    machine.plan += 1
    plan_next(plant, times, orders, whats, counters, number, time)


@njit(**BARE)
def plan_next(plant, times, orders, whats, counters, number, time):
    """The next day of maintenance is so many minutes from now."""
    machine = plant.machines[number]
    if machine.every < NEVER:
        schedule(times, orders, whats, counters, time + machine.every, STAYS_ON, number, DUE | (machine.plan << 2))


@njit(**BARE)
def count_piece(plant, work, visit, slot, scrapped):
    """A machine has finished a piece: what that would have taken at the usual speed, and whether it is good."""
    job = plant.jobs[slot]
    if job.machine < 0:
        return
    pool, own = plant.machines[job.machine].pool, work[visit.station, visit.kind]
    ideal = ticks(own.minutes + own.per_unit * visit.units)
    plant.sums[pool, IDEAL] += ideal
    if scrapped:
        plant.sums[pool, SCRAP] += 1
    else:
        plant.sums[pool, GOOD] += 1
        plant.sums[pool, GOOD_IDEAL] += ideal


@njit(**BARE)
def queue_up(plant, slot, target):
    """Work that found no room waits where it is, behind those who found none before."""
    place, job = plant.places[target], plant.jobs[slot]
    job.target, job.behind = target, NOBODY
    if place.first < 0:
        place.first = slot
    else:
        plant.jobs[place.last].behind = slot
    place.last = slot
