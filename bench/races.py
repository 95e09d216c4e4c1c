"""The three comparisons with other engines: a desk with a queue, a route of five stations, a population.

share : replications of each engine in a round, as many as fit in a second or two
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple

import numpy as np

from bench import floor
from bench.beside import OURS, Engine, Played, Race
from bench.peers import ciw_queue, mesa_people, simpy_queue
from bench.people import Habits, Season, population, season
from bench.route import DAY, Desk, Route, Visited

ROUNDS = 10
CUSTOMERS, DAYS = 10_000, 90
ERROR_AT_MOST = 0.003
MEAN_WAIT = "mean wait, minutes"
OF_VISITS = (
    "minutes in queues, ordinary visits", "minutes in queues, urgent visits", "minutes from door to end",
    "share that gave up",
)  # fmt: skip
OF_SEASONS = ("orders", "customers lost", "mean satisfaction")


def desk(rounds: int = ROUNDS, share: tuple[int, ...] = (200, 8, 4), work: Desk | None = None) -> Race:
    """M/M/6 at load 5/6: customers a second, and the mean wait against Erlang C."""
    work = work or Desk()

    def engine(
        name: str, replications: int, waits: Callable[[Desk, int], Sequence[float] | np.ndarray], least: float
    ) -> Engine:
        def play(part: range) -> Played:
            means = [float(np.mean(waits(work, r)[work.those_counted])) for r in part]
            return Played(work.customers * len(part), {MEAN_WAIT: means})

        return Engine(name, replications, play, least)

    engines = [
        engine(OURS, share[0], floor.desk_waits, 0.0),
        engine("SimPy", share[1], simpy_queue.desk_waits, 200.0),
        engine("Ciw", share[2], ciw_queue.desk_waits, 300.0),
    ]
    title = f"M/M/{work.people} at load {work.load:.3g}, {work.counted:,} customers a replication"
    return Race(title, "customers", engines, {MEAN_WAIT: work.wait}, ERROR_AT_MOST).run(rounds)


def route(rounds: int = ROUNDS, share: tuple[int, ...] = (20, 8, 4), work: Route | None = None) -> Race:
    """Five stations with branches, rework, two priorities and patience: visits a second, and four means."""
    work = work or Route()

    def engine(name: str, replications: int, visits: Callable[[Route, int], Visited]) -> Engine:
        def play(part: range) -> Played:
            found = np.array([astuple(visits(work, r)) for r in part])
            days = (work.to_minute - work.from_minute) / DAY
            played = int(found[:, 0].sum() * work.end / DAY / days)  # those who came outside the days that count too
            return Played(played, dict(zip(OF_VISITS, found[:, 1:].T.tolist(), strict=True)))

        return Engine(name, replications, play)

    engines = [
        engine(OURS, share[0], floor.route_visits),
        engine("SimPy", share[1], simpy_queue.route_visits),
        engine("Ciw", share[2], ciw_queue.route_visits),
    ]
    return Race("five stations with branches, rework, two priorities and patience", "visits", engines).run(rounds)


def crowd(rounds: int = ROUNDS, share: tuple[int, ...] = (20, 4), customers: int = CUSTOMERS) -> Race:
    """Who buys, remembers and leaves in 90 days: customer-days a second."""
    people, habits = population(customers), Habits()

    def engine(name: str, replications: int, play_one: Callable[[int], Season], least: float = 0.0) -> Engine:
        def play(part: range) -> Played:
            found = [play_one(r) for r in part]
            measures = {name: [float(one[n]) for one in found] for n, name in enumerate(OF_SEASONS)}
            return Played(sum(one.customer_days for one in found), measures)

        return Engine(name, replications, play, least)

    engines = [
        engine(OURS, share[0], lambda r: season(people, habits, DAYS, 1, r)),
        engine("Mesa", share[1], lambda r: mesa_people.played(mesa_people.Market(people, habits, r), DAYS), 40.0),
    ]
    return Race(f"{customers:,} customers who buy, remember and leave, {DAYS} days", "customer-days", engines).run(
        rounds
    )
