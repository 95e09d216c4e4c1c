"""Many possible futures of the daily orders, for a simulation to follow one by one.

A path is the forecast times a deviation with three parts: how the trend may turn (Prophet's own draws), whole weeks of
past misses, drawn again, so that a busy week stays a busy week, and a level that stays for the whole horizon, as wide
as the totals of past forecasts were off beyond what the weeks explain. The simulation adds chance of its own to each
day (Poisson), so that much is taken out of the deviation beforehand. Paths 2k and 2k+1 mirror each other on the log
scale: any even number of first paths is centred on the forecast. The pairs are exchangeable.
"""

import numpy as np

from twin.forecast.history import Days, Fit, Floats

NORMAL_80 = 1.2815515655446004  # an 80 % range reaches this many standard deviations to either side


def order_paths(fit: Fit, past_day: Days, reach: Floats, seed: int, paths: int, level: float = 0.0) -> Floats:
    """Possible futures of expected orders, shape (paths, days); their mean is the forecast, 0 on closed days.

    reach : log of high over forecast of the published 80 % range, by day
    level : standard deviation of the logarithm that a whole path has in common (see `shared_level`)
    """
    day, forecast = fit.projection.day, fit.projection.forecast
    half = -(-paths // 2)
    generator = np.random.Generator(np.random.PCG64(seed))
    weeks = smoothed_weeks(past_day, fit.residuals, fit.fitted)
    shape = turned(fit.trend, half) + drawn_weeks(weeks, day, half, generator)
    wanted = path_spread(forecast, reach)
    shared = np.minimum(level, wanted)
    present = np.sqrt(np.mean(shape**2, axis=0))
    own = np.divide(np.sqrt(wanted**2 - shared**2), present, out=np.zeros_like(wanted), where=present > 0)
    deviation = shape * own + shared * generator.standard_normal((half, 1))
    return normalised(mirrored(deviation)[:paths], forecast)


def shared_level(paths: Floats, total_misses: Floats, length: int) -> float:
    """How much totals were off in the past beyond what these paths' totals scatter: the level that they lack.

    paths : made with no level; total_misses : log of observed over forecast total of past stretches of `length` days
    Returns a standard deviation of the logarithm; 0 with fewer than four stretches, too few to tell.
    """
    known = total_misses[np.isfinite(total_misses)]
    total = paths[:, :length].sum(axis=1)
    if len(known) < 4 or not (total > 0).all():
        return 0.0
    explained = float(np.log(total).var()) + 1.0 / float(total.mean())
    return float(np.sqrt(max(float(np.mean(known**2)) - explained, 0.0)))


def turned(trend: Floats, rows: int) -> Floats:
    """As many draws of the trend as asked for, starting over where there are fewer.

    >>> turned(np.array([[0.5], [0.1]]), 3).tolist()
    [[0.5], [0.1], [0.5]]
    """
    return trend[np.arange(rows) % len(trend)]


def path_spread(forecast: Floats, reach: Floats) -> Floats:
    """Standard deviation of the logarithm that paths need, so that with Poisson chance on top they fill the range."""
    chance = np.divide(1.0, forecast, out=np.zeros_like(forecast), where=forecast > 0)
    return np.sqrt(np.maximum((reach / NORMAL_80) ** 2 - chance, 0.0)) * (forecast > 0)


def mirrored(deviation: Floats) -> Floats:
    """Each row followed by its opposite.

    >>> mirrored(np.array([[1.0, 2.0]])).tolist()
    [[1.0, 2.0], [-1.0, -2.0]]
    """
    return np.stack([deviation, -deviation], axis=1).reshape(-1, deviation.shape[1])


def normalised(deviation: Floats, forecast: Floats) -> Floats:
    """Paths from log deviations, scaled so that each day's mean over the paths is exactly the forecast."""
    factor = np.exp(deviation)
    return np.ascontiguousarray(forecast * factor / factor.mean(axis=0))


def smoothed_weeks(day: Days, residuals: Floats, fitted: Floats) -> Floats:
    """Past weeks of log misses (rows of Monday to Sunday) without the part that Poisson chance alone explains.

    What a week has in common outlives averaging and chance does not, so the two parts are shrunk apart.
    """
    first = (int(day[0].astype(np.int64)) + 3) % 7
    padded = np.full(-(-(first + len(day)) // 7) * 7, np.nan)
    padded[first : first + len(day)] = residuals
    rows = padded.reshape(-1, 7)
    rows = rows[(~np.isnan(rows)).sum(axis=1) >= 3]
    if not len(rows):
        return np.zeros((1, 7))
    level = np.nanmean(rows, axis=1, keepdims=True)
    within = np.where(np.isnan(rows), 0.0, rows - level)
    open_days = float((~np.isnan(rows)).sum(axis=1).mean())
    sold = fitted > 0
    chance = float(np.mean(1.0 / fitted[sold]))
    within_variance = float((within**2).sum() / (~np.isnan(rows)).sum())
    level = level - level.mean()
    smoothed: Floats = level * kept(float(level.var()), chance / open_days) + within * kept(
        within_variance, chance * (1 - 1 / open_days)
    )
    return smoothed


def kept(variance: float, chance: float) -> float:
    """The factor that leaves of a deviation what chance does not explain; never under a tenth, so that a shape remains.

    >>> kept(4.0, 3.0)
    0.5
    """
    return float(np.sqrt(max(1 - chance / variance, 0.01))) if variance > 0 else 0.0


def drawn_weeks(weeks: Floats, day: Days, rows: int, generator: np.random.Generator) -> Floats:
    """Whole past weeks, drawn at random and laid along the coming days, weekday on weekday; shape (rows, days)."""
    first = (int(day[0].astype(np.int64)) + 3) % 7
    count = -(-(first + len(day)) // 7)
    picked = generator.integers(0, len(weeks), size=(rows, count))
    laid: Floats = weeks[picked].reshape(rows, count * 7)[:, first : first + len(day)]
    return laid
