"""The staff: all teams of a business, whose mornings and evenings are one step each."""

from collections.abc import Callable, Sequence

import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Values
from twin.model.kernels import teams as kernel
from twin.model.teams import DAY, Roster, Team, TeamDay
from twin.spec.structure import SLOTS

TOLD = 8  # people present, absent, vacant, agency; minutes present, of agency, paid; who begin


class Staff:
    """People and shifts of all teams in common columns, one team after the other; each team sees its own part."""

    def __init__(self, teams: list[Team]) -> None:
        self.teams, count = teams, len(teams)
        self.by_clock = bool(teams) and teams[0].structure.hours == "calendar"
        self.slots = SLOTS if self.by_clock else 1
        self.stretches, self.counts = np.zeros((count, 3, self.slots)), np.zeros(count, np.int64)
        self.paces, self.told, self.parted = np.ones(count), np.zeros((count, TOLD)), np.zeros((count, 2))
        self.given: Values | None = None
        self.short = False  # whether a roster has places that never had anybody

    def morning(self, day: int, weekday: int, is_open: bool, numbers: Values, hires: bool = True) -> list[Roster]:
        """Who works today: vacant places that are due are filled, and everybody comes or does not.

        numbers : by name; the very same dict as the day before says that none has changed
        hires   : not on a day before the first: the known people come or do not; nobody learns, leaves or is hired
        """
        added = self._dawn(day, weekday, is_open, numbers, hires) if self.short or numbers is not self.given else None
        if not self.teams:
            return []
        length = float(DAY)
        if not self.by_clock:
            length = self.teams[0].length if is_open else 0.0
            self.ends[:] = length
        attend: Callable[..., None] = kernel.mornings
        attend(
            *self.teams[0].luck, day, hires, self.people, self.people_from, self.today, self.night, self.shifts_from,
            self.places, self.begins[weekday] if is_open else self.closed, self.starts, self.ends, self.afters,
            self.attendance, self.slots if length > 0.0 else 0, length, self.paces, self.stretches, self.counts,
            self.told,
        )  # fmt: skip
        return self._rosters(added or [0] * len(self.teams))

    def evening(self, day: int, busy: Sequence[float], overtime: Sequence[float]) -> list[TeamDay]:
        """What the day cost, who knows the work better now, and who leaves for good.

        busy, overtime : minutes by team
        """
        self.remember_load(busy)
        if not self.teams:
            return []
        loads = [team.load for team in self.teams]
        kernel.evenings(
            self.hiring, day, self.people, self.people_from, self.today, self.shifts_from, np.array(loads),
            self.parting, self.parted,
        )  # fmt: skip
        each = zip(self.teams, overtime, loads, self.parted.tolist(), strict=True)
        return [
            TeamDay(team.wages(extra), int(quits), team.worked().hires, experience, load)
            for team, extra, load, (quits, experience) in each
        ]

    def remember_load(self, busy: Sequence[float]) -> None:
        """Take the day into each team's load of the last weeks; `evening` does it, a replayed day may."""
        for team, minutes in zip(self.teams, busy, strict=True):
            team.remember_load(minutes)

    def _rosters(self, added: Sequence[int]) -> list[Roster]:
        each = zip(self.teams, self.counts.tolist(), self.told.tolist(), added, strict=True)
        for n, (team, count, (present, absent, vacant, agency, *minutes, began), new) in enumerate(each):
            stretches = self.stretches[n, :, :count].T.tolist()
            changes = [(minute, int(people), speed) for minute, people, speed in stretches]
            people = (present + absent + vacant, present, absent, vacant, agency, new + began)
            team.roster = Roster(changes, *map(int, people), *minutes)
        return [team.worked() for team in self.teams]

    def _dawn(self, day: int, weekday: int, is_open: bool, numbers: Values, hires: bool) -> list[int]:
        """Today's numbers and places; returns how many new people each team has for places that a change added."""
        for team in self.teams:
            team.dawn(day, weekday, numbers)
        self.given, added = numbers, [0] * len(self.teams)
        if hires:
            added = [
                team.added(team.begins[weekday] if is_open else team.closed) if team.places_short else 0
                for team in self.teams
            ]
        self.short = any(team.places_short for team in self.teams)
        if self.teams:
            self._join()
        return added

    def _join(self) -> None:
        """Put the columns of all teams together, and show each its own part."""
        teams = self.teams
        self.hiring = teams[0].chance[Purpose.HIRING_TIME]
        self.people_from = np.cumsum([0, *(len(team.people) for team in teams)])
        self.shifts_from = np.cumsum([0, *(len(team.starts) for team in teams)])
        self.people, self.today, self.night, self.starts, self.ends, self.afters, self.places = (
            np.concatenate([getattr(team, name) for team in teams])
            for name in ("people", "today", "night", "starts", "ends", "afters", "roster_places")
        )
        self.begins = np.concatenate([team.begins for team in teams], axis=1)
        self.closed = np.zeros(len(self.starts), np.int64)
        self.attendance = np.array([team.attendance for team in teams])
        self.parting = np.array([team.parting for team in teams])
        for n, team in enumerate(teams):
            shifts = slice(self.shifts_from[n], self.shifts_from[n + 1])
            team.people = self.people[self.people_from[n] : self.people_from[n + 1]]
            team.today, team.night = self.today[shifts], self.night[shifts]
