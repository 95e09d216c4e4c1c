"""What a business consists of: its customers, kinds of work, stations, teams and shifts, by name.

A template declares them; each number in them is either a number or the name of one of the template's
parameters, so that it has a unit, a range and an origin, and can be a lever.
"""

import math
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from twin.records import columns
from twin.spec.loans import Book
from twin.spec.machines import TEXTS as MACHINE_TEXTS
from twin.spec.machines import MachineGroup
from twin.spec.parts import Number as Number
from twin.spec.parts import Part as _Part
from twin.spec.parts import Values as Values
from twin.spec.parts import number as number
from twin.spec.supply import Good, Lane, Network, Node, ToOrder

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS = 48  # half-hours of a day
OUT = "out"
REST = "rest"
NAME = re.compile(r"[a-z][a-z0-9_]*")
TEXTS = {
    "label", "relation", "start", "end", "days", "times", "hours", "shift_end", "driven", "items", "teams", "rank",
    "kind", "makes", "maker", "takes", "shelf", "materials",
    "role", "policy", "levels_in", "forecast", "unmet", "allocation", "station", "from_node", "to_node", "by_item",
}  # fmt: skip
TEXTS |= MACHINE_TEXTS


class Segment(_Part):
    """A group of customers that behaves alike.

    relation  'purchases': they come back or stay away for good without saying so (BG/NBD); 'contract': they
              pay a fee each month and may end the contract when it is due for renewal
    """

    relation: Literal["purchases", "contract"] = "purchases"
    rate_shape: Number = 1.0
    rate_scale_days: Number = 30.0
    dropout_a: Number = 1.0
    dropout_b: Number = 3.0
    new_per_day: Number = 0.0
    renewal_days: Number = 30.0
    churn_share: Number = 0.0
    fee: Number = 0.0
    market: Number = 0.0
    imitation: Number = 0.0


class Kind(_Part):
    """A kind of work: how urgent it is, where it begins, and until when it is promised.

    share : of all work that comes by itself; 'rest' is what the other kinds leave
    rank : the lower is served first
    start : the station at which it begins; what is taken from a shelf may have none, and is then handed over at once
    condition_share : how many of its visits have what a station may test for
    makes, maker : the good that an order of this kind is for, and the node at which it is made to order: it begins when
            all its materials lie there, takes them, and is sold at the good's price when it is finished
    takes, shelf : the good that an order of this kind is for, and the node on whose shelf it lies: it gets all of its
            pieces or waits for them, or goes without where that node's unmet is 'lost', and is sold at the good's price
    units : pieces of an order, on average: one, and a Poisson number of more; left out, those that customers bring
    scrap_share : of the pieces, found when the order is finished
    """

    share: Number = 1.0
    rank: int = Field(default=0, ge=0, le=9)
    promised_hours: Number = math.inf
    start: str = ""
    condition_share: Number = 0.0
    makes: str = ""
    maker: str = ""
    takes: str = ""
    shelf: str = ""
    units: Number | None = None
    scrap_share: Number = 0.0
    booked: "Booked | None" = None


class Booked(_Part):
    """Work that comes by appointment instead of by itself.

    start, end, every_minutes : when the day's appointments are
    no_show_share : how many do not come; punctuality_minutes : standard deviation of coming early or late
    """

    days: str = "mon-fri"
    start: str
    end: str
    every_minutes: Number
    no_show_share: Number = 0.0
    punctuality_minutes: Number = 0.0


class Shift(_Part):
    """People of a team who work at certain times of the week; without times, while the business is open."""

    days: str = "mon-sun"
    start: str | None = None
    end: str | None = None
    people: Number


class Team(_Part):
    """People who can do the same work.

    absence_share, absence_spell_days : how much of the roster is missed, and how long a spell of it lasts on average
    speed : against the usual; agency_share : how many of the missing are replaced, agency_speed : how fast they are
    learning_share : how much slower somebody without experience is; learning_days : until half of that is made up
    attrition_per_year, attrition_response : who leaves in a year, and how much more for each point of load above
    attrition_load; hiring_days : until somebody who left is replaced
    overtime_hours : how long a shift may go on while work waits; overtime_wage_ratio : what that costs against `wage`
    shift_end : whether people 'finish' what they have begun when their shift ends, or 'pause' it until somebody is free
    """

    shifts: dict[str, Shift] = Field(min_length=1)
    wage: Number = 0.0
    speed: Number = 1.0
    absence_share: Number = 0.0
    absence_spell_days: Number = 1.0
    agency_share: Number = 0.0
    agency_speed: Number = 1.0
    agency_wage_ratio: Number = 1.5
    learning_share: Number = 0.0
    learning_days: Number = 60.0
    attrition_per_year: Number = 0.0
    attrition_response: Number = 0.0
    attrition_load: Number = 0.85
    hiring_days: Number = 0.0
    overtime_hours: Number = 0.0
    overtime_wage_ratio: Number = 1.5
    shift_end: Literal["finish", "pause"] = "finish"
    skills: dict[str, Number] = Field(default_factory=dict)  # speed at a station against the team's own; 1 if left out


