"""Playing a scenario: one replication, or many, as plain arrays."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from twin.experiment.draws import central, drawn, with_ratios
from twin.experiment.inputs import Bundle
from twin.experiment.plan import plan
from twin.experiment.question import Question
from twin.model.business import Business
from twin.model.chance import Chance
from twin.model.inputs import Values
from twin.model.kernels.baskets import mean_order_value
from twin.model.kernels.chance import stem
from twin.model.kernels.customers import expected_rates
from twin.model.kernels.elementary import running_sums
from twin.model.supply import sizes_of

Arrays = dict[str, np.ndarray]
NOBODY_KNOWN = 1 << 17  # orders tried where all that is known of them is their mean
Kind = TypeVar("Kind", bound=Business)


def replicate(bundle: Bundle, question: Question, replication: int, factors: np.ndarray | None = None) -> Arrays:
    """Play one replication: arrays `days`, `waits` and `dry_from` as in `twin.model.inputs.Outcome`.

    factors : of the baseline's same replication, shape (days, 2), for a scenario; None plays the baseline
    """
    business = set_up(bundle, question, replication, factors, Business)
    outcome = business.play()
    business.close()
    return vars(outcome)


def set_up(
    bundle: Bundle, question: Question, replication: int, factors: np.ndarray | None, kind: Callable[..., Kind]
) -> Kind:
    """A business on the morning of the first day of a replication; `kind` says what watches it."""
    on = question.uncertainties
    values = drawn(bundle, question.seed, replication) if on.estimates else central(bundle)
    values = pinned(bundle, values, question.pinned)
    chance = Chance(question.seed, replication if on.luck else 0)
    path = path_of(bundle, replication if on.demand else None, question.horizon.days)
    levers = plan(bundle, values, question.scenario, question.horizon)
    return kind(bundle.inputs(question.horizon.days), values, levers, chance, path, factors)


def pinned(bundle: Bundle, values: Values, pins: tuple[tuple[str, float], ...]) -> Values:
    """The same numbers with some held where somebody asked."""
    return with_ratios(values | dict(pins), bundle.values)


def path_of(bundle: Bundle, replication: int | None, days: int) -> np.ndarray:
    """The orders that one path of the forecast expects by day; None is the mean of all paths."""
    if replication is None:
        return bundle.paths[:, :days].mean(axis=0)
    return bundle.paths[replication % len(bundle.paths), :days]


def basket_scales(values: Values, vectors: Arrays, sample: int = 8192) -> np.ndarray:
    """By how much quantities are scaled so that an average order is worth what records say: known, anonymous.

    Pieces are whole numbers and at least one, so the scale is found by trying, with the same luck each time.
    """
    if "customer_spend" not in vectors:
        stream = _scale(values, vectors, "anonymous_", np.ones(1), np.ones(1), NOBODY_KNOWN)
        return np.array([stream, stream])
    spends, weights = vectors["customer_spend"].astype(float), expected_orders(values, vectors)
    if not len(spends) or not weights.any():
        spends, weights = np.ones(1), np.ones(1)
    known = _scale(values, vectors, "", spends, running_sums(weights), sample)
    anonymous = _scale(values, vectors, "anonymous_", np.ones(1), np.ones(1), sample)
    return np.array([known, anonymous])


def expected_orders(values: Values, vectors: Arrays) -> np.ndarray:
    """How many orders a day each known customer is expected to place."""
    history = (vectors["customer_repeats"], vectors["customer_recency_days"], vectors["customer_age_days"])
    fitted = (values["rate_shape"], values["rate_scale_days"], values["dropout_a"], values["dropout_b"])
    return expected_rates(*history, *fitted)


def _scale(values: Values, vectors: Arrays, kind: str, spend: np.ndarray, sums: np.ndarray, sample: int) -> float:
    keys = np.array([stem(1, 0, 100 + n) for n in range(4)], dtype=np.uint64)
    lines = (values[f"{kind}lines_log_mean"], values[f"{kind}lines_log_sd"])
    items = running_sums(vectors["item_line_share"].astype(float))
    goods = (sizes_of(vectors), vectors["item_price"].astype(float))
    scale = 1.0
    for _ in range(12):
        mean = mean_order_value(keys, sample, *lines, values["basket_scatter"], spend, sums, scale, items, *goods)
        scale *= values[f"{kind}basket_value"] / mean if mean > 0 else 1.0
    return scale
