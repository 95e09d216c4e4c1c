"""What all engines play: one desk with a queue, and a route of five stations. Plain numbers, known to none of them."""

import math
from dataclasses import dataclass, field
from functools import cached_property

DAY = 1440.0


@dataclass(frozen=True)
class Desk:
    """One queue before some people who all do the same: first come, first served, customers without end.

    The first customers find an empty desk and wait too little; so nobody counts the first `left_out`. Nor the
    last few, since an engine may stop before all of them are served.
    """

    people: int = 6
    minutes_between: float = 1.2
    minutes: float = 6.0
    counted: int = 20_000
    left_out: int = 2_000
    left_out_last: int = 100

    @property
    def customers(self) -> int:
        """All who come."""
        return self.left_out + self.counted + self.left_out_last

    @property
    def those_counted(self) -> slice:
        """The customers who count, by order of leaving."""
        return slice(self.left_out, self.left_out + self.counted)

    @property
    def load(self) -> float:
        """How much of their time people work in the long run."""
        return self.minutes / self.minutes_between / self.people

    @property
    def wait(self) -> float:
        """The mean wait in the long run.

        Source: Erlang (1917); C is the share of customers who wait, found from Erlang B by its recursion.

        >>> round(Desk(people=1, minutes_between=10.0, minutes=5.0).wait, 9)
        5.0
        """
        offered, blocked = self.minutes / self.minutes_between, 1.0
        for n in range(1, self.people + 1):
            blocked = offered * blocked / (n + offered * blocked)
        waiting = blocked / (1.0 - self.load * (1.0 - blocked))
        return waiting * self.minutes / (self.people * (1.0 - self.load))


@dataclass(frozen=True, eq=False)
class Stop:
    """A station of the route.

    minutes, scatter : mean and standard deviation over mean of a visit's work; scatter 1 with `exponential`
    patience : mean minutes, exponential, until a visit that still waits goes home
    onward   : where finished visits go, by share; the rest is done
    """

    people: int
    minutes: float
    scatter: float = 1.0
    exponential: bool = False
    patience: float = math.inf
    onward: dict[str, float] = field(default_factory=dict)

    @cached_property
    def log_mean_and_sd(self) -> tuple[float, float]:
        """The mean and the standard deviation of the logarithm of a lognormal time."""
        variance = math.log(1.0 + self.scatter**2)
        return math.log(self.minutes) - variance / 2.0, math.sqrt(variance)


@dataclass(frozen=True, eq=False)
class Route:
    """Five stations, urgent and ordinary visits.

    Urgent visits are taken first, nobody is interrupted. Visits come day and night; those count that come
    between `from_minute` and `to_minute`, and time goes on until `end`, when practically all of them have left.
    """

    visits_a_minute: float = 0.5
    shares: dict[str, float] = field(default_factory=lambda: {"urgent": 0.25, "ordinary": 0.75})  # in order of rank
    start: str = "reception"
    stops: dict[str, Stop] = field(
        default_factory=lambda: {
            "reception": Stop(3, 4.0, exponential=True, patience=30.0, onward={"assessment": 0.7, "advice": 0.3}),
            "assessment": Stop(5, 11.0, scatter=0.8, onward={"treatment": 0.6, "advice": 0.2}),
            "advice": Stop(3, 10.0, exponential=True, patience=60.0, onward={"checking": 0.5}),
            "treatment": Stop(8, 24.0, onward={"checking": 1.0}),
            "checking": Stop(2, 4.0, exponential=True, onward={"treatment": 0.15}),
        }
    )
    from_minute: float = 1 * DAY
    to_minute: float = 9 * DAY
    end: float = 10 * DAY


@dataclass
class Visited:
    """What is compared: of the visits that count, four means of one replication.

    waited  minutes in all queues, of ordinary and of urgent visits; through: minutes from door to end
    gave_up share of visits that went home from a queue
    """

    visits: int
    waited_ordinary: float
    waited_urgent: float
    through: float
    gave_up: float


class Book:
    """Adds up visits as they end."""

    def __init__(self, route: Route) -> None:
        self.first, self.last = route.from_minute, route.to_minute
        self.number, self.waited = [0, 0], [0.0, 0.0]
        self.through, self.gave_up = 0.0, 0

    def enter(self, rank: int, arrived: float, ended: float, waited: float, gave_up: bool) -> None:
        """A visit has ended; it counts if it came within the time that counts."""
        if self.first <= arrived < self.last:
            self.number[rank] += 1
            self.waited[rank] += waited
            self.through += ended - arrived
            self.gave_up += gave_up

    def close(self) -> Visited:
        """The means."""
        (urgent, ordinary), visits = self.number, sum(self.number)
        waited = self.waited[1] / ordinary, self.waited[0] / urgent
        return Visited(visits, *waited, self.through / visits, self.gave_up / visits)