class Test(_Part):
    """A test at a station: how often it finds what is there, and how often it rightly finds nothing."""

    sensitivity: Number
    specificity: Number
    next: dict[str, Number] = Field(default_factory=dict)  # where those with a positive result go


class Station(_Part):
    """A place where work queues and is done.

    teams   who may do it, the first that is free does; none where a machine works alone
    machines: the group of machines of which each piece of work needs one, besides somebody to do it
    minutes : of work for a visit, and minutes_per_unit for each of its units; scatter : standard deviation over mean
    minutes_of : minutes of certain kinds, where they differ
    patience_minutes : how long a visit waits on average before it gives up (by kind in patience_of); inf is for ever
    balk_at : whoever finds so many waiting turns round
    capacity : how many are served at once at most, whatever the staff
    room    : for how many that wait; work from other stations that finds none stays there, and blocks machine or person
    next    : where finished work goes, by share; what no way takes leaves, and 'rest' is all that the others leave
    scrap_share : of finished work leaves as scrap
    """

    teams: list[str] = Field(default_factory=list)
    machines: str | None = None
    times: Literal["fixed", "exponential", "lognormal"] = "lognormal"
    minutes: Number
    minutes_per_unit: Number = 0.0
    minutes_of: dict[str, Number] = Field(default_factory=dict)
    scatter: Number = 1.0
    patience_minutes: Number = math.inf
    patience_of: dict[str, Number] = Field(default_factory=dict)
    balk_at: Number = math.inf
    capacity: Number = math.inf
    room: Number = math.inf
    test: Test | None = None
    next: dict[str, Number] = Field(default_factory=dict)
    scrap_share: Number = 0.0


class Structure(BaseModel):
    """What a business consists of.

    hours  'open': time counts only while the business is open, from opens_at_hour for opening_hours;
           'calendar': time is the clock's, day and night
    driven the measure that the forecast drives: what customers bring
    items  whether there are goods that customers buy; nodes, lanes: where they lie and how they come there
    goods  things with a name, such as those that are made of others (twin/spec/supply.py)
    Without segments nobody is known, and as many come as the forecast says; without stations all is done at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    hours: Literal["open", "calendar"] = "calendar"
    opens_at_hour: Number = 0.0
    opening_hours: Number = 24.0
    driven: Literal["orders", "visits"] = "visits"
    items: bool = False
    segments: dict[str, Segment] = Field(default_factory=dict)
    kinds: dict[str, Kind] = Field(default_factory=dict)
    teams: dict[str, Team] = Field(default_factory=dict)
    stations: dict[str, Station] = Field(default_factory=dict)
    machines: dict[str, MachineGroup] = Field(default_factory=dict)
    books: dict[str, Book] = Field(default_factory=dict)
    nodes: dict[str, Node] = Field(default_factory=dict)
    lanes: dict[str, Lane] = Field(default_factory=dict)
    goods: dict[str, Good] = Field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The parts that are its supply."""
        return Network(self.nodes, self.lanes, self.goods, self.to_order)

    @property
    def to_order(self) -> ToOrder:
        """The goods that each node makes to order, and does not keep."""
        made = [kind for kind in self.kinds.values() if kind.makes]
        return {node: {kind.makes for kind in made if kind.maker == node} for node in {kind.maker for kind in made}}

    @cached_property
    def columns(self) -> dict[str, int]:
        """The place of every field in the record of a day."""
        people = list(self.kinds), list(self.teams), list(self.stations)
        shelves = bool(self.produced) or any(kind.takes for kind in self.kinds.values())
        return columns(*people, list(self.machines), self.network.stocking, self.scraps, self.makes, shelves)

    @cached_property
    def scraps(self) -> bool:
        """Whether finished work may leave as scrap."""
        return any(station.scrap_share != 0.0 for station in self.stations.values())

    @cached_property
    def makes(self) -> bool:
        """Whether things are made by its own stations: when an order for them comes, or for a shelf."""
        return bool(self.produced) or any(kind.makes or kind.takes for kind in self.kinds.values())

    @cached_property
    def produced(self) -> dict[str, str]:
        """The kinds of work that make what lies on a shelf, and the node whose shelf that is."""
        return {node.station: name for name, node in self.nodes.items() if node.station in self.kinds}

    @cached_property
    def may_be_given_up(self) -> bool:
        """Whether customers may give up or turn round, so that what their orders hold goes back."""
        stations = self.stations.values()
        return any(one.patience_minutes != math.inf or one.patience_of or one.balk_at != math.inf for one in stations)

    @cached_property
    def needs_plant(self) -> bool:
        """Whether there are machines, room for a few only, or scrap: what a place with people alone has not."""
        stations = self.stations.values()
        return bool(self.machines) or self.scraps or any(one.room != math.inf or not one.teams for one in stations)

    @property
    def places(self) -> dict[str, str]:
        """What the places of its supply chain are called, by name."""
        return {name: node.label for name, node in self.nodes.items()}

    @property
    def targets(self) -> dict[str, str]:
        """Kinds of work, teams, stations, machines and places of supply with their names within a sentence."""
        parts = {**self.nodes, **self.machines, **self.stations, **self.teams, **self.kinds}
        return {name: part.label.lower() or name.replace("_", " ") for name, part in parts.items()}

    def numbers(self) -> Iterator[tuple[str, Number]]:
        """Every number of the structure with its place, such as ('stations.packing.minutes', 4.0)."""
        yield from _numbers(self, "")


