"""How long people wait before they give up."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint, by_number
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.visits import ABANDONED, OPEN, VisitTables
from twin.calibrate.worktime import WorkTime

FEWEST = 5


def patience(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Mean patience where it is exponential: all minutes spent waiting over the number of those who gave up.

    Whoever is served, or still waits today, tells that their patience was longer than their wait (censored).
    """
    minutes, gave_up = waits(tables, blueprint)
    whole = Part()
    for name, chosen in _places(tables, blueprint).items():
        total, events = float(minutes[chosen].sum()), int(gave_up[chosen].sum())
        waited = int((minutes[chosen] > 0).sum())
        if events < FEWEST:
            whole.reasons[name] = f"{events:,} of {waited:,} that waited gave up, {FEWEST} needed"
            continue
        method = (
            f"censored exponential by maximum likelihood: {total:,.0f} minutes of waiting of {waited:,} that waited, "
            f"of whom {events:,} gave up, last year"
        )
        whole.estimates[name] = Estimate(total / events, total / events / float(np.sqrt(events)), events, method)
    return whole


def waits(tables: VisitTables, blueprint: Blueprint) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each time that somebody queued: how many minutes they waited so far, and whether they gave up."""
    steps = tables.steps
    never = steps["began_at"].isna() & steps["last"]
    gave_up, still = never & (steps["outcome"] == ABANDONED), never & (steps["outcome"] == OPEN)
    ended = tables.year["ended_at"].to_numpy()[steps["visit"].to_numpy()]
    left = steps["ended_at"].fillna(pd.Series(ended, steps.index))
    until = steps["began_at"].where(~gave_up, left).where(~still, tables.morning)
    until = until.fillna(steps["queued_at"])  # who balked did not wait
    minutes = WorkTime.of_business(tables, blueprint).between(steps["queued_at"], until)
    return minutes, gave_up.to_numpy(bool)


def _places(tables: VisitTables, blueprint: Blueprint) -> dict[str, NDArray[np.bool_]]:
    """The steps that tell of each number that is asked for, in all the places where it stands."""
    found: dict[str, NDArray[np.bool_]] = {}
    for name, station in blueprint.structure.stations.items():
        here = (tables.steps["station"] == name).to_numpy()
        kinds_of = by_number(blueprint.structure.kinds, station.patience_of, station.patience_minutes)
        for number, kinds in kinds_of.items():
            if blueprint.asks(number):
                chosen = here & tables.steps["kind"].isin(kinds).to_numpy()
                found[str(number)] = found.get(str(number), np.zeros(len(chosen), dtype=bool)) | chosen
    return found
