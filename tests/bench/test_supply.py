"""The supply chain is the same in every engine."""

from bench import supply
from bench.beside import AGREED, Estimate
from bench.chain import MEASURES, Chain
from bench.peers import plain_chain
from tests.bench.test_same_work import assert_agreed

SMALL = Chain(outlets=3, items=40, days=120, edge=30, depot_low=60, depot_high=140)


def test_the_chain_is_the_same_in_every_engine() -> None:
    assert_agreed(supply.race(rounds=3, share=(4, 4, 2), chain=SMALL), tell=0.05)


def test_a_chain_that_is_played_otherwise_is_told_apart() -> None:
    slower = Chain(outlets=3, items=40, days=120, edge=30, depot_low=60, depot_high=140, transport=3)
    ours = [supply.ours(SMALL, r, 40) for r in range(6)]
    theirs = [plain_chain.played(slower, r, 10) for r in range(6)]
    apart = [
        Estimate.of([one[n] for one in ours]).apart(Estimate.of([one[n] for one in theirs]))
        for n, _ in enumerate(MEASURES)
    ]
    assert apart[0] > AGREED
