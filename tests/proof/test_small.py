"""The studies of make proof, small enough for every day."""

import pytest

from tests.proof.customers import PUBLISHED, fitted_in_weeks
from tests.proof.studies import STUDIES
from tests.proof.study import SEEDS, Size


@pytest.mark.parametrize("name", STUDIES)
def test_theory_comes_out_of_a_small_study(name: str) -> None:
    study = STUDIES[name]
    for figure in study.replicated(SEEDS[0], study.small):
        assert figure.error_share < 0.05, figure
        assert abs(figure.errors) < 3.0, figure


def test_the_fit_is_the_published_one() -> None:
    assert dict(zip(PUBLISHED, fitted_in_weeks().values.round(3).tolist(), strict=True)) == PUBLISHED


def test_no_two_studies_and_no_two_replications_share_their_luck() -> None:
    rows = [
        tuple(figure.simulated for figure in STUDIES["M/M/6 at load 0.8"].replicated(seed, Size(2, 200)))
        for seed in SEEDS
    ]
    assert len(set(rows)) == len(SEEDS)
