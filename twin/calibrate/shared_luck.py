"""What becomes of many borrowers month by month, where part of their luck is the same for all of them.

An ordered probit with a random effect for each month, which lasts (autoregressive of order one): Vasicek's model of a
portfolio, seen over time. The likelihood is taken as normal in cuts and months around its peak, which thousands of
loans make a good approximation; the factor's size and persistence are then summed over a grid. Integrating over the
cuts as well, not putting their best values in, is what keeps the size of a factor that was seen in few months from
coming out too small. Source: Vasicek (2002); Gordy and Heitfield (2002) on short panels; McNeil and Wendin (2007) on
months as random effects; Rue, Martino and Chopin (2009) on the approximation.

Two dozen months tell little of a factor's size: it is expected to be small (Simpson and others, 2017, with 19 in 20
below Basel's largest correlation for retail loans, 0.16). Of its persistence nothing is expected.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
SIZES = np.geomspace(0.02, 1.2, 20)  # of the factor beside an own part of 1: correlations from 0.0004 to 0.59
LASTING = (np.arange(16) + 0.5) / 16
RATE = 6.9  # exp(-RATE x size) is 0.05 at a correlation of 0.16
START = (0.3, 0.5)
ROUNDS, STEPS = 2, 60
LEAST = 1e-12


@dataclass(frozen=True)
class Cell:
    """Borrowers who stood alike: how many of them went which way in each month.

    cuts   : places of the cuts between the ways, the worst first
    counts : shape (months, cuts + 1)
    """

    cuts: tuple[int, ...]
    counts: Floats


@dataclass(frozen=True)
class Posterior:
    """What the months say, on a grid of the factor's correlation and persistence.

    weights, correlation, persistence : shape (points,)
    means, spread : of each point, the cuts of a borrower's own luck, whose deviation is 1, and after them the last
    month's factor, whose deviation is 1 as well: mean and covariance
    """

    weights: Floats
    correlation: Floats
    persistence: Floats
    means: Floats
    spread: Floats

    def at(self, point: int, later: int) -> tuple[Floats, Floats]:
        """Mean and covariance at one point, the factor so many months after the last."""
        stays = self.persistence[point] ** later
        fades = np.r_[np.ones(self.means.shape[1] - 1), stays]
        spread = self.spread[point] * np.outer(fades, fades)
        spread[-1, -1] += 1.0 - stays**2
        return self.means[point] * fades, spread


def posterior(cells: list[Cell], cuts: int, months: int) -> Posterior:
    """Size and persistence of the factor, every cut, and the last month's factor, together."""
    place, size, lasting = _start(cells, cuts, months), *START
    for _ in range(ROUNDS):
        prior = precision(size, lasting, months)
        place = peak(cells, place, cuts, prior)
        slope, information = likelihood(cells, place, cuts)
        found = _on_grid(information, information @ place + slope, cuts, months)
        size = float(np.exp(found.weights @ np.log(_size(found.correlation))))
        lasting = float(found.weights @ found.persistence)
    return found


def precision(size: float, lasting: float, months: int) -> Floats:
    """The inverse covariance of the months' factors: a stationary autoregression of this size."""
    inner = 1.0 + lasting**2 if months > 1 else 1.0 - lasting**2
    found = np.diag(np.full(months, inner)) - lasting * (np.eye(months, k=1) + np.eye(months, k=-1))
    found[0, 0] = found[-1, -1] = 1.0 if months > 1 else inner
    return np.asarray(found / (size**2 * (1.0 - lasting**2)))


