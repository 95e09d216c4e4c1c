"""Competitors: what they charge, and what somebody new takes away."""

from twin.model.inputs import Values
from twin.model.kernels.elementary import power


def orders_kept(values: Values, levers: Values) -> float:
    """Which part of their orders customers still place here: 1 while competitors do as today.

    Competitors who charge p times today's prices move orders by p ^ competitor_effect, the cross-price elasticity;
    a new one takes the share competitor_share of what is left.
    Source: Sethuraman, Srinivasan and Kim (1999) and Auer and Papies (2020) for cross-price elasticities.
    """
    price = levers.get("competitor_price", 1.0)
    kept = 1.0 - levers.get("competitor_share", 0.0)
    return kept if price == 1.0 else kept * power(price, values["competitor_effect"])


def pull(values: Values, levers: Values) -> float:
    """How much faster customers leave for good while somebody new takes a share of their orders: 1 is as today.

    Whoever tries the new one may stay there: 1 + competitor_pull x competitor_share. Assumption, not measured.
    """
    return 1.0 + values.get("competitor_pull", 0.0) * levers.get("competitor_share", 0.0)
