"""Whether machines can be: groups that exist, crews that do not need what they repair, queues that let others on."""

import math
from collections.abc import Iterator

from twin.errors import nearest
from twin.spec.machines import MachineGroup
from twin.spec.structure import OUT, Station, Structure, Values, number, whole

SHAPES = (0.1, 100.0)


def number_running(group: MachineGroup, values: Values) -> int:
    """How many machines of a group may run at most."""
    running = number(group.running, values)
    return whole(number(group.count, values) if math.isinf(running) else min(number(group.count, values), running))


def errands(structure: Structure) -> set[str]:
    """The kinds of work that repairs and maintenance are."""
    found = (one for group in structure.machines.values() for one in (group.repair, group.maintenance))
    return {errand.kind for errand in found if errand and errand.kind in structure.kinds}


def named_faults(structure: Structure) -> Iterator[str]:
    """Machines, crews and kinds that are not there or cannot help each other, as sentences."""
    faults = [*_unmanned(structure), *_unknown(structure)]
    yield from faults
    if not faults:
        yield from (*_circular(structure), *_hasty(structure), *_locked(structure))


def numbered_faults(structure: Structure, values: Values) -> Iterator[str]:
    """Numbers with which machines cannot be, as sentences; ranges that hold for all numbers are checked elsewhere."""
    low, high = SHAPES
    for name, group in structure.machines.items():
        shape, count = number(group.life_shape, values), number(group.count, values)
        if not low <= shape <= high:
            yield f"machines.{name}.life_shape is {shape:g}; it lies between {low:g} and {high:g}"
        if math.isinf(count):
            yield f"machines.{name}.count is inf; a number is needed here"


def _unmanned(structure: Structure) -> Iterator[str]:
    for name, station in structure.stations.items():
        if not station.teams and station.machines is None:
            yield f"stations.{name} has neither teams nor machines; somebody or something must do its work"


def _unknown(structure: Structure) -> Iterator[str]:
    for name, station in structure.stations.items():
        if station.machines is not None and station.machines not in structure.machines:
            near = nearest(station.machines, structure.machines)
            yield f"stations.{name}.machines names '{station.machines}', which is not there. {near}"
    for name, group in structure.machines.items():
        for part, errand in (("repair", group.repair), ("maintenance", group.maintenance)):
            if errand and errand.kind not in structure.kinds:
                near = nearest(errand.kind, structure.kinds)
                yield f"machines.{name}.{part}.kind is '{errand.kind}', which is no kind of work. {near}"
        for kind in group.setup_minutes_of:
            if kind not in structure.kinds:
                near = nearest(kind, structure.kinds)
                yield f"machines.{name}.setup_minutes_of names '{kind}', which is not there. {near}"


def _onward(station: Station) -> set[str]:
    """Stations that work may go on to."""
    return {*station.next, *(station.test.next if station.test else ())} - {OUT}


def _route(structure: Structure, kind: str) -> set[str]:
    """All stations that a kind of work may pass."""
    found = {structure.kinds[kind].start}
    while more := {target for name in found for target in _onward(structure.stations[name])} - found:
        found |= more
    return found


def _crews(structure: Structure, group: str) -> set[str]:
    """Stations that a group of machines needs to run again."""
    of = structure.machines[group]
    return {station for one in (of.repair, of.maintenance) if one for station in _route(structure, one.kind)}


def _circular(structure: Structure) -> Iterator[str]:
    """Repairs that need, by way of their crew's own machines, what they repair."""
    needs = {
        name: {structure.stations[station].machines for station in _crews(structure, name)} - {None}
        for name in structure.machines
    }
    for name in structure.machines:
        found: set[str | None] = set(needs[name])
        while more := {other for one in found if one for other in needs[one]} - found:
            found |= more
        if name in found:
            yield (
                f"machines.{name} are repaired or maintained at a station that needs {name} itself, so that nothing "
                "would ever run again; let a station without them do it"
            )


def _hasty(structure: Structure) -> Iterator[str]:
    """Repairs whose way is no way back: whoever repairs must not meet a station with limited room."""
    for name in structure.machines:
        for station in sorted(_crews(structure, name)):
            if structure.stations[station].room != math.inf:
                yield (
                    f"stations.{station}.room is {structure.stations[station].room}, but repairs of {name} pass there; "
                    "leave it out, so that a repair never waits for room"
                )


def _locked(structure: Structure) -> Iterator[str]:
    """Queues of limited room that could wait for each other for ever: each for people or machines the next one blocks.

    Work that finds no room keeps its machine, or where there is none its people. So a station hangs on all stations
    that may keep what it needs, and these on the room they go on to.
    """
    waits = {
        name: {target for target in _onward(station) if structure.stations[target].room != math.inf}
        for name, station in structure.stations.items()
    }
    hangs = {
        name: {other for target in waits[name] for other in structure.stations if _keeps(structure, other, target)}
        for name in structure.stations
    }
    for name in structure.stations:
        found = set(hangs[name])
        while more := {other for one in found for other in hangs[one]} - found:
            found |= more
        if name in found and waits[name]:
            yield (
                f"stations.{name} may wait for room at {', '.join(sorted(waits[name]))}, which may wait for what "
                f"{name} keeps meanwhile, for ever; give one of them unlimited room, or people of its own"
            )


def _keeps(structure: Structure, other: str, target: str) -> bool:
    """Whether work that is blocked at one station keeps people or machines that another one needs."""
    if other == target:
        return True
    blocked = structure.stations[other]
    group = structure.stations[target].machines
    needing = [structure.stations[name] for name in {target} | (_crews(structure, group) if group else set())]
    if blocked.machines is not None:
        return any(one.machines == blocked.machines for one in needing)
    return any(set(one.teams) & set(blocked.teams) for one in needing)
