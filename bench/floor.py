"""The desk, the route and a row of stations on the twin's own station floor."""

from functools import lru_cache

import numpy as np

from bench.route import DAY, Desk, Route, Visited
from twin.model.stations import GONE, alone, poisson_visits
from twin.spec.structure import OUT, Kind, Shift, Station, Structure, Team

SEED = 1


def desk_waits(desk: Desk, replication: int) -> np.ndarray:
    """The waits of one replication's customers in order of leaving."""
    arrivals = poisson_visits(1.0 / desk.minutes_between, count=desk.customers, seed=SEED, replication=replication)
    return alone(desk_structure(desk), {}, arrivals, seed=SEED, replication=replication).waited


@lru_cache
def desk_structure(desk: Desk) -> Structure:
    """One station, one team, day and night."""
    return Structure(
        kinds={"customer": Kind(start="desk")},
        teams={"desk": around_the_clock(desk.people)},
        stations={"desk": Station(teams=["desk"], times="exponential", minutes=desk.minutes)},
    )


def route_visits(route: Route, replication: int) -> Visited:
    """One replication of the route; its four means over the visits that count."""
    structure, days = route_structure(route), int(route.end / DAY)
    shares = list(route.shares.values())
    arrivals = poisson_visits(route.visits_a_minute, days=days, seed=SEED, replication=replication, shares=shares)
    ended = alone(structure, {}, arrivals, days, seed=SEED, replication=replication).visits
    counted = ended[(ended["arrived"] >= route.from_minute) & (ended["arrived"] < route.to_minute)]
    waited, urgent = counted["waited"], counted["kind"] == 0
    through, gave_up = counted["ended"] - counted["arrived"], counted["how"] == GONE
    means = (waited[~urgent].mean(), waited[urgent].mean(), through.mean(), gave_up.mean())
    return Visited(len(counted), *map(float, means))


@lru_cache
def route_structure(route: Route) -> Structure:
    """Five stations with a team each; urgent visits have the first rank."""
    return Structure(
        kinds={"urgent": Kind(start=route.start, rank=0), "ordinary": Kind(start=route.start, rank=1)},
        teams={name: around_the_clock(stop.people) for name, stop in route.stops.items()},
        stations={
            name: Station(
                teams=[name],
                times="exponential" if stop.exponential else "lognormal",
                minutes=stop.minutes,
                scatter=stop.scatter,
                patience_minutes=stop.patience,
                next=dict(stop.onward),
            )
            for name, stop in route.stops.items()
        },
    )


def line(stations: int, visits: int) -> int:
    """Visits through some stations in a row, three people at each; returns how many came out."""
    arrivals = poisson_visits(0.5, count=visits, seed=SEED, replication=0)
    return len(alone(line_structure(stations), {}, arrivals, seed=SEED).visits)


@lru_cache
def line_structure(stations: int) -> Structure:
    """Stations one after the other."""
    names = [f"s{n}" for n in range(stations)]
    after = [*names[1:], OUT]
    return Structure(
        kinds={"visit": Kind(start=names[0])},
        teams={name: around_the_clock(3) for name in names},
        stations={
            name: Station(teams=[name], times="exponential", minutes=4.5, next={} if next == OUT else {next: 1.0})
            for name, next in zip(names, after, strict=True)
        },
    )


def around_the_clock(people: int) -> Team:
    """A team that is there day and night, nobody absent."""
    return Team(shifts={"all": Shift(start="00:00", end="24:00", people=people)})
