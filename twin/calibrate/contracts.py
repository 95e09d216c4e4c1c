"""Customers with a contract: who ends it at a renewal, how many begin one, and who they are today."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.arrivals import rate_per_day
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.shares import Split, jeffreys
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Segment

Ints = NDArray[np.int64]
FEWEST_RENEWALS = 30


@dataclass(frozen=True)
class Renewals:
    """Renewals that came due, and how many of them were refused."""

    due: int
    refused: int


def contracts(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Churn at a renewal and contracts begun a day, over the last year, by the names of the template."""
    segments = {name: one for name, one in blueprint.structure.segments.items() if one.relation == "contract"}
    whole = Part()
    for name in blueprint.asked(one.churn_share for one in segments.values()):
        found = [
            renewals(tables.contracts[tables.contracts["segment"] == segment], renewal_days(one, blueprint), tables)
            for segment, one in segments.items()
            if one.churn_share == name
        ]
        _churn(name, found, whole)
    for name in blueprint.asked(one.new_per_day for one in segments.values()):
        theirs = [segment for segment, one in segments.items() if one.new_per_day == name]
        if len(tables.contracts):
            whole.estimates[name] = begun_per_day(theirs, tables)
        else:
            whole.reasons[name] = "there are no contracts in the records"
    return whole


def _churn(name: str, found: list[Renewals], whole: Part) -> None:
    due, refused = sum(one.due for one in found), sum(one.refused for one in found)
    if due < FEWEST_RENEWALS:
        whole.reasons[name] = f"{due:,} renewals came due, {FEWEST_RENEWALS} needed"
        return
    value, covariance, _ = jeffreys([name], [Split([(name, refused)], due, 2)])
    method = f"{refused:,} of {due:,} renewals of the last year refused, half a case added to each side (Jeffreys)"
    whole.estimates[name] = Estimate(float(value[0]), float(np.sqrt(covariance[0, 0])), due, method)


def renewals(found: pd.DataFrame, days: int, tables: VisitTables) -> Renewals:
    """Renewals due in the last year: every so many days from a contract's first.

    A contract that ended did so at the renewal nearest to its end; the day of today is still to come.
    """
    since = int((tables.since - tables.morning).days)
    started = _day(found["started_on"], tables)
    ended = np.where(found["ended_on"].notna(), _day(found["ended_on"], tables), 0)
    over = found["ended_on"].notna().to_numpy()
    last = np.where(over, np.maximum(np.rint((ended - started) / days), 1), (-1 - started) // days)
    kept = np.maximum(last - over, 0)  # renewals that were not refused, from the first day on
    before = np.clip((since - 1 - started) // days, 0, kept)
    refused = int((over & (ended >= since)).sum())
    return Renewals(int((kept - before).sum()) + refused, refused)


def renewal_days(segment: Segment, blueprint: Blueprint) -> int:
    """Days from one renewal to the next."""
    return max(round(blueprint.known(segment.renewal_days)), 1)


def begun_per_day(segments: list[str], tables: VisitTables) -> Estimate:
    """How many contracts begin on an average calendar day in each of the segments."""
    own = tables.contracts[tables.contracts["segment"].isin(segments)]
    recent = own.loc[own["started_on"] >= tables.since, "started_on"].dt.normalize()
    what = f"contracts begun over the last {tables.year_days} days"
    found = rate_per_day(recent, tables.morning, tables.year_days, what)
    places = len(segments)
    return Estimate(found.value / places, found.standard_error / places, found.rows, found.method)


def active(tables: VisitTables, blueprint: Blueprint) -> pd.DataFrame:
    """The contracts that run today with the days until their next renewal, 0 if it is due today.

    In the order in which they began; index: their row in `tables.contracts`.
    """
    running = tables.contracts[tables.contracts["ended_on"].isna()]
    by_segment = {name: renewal_days(one, blueprint) for name, one in blueprint.structure.segments.items()}
    days = running["segment"].map(by_segment).to_numpy(np.int64)
    return running.assign(renews_in_days=_day(running["started_on"], tables) % days)


def _day(days: pd.Series, tables: VisitTables) -> Ints:
    """Days counted from today; yesterday is -1, and where there is none it is today."""
    return np.asarray((days - tables.morning).dt.days.fillna(0), dtype=np.int64)
