"""Teams: people on shifts who come or stay at home, learn, leave for good, and are replaced."""

from collections.abc import Callable
from operator import gt
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Vectors
from twin.model.kernels import teams as kernel
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import lognormal
from twin.spec.structure import Structure, Values, days_of, minute_of, number, whole
from twin.spec.structure import Team as Declared

if TYPE_CHECKING:
    from twin.model.business import Business

DAY = 1440
TOLD = ("shift", "worked", "before", "empty_days")
UNTOLD: Vectors = {}
TRIES = 64
LOAD_MEMORY = 1.0 - 1.0 / 28.0  # what a day's load counts a day later
ATTENDANCE = ("agency_share", "agency_speed", "learning_share", "learning_days", "speed")  # in the kernel's order
PARTING = (
    "attrition_per_year", "attrition_response", "attrition_load", "hiring_days", "learning_share", "learning_days",
)  # fmt: skip
TERMS = [name for name in Declared.model_fields if name not in ("label", "shifts", "shift_end", "skills")]


class Roster(NamedTuple):
    """Who works in a day.

    changes : (minute of the day, people at work, their speed) from the first minute of the day on, in order; empty on a
              day without minutes. With hours = 'open' minutes count from opening
    rostered = present + absent + vacant : places of the shifts that begin today; agency staff come on top
    hires   : who have their first day with the team
    minutes : of this calendar day, the rest of last night's shift included; present_minutes are those of everybody who
              works, agency included, paid_minutes those of the team's own people, the absent included
    """

    changes: list[tuple[float, int, float]]
    rostered: int
    present: int
    absent: int
    vacant: int
    agency: int
    hires: int
    present_minutes: float
    agency_minutes: float
    paid_minutes: float


class TeamDay(NamedTuple):
    """How a team's day ended.

    experience : how fast the team's people are against fully experienced ones, on average
    load       : busy against present minutes, smoothed over 28 days
    """

    wages: float
    quits: int
    hires: int
    experience: float
    load: float


