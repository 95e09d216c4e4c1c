"""The desk and the route in SimPy: a process a customer, as in the bank examples of its documentation."""

from collections.abc import Generator
from random import Random

import simpy
from simpy.events import Event

from bench.route import Book, Desk, Route, Stop, Visited


def desk_waits(desk: Desk, seed: int) -> list[float]:
    """The waits of one replication's customers in order of leaving."""
    luck, env = Random(seed), simpy.Environment()
    people = simpy.Resource(env, capacity=desk.people)
    waits: list[float] = []

    def customer() -> Generator[Event, object, None]:
        arrived = env.now
        with people.request() as turn:
            yield turn
            wait = env.now - arrived
            yield env.timeout(luck.expovariate(1.0 / desk.minutes))
        waits.append(wait)

    def source() -> Generator[Event, object, None]:
        for _ in range(desk.customers):
            yield env.timeout(luck.expovariate(1.0 / desk.minutes_between))
            env.process(customer())

    env.process(source())
    env.run()
    return waits


def route_visits(route: Route, seed: int) -> Visited:
    """One replication of the route."""
    luck, env, book = Random(seed), simpy.Environment(), Book(route)
    people = {name: simpy.PriorityResource(env, capacity=stop.people) for name, stop in route.stops.items()}
    urgent = route.shares["urgent"]

    def visit(rank: int) -> Generator[Event, object, None]:
        arrived, waited, place = env.now, 0.0, route.start
        while place:
            stop, queued = route.stops[place], env.now
            with people[place].request(priority=rank) as turn:
                if stop.patience < float("inf") and not turn.triggered:
                    yield turn | env.timeout(luck.expovariate(1.0 / stop.patience))
                else:
                    yield turn
                waited += env.now - queued
                if not turn.triggered:
                    book.enter(rank, arrived, env.now, waited, gave_up=True)
                    return
                yield env.timeout(work_minutes(stop, luck))
            place = onward(stop, luck)
        book.enter(rank, arrived, env.now, waited, gave_up=False)

    def source() -> Generator[Event, object, None]:
        while True:
            yield env.timeout(luck.expovariate(route.visits_a_minute))
            env.process(visit(0 if luck.random() < urgent else 1))

    env.process(source())
    env.run(until=route.end)
    return book.close()


def work_minutes(stop: Stop, luck: Random) -> float:
    """How long a visit is worked on at a station."""
    return luck.expovariate(1.0 / stop.minutes) if stop.exponential else luck.lognormvariate(*stop.log_mean_and_sd)


def onward(stop: Stop, luck: Random) -> str:
    """Where a finished visit goes; '' is home."""
    u = luck.random()
    for name, share in stop.onward.items():
        u -= share
        if u < 0.0:
            return name
    return ""
