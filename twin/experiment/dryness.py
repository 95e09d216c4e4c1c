"""Which places of a supply chain run dry, and when: shelves that were filled, emptied and stay empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SURE_SHARE = 0.9  # of the plays
LEAST_DAYS = 3  # so long must it last, to be more than a bad day
ALL = ""


@dataclass(frozen=True)
class Dry:
    """A place whose shelves are empty from a day on.

    node : its name, empty where a business has one place only;  day : of the horizon, from 0, the middle play's
    lost : pieces a day that are asked for and not there since, on average
    """

    node: str
    day: int
    lost: float


def ran_dry(days: np.ndarray, columns: Mapping[str, int], nodes: Sequence[str]) -> list[Dry]:
    """The places that ran dry and stayed so to the end of the days, in nearly all plays; the first comes first.

    days : records of shape (replications, days, fields);  columns : their places;  nodes : those with shelves
    """
    found = []
    for node in nodes if len(nodes) > 1 else [ALL]:
        column = f"[{node}]" if node else ""
        empty = days[:, :, columns[f"stock_units{column}"]] == 0.0
        since = _since(empty)
        long = since <= days.shape[1] - LEAST_DAYS
        if days.shape[1] and float(long.mean()) >= SURE_SHARE:
            first = int(np.median(since[long]))
            short = (
                days[:, first:, columns[f"units_demanded{column}"]] - days[:, first:, columns[f"units_shipped{column}"]]
            )
            found.append(Dry(node, first, float(short.mean())))
    return sorted(found, key=lambda dry: dry.day)


def _since(empty: np.ndarray) -> np.ndarray:
    """From which day on each play's shelf is empty to the end; the number of days where it is not."""
    filled = ~empty
    last = np.where(filled.any(axis=1), filled.shape[1] - 1 - np.argmax(filled[:, ::-1], axis=1), -1)
    return np.asarray(last + 1)
