"""The long studies of make proof: small standard errors, and theory within three of them, on seeds named in advance."""

import pytest

from tests.proof.collected import LITTLE, keep
from tests.proof.little import LARGEST_DIFFERENCE, floors, queues
from tests.proof.studies import STUDIES
from tests.proof.study import SEEDS


@pytest.mark.proof
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", STUDIES)
def test_theory_comes_out(name: str, seed: int) -> None:
    study = STUDIES[name]
    figures = study.replicated(seed, study.full)
    keep(name, seed, figures)
    assert [figure for figure in figures if not figure.holds] == []


@pytest.mark.proof
@pytest.mark.parametrize("seed", SEEDS)
def test_littles_law_holds_on_every_queue(seed: int) -> None:
    found = [queue for name, floor in floors(STUDIES).items() for queue in queues(name, floor, seed, 100_000)]
    keep(LITTLE, seed, found)
    assert max(abs(queue.difference) for queue in found) < LARGEST_DIFFERENCE
