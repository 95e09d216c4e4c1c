"""A business with one team, played by the day."""

from collections.abc import Iterator
from typing import Any

import mesa
import numpy as np

from twin.model.chance import Chance
from twin.model.staff import Staff
from twin.model.teams import Roster, Team, TeamDay
from twin.spec.structure import Structure

THREE_SHIFTS = {
    "early": {"days": "mon-fri", "start": "07:00", "end": "15:00", "people": "people"},
    "late": {"days": "mon-fri", "start": "13:00", "end": "24:00", "people": 3},
    "night": {"days": "sun-thu", "start": "22:30", "end": "06:00", "people": 2},
}


class Crew:
    """A staff of one team."""

    def __init__(self, team: Team) -> None:
        self.team, self.staff = team, Staff([team])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.team, name)

    def morning(self, day: int, weekday: int, is_open: bool, numbers: dict[str, float]) -> Roster:
        """Who works on a day."""
        return self.staff.morning(day, weekday, is_open, numbers)[0]

    def replay(self, day: int, weekday: int, is_open: bool, numbers: dict[str, float]) -> Roster:
        """The same of a day before the first."""
        return self.staff.morning(day, weekday, is_open, numbers, hires=False)[0]

    def evening(self, day: int, busy_minutes: float, overtime_minutes: float) -> TeamDay:
        """How the day ended."""
        return self.staff.evening(day, [busy_minutes], [overtime_minutes])[0]


class Firm(mesa.Model):
    """What a team needs of a business."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(rng=0)
        self.chance = Chance(seed, 0)


DAILY = {"day": {"start": "08:00", "end": "16:00", "people": "people"}}
Day = tuple[Roster, TeamDay]


def firm(hours: str = "calendar", shifts: dict[str, Any] | None = None, **numbers: Any) -> Structure:
    """A business with one station and one team."""
    team = {"shifts": DAILY if shifts is None else shifts, **numbers}
    rest = {"kinds": {"work": {"start": "desk"}}, "stations": {"desk": {"teams": ["desk"], "minutes": 5.0}}}
    return Structure.model_validate({"hours": hours, "opening_hours": 9.0, "teams": {"desk": team}, **rest})


def team_of(structure: Structure, people: float = 4.0, seed: int = 1, index: int = 0, **values: float) -> Crew:
    return Crew(Team(Firm(seed), "desk", index, structure, {"people": people, **values}))


def played(team: Crew, days: int, levers: dict[int, dict[str, float]] | None = None, load: float = 0.5) -> list[Day]:
    """The team's days at a constant load; `levers` are the numbers that change, by the day from which they do."""
    numbers, found = dict(team.values), []
    for day in range(days):
        numbers = numbers | (levers or {}).get(day, {})
        roster = team.morning(day, day % 7, True, dict(numbers))
        found.append((roster, team.evening(day, load * roster.present_minutes, 0.0)))
    return found


def people_by_day(team: Crew, days: int, levers: dict[int, dict[str, float]] | None = None) -> Iterator[np.ndarray]:
    """Everybody's columns after each day."""
    numbers = dict(team.values)
    for day in range(days):
        numbers = numbers | (levers or {}).get(day, {})
        roster = team.morning(day, day % 7, True, dict(numbers))
        team.evening(day, 0.5 * roster.present_minutes, 0.0)
        yield team.people.copy()
