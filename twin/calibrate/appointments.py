"""Appointments: how many are not kept, and how punctual those are who come."""

import numpy as np
import pandas as pd

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.shares import Split, shares
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Booked

FEWEST = 30


def appointments(tables: VisitTables, blueprint: Blueprint) -> Part:
    """The share that nobody came to and the scatter of coming early or late, over the last year, by name."""
    booked = {name: kind.booked for name, kind in blueprint.structure.kinds.items() if kind.booked is not None}
    recent = tables.appointments[tables.appointments["planned_at"] >= tables.since]
    splits = []
    for share in dict.fromkeys(one.no_show_share for one in booked.values()):
        own = recent[recent["kind"].isin([name for name, one in booked.items() if one.no_show_share == share])]
        splits.append(Split([(share, int(own["visit_id"].isna().sum()))], len(own), 2))
    whole = shares(splits, blueprint, "appointments of the last year")
    _punctuality(booked, minutes_off(tables, recent), blueprint, whole)
    return whole


def minutes_off(tables: VisitTables, recent: pd.DataFrame) -> pd.DataFrame:
    """How many minutes after the appointment its visit came, before it where negative: kind, minutes.

    A visit of another kind or on another day says that the two do not belong together.
    """
    met = recent.merge(tables.visits[["visit_id", "kind", "arrived_at", "day"]], on="visit_id", suffixes=("", "_came"))
    met = met[(met["kind"] == met["kind_came"]) & (met["planned_at"].dt.normalize() == met["day"])]
    return met.assign(minutes=(met["arrived_at"] - met["planned_at"]).dt.total_seconds() / 60)[["kind", "minutes"]]


def _punctuality(booked: dict[str, Booked], off: pd.DataFrame, blueprint: Blueprint, whole: Part) -> None:
    """Around the agreed time, since the model has nobody come early or late on average."""
    for name in blueprint.asked(one.punctuality_minutes for one in booked.values()):
        kinds = [kind for kind, one in booked.items() if one.punctuality_minutes == name]
        squares = off.loc[off["kind"].isin(kinds), "minutes"].to_numpy(float) ** 2
        if len(squares) < FEWEST:
            whole.reasons[name] = f"{len(squares)} appointments with a visit on their day, {FEWEST} needed"
            continue
        value = float(np.sqrt(squares.mean()))
        error = float(squares.std(ddof=1) / np.sqrt(len(squares)) / (2 * value)) if value else 0.0
        method = f"root mean square of minutes early or late, {len(squares)} kept appointments of the last year"
        whole.estimates[name] = Estimate(value, error, len(squares), method)
