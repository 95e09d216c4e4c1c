"""The stations alone, everything else given: who comes, and who is there to serve."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from twin.errors import TwinError, UnknownName
from twin.model.chance import Chance
from twin.model.done import STATION_SUMS, TEAM_SUMS, Done
from twin.model.floor import Floor
from twin.model.kernels.queues import BALKED, DONE, GONE
from twin.model.visits import Visits, poisson_visits
from twin.spec.structure import Shift, Structure, Team, Values, day_minutes, days_of, minute_of, number, whole

__all__ = ["BALKED", "DONE", "GONE", "Done", "Floor", "Played", "Visits", "alone", "poisson_visits", "rosters_of"]

Roster = Sequence[tuple[float, int, float]]  # changes of staff: minute on the floor's clock, people, speed


@dataclass
class Played:
    """What the stations did with the visits that came.

    stations : STATION_SUMS, shape (days, stations);  teams : TEAM_SUMS, shape (days, teams)
    open     : visits inside at the end of each day, shape (days,);  log : what happened, see Floor.log
    floor    : as it was left
    """

    done: list[Done] = field(repr=False)
    stations: np.ndarray
    teams: np.ndarray
    open: np.ndarray
    floor: Floor = field(repr=False)

    @cached_property
    def visits(self) -> np.ndarray:
        """Those that ended, in order of ending (kernels/queues.py, ENDED); a tag is the row of the arrival."""
        return self.done[0].visits if len(self.done) == 1 else np.concatenate([done.visits for done in self.done])

    @cached_property
    def waited(self) -> np.ndarray:
        """Minutes in queues of those that ended, in order of ending: the same as in `visits`, and quicker to get."""
        return self.done[0].waited if len(self.done) == 1 else np.concatenate([done.waited for done in self.done])

    @property
    def log(self) -> np.ndarray:
        """What happened, event by event, while there was room."""
        return self.floor.log


def alone(
    structure: Structure,
    values: Values,
    arrivals: Visits,
    days: float = math.inf,
    seed: int = 1,
    replication: int = 0,
    step_minutes: float | None = None,
    rosters: Mapping[str, Roster] | None = None,
    log: int = 0,
    first_weekday: int = 0,
    in_turn: bool = True,
) -> Played:
    """Let the visits of so many days meet the stations, with the rosters of the structure and nobody absent.

    days    : math.inf plays on until nothing happens any more, as one long day
    rosters : changes of staff by team, instead of those that follow from the structure's shifts
    in_turn : whether a first-come station may be played the faster way, which gives the same answers
    The answers are the same for any step. Raises TwinError on rosters or steps that cannot be.
    """
    length = day_minutes(structure, values)
    step = length if step_minutes is None else step_minutes
    if not step > 0.0 or not days > 0.0:
        raise TwinError(f"There are {days:g} days in steps of {step:g} minutes; both must be more than zero.")
    floor = Floor(structure, values, Chance(seed, replication), log, in_turn)
    given = rosters_of(structure, values, days, first_weekday) if rosters is None else rosters
    for name, changes in given.items():
        if name not in structure.teams:
            raise UnknownName("team", name, structure.teams)
        for minute, people, speed in changes:
            floor.staff(list(structure.teams).index(name), minute, people, speed)
    floor.accept(arrivals.minute, arrivals.entity, arrivals.kind, arrivals.condition, arrivals.units)
    if math.isinf(days):
        done = floor.advance(math.inf)
        return Played([done], done.stations[None], done.teams[None], np.array([floor.open]), floor)
    return _by_day(floor, days, length, step)


def _by_day(floor: Floor, days: float, length: float, step: float) -> Played:
    """Advance in steps, and cut the sums at the ends of days. Sums are whole ticks: they add up exactly."""
    count = math.ceil(days)
    stations = np.zeros((count, len(floor.structure.stations)), STATION_SUMS)
    teams = np.zeros((count, len(floor.structure.teams)), TEAM_SUMS)
    inside, ended = np.zeros(count, np.int64), list[Done]()
    for day in range(count):
        end = min(day + 1.0, days) * length
        while floor.clock < end:
            done = floor.advance(min(end, (math.floor(floor.clock / step) + 1) * step))
            ended.append(done)
            for sums, new in ((stations[day], done.stations), (teams[day], done.teams)):
                for name in sums.dtype.names or ():
                    sums[name] = new[name] if name == "waiting" else sums[name] + new[name]
        inside[day] = floor.open
    return Played(ended, stations, teams, inside, floor)


def rosters_of(structure: Structure, values: Values, days: float, first_weekday: int = 0) -> dict[str, Roster]:
    """Changes of staff by team as the shifts have them, from minute 0 on, with nobody absent.

    A shift over midnight belongs to the day on which it starts. Without an end of days, the week must be even.
    """
    length = day_minutes(structure, values)
    count = 7 if math.isinf(days) else math.ceil(days)
    rosters = {name: _roster(team, values, count, length, first_weekday) for name, team in structure.teams.items()}
    if math.isinf(days) and any(len(roster) > 1 for roster in rosters.values()):
        raise TwinError("The number of days must be given where shifts change.")
    return rosters


def _roster(team: Team, values: Values, days: int, length: float, first_weekday: int) -> Roster:
    joins: dict[float, int] = {0.0: 0}
    for shift in team.shifts.values():
        people, weekdays = whole(number(shift.people, values)), days_of(shift.days)
        for day in range(-1, days):
            if (first_weekday + day) % 7 in weekdays:
                for minute, sign in zip(_stretch(shift, day, length), (people, -people), strict=True):
                    joins[max(0.0, minute)] = joins.get(max(0.0, minute), 0) + sign
    speed, present = number(team.speed, values), 0
    changes: list[tuple[float, int, float]] = []
    for minute in sorted(joins):
        present += joins[minute]
        if minute < days * length and (not changes or changes[-1][1] != present):
            changes.append((minute, present, speed))
    return changes


def _stretch(shift: Shift, day: int, length: float) -> tuple[float, float]:
    """From when to when a shift of a day lasts, on the floor's clock."""
    if shift.start is None or shift.end is None:
        return day * length, (day + 1) * length
    start, end = minute_of(shift.start), minute_of(shift.end)
    return day * length + start, day * length + (end if end > start else end + 1440)
