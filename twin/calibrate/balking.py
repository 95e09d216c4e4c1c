"""At which queue people turn round."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.visits import ABANDONED, BALKED, OPEN, VisitTables

Ints = NDArray[np.int64]
FEWEST = 5
MOST_AMISS = 0.2


@dataclass(frozen=True)
class Queues:
    """How many were waiting when somebody came: of those who turned round, and of those who then waited."""

    turned: Ints
    stayed: Ints

    def threshold(self) -> tuple[int, int]:
        """The length from which on people turn round, and how many did otherwise: the least that can be had."""
        lengths = np.arange(1, int(self.turned.max()) + 2)
        amiss = [(self.turned < length).sum() + (self.stayed >= length).sum() for length in lengths]
        best = int(np.argmin(amiss))
        return int(lengths[best]), int(amiss[best])


def balking(tables: VisitTables, blueprint: Blueprint) -> Part:
    """The queue at which those turn round whose visit begins at a station; a fact where they agree on one length."""
    whole, stations = Part(), blueprint.structure.stations
    for name in blueprint.asked(station.balk_at for station in stations.values()):
        found = [queues(tables, blueprint, place) for place, one in stations.items() if one.balk_at == name]
        both = Queues(np.concatenate([one.turned for one in found]), np.concatenate([one.stayed for one in found]))
        if len(both.turned) < FEWEST:
            whole.reasons[name] = f"{len(both.turned)} visits of the last year turned round, {FEWEST} needed"
            continue
        length, amiss = both.threshold()
        if amiss > MOST_AMISS * len(both.turned):
            whole.reasons[name] = f"no one length of the queue tells those who turned round from the others ({amiss})"
            continue
        method = (
            f"the length of the queue from which on people turned round: {len(both.turned)} who did and "
            f"{len(both.stayed):,} who waited in the last year, {amiss} of them otherwise"
        )
        whole.estimates[name] = Estimate(float(length), 0.0, len(both.turned), method)
    return whole


def queues(tables: VisitTables, blueprint: Blueprint, station: str) -> Queues:
    """The queue at a station whenever somebody came to it who had to wait, or turned round."""
    steps = tables.steps
    here = steps[(steps["station"] == station) & (steps["outcome"] != BALKED)]
    ended = tables.year["ended_at"].to_numpy()[here["visit"].to_numpy()]
    gone = here["began_at"].isna() & here["last"] & (here["outcome"] == ABANDONED)
    left = here["began_at"].where(~gone, here["ended_at"].fillna(pd.Series(ended, here.index)))
    left = left.where(left.notna() | (here["outcome"] != OPEN), tables.morning).fillna(here["queued_at"])
    waits = here[left > here["queued_at"]]
    came, went = np.sort(here["queued_at"].to_numpy()), np.sort(left.to_numpy())
    starts = [kind for kind, one in blueprint.structure.kinds.items() if one.start == station]
    year = tables.year
    turned = year.loc[(year["outcome"] == BALKED) & year["kind"].isin(starts), "arrived_at"].to_numpy()
    stayed = waits["queued_at"].to_numpy()
    return Queues(
        np.searchsorted(came, turned, "right") - np.searchsorted(went, turned, "right"),
        np.searchsorted(came, stayed, "left") - np.searchsorted(went, stayed, "right"),
    )
