import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.forecast.scores import bias, coverage, mase, wape, weekly_scale

numbers = st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1e6)), min_size=1, max_size=40)


def test_wape_is_the_missed_share_of_the_total() -> None:
    assert wape([10, 20, 30], [12, 18, 30]) == pytest.approx(4 / 60)


def test_mase_is_one_for_a_forecast_as_wrong_as_repeating_last_week() -> None:
    history = np.array([1, 2, 3, 4, 5, 6, 7, 3, 4, 5, 6, 7, 8, 9], dtype=float)
    scale = weekly_scale(history, np.ones(14))
    assert scale == 2.0
    assert mase([10, 10], [12, 8], scale) == 1.0


def test_weekly_scale_leaves_out_days_on_which_one_of_the_two_was_closed() -> None:
    history, opened = [5, 1, 0, 0, 0, 0, 0, 8, 0], [True, True] + [True] * 6 + [False]
    assert weekly_scale(history, opened) == 3.0


def test_coverage_counts_the_ends_as_inside() -> None:
    assert coverage([1, 2, 3, 4], [1, 0, 4, 0], [2, 2, 5, 3]) == 0.5


def test_bias_is_positive_when_forecasts_are_too_high() -> None:
    assert bias([1, 2], [2, 5]) == 2.0


@given(numbers)
def test_scores_agree_with_a_plain_loop(pairs: list[tuple[float, float]]) -> None:
    observed, predicted = [a for a, _ in pairs], [b for _, b in pairs]
    missed = sum(abs(b - a) for a, b in pairs)
    assert wape(observed, predicted) == pytest.approx(missed / sum(observed))
    assert mase(observed, predicted, 3.0) == pytest.approx(missed / len(pairs) / 3)
    assert bias(observed, predicted) == pytest.approx(sum(b - a for a, b in pairs) / len(pairs), abs=1e-6)


@pytest.mark.parametrize("score", [wape, bias, lambda a, b: mase(a, b, 1.0), lambda a, b: coverage(a, b, b)])
@pytest.mark.parametrize(("observed", "predicted"), [([], []), ([1, 2], [1]), ([1, float("nan")], [1, 1])])
def test_no_score_is_made_of_series_that_do_not_match(score, observed, predicted) -> None:
    with pytest.raises(ValueError, match=r"."):
        score(observed, predicted)


def test_a_score_without_meaning_is_an_error_and_not_a_perfect_score() -> None:
    with pytest.raises(ValueError, match="sum to 0"):
        wape([0, 0], [1, 1])
    with pytest.raises(ValueError, match="above 0"):
        mase([1], [1], 0.0)
    with pytest.raises(ValueError, match="week before"):
        weekly_scale([1] * 7, [True] * 7)
    with pytest.raises(ValueError, match="above the high end"):
        coverage([1], [2], [1])