class Team(mesa.Agent):
    """People who can do the same work, on one or several shifts. Each place on a roster is a row of columns.

    A shift over midnight belongs to the day on which it begins: so do its people, and who of them is absent; its
    minutes and wages count on the day on which they are worked. No shift begins while the business is closed.
    Places that a change adds are taken on its first day, by people without experience; places that it takes away
    are the highest, and their people come back as they went when it ends.

    business : gives `chance`
    index    : the team's number in the structure, for the luck of its people
    values   : the numbers by name as they are before any change
    vectors  : where rosters are recorded, who has which place on the first day (`place_...`, see docs/model.md)
    """

    def __init__(
        self,
        business: "Business",
        name: str,
        index: int,
        structure: Structure,
        values: Values,
        vectors: Vectors = UNTOLD,
    ) -> None:
        super().__init__(business)
        self.name, self.index, self.structure, self.values = name, index, structure, values
        self.chance, self.team = business.chance, structure.teams[name]
        self.luck = tuple(self.chance[one] for one in (Purpose.QUIT, Purpose.ABSENCE, Purpose.AGENCY))
        self.shifts = list(self.team.shifts.values())
        self.weekdays = [set(days_of(shift.days)) for shift in self.shifts]
        self.begins = np.array([[day in days for days in self.weekdays] for day in range(7)], np.int64)
        self.closed = np.zeros(len(self.shifts), np.int64)
        self.starts, self.ends, self.afters = _times(self.team)
        self.today, self.night = np.zeros((2, len(self.shifts)), kernel.SHIFT)
        self.seats = [0] * len(self.shifts)
        self.people = np.zeros(0, kernel.PERSON)
        self.roster: Roster | None = None
        self.declared = {name: getattr(self.team, name) for name in TERMS}
        self._agree(values)
        self.busy, self.present = 0.0, 0.0
        self._known()
        self._told(vectors)

    def remember_load(self, busy_minutes: float) -> None:
        """Take the day into the load of the last weeks."""
        self.busy = self.busy * LOAD_MEMORY + busy_minutes
        self.present = self.present * LOAD_MEMORY + self.worked().present_minutes

    @property
    def load(self) -> float:
        """Busy against present minutes over the last weeks, recent days counting more; 0 before the first."""
        return self.busy / self.present if self.present > 0.0 else 0.0

    def worked(self) -> Roster:
        """Who works today."""
        if self.roster is None:
            raise RuntimeError(f"the day of team {self.name} ends before its morning")
        return self.roster

    def _agree(self, numbers: Values) -> None:
        """Take the terms of work and the places on the roster from these numbers."""
        self.numbers, self.given, self.places = dict(numbers), numbers, self._places(numbers)
        term = self.terms = {name: number(of, numbers) for name, of in self.declared.items()}
        self.roster_places = np.array(self.places, np.int64)
        absence = kernel.absence_chances(term["absence_share"], term["absence_spell_days"])
        self.attendance = np.array([*absence, *(term[name] for name in ATTENDANCE)])
        self.parting = np.array([term[name] for name in PARTING])
        if self.structure.hours == "open":
            self.length = number(self.structure.opening_hours, numbers) * 60.0

    def _places(self, numbers: Values) -> list[int]:
        return [whole(number(shift.people, numbers)) for shift in self.shifts]

    def _known(self) -> None:
        """The people of the first day, as they would be found on any day."""
        rows, term = self._newcomers(self._places(self.values)), self.terms
        share = 1.0 - term["absence_share"]
        worked = np.array([len(days) / 7.0 * share for days in self.weekdays])
        luck = (self.chance[Purpose.EXPERIENCE], self.chance[Purpose.HIRING_TIME])
        kernel.known(*luck, rows, worked, self._hazard(), term["hiring_days"])
        self.people = rows

    def _told(self, vectors: Vectors) -> None:
        """Where records tell who has which place today, and since when one is empty, it is that."""
        if "place_team" not in vectors:
            return
        mine = np.flatnonzero(vectors["place_team"] == self.index)
        shift, worked, before, empty = (vectors[f"place_{name}"][mine].astype(float) for name in TOLD)
        for person in self.people:
            nth = np.flatnonzero(shift == person["shift"])
            if person["place"] >= len(nth):
                continue
            row = nth[person["place"]]
            vacant = empty[row] >= 0.0 and self.terms["hiring_days"] > 0.0
            person["vacant"] = vacant
            if vacant:
                person["vacant_until"] = self._comes(int(person["entity"]), empty[row])
            else:
                person["experience"] = worked[row] + (person["experience"] if before[row] else 0.0)

    def _comes(self, entity: int, since: float) -> int:
        """The day on which somebody takes a place that has been empty for so many days: a vacancy that is as long."""
        key, days = self.chance[Purpose.HIRING_TIME], self.terms["hiring_days"]
        for nth in range(TRIES):
            whole_days = np.floor(lognormal(draw(key, entity, 0, 2 + nth), days, kernel.HIRING_SCATTER) + 0.5)
            if whole_days >= since:
                return int(whole_days - since)
        return 0  # longer than any: from today on somebody may come

    def _newcomers(self, places: list[int]) -> np.ndarray:
        """A row for each place on the roster that never had one."""
        missing = [(n, place) for n, most in enumerate(places) for place in range(self.seats[n], most)]
        rows = np.zeros(len(missing), kernel.PERSON)
        for row, (shift, place) in zip(rows, missing, strict=True):
            row["shift"], row["place"] = shift, place
            row["entity"] = self.index * kernel.TEAMS + shift * kernel.SHIFTS + place
        luck = (self.chance[Purpose.QUIT], self.chance[Purpose.SPELL_START])
        kernel.settled(*luck, rows, self.terms["absence_share"])
        self.seats = [max(pair) for pair in zip(self.seats, places, strict=True)]
        return rows

    @property
    def places_short(self) -> bool:
        """Whether the roster has places that never had anybody."""
        return any(map(gt, self.places, self.seats))

    def dawn(self, day: int, weekday: int, numbers: Values) -> None:
        """Today's numbers and places; before the first day of all, who came to the shift that lasts into it."""
        if self.roster is None and self.afters.any():
            before, nothing = np.array(self._places(self.values), np.int64), np.zeros((3, 0))
            begin: Callable[..., object] = kernel.morning
            begin(
                *self.luck, day - 1, False, self.people, self.today, self.night, before,
                self.begins[(weekday - 1) % 7], self.starts, self.ends, self.afters, self.attendance, 0, 0.0, 1.0,
                *nothing,
            )  # fmt: skip
        if numbers is not self.given and numbers != self.numbers:
            self._agree(numbers)

    def added(self, begins: np.ndarray) -> int:
        """New people for places that a change added to a shift that begins today; returns how many."""
        each = zip(self.places, self.seats, begins.tolist(), strict=True)
        places = [most if now else seats for most, seats, now in each]
        if all(most <= seats for most, seats in zip(places, self.seats, strict=True)):
            return 0
        rows = self._newcomers(places)
        self.people = np.concatenate([self.people, rows])
        return len(rows)

    def _hazard(self) -> float:
        term = self.terms
        return kernel.quit_hazard(
            term["attrition_per_year"], term["attrition_response"], self.load, term["attrition_load"]
        )

    def wages(self, overtime_minutes: float) -> float:
        """Own people by the roster, absent ones as sick; agency and overtime at their ratio to the wage."""
        term, roster = self.terms, self.worked()
        hours = roster.paid_minutes / 60.0
        agency = roster.agency_minutes / 60.0 * term["agency_wage_ratio"]
        overtime = overtime_minutes / 60.0 * term["overtime_wage_ratio"]
        return (hours + agency + overtime) * term["wage"]


def _times(team: Declared) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minutes at which each shift begins and ends on its day, and ends on the day after."""
    starts, ends, afters = np.zeros((3, len(team.shifts)))
    for n, shift in enumerate(team.shifts.values()):
        if shift.start is None or shift.end is None:
            continue
        start, end = minute_of(shift.start), minute_of(shift.end)
        over = end <= start
        starts[n], ends[n], afters[n] = start, DAY if over else end, end if over else 0
    return starts, ends, afters
