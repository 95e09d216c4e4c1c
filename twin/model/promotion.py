"""Promotions: announced offers on certain days, and the orders that they only bring forward."""

import math

import numpy as np

from twin.model.inputs import Plan, Values
from twin.model.kernels.elementary import power


def paid(levers: Values) -> float:
    """What customers pay on a day against today's prices, the day's offer taken off."""
    return levers["price"] * (1.0 - levers.get("promotion", 0.0))


def order_effects(values: Values, plan: Plan, usual: np.ndarray) -> np.ndarray:
    """By how much offers move the orders of each day: 1 where there is none and none was before, shape (days,).

    usual : orders of each day as they would be without offers, shape (days,)
    An offer acts like a price cut, and more because it is announced. A part of the extra orders is missing later:
    on the promotion_pull_forward_days after, most of it soon (geometric weights). What a day cannot lack,
    because the shop is closed or its own orders are fewer, is missing on the next.
    Known from the plan alone, so that no luck is touched, and no day before the first offer.

    Source: van Heerde, Leeflang and Wittink (2000, 2004) for the dip after an offer.
    """
    offers = plan.levers.get("promotion")
    effects = np.ones(len(usual))
    if offers is None or not offers.any():
        return effects
    elasticity = values["price_effect"] * values["price_effect_on_orders_share"] + values["promotion_effect"]
    weights = _weights(values["promotion_pull_forward_days"])
    missing, carried = np.zeros(len(usual) + len(weights) + 1), 0.0
    for day, orders in enumerate(usual.tolist()):
        lift = power(1.0 - float(offers[day]), elasticity)
        missing[day + 1 : day + 1 + len(weights)] += (
            values["promotion_pull_forward_share"] * orders * (lift - 1.0) * weights
        )
        owed = carried + float(missing[day])
        lacking = min(owed, orders * lift)
        carried = owed - lacking
        effects[day] = lift - lacking / orders if lacking > 0.0 else lift
    return effects


def _weights(days: float) -> np.ndarray:
    """How the missing orders spread over the days after: each day as much less as fits so many days; they sum to 1."""
    number = max(1, math.floor(days + 0.5))
    shares = [(1.0 - 1.0 / number) ** n for n in range(number)]
    return np.array(shares) / math.fsum(shares)
