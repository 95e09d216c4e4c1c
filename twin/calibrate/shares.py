"""Which share of the work is of which kind, and where it goes from each station."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint, families
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.visits import NEGATIVE, POSITIVE, VisitTables
from twin.spec.structure import OUT, REST, Number

Floats = NDArray[np.float64]
FEWEST = 20


@dataclass(frozen=True)
class Split:
    """So many cases, each of which went one of several ways, and the numbers that say with which share.

    ways   the number of each way and how often it was taken
    total  all cases, those of other ways included
    """

    ways: list[tuple[Number, int]]
    total: int
    categories: int

    @property
    def names(self) -> list[str]:
        """The names among the numbers."""
        return [of for of, _ in self.ways if isinstance(of, str)]


def routes(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Which share of the finished steps of each station goes on to which other, by the result where there is a test."""
    steps = tables.steps
    ended = steps[steps["ended_at"].notna() & steps["began_at"].notna() & steps["next"].notna()]
    splits = []
    for name, station in blueprint.structure.stations.items():
        here = ended[ended["station"] == name]
        if station.test is None:
            splits.append(_split(station.next, here["next"]))
        else:
            splits.append(_split(station.next, here.loc[here["result"] == NEGATIVE, "next"]))
            splits.append(_split(station.test.next, here.loc[here["result"] == POSITIVE, "next"]))
    return shares(splits, blueprint, f"finished steps of {blueprint.work} of the last year")


def _split(onward: Mapping[str, Number], went: pd.Series) -> Split:
    """How often each way was taken."""
    ways = [(share, int((went == target).sum())) for target, share in onward.items()]
    return Split(ways, len(went), len(onward) if REST in onward.values() else len({*onward, OUT}))


def kinds(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Which share of the visits is of which kind, those by appointment left out."""
    walk_in = {name: blueprint.structure.kinds[name].share for name in blueprint.walk_in}
    counts = tables.year["kind"].value_counts()
    ways = [(share, int(counts.get(name, 0))) for name, share in walk_in.items()]
    total = sum(count for _, count in ways)
    return shares([Split(ways, total, len(walk_in))], blueprint, f"{blueprint.work} of the last year")


def shares(splits: list[Split], blueprint: Blueprint, what: str) -> Part:
    """The shares by name, jointly where one more means one fewer of another, by Jeffreys' rule."""
    whole = Part()
    for family in families(blueprint.asked(split.names) for split in splits):
        theirs = [split for split in splits if set(split.names) & set(family)]
        total = sum(split.total for split in theirs)
        if total < FEWEST:
            whole.reasons.update(dict.fromkeys(family, f"{total:,} {what}, {FEWEST} needed"))
            continue
        values, covariance, rows = jeffreys(family, theirs)
        for place, name in enumerate(family):
            error = float(np.sqrt(max(covariance[place, place], 0.0)))
            method = f"share of {rows[place]:,} {what}, half a case added to each way (Jeffreys)"
            whole.estimates[name] = Estimate(float(values[place]), error, int(rows[place]), method)
        if len(family) > 1:
            whole.covariances.append((tuple(family), covariance))
    return whole


def jeffreys(names: list[str], splits: list[Split]) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Shares with their joint covariance, from cases that go one of several ways; a name may stand in several places.

    Half a case is added to each way, which keeps the share and its error sensible where a way was hardly ever taken.
    Source: Jeffreys' prior of the binomial, Brown, Cai and DasGupta (2001); for several ways the Dirichlet of halves.
    """
    taken, cases, rows = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names), np.int64)
    for split in splits:
        for of, count in split.ways:
            if of in names:
                place = names.index(str(of))
                taken[place] += count + 0.5
                cases[place] += split.total + split.categories / 2
                rows[place] += split.total
    values = taken / cases
    spread = np.zeros((len(names), len(names)))
    for split in splits:
        stands = np.array([[float(of == name) for of, _ in split.ways] for name in names])
        of_way = values @ stands
        single = np.diag(of_way) - np.outer(of_way, of_way)
        spread += (split.total + split.categories / 2) * stands @ single @ stands.T
    return values, spread / np.outer(cases, cases + 1), rows