def likelihood(cells: list[Cell], place: Floats, cuts: int) -> tuple[Floats, Floats]:
    """Slope of the logarithm of the likelihood at a place (cuts, then months), and Fisher's information there."""
    factor = place[cuts:]
    slope, information = np.zeros(len(place)), np.zeros((len(place), len(place)))
    for cell in cells:
        own = np.asarray(cell.cuts)
        at = place[own][None, :] - factor[:, None]
        below = np.concatenate([np.zeros((len(factor), 1)), ndtr(at), np.ones((len(factor), 1))], axis=1)
        chance = np.maximum(np.diff(below, axis=1), LEAST)
        density = np.exp(-0.5 * at**2) / np.sqrt(2.0 * np.pi)
        of = cell.counts / chance
        pull = density * (of[:, :-1] - of[:, 1:])
        slope[own] += pull.sum(axis=0)
        slope[cuts:] -= pull.sum(axis=1)
        weight = _weights(cell.counts.sum(axis=1), density, chance)
        information[np.ix_(own, own)] += weight.sum(axis=0)
        with_months = -weight.sum(axis=2).T
        information[own, cuts:] += with_months
        information[cuts:, own] += with_months.T
        information[cuts:, cuts:] += np.diag(weight.sum(axis=(1, 2)))
    return slope, information


def _weights(cases: Floats, density: Floats, chance: Floats) -> Floats:
    """Of each month, how much is known of each cut and of each two that follow each other."""
    months, cuts = density.shape
    found = np.zeros((months, cuts, cuts))
    for cut in range(cuts):
        found[:, cut, cut] = cases * density[:, cut] ** 2 * (1.0 / chance[:, cut] + 1.0 / chance[:, cut + 1])
    for cut in range(cuts - 1):
        both = -cases * density[:, cut] * density[:, cut + 1] / chance[:, cut + 1]
        found[:, cut, cut + 1] = found[:, cut + 1, cut] = both
    return found


def peak(cells: list[Cell], place: Floats, cuts: int, prior: Floats) -> Floats:
    """The likeliest place under a prior of the months, by scoring; steps that are too long are halved."""
    for _ in range(STEPS):
        slope, information = likelihood(cells, place, cuts)
        slope[cuts:] -= prior @ place[cuts:]
        information[cuts:, cuts:] += prior
        step = np.linalg.solve(information, slope)
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), LEAST))
        place = place + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return place


def _start(cells: list[Cell], cuts: int, months: int) -> Floats:
    """Cuts at the shares of all months together."""
    below, cases = np.zeros(cuts), np.zeros(cuts)
    for cell in cells:
        total = cell.counts.sum(axis=0)
        below[list(cell.cuts)] += np.cumsum(total)[:-1]
        cases[list(cell.cuts)] += total.sum()
    return np.concatenate([ndtri((below + 0.5) / (cases + 1.0)), np.zeros(months)])


def _on_grid(information: Floats, pull: Floats, cuts: int, months: int) -> Posterior:
    """All points of the grid: how likely each is, and what cuts and months are there."""
    size, lasting = (one.ravel() for one in np.meshgrid(SIZES, LASTING, indexing="ij"))
    priors = np.stack([precision(*point, months) for point in zip(size.tolist(), lasting.tolist(), strict=True)])
    whole = np.repeat(information[None], len(size), axis=0)
    whole[:, cuts:, cuts:] += priors
    covariance = np.linalg.inv(whole)
    means = covariance @ pull
    heights = 0.5 * (np.linalg.slogdet(priors)[1] - np.linalg.slogdet(whole)[1] + means @ pull)
    heights += np.log(size) - RATE * size
    weights = np.exp(heights - heights.max())
    shown, unit = [*range(cuts), cuts + months - 1], np.ones((len(size), cuts + 1))
    unit[:, -1] = 1.0 / size
    return Posterior(
        weights=weights / weights.sum(),
        correlation=size**2 / (1.0 + size**2),
        persistence=lasting,
        means=means[:, shown] * unit,
        spread=covariance[:, shown][:, :, shown] * unit[:, :, None] * unit[:, None, :],
    )


def _size(correlation: Floats) -> Floats:
    return np.asarray(np.sqrt(correlation / (1.0 - correlation)))
