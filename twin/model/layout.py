"""What the queues of a business are made of, as arrays that the kernel of the stations reads."""

import math
from collections.abc import Mapping

import numpy as np

from twin.model.kernels import queues as kernel
from twin.model.row import in_a_row
from twin.spec.structure import Station, Structure, Values, number, ways_on

ENOUGH = 1 << 40
TIMES = {"fixed": kernel.FIXED, "exponential": kernel.EXPONENTIAL, "lognormal": kernel.LOGNORMAL}


class Layout:
    """Stations, teams and kinds of work by number, in the order of the structure; see kernels/stations.py."""

    def __init__(self, structure: Structure, values: Values) -> None:
        self.structure = structure
        self.names = list(structure.stations)
        places, kinds = len(structure.stations), list(structure.kinds.values())
        unmanned = any(not station.teams for station in structure.stations.values())
        crews = len(structure.teams) + (1 if unmanned else 0)  # where a machine works alone, nobody is never missing
        levels = sorted({kind.rank for kind in kinds})
        self.ranks = np.array([levels.index(kind.rank) for kind in kinds])
        self.start = np.array(
            [self.names.index(kind.start) if kind.start else kernel.NOBODY for kind in kinds], np.int64
        )
        self.stations = np.zeros(places, kernel.STATION)
        self.work = np.zeros((places, len(kinds)), kernel.WORK)
        self.queues = np.full((places, len(levels)), np.array((kernel.NOBODY, kernel.NOBODY), kernel.QUEUE))
        self.teams = np.zeros(crews, kernel.TEAM)
        self.teams["pauses"][: len(structure.teams)] = [team.shift_end == "pause" for team in structure.teams.values()]
        self.staff, self.busy, self.speed = (self.teams[name] for name in ("staff", "busy", "speed"))  # views
        self.speed[:] = 1.0
        self.teams["staff"][len(structure.teams) :] = ENOUGH
        self.skills = np.ones((crews, places))
        self.onward = np.zeros((places, 2, places + 1))
        self.tune(values)

    def tune(self, values: Values) -> None:
        """Use these numbers for whatever begins from now on."""
        for place, station in enumerate(self.structure.stations.values()):
            self._tune_station(place, station, values)
        for crew, team in enumerate(self.structure.teams.values()):
            self.teams[crew]["overtime"] = number(team.overtime_hours, values) * 60.0
            for name, skill in team.skills.items():
                self.skills[crew, self.names.index(name)] = number(skill, values)
        self.team_of, self.station_of = who_can(self.structure, self.skills)
        self.plain, self.row = self._plain(), in_a_row(self)

    def _tune_station(self, place: int, station: Station, values: Values) -> None:
        test = station.test
        self.stations[place] = (
            TIMES[station.times],
            number(station.balk_at, values),
            number(station.capacity, values),
            number(test.sensitivity, values) if test else -1.0,
            number(test.specificity, values) if test else -1.0,
            self.stations[place]["waiting"],
            self.stations[place]["served"],
        )
        minutes, patience = number(station.minutes, values), number(station.patience_minutes, values)
        per_unit, spread = number(station.minutes_per_unit, values), kernel.spread(number(station.scatter, values))
        for kind, name in enumerate(self.structure.kinds):
            self.work[place, kind] = (
                number(station.minutes_of[name], values) if name in station.minutes_of else minutes,
                per_unit,
                spread,
                number(station.patience_of[name], values) if name in station.patience_of else patience,
            )
        for branch, shares in enumerate((station.next, test.next if test else station.next)):
            self.onward[place, branch] = self._running(ways_on(shares, values))

    def _running(self, shares: Mapping[str, float]) -> np.ndarray:
        """Running shares of where work goes, by station; the last place is out."""
        running, total = np.full(len(self.names) + 1, math.inf), 0.0
        for n, name in enumerate(self.names):
            total += shares.get(name, 0.0)
            running[n] = total if total < 1.0 - 1e-9 else math.inf  # where all go on, rounding lets nobody out
        return running

    def _plain(self) -> bool:
        """Whether whoever comes first is served first, by one team, and that is all."""
        if (
            len(self.names) > 1
            or self.queues.shape[1] > 1
            or self.team_of[0, 0] < 0
            or (self.team_of[0, 1:] >= 0).any()
        ):
            return False
        station = self.stations[0]
        bounded = station["balk_at"] < math.inf or station["capacity"] < math.inf
        goes_on = station["sensitivity"] >= 0.0 or (self.onward[0, :, 0] > 0.0).any()
        return bool(not bounded and not goes_on and (self.work["patience"] == math.inf).all())


def who_can(structure: Structure, skills: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Teams of each station by preference, and stations of each team; -1 is none. Without skill nobody can."""
    crews, names = list(structure.teams), list(structure.stations)
    team_of = np.full((len(names), len(skills)), kernel.NOBODY)
    station_of = np.full((len(skills), len(names)), kernel.NOBODY)
    for place, station in enumerate(structure.stations.values()):
        able = [crews.index(name) for name in station.teams if skills[crews.index(name), place] > 0.0]
        able += [] if station.teams else [len(crews)]
        team_of[place, : len(able)] = able
    for crew in range(len(skills)):
        able = [place for place in range(len(names)) if crew in team_of[place]]
        station_of[crew, : len(able)] = able
    return team_of, station_of
