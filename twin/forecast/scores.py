"""How good a forecast was, in numbers that can be compared between shops and methods."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def wape(observed: ArrayLike, predicted: ArrayLike) -> float:
    """How far the forecast was off in total, as a share of what really came in; 0 is perfect.

    observed, predicted : array of float, shape (days,), same unit, same days in order
    Raises ValueError on unequal or empty input, or when nothing was observed (the share has no meaning then).

    >>> wape([4, 6], [5, 5])
    0.2
    """
    truth, guess = paired(observed, predicted)
    if np.abs(truth).sum() == 0:
        raise ValueError("The observed values sum to 0, so an error cannot be given as a share of them.")
    return float(np.abs(guess - truth).sum() / np.abs(truth).sum())


def mase(observed: ArrayLike, predicted: ArrayLike, scale: float) -> float:
    """How far the forecast was off, against the habit of repeating last week; below 1 beats that habit.

    observed, predicted : array of float, shape (days,), same unit, same days in order
    scale : mean error of repeating last week over the history (see `weekly_scale`), above 0
    Raises ValueError on unequal or empty input, or a scale that is not above 0.
    Source: Hyndman and Koehler (2006), Another look at measures of forecast accuracy.

    >>> mase([4, 6], [5, 5], scale=2.0)
    0.5
    """
    truth, guess = paired(observed, predicted)
    if not scale > 0:
        raise ValueError(f"The scale of the error must be above 0; found {scale}.")
    return float(np.abs(guess - truth).mean() / scale)


def weekly_scale(history: ArrayLike, opened: ArrayLike) -> float:
    """How much an open day differed from the same weekday a week before, on average over the history.

    history : array of float, shape (days,), every calendar day in order
    opened : array of bool, shape (days,); only pairs in which both days were open count
    Raises ValueError on unequal or empty input, or when no such pair exists.

    >>> weekly_scale([1, 0, 0, 0, 0, 0, 0, 3], [True] * 8)
    2.0
    """
    values, traded = paired(history, opened)
    pairs = (traded[7:] > 0) & (traded[:-7] > 0)
    if not pairs.any():
        raise ValueError("No day was open both in one week and in the week before.")
    return float(np.abs(values[7:] - values[:-7])[pairs].mean())


def coverage(observed: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """On what share of the days the real value lay inside the range; an honest 80 % range gives 0.8.

    observed, low, high : array of float, shape (days,), same unit, same days in order; the ends count as inside
    Raises ValueError on unequal or empty input, or where low is above high.

    >>> coverage([4, 6, 9], [3, 5, 10], [5, 7, 11]) == 2 / 3
    True
    """
    truth, bottom = paired(observed, low)
    top = paired(observed, high)[1]
    if (bottom > top).any():
        raise ValueError(f"The low end lies above the high end on {int((bottom > top).sum())} of {len(truth)} days.")
    return float(((bottom <= truth) & (truth <= top)).mean())


def bias(observed: ArrayLike, predicted: ArrayLike) -> float:
    """How far predictions are off on average; positive means too high.

    observed, predicted : array of float, shape (days,), same unit, same days in order
    Returns a float in that unit, best 0. Raises ValueError on unequal or empty input.

    >>> bias([4, 4], [5, 4])
    0.5
    """
    truth, guess = paired(observed, predicted)
    return float((guess - truth).mean())


def paired(observed: ArrayLike, predicted: ArrayLike) -> tuple[Floats, Floats]:
    """Two series checked to be of the same days: equal in length, not empty, without gaps.

    >>> paired([1], [1, 2])
    Traceback (most recent call last):
    ValueError: The two series must cover the same days; found 1 and 2 values.
    """
    truth, guess = np.asarray(observed, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    if truth.shape != guess.shape:
        raise ValueError(f"The two series must cover the same days; found {truth.size} and {guess.size} values.")
    if truth.size == 0:
        raise ValueError("There is nothing to score: both series are empty.")
    if not (np.isfinite(truth).all() and np.isfinite(guess).all()):
        raise ValueError("A series to score holds a value that is not a number.")
    return truth, guess
