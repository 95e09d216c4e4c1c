"""From the days of one measure to what is published about it: the one function that a worker is asked for."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from twin.errors import TwinError
from twin.forecast import prophet
from twin.forecast.backtest import (
    EARLIER_ORIGINS,
    LENGTH_DAYS,
    LEVEL,
    Attempt,
    Method,
    attempts,
    band,
    origin_days,
    reaches,
    summary,
    widening,
)
from twin.forecast.baselines import seasonal_naive
from twin.forecast.calendar import learned_calendar
from twin.forecast.history import Days, Fit, Flags, Floats, History, Projection
from twin.forecast.paths import order_paths, shared_level
from twin.forecast.published import MeasureForecast

COUNTED = ("orders", "visits")  # these get paths: the simulation follows them and adds chance of its own
LEAST_DAYS = 60
LEAST_SOLD_DAYS = 30
LONGEST_HORIZON_DAYS = 366
SEASONS = {"seasonal_naive_7": 7, "seasonal_naive_364": 364}


def forecast_measure(
    days: pd.DataFrame,
    measure: str,
    today: date,
    country: str,
    horizon_days: int = 366,
    paths: int = 512,
    seed: int = 1,
    origins: int = 6,
) -> MeasureForecast:
    """What to expect of one measure on each coming day, how sure that is, and how well such forecasts did so far.

    days : columns day, open and the measure; every calendar day in order (days from `today` on are ignored)
    origins : how many earlier forecasts of 28 days to score; 0 skips them (and the range is then the model's own)
    Runs in a worker process: Prophet draws from NumPy's global generator.
    Raises TwinError for a table that does not hold such days.
    """
    if not 1 <= horizon_days <= LONGEST_HORIZON_DAYS:
        raise TwinError(f"A forecast covers 1 to {LONGEST_HORIZON_DAYS} days; found {horizon_days}.")
    history = History.of(days, measure, today)
    if not len(history.day):
        raise TwinError(f"There is no complete day before {today.isoformat()} to forecast {measure} from.")
    counts = measure in COUNTED
    calendar = learned_calendar(history.day, history.open, country)
    day = np.datetime64(today, "D") + np.arange(horizon_days)
    opened = calendar.open_on(day)
    note = too_little(history)
    fit = (
        plain_fit(history, day, opened)
        if note
        else prophet.fit(history, day, opened, counts, seed, draws=-(-paths // 2))
    )
    tried = back_test(history, country, counts, seed, origins, with_prophet=not note)
    method = "seasonal_naive_7" if note else "prophet"
    factor = widening([attempt.misses for attempt in tried[method]])
    low, high = band(fit.projection, factor, counts)
    scored_starts = {start.item() for start in origin_days(history, origins)}
    scored = {name: [attempt for attempt in done if attempt.origin in scored_starts] for name, done in tried.items()}
    return MeasureForecast(
        measure=measure,
        today=today,
        method=method,
        day=day,
        open=opened,
        forecast=fit.projection.forecast,
        low=low,
        high=high,
        level=LEVEL,
        paths=paths_of(history, fit, reaches(fit.projection, factor, counts), tried[method], seed, paths)
        if counts
        else None,
        scores={name: summary(done) for name, done in scored.items()},
        origins=sorted({attempt.origin for done in scored.values() for attempt in done}),
        last_origin=last_origin(scored),
        by_origin=by_origin(scored),
        past_day=history.day,
        past_fitted=fit.fitted,
        closing_rules=calendar.sentences(),
        note=note,
    )


def too_little(history: History) -> str:
    """Why the history does not carry a real model, as a sentence; empty if it does."""
    sold = history.value[history.sold]
    instead = "Until there is more, the forecast repeats the last week."
    if not len(sold):
        return f"Nothing came in on the {len(history.day):,} days known. {instead}"
    if len(history.day) < LEAST_DAYS or len(sold) < LEAST_SOLD_DAYS:
        return (
            f"Something came in on only {len(sold)} of the {len(history.day):,} days known; "
            f"a model needs {LEAST_SOLD_DAYS} in {LEAST_DAYS}. {instead}"
        )
    if sold.min() == sold.max():
        return f"Each open day shows the same number, {sold[0]:g}: there is nothing to model. {instead}"
    return ""


def plain_fit(history: History, day: Days, opened: Flags) -> Fit:
    """Last week repeated, in the shape of a fitted model; a weekday never seen open gets the mean of the others."""
    naive = seasonal_naive(history, day, opened, 7)
    mean = float(history.value[history.open].mean()) if history.open.any() else 0.0
    forecast = np.where(np.isnan(naive.forecast), mean, naive.forecast)
    fitted = seasonal_naive(history, history.day, history.open, 7).forecast
    known = history.sold & (np.nan_to_num(fitted) > 0)
    residuals = np.full(len(history.day), np.nan)
    residuals[known] = np.log(history.value[known] / fitted[known])
    projection = Projection(day, opened, forecast, naive.spread)
    return Fit(projection, np.where(known, fitted, 0.0), residuals, np.zeros((1, len(day))))


def back_test(
    history: History, country: str, counts: bool, seed: int, origins: int, with_prophet: bool
) -> dict[str, list[Attempt]]:
    """Every method tried from each origin, the unscored earlier ones first."""
    methods: dict[str, Method] = {name: partial(seasonal_naive, season=season) for name, season in SEASONS.items()}
    if with_prophet:
        methods = {"prophet": partial(prophet_or_naive, counts=counts, seed=seed)} | methods
    starts = origin_days(history, origins + EARLIER_ORIGINS) if origins else []
    return {name: attempts(history, method, country, counts, starts) for name, method in methods.items()}


def prophet_or_naive(history: History, day: Days, opened: Flags, counts: bool, seed: int) -> Projection:
    """What would have been published from this past."""
    if too_little(history):
        return plain_fit(history, day, opened).projection
    return prophet.fit(history, day, opened, counts, seed).projection


def paths_of(history: History, fit: Fit, reach: Floats, tried: Sequence[Attempt], seed: int, paths: int) -> Floats:
    """The possible futures of the orders around a fit; their totals scatter as totals were off in the back-test."""
    flat = order_paths(fit, history.day, reach, seed, paths)
    level = shared_level(flat, np.array([attempt.total_miss for attempt in tried]), LENGTH_DAYS)
    return order_paths(fit, history.day, reach, seed, paths, level)


def last_origin(scored: dict[str, list[Attempt]]) -> dict[str, Any]:
    """The latest scored stretch as lists: what came and what each method had expected."""
    latest = {name: done[-1] for name, done in scored.items() if done}
    if not latest:
        return {}
    first = next(iter(latest.values()))
    lines: dict[str, Any] = {"day": [str(day) for day in first.day], "observed": first.observed.tolist()}
    for name, attempt in latest.items():
        lines[name] = {part: getattr(attempt, part).tolist() for part in ("forecast", "low", "high")}
    return lines


def by_origin(scored: dict[str, list[Attempt]]) -> list[dict[str, Any]]:
    """The scores of each method at each origin."""
    return [
        {"origin": attempt.origin.isoformat(), "method": name} | summary([attempt])
        for name, done in scored.items()
        for attempt in done
    ]
