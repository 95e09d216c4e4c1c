"""Numbers that hold in several places, estimated together from all the records that tell of them."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint, families
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.likelihood import Peak, peak
from twin.spec.structure import Values

Floats = NDArray[np.float64]


class Telling(Protocol):
    """Records of one place that tell of some numbers, all of them above zero."""

    @property
    def names(self) -> list[str]:
        """The names that these records tell of, asked for or not."""

    @property
    def rows(self) -> int:
        """How many of the records tell a whole value."""

    def log_likelihood(self, values: Values) -> float:
        """How likely these records are."""

    def guess(self, name: str) -> float:
        """About what a number is; where the search begins."""


Method = Callable[[Sequence[Telling], str], str]


def jointly(found: Sequence[Telling], blueprint: Blueprint, fewest: int, what: str, method: Method) -> Part:
    """Each name by maximum likelihood from all places where it stands; with a covariance where several hang together.

    fewest : whole values without which a name stays as the template has it; what : they are called
    method : how it was done, from the places that tell of a name and a note where the records hardly decide it
    """
    whole = Part()
    for family in families(blueprint.asked(one.names) for one in found):
        theirs = [one for one in found if set(one.names) & set(family)]
        rows = {name: sum(one.rows for one in theirs if name in one.names) for name in family}
        poor = [name for name in family if rows[name] < fewest]
        whole.reasons.update({name: f"{rows[name]} {what}, {fewest} needed" for name in poor})
        names = [name for name in family if name not in poor]
        if names:
            _add(whole, names, [one for one in theirs if one.rows], blueprint, method)
    return whole


def _add(whole: Part, names: list[str], found: Sequence[Telling], blueprint: Blueprint, method: Method) -> None:
    reached = fitted(names, found, blueprint.values)
    values = np.exp(reached.place)
    covariance = reached.covariance * np.outer(values, values)
    doubt = "" if reached.settled else "; the records hardly decide it, so the range is wide"
    for place, name in enumerate(names):
        theirs = [one for one in found if name in one.names]
        error = float(np.sqrt(covariance[place, place]))
        rows = sum(one.rows for one in theirs)
        whole.estimates[name] = Estimate(float(values[place]), error, rows, method(theirs, doubt))
    if len(names) > 1:
        whole.covariances.append((tuple(names), covariance))


def fitted(names: list[str], found: Sequence[Telling], known: Values) -> Peak:
    """The logarithms of the numbers that make all these records most likely."""

    def log_likelihood(logs: Floats) -> float:
        values = {**known, **dict(zip(names, np.exp(logs).tolist(), strict=True))}
        return sum(one.log_likelihood(values) for one in found)

    return peak(log_likelihood, np.log([_first_guess(name, found) for name in names]))


def _first_guess(name: str, found: Sequence[Telling]) -> float:
    """The guess of the place with the most records."""
    return max((one for one in found if name in one.names), key=lambda one: one.rows).guess(name)
