"""Prophet, fitted to the logarithm of the days on which the business was open. Its own names stay in this file."""

import logging
from typing import Any

import numpy as np
import pandas as pd

from twin.forecast.history import Days, Fit, Flags, Floats, History, Projection

# Prophet's own number of yearly terms: which number scores best changes from one half of the demo shop's year to the
# other, so picking one by its score would only flatter the score. The other two did better than Prophet's defaults
# (0.05, no effect) on the five origins before those that are scored.
YEARLY_TERMS = 10
TREND_FLEXIBILITY = 0.02
CLOSING_EFFECT = 0.1
DAYS_FOR_YEARLY = 364
CLOSINGS_FOR_EFFECT = 6


def fit(history: History, day: Days, opened: Flags, counts: bool, seed: int, draws: int = 64) -> Fit:
    """Prophet's view of the coming days, learned from the days on which something was sold.

    day, opened : the future, every calendar day in order; counts : the measure counts things, and chance scatters it
    """
    sold = history.sold
    target = np.log(history.value[sold])
    log_fitted, log_future, trend = _prophet(history, target, day, opened, seed, draws)
    residuals = np.full(len(history.day), np.nan)
    residuals[sold] = target - log_fitted
    # A mean of logarithms lies below the logarithm of the mean; the last year's totals put it back.
    lift = history.value[sold][-300:].sum() / np.exp(log_fitted[-300:]).sum()
    fitted = np.zeros(len(history.day))
    fitted[sold] = lift * np.exp(log_fitted)
    forecast = np.where(opened, lift * np.exp(log_future), 0.0)
    noise = scatter(residuals[sold], fitted[sold], forecast, counts)
    spread = np.sqrt(noise**2 + trend.var(axis=0))
    return Fit(Projection(day, opened, forecast, spread), fitted, residuals, trend)


def scatter(residuals: Floats, fitted: Floats, forecast: Floats, counts: bool) -> Floats:
    """How much a day scatters on the log scale; counts scatter more on quiet days, by chance (variance 1/mean)."""
    variance = float(np.var(residuals))
    if not counts:
        return np.full(len(forecast), np.sqrt(variance))
    own = max(variance - float(np.mean(1.0 / fitted)), 0.0)
    return np.sqrt(own + 1.0 / np.maximum(forecast, 0.5))


def closing_effects(past: Days, opened: Flags, future: Days, future_opened: Flags) -> pd.DataFrame | None:
    """The open days next to a closing that is not the weekly one; None if the past holds too few to learn from."""
    day, is_open = np.concatenate([past, future]), np.concatenate([opened, future_opened])
    weekday = (day.astype(np.int64) + 3) % 7
    usual = np.array([is_open[weekday == number].mean() > 0.5 for number in range(7)])[weekday]
    closings = np.flatnonzero(~is_open & usual)
    trading = np.flatnonzero(is_open)
    after = np.unique(np.searchsorted(trading, closings))
    before = day[trading[after[after > 0] - 1]]
    later = day[trading[after[after < len(trading)]]]
    if min((before <= past[-1]).sum(), (later <= past[-1]).sum()) < CLOSINGS_FOR_EFFECT:
        return None
    names = ["before_closing"] * len(before) + ["after_closing"] * len(later)
    return pd.DataFrame({"holiday": names, "ds": np.concatenate([before, later]).astype("datetime64[ns]")})


def loaded() -> Any:
    """Prophet itself, told to be quiet. The first call takes about a second: a worker makes it when it starts."""
    for name in ("cmdstanpy", "prophet"):
        logging.getLogger(name).disabled = True
    from prophet import Prophet

    return Prophet


def _prophet(
    history: History, target: Floats, day: Days, opened: Flags, seed: int, draws: int
) -> tuple[Floats, Floats, Floats]:
    """Fitted past, future and trend deviations, all on the log scale."""
    long_enough = (history.day[-1] - history.day[0]).astype(int) + 1 >= DAYS_FOR_YEARLY
    model = loaded()(
        # Under a year, a slope would be a season mistaken for growth.
        growth="linear" if long_enough else "flat",
        yearly_seasonality=YEARLY_TERMS if long_enough else False,
        weekly_seasonality=True,
        daily_seasonality=False,
        changepoint_prior_scale=TREND_FLEXIBILITY,
        holidays=closing_effects(history.day, history.open, day, opened),
        holidays_prior_scale=CLOSING_EFFECT,
        uncertainty_samples=0,
    )
    past = pd.DataFrame({"ds": history.day[history.sold].astype("datetime64[ns]"), "y": target})
    future = pd.DataFrame({"ds": day.astype("datetime64[ns]")})
    # Prophet draws from NumPy's global generator; it is left as it was found.
    state = np.random.get_state()
    np.random.seed(seed % 2**32)
    try:
        model.fit(past, seed=seed % 2**31 + 1)
        model.stan_backend.cleanup()
        expected = model.predict(pd.concat([past[["ds"]], future]))
        model.uncertainty_samples = draws
        trend = model.predictive_samples(future)["trend"].T
    finally:
        np.random.set_state(state)
    log_value, centre = expected["yhat"].to_numpy(), expected["trend"].to_numpy()[len(past) :]
    return log_value[: len(past)], log_value[len(past) :], np.ascontiguousarray(trend - centre)
