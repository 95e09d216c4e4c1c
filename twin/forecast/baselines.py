"""Forecasts that anyone could make by looking back: what a real method has to beat."""

import numpy as np

from twin.forecast.history import Days, Flags, Floats, History, Projection

LEAST_SPREAD = 0.02


def seasonal_naive(history: History, day: Days, opened: Flags, season: int) -> Projection:
    """Each coming day repeats the same weekday one season ago (7 days: last week; 364 days: last year).

    season : days, a multiple of 7. Where that day was closed, the nearest earlier open one of its weekday stands in.
    A day with no such past day (none ever, or a history shorter than the season) is NaN.
    """
    forecast = np.where(opened, looked_up(history, day, season), 0.0)
    again = looked_up(history, history.day, season)
    both = history.sold & (again > 0)
    changes = np.log(history.value[both] / again[both])
    spread = max(float(np.sqrt(np.mean(changes**2))), LEAST_SPREAD) if both.any() else LEAST_SPREAD
    return Projection(day, opened, forecast, np.full(len(day), spread))


def looked_up(history: History, day: Days, season: int) -> Floats:
    """For each day, the value of its weekday a season (or as many seasons as needed) before; NaN if there is none."""
    back = (day - history.day[0]).astype(np.int64)
    beyond = back - len(history.day)  # 0 for the first day after the history
    source = back - season * np.maximum(1, -(-(beyond + 1) // season))
    found = np.full(len(day), np.nan)
    for _ in range(len(history.day) // 7 + 1):
        unsettled = np.isnan(found) & (source >= 0)
        if not unsettled.any():
            break
        place = source[unsettled]
        found[unsettled] = np.where(history.open[place], history.value[place], np.nan)
        source = np.where(np.isnan(found), source - 7, source)
    return found
