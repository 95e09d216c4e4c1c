"""What queueing theory says must come out of the stations; warm-up left out, replications independent."""

import math

import numpy as np
import pytest

from tests.model.desks import abandoned_share, always, assert_mean, desk, erlang_c, mean_wait
from twin.model.stations import GONE, Played, alone, poisson_visits
from twin.spec.structure import Structure

VISITS, WARM_UP, REPLICATIONS, SEED = 12_000, 2_000, 24, 7
DAYS, WARM_DAYS = 12, 2


def waits_of(structure: Structure, rate: float, in_turn: bool = True) -> list[float]:
    """The mean wait of each replication."""
    found = []
    for replication in range(REPLICATIONS):
        visits = poisson_visits(rate, count=VISITS, seed=SEED, replication=replication)
        ended = alone(structure, {}, visits, seed=SEED, replication=replication, in_turn=in_turn).visits
        found.append(float(ended["waited"][ended["tag"] >= WARM_UP].mean()))
    return found


def played(structure: Structure, rate: float, shares: tuple[float, ...] = (1.0,)) -> list[Played]:
    """So many days of each replication."""
    return [
        alone(
            structure,
            {},
            poisson_visits(rate, days=DAYS, seed=SEED, replication=replication, shares=shares),
            DAYS,
            seed=SEED,
            replication=replication,
        )
        for replication in range(REPLICATIONS)
    ]


@pytest.mark.parametrize("in_turn", [True, False])
@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (0.5, 3), (0.8, 3), (0.8, 8)])
def test_waits_are_those_of_erlang_c(load: float, servers: int, in_turn: bool) -> None:
    rate = load * servers
    assert_mean(waits_of(desk(servers, 1.0, "exponential"), rate, in_turn), mean_wait(servers, rate, 1.0))


@pytest.mark.parametrize("scatter", [0.0, 0.4, 1.2])
def test_one_server_waits_as_pollaczek_and_khinchine_say(scatter: float) -> None:
    found = waits_of(desk(1, 1.0, "lognormal", scatter=scatter), 0.7)
    assert_mean(found, 0.7 * (1.0 + scatter**2) / (2.0 * (1.0 - 0.7)))


def test_as_many_give_up_as_erlang_a_says() -> None:
    found = []
    for replication in range(REPLICATIONS):
        visits = poisson_visits(5.5, count=VISITS, seed=SEED, replication=replication)
        structure = desk(5, 1.0, "exponential", patience_minutes=2.0)
        ended = alone(structure, {}, visits, seed=SEED, replication=replication).visits
        found.append(float((ended["how"][ended["tag"] >= WARM_UP] == GONE).mean()))
    assert_mean(found, abandoned_share(5, 5.5, 1.0, 2.0))


def test_ranks_wait_as_cobham_says() -> None:
    kinds = {"urgent": {"start": "desk", "rank": 0}, "normal": {"start": "desk", "rank": 3}}
    structure, rate, share = desk(2, 1.0, "exponential", kinds=kinds), 1.6, 0.3
    ends = [play.visits for play in played(structure, rate, (share, 1.0 - share))]
    late = [ended[ended["arrived"] > WARM_DAYS * 1440.0] for ended in ends]
    base, urgent_load = erlang_c(2, rate) / 2.0, share * rate / 2.0
    for kind, expected in enumerate((base / (1 - urgent_load), base / (1 - urgent_load) / (1 - rate / 2))):
        assert_mean([float(ended["waited"][ended["kind"] == kind].mean()) for ended in late], expected)


def test_three_stations_with_rework_wait_as_jackson_says() -> None:
    structure = Structure.model_validate(
        {
            "kinds": {"all": {"start": "first"}},
            "teams": {"one": always(1), "two": always(2), "three": always(1)},
            "stations": {
                "first": {"teams": ["one"], "times": "exponential", "minutes": 1.0, "next": {"second": 1.0}},
                "second": {"teams": ["two"], "times": "exponential", "minutes": 2.0, "next": {"third": 0.5}},
                "third": {"teams": ["three"], "times": "exponential", "minutes": 1.5, "next": {"first": 0.4}},
            },
        }
    )
    through = 0.5 / (1.0 - 0.5 * 0.4)  # visits of the first station a minute, those sent back included
    plays = played(structure, 0.5)
    for n, (servers, rate, minutes) in enumerate(((1, through, 1.0), (2, through, 2.0), (1, through / 2, 1.5))):
        sums = [play.stations[WARM_DAYS:, n] for play in plays]
        assert_mean([one["wait_sum"].sum() / one["begins"].sum() for one in sums], mean_wait(servers, rate, minutes))


def test_a_test_is_as_often_positive_as_its_sensitivity_and_specificity_say() -> None:
    structure = desk(
        9, 0.1, "exponential", test={"sensitivity": 0.9, "specificity": 0.8, "next": {}}, next={"desk": 0.0}
    )
    visits = poisson_visits(5.0, count=40_000, seed=SEED, condition_shares=(0.25,))
    ended = alone(structure, {}, visits, seed=SEED).visits
    for condition, expected in ((1, 0.9), (0, 0.2)):
        results = ended["result"][ended["condition"] == condition]
        assert abs(results.mean() - expected) < 3.0 * math.sqrt(expected * (1.0 - expected) / len(results))


def test_more_work_than_people_makes_a_queue_that_grows() -> None:
    for play in played(desk(2, 1.0, "exponential"), 2.5)[:3]:
        assert (np.diff(play.open) > 0).all()
        assert play.open[-1] == pytest.approx(0.5 * DAYS * 1440, rel=0.1)
