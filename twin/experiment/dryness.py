"""Which places of a supply chain run dry, and which of their items, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.experiment.outcome import RunOutcome
from twin.spec.structure import Structure

SURE_SHARE = 0.9  # of the plays
OFTEN_SHARE = 0.5  # of the plays in which a single item must be out, to be named
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


@dataclass(frozen=True)
class ItemsDry:
    """The items of a place that are out for a week or longer.

    node, kept : the place, and how many items it keeps
    items : their places among all goods with the day on which each is first out, of the horizon from 0; the first first
    lost : pieces that customers did not find there in all days, on average
    usual, usual_lost : how many items are out as today, and the pieces lost then; None where no change is asked about
    """

    node: str
    kept: int
    items: tuple[tuple[int, int], ...]
    lost: float
    usual: int | None = None
    usual_lost: float = 0.0


def items_dry(outcome: RunOutcome, structure: Structure, baseline: RunOutcome | None = None) -> list[ItemsDry]:
    """Of each place, the items that are out for long in more than half of the plays; places without any are left out.

    baseline : the same plays as today, where a change is asked about: an item that is out in both from the same day on
    is none of its doing
    """
    found = []
    nodes, stocking = list(structure.nodes), structure.network.stocking
    told = outcome.dry_from.size > 0 and outcome.dry_from.shape[1] == len(nodes)  # not so where older runs have others
    for node in stocking if told else ():
        place = nodes.index(node)
        when, field = outcome.dry_from[:, place], f"units_lost[{node}]" if len(stocking) > 1 else "units_lost"
        usual, moved = None, when
        if baseline is not None:
            before = baseline.dry_from[:, place]
            usual, moved = len(_often(before)), np.where(when == before, 0, when)
        items = tuple(sorted(_often(moved).items(), key=lambda one: (one[1], one[0])))
        if items:
            column = structure.columns[field]
            lost = [float(one.days[:, :, column].sum(axis=1).mean()) if one else 0.0 for one in (outcome, baseline)]
            found.append(ItemsDry(node, int((when[0] >= 0).sum()), items, lost[0], usual, lost[1]))
    return sorted(found, key=lambda one: one.items[0][1])


def _often(when: np.ndarray) -> dict[int, int]:
    """The items that are out for long in more than half of the plays, each with the middle play's first day."""
    return {
        int(item): int(np.median(when[when[:, item] > 0, item])) - 1
        for item in np.flatnonzero((when > 0).mean(axis=0) > OFTEN_SHARE)
    }


def _since(empty: np.ndarray) -> np.ndarray:
    """From which day on each play's shelf is empty to the end; the number of days where it is not."""
    filled = ~empty
    last = np.where(filled.any(axis=1), filled.shape[1] - 1 - np.argmax(filled[:, ::-1], axis=1), -1)
    return np.asarray(last + 1)