def day_minutes(structure: Structure, values: Values) -> float:
    """How long a day is on the clock of the stations, which stands still while a business is closed."""
    return 1440.0 if structure.hours == "calendar" else number(structure.opening_hours, values) * 60.0


def whole(people: float) -> int:
    """Only whole people work; what a scaled number misses by rounding is not a person less."""
    return max(0, math.floor(people + 1e-9))


def kind_shares(structure: Structure, values: Values) -> dict[str, float]:
    """Which share of the work that comes by itself is of each kind; 'rest' is what the others leave."""
    walk_in = {name: kind.share for name, kind in structure.kinds.items() if kind.booked is None}
    known = {name: number(share, values) for name, share in walk_in.items() if share != REST}
    rest = 1.0 - math.fsum(known.values())
    return {name: known.get(name, rest) for name in walk_in}


def ways_on(onward: dict[str, Number], values: Values) -> dict[str, float]:
    """Which share of finished work goes where; 'rest' is what the other ways leave."""
    known = {name: number(share, values) for name, share in onward.items() if share != REST}
    rest = max(0.0, 1.0 - math.fsum(known.values()))
    return {name: known.get(name, rest) for name in onward}


def days_of(text: str) -> list[int]:
    """Weekdays from words such as 'mon-fri' or 'sat,sun'; Monday is 0. Raises ValueError for anything else."""
    found: list[int] = []
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise ValueError(f"days is '{text}'; it is written like mon-fri or sat,sun, of {', '.join(DAYS)}")
        low, high = DAYS.index(first), DAYS.index(last or first)
        found += [day % 7 for day in range(low, high + 1 if high >= low else high + 8)]
    return sorted(set(found))


def minute_of(text: str) -> int:
    """Minutes since midnight from a time such as '07:30', on a half-hour. Raises ValueError for anything else."""
    found = re.fullmatch(r"([01]?\d|2[0-4]):(00|30)", text)
    minute = int(found[1]) * 60 + int(found[2]) if found else 1441
    if minute > 1440:
        raise ValueError(f"'{text}' is not a time of a roster; it is written like 07:30, on a half-hour up to 24:00")
    return minute


def _numbers(part: BaseModel, place: str) -> Iterator[tuple[str, Number]]:
    for name in type(part).model_fields:
        yield from _inside(getattr(part, name), f"{place}{name}", name in TEXTS)


def _inside(value: object, place: str, text: bool) -> Iterator[tuple[str, Number]]:
    if isinstance(value, BaseModel):
        yield from _numbers(value, f"{place}.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _inside(inner, f"{place}.{key}", text)
    elif not text and value != REST and isinstance(value, float | str):
        yield place, value
