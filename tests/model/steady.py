"""A shop in balance: customers have come and gone for three years as BG/NBD says, and as many come as go."""

from dataclasses import replace

import numpy as np
from scipy.special import hyp2f1

from tests.model.small import REPLAYED, hours, small
from twin.experiment.inputs import Bundle
from twin.experiment.replicate import expected_orders

JOINS, PAST, AHEAD = 30.0, 1100, 90
R, ALPHA, A, B = 4.0, 40.0, 4.0, 12.0  # few who never leave, so that three years are enough to come to rest
ANONYMOUS = 10.0
# Fader, Hardie and Lee (2005), equation 9, less the half day of the first order, on which nobody comes a second time
_STILL = (ALPHA / (ALPHA + PAST)) ** R * hyp2f1(R, B, A + B - 1.0, PAST / (ALPHA + PAST))
ORDERS_BEFORE_LEAVING = (A + B - 1.0) / (A - 1.0) * (1.0 - _STILL) - R / ALPHA / 2.0
LEVEL = JOINS * ORDERS_BEFORE_LEAVING + JOINS + ANONYMOUS
VALUES = {
    "rate_shape": R, "rate_scale_days": ALPHA, "dropout_a": A, "dropout_b": B,
    "new_customers_per_day": JOINS, "anonymous_orders_per_day": ANONYMOUS, "promised_hours": 1.0,
    "pickers_weekday": 8.0, "pickers_weekend": 8.0, "picking_minutes_order": 17.5, "picking_minutes_line": 0.0,
    "reorder_point": 150.0, "order_up_to_level": 300.0,
}  # fmt: skip


def steady(seed: int) -> Bundle:
    """The shop after a past of its own; the forecast is what it does on average, every day."""
    luck = np.random.default_rng(seed)
    bundle = small(days=AHEAD, **VALUES)
    vectors = bundle.vectors | customers(luck)
    vectors["orders_per_purchase_day"] = np.ones(1)
    vectors["open_share"] = np.ones(1)
    vectors["hour_share"] = np.tile(hours()[:24] / hours()[:24].sum() / 7, 7)
    vectors |= past(luck, expected_orders(bundle.values, vectors))
    vectors["item_units_per_day"] = vectors["item_units_per_day"] * LEVEL / 20.0
    open_days = np.ones(AHEAD, np.bool_)
    return replace(bundle, vectors=vectors, open_days=open_days, paths=np.full((1, AHEAD), LEVEL))


def customers(luck: np.random.Generator) -> dict[str, np.ndarray]:
    """Everybody who ever came: repeats, last order and age, as records would show them."""
    age = luck.uniform(0.0, PAST, luck.poisson(JOINS * PAST))
    n = len(age)
    rate, leaves = luck.gamma(R, 1.0 / ALPHA, n), luck.beta(A, B, n)
    repeats, recency, here = np.zeros(n, np.int64), np.zeros(n), np.ones(n, np.bool_)
    clock = np.zeros(n)
    while here.any():
        clock[here] += luck.exponential(1.0 / rate[here])
        here &= clock <= age
        repeats[here] += 1
        recency[here] = clock[here]
        here &= luck.uniform(size=n) >= leaves
    return {
        "customer_id": np.arange(n),
        "customer_repeats": repeats,
        "customer_recency_days": recency,
        "customer_age_days": age,
        "customer_spend": np.ones(n),
    }


def past(luck: np.random.Generator, expected: np.ndarray) -> dict[str, np.ndarray]:
    """The last 60 days, drawn as the coming ones will be."""
    counts = luck.poisson(LEVEL, REPLAYED)
    orders = int(counts.sum())
    shares = hours()[:24] / hours()[:24].sum()
    minutes = [np.sort(luck.choice(24, count, p=shares) * 60.0 + luck.uniform(0, 60, count)) for count in counts]
    return {
        "replay_open": np.ones(REPLAYED, np.bool_),
        "replay_day": np.repeat(np.arange(-REPLAYED, 0), counts).astype(np.int32),
        "replay_minute": np.concatenate(minutes),
        "replay_customer": luck.choice(len(expected), orders, p=expected / expected.sum()),
        "replay_number": np.arange(orders),
        "replay_line_offsets": np.arange(orders + 1),
        "replay_line_item": luck.integers(0, 12, orders).astype(np.int32),
        "replay_line_quantity": np.ones(orders, np.int32),
    }
