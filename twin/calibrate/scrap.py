"""Which share of the pieces comes to nothing."""

import numpy as np

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Number

FEWEST = 500


def scrap(tables: VisitTables, share: Number, blueprint: Blueprint) -> Part:
    """The share of pieces of finished orders that were scrapped, over the last year.

    Pieces of one order may be scrapped together: the error grows by how much more orders differ than chance would have
    them. Source: McCullagh and Nelder, Generalized Linear Models (2nd ed. 1989), 4.5, on over-dispersed shares.
    """
    if not blueprint.asks(share):
        return Part()
    year = tables.year
    told = year[year["ended_at"].notna() & (year["scrapped"] <= year["units"]) & (year["units"] > 0)]
    units, scrapped = told["units"].to_numpy(float), told["scrapped"].to_numpy(float)
    if units.sum() < FEWEST:
        return Part(reasons={str(share): f"{units.sum():.0f} pieces of finished orders, {FEWEST} needed"})
    value = float((scrapped.sum() + 0.5) / (units.sum() + 1))
    beyond = float(((scrapped - units * value) ** 2 / (units * value * (1 - value))).sum() / max(len(told) - 1, 1))
    error = float(np.sqrt(value * (1 - value) / (units.sum() + 2) * max(beyond, 1.0)))
    method = (
        f"share of {units.sum():,.0f} pieces of {len(told):,} finished orders of the last year, which differ "
        f"{beyond:.2g} times as much as chance"
    )
    return Part(estimates={str(share): Estimate(value, error, len(told), method)})
