"""What runs start from: the numbers with their uncertainties, the vectors, and the paths of demand."""

from datetime import timedelta

import numpy as np

from twin.calibrate.calibration import Calibration
from twin.experiment.inputs import Bundle, Uncertain
from twin.forecast.published import MeasureForecast
from twin.spec.template import template

AHEAD_DAYS = 28


def bundle_of(
    calibration: Calibration, forecast: MeasureForecast, scales: np.ndarray | None, demand: np.ndarray
) -> Bundle:
    """What runs start from: the numbers with their uncertainties, the vectors, and the paths of demand.

    scales : of baskets, for a business that sells goods
    demand : orders or visits of every recorded day up to the calibration's today
    """
    parameters = calibration.parameters
    declared = template(calibration.template).declarations
    uncertain = tuple(
        Uncertain(one.name, one.value, one.low, one.high, one.standard_error, one.scale, declared[one.name].allowed)
        for one in parameters.values()
        if one.uncertain
    )
    assert forecast.paths is not None
    vectors = dict(calibration.vectors)
    vectors["replay_number"] = np.arange(len(vectors["replay_day"]), dtype=np.int64)
    since = range(-len(vectors["replay_open"]), len(forecast.open))
    vectors["month_day"] = np.array([(calibration.today + timedelta(days=n)).day for n in since])
    if scales is not None:
        vectors["basket_scale"] = scales
        vectors["item_revenue_share"] = revenue_shares(vectors)
        vectors["demand_ahead"] = demand_ahead(demand, np.asarray(forecast.forecast), len(vectors["replay_open"]))
    return Bundle(
        structure=template(calibration.template).structure,
        values={name: float(one.value) for name, one in parameters.items()},
        uncertain=uncertain,
        covariances=tuple((tuple(names), np.asarray(matrix).tolist()) for names, matrix in calibration.covariances),
        vectors=vectors,
        open_days=np.asarray(forecast.open, dtype=bool),
        months=np.array([(calibration.today + timedelta(days=n)).month - 1 for n in range(len(forecast.open))]),
        first_weekday=calibration.today.weekday(),
        paths=np.asarray(forecast.paths),
        levers=tuple(name for name, one in declared.items() if one.lever),
        allowed={name: one.allowed for name, one in declared.items() if one.lever},
    )


def demand_ahead(orders: np.ndarray, forecast: np.ndarray, replayed: int) -> np.ndarray:
    """Orders of the four weeks ahead against the year's average, by day from the first replayed one on.

    What a buyer knows who looks at the calendar: the records as they came, then the forecast.
    """
    before = np.concatenate([np.zeros(max(0, replayed - len(orders))), orders])[-replayed:]
    series = np.concatenate([before, forecast])
    sums = np.concatenate([[0.0], np.cumsum(series)])
    last = np.minimum(np.arange(len(series)) + AHEAD_DAYS, len(series))
    means = (sums[last] - sums[: len(series)]) / (last - np.arange(len(series)))
    usual = float(orders[-365:].mean())
    return means / usual if usual > 0 else np.ones(len(series))


def revenue_shares(vectors: dict[str, np.ndarray]) -> np.ndarray:
    """Which share of the revenue each item brings; the last is all others."""
    revenue = vectors["item_line_share"] * vectors["item_quantity"] * vectors["item_price"]
    total = float(revenue.sum())
    return revenue / total if total > 0 else np.full(len(revenue), 1.0 / max(1, len(revenue)))
