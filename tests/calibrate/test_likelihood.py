"""The search for the highest likelihood: known peaks, steep ones, and ridges that have no end."""

import numpy as np
import pytest

from twin.calibrate.likelihood import FARTHEST, peak


def test_a_known_hill_is_climbed_and_its_curvature_measured() -> None:
    covariance = np.array([[0.5, 0.2], [0.2, 0.3]])
    sharp, top = np.linalg.inv(covariance), np.array([3.0, -1.0])
    reached = peak(lambda place: float(-(place - top) @ sharp @ (place - top) / 2), np.zeros(2))
    assert reached.place == pytest.approx(top, abs=1e-6)
    assert reached.covariance == pytest.approx(covariance, rel=1e-5)
    assert reached.settled


def test_a_move_that_would_lead_downhill_is_halved() -> None:
    """Newton's own step swings from one side of this narrow ridge to the other for ever."""
    reached = peak(lambda place: float(-np.logaddexp(10 * place[0], -10 * place[0])), np.array([0.3]))
    assert reached.place == pytest.approx([0.0], abs=1e-5)


def test_a_hill_that_begins_as_a_valley_is_climbed() -> None:
    reached = peak(lambda place: float(200 * np.exp(-((place[0] - 2) ** 2))), np.array([0.0]))
    assert reached.place == pytest.approx([2.0], abs=1e-5)


def test_a_ridge_without_end_is_not_settled_and_has_a_finite_spread() -> None:
    reached = peak(lambda place: float(-100 * (place[0] - place[1]) ** 2 - np.exp(-place[0])), np.zeros(2))
    assert not reached.settled
    assert (np.abs(reached.place) <= FARTHEST).all()
    assert np.isfinite(reached.covariance).all()
    assert (np.linalg.eigvalsh(reached.covariance) > 0).all()
