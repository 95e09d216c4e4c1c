"""Stations in a row, each first come, first served: where a business is that, and room for the kernel that plays it."""

import math
from typing import TYPE_CHECKING

import numpy as np

from twin.model.kernels import row as kernel

if TYPE_CHECKING:
    from twin.model.layout import Layout

NONE = np.empty(0, np.int64)
MOST = 2048  # who come in one stretch: so many visits stay in the processor's cache from station to station


def in_a_row(layout: "Layout") -> np.ndarray:
    """The stations by number, one after the other; none where the business is anything else.

    All work starts at the first and passes through every station, each with a team that serves nothing else, first
    come, first served; nobody gives up or turns round, nothing is tested or bounded.
    """
    stations, teams = layout.stations, layout.team_of[:, 0].tolist()
    own_teams = min(teams, default=-1) >= 0 and len(set(teams)) == len(teams) and (layout.team_of[:, 1:] < 0).all()
    unbounded = (stations["balk_at"] == math.inf).all() and (stations["capacity"] == math.inf).all()
    simple = (stations["sensitivity"] < 0.0).all() and (layout.work["patience"] == math.inf).all()
    if not (own_teams and unbounded and simple) or layout.queues.shape[1] > 1 or len(set(layout.start.tolist())) != 1:
        return NONE
    return _route(int(layout.start[0]), layout.onward[:, 0, :-1])


def _route(first: int, onward: np.ndarray) -> np.ndarray:
    """The way from the first station out, where there is one way and it passes every station once."""
    route, place = list[int](), first
    while place not in route:
        route.append(place)
        shares = onward[place]
        if not (shares > 0.0).any():
            return np.array(route) if len(route) == len(onward) else NONE
        if not ((shares == 0.0) | (shares == math.inf)).all():
            return NONE
        place = int(np.argmax(shares))
    return NONE


class Room:
    """Arrays for one stretch at so many stations with so many people at most; see kernels/row.py."""

    def __init__(self, stations: int, people: int, visits: int) -> None:
        self.people, self.visits = people, visits
        block = kernel.BLOCK
        slots, moments = np.empty((2, visits), np.int64), np.empty((2, visits))
        each = (np.empty(visits, np.uint64), np.empty(visits, np.int64), *np.empty((3, visits)))
        frees, whos = np.empty((stations, people + block)), np.empty((stations, people + block), np.int64)
        begun = (np.empty(stations * people, np.int64), np.empty(stations * people))
        drawn = (*np.empty((5, block)), np.empty(block + 1, np.int64), np.empty(block + 1))
        counts = np.empty(stations, np.int64)
        self.arrays = (slots, moments, *each, frees, whos, counts, *begun, *drawn)  # as the kernel takes them
