"""Each engine on a small case: theory where there is one, and each other."""

from dataclasses import replace

import numpy as np
import pytest

from bench import races
from bench.beside import AGREED, Estimate, Race
from bench.peers import ciw_queue, mesa_people, simpy_queue
from bench.people import Habits, population, season
from bench.route import Desk, Route

SMALL = Desk(people=2, minutes_between=5.0, minutes=6.0, counted=1_750, left_out=200, left_out_last=50)


def test_erlangs_formula_is_that_of_one_and_of_two_people() -> None:
    assert Desk(people=1, minutes_between=10.0, minutes=8.0).wait == pytest.approx(8.0 * 0.8 / 0.2)
    assert Desk(people=2, minutes_between=5.0, minutes=8.0).wait == pytest.approx(8.0 * 0.64 / (1.0 - 0.64))


def assert_agreed(race: Race, tell: float) -> None:
    """All engines within three standard errors, which are small enough to tell."""
    rows = list(race.agreement())
    assert not any("DIFFER" in row for row in rows), rows
    for engine in race.engines:
        for measure, values in engine.measures.items():
            estimate = Estimate.of(values)
            assert estimate.error < tell * estimate.mean, (engine.name, measure)


def test_the_desk_waits_as_erlang_says_in_every_engine() -> None:
    assert_agreed(races.desk(rounds=3, share=(40, 4, 4), work=SMALL), tell=0.08)


def test_the_route_is_the_same_in_every_engine() -> None:
    short = Route(to_minute=3 * 1440.0, end=4 * 1440.0)
    assert_agreed(races.route(rounds=3, share=(6, 2, 2), work=short), tell=0.20)


def test_the_population_is_the_same_in_every_engine() -> None:
    assert_agreed(races.crowd(rounds=3, share=(4, 4), customers=500), tell=0.05)


def test_engines_that_play_something_else_are_told_apart() -> None:
    waits = [simpy_queue.desk_waits(SMALL, seed) for seed in range(8)]
    slower = [ciw_queue.desk_waits(replace(SMALL, minutes=6.6), seed) for seed in range(8)]
    ours, theirs = (Estimate.of([sum(one) / len(one) for one in found]) for found in (waits, slower))
    assert ours.apart(theirs) > AGREED


def test_the_same_seed_gives_the_same_peers() -> None:
    assert simpy_queue.desk_waits(SMALL, 3) == simpy_queue.desk_waits(SMALL, 3)
    assert ciw_queue.desk_waits(SMALL, 3) == ciw_queue.desk_waits(SMALL, 3)


@pytest.mark.parametrize("engine", ["ours", "Mesa"])
def test_nobody_leaves_who_never_would_and_nobody_forgets_who_never_remembers(engine: str) -> None:
    people, habits = population(500), Habits(memory=0.0)
    people = people._replace(hazard=np.zeros(500))
    market = mesa_people.Market(people, habits, 1)
    found = season(people, habits, 60, 1, 0) if engine == "ours" else mesa_people.played(market, 60)
    assert (found.lost, found.customer_days) == (0, 500 * 60)
    assert found.satisfaction == pytest.approx(habits.reference)
    assert found.orders == pytest.approx(60.0 * people.rate.sum(), abs=4.0 * (60.0 * people.rate.sum()) ** 0.5)
