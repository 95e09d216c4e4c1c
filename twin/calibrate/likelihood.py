"""The numbers that make records most likely, and how sharply the likelihood peaks there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], float]
STEP = 1e-3
NEAR = 1e-7
LONGEST_MOVE = 1.0
MOVES = 60
WIDEST_SD = 2.0
FARTHEST = 12.0


@dataclass(frozen=True)
class Peak:
    """Where a likelihood is highest.

    place       the numbers, on the scale that was searched
    covariance  theirs on that scale, from the curvature
    settled     whether the records decide all of them; False if one ran far away or the peak is flat
    """

    place: Floats
    covariance: Floats
    settled: bool


def peak(log_likelihood: Likelihood, start: Floats) -> Peak:
    """Search upwards from a first guess by Newton's method; all numbers are on a scale without ends, as logarithms are.

    A move is never longer than a factor of e, never goes downhill, and never leads farther than twelve from the start.
    """
    place = np.array(start, dtype=np.float64)
    for _ in range(MOVES):
        before = place
        place = _climbed(log_likelihood, place, _move(log_likelihood, place), start)
        if np.abs(place - before).max() < NEAR:
            break
    covariance, sharp = _covariance(curvature(log_likelihood, place))
    return Peak(place, covariance, sharp and bool((np.abs(place - start) < FARTHEST - NEAR).all()))


def _move(log_likelihood: Likelihood, place: Floats) -> Floats:
    """Newton's step, uphill also where the likelihood is not yet curved like a hill."""
    sharpness, directions = np.linalg.eigh(curvature(log_likelihood, place))
    along = directions.T @ slope(log_likelihood, place)
    move = directions @ (along / np.maximum(np.abs(sharpness), 1e-6))
    return np.asarray(move / max(1.0, np.abs(move).max() / LONGEST_MOVE))


def _climbed(log_likelihood: Likelihood, place: Floats, move: Floats, start: Floats) -> Floats:
    """The place after a move, or after half of it, and so on, until it is no worse than before."""
    height = log_likelihood(place)
    while np.abs(move).max() >= NEAR:
        there = np.clip(place + move, start - FARTHEST, start + FARTHEST)
        if log_likelihood(there) >= height:
            return np.asarray(there)
        move = move / 2
    return place


def slope(log_likelihood: Likelihood, place: Floats) -> Floats:
    """How steeply the likelihood rises in each number, by differences."""
    sides = np.eye(len(place)) * STEP
    return np.array([(log_likelihood(place + side) - log_likelihood(place - side)) / (2 * STEP) for side in sides])


def curvature(log_likelihood: Likelihood, place: Floats) -> Floats:
    """Minus the second derivatives of the likelihood, by differences."""
    number = len(place)
    sides = np.eye(number) * STEP
    found = np.empty((number, number))
    for i in range(number):
        for j in range(i + 1):
            corners = [
                one * two * log_likelihood(place + one * sides[i] + two * sides[j])
                for one, two in ((1, 1), (1, -1), (-1, 1), (-1, -1))
            ]
            found[i, j] = found[j, i] = -sum(corners) / (4 * STEP**2)
    return found


def _covariance(peaked: Floats) -> tuple[Floats, bool]:
    """The inverse of the curvature; a direction that the records do not decide gets a wide but finite spread."""
    sharpness, directions = np.linalg.eigh(peaked)
    least = 1 / WIDEST_SD**2
    covariance = directions @ np.diag(1 / np.maximum(sharpness, least)) @ directions.T
    return (covariance + covariance.T) / 2, bool(sharpness.min() > least)
