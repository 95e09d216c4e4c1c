"""Good and bad times of borrowers last as long as they should: a study that is small enough for every day."""

from tests.proof.loans import lasting_study
from tests.proof.study import SEEDS


def test_what_stays_of_a_factor_shows_in_the_defaults_of_two_months() -> None:
    study = lasting_study()
    for figure in study.replicated(SEEDS[0], study.small):
        assert figure.error_share < 0.05, figure
        assert abs(figure.errors) < 3.0, figure
