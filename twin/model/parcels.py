"""What lies in open orders, kept where work may be given up: then it goes back on its shelf."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.model.orders import with_room

NO_ORDER = -(2**62)  # the day of work that is no order


@dataclass
class Load:
    """What a day's orders took from the shelves, line by line.

    outlet : of each order;  first : its first line, and behind the last order the end
    """

    outlet: np.ndarray
    first: np.ndarray
    items: np.ndarray
    pieces: np.ndarray

    @classmethod
    def of_lines(cls, outlet: np.ndarray, lines: np.ndarray) -> "Load":
        """Room for orders of so many lines."""
        first = np.concatenate([[0], np.cumsum(lines)]).astype(np.int64)
        return cls(outlet, first, np.zeros(first[-1], np.int64), np.zeros(first[-1]))


NOTHING_HELD = Load.of_lines(np.empty(0, np.int64), np.empty(0, np.int64))


class Parcels:
    """The loads of all days of which an order is still open, found by the tags of the orders' work."""

    def __init__(self) -> None:
        self.loads, self.inside = dict[int, Load](), dict[int, int]()
        self.number, self.place = np.full(1024, NO_ORDER), np.zeros(1024, np.int64)

    def keep(self, day: int, tags: np.ndarray, places: np.ndarray, load: Load) -> None:
        """What today's orders hold; places : of each tag among the day's orders, -1 where it is no order."""
        if len(tags) and (most := int(tags.max()) + 1) > len(self.number):
            self.number, self.place = with_room(self.number, most), with_room(self.place, most)
        mine = places >= 0
        self.number[tags], self.place[tags] = np.where(mine, day, NO_ORDER), places
        if count := int(np.count_nonzero(mine)):
            self.loads[day], self.inside[day] = load, count

    def closed(self, tags: np.ndarray, given_up: np.ndarray) -> Iterator[tuple[Load, np.ndarray]]:
        """Forget the orders that ended; gives, load by load, those that were given up."""
        days = self.number[tags]
        for day, count in zip(*(found.tolist() for found in np.unique(days, return_counts=True)), strict=True):
            if day == NO_ORDER:
                continue
            mine = tags[given_up & (days == day)]
            if len(mine):
                yield self.loads[day], np.sort(self.place[mine])
            self.inside[day] -= count
            if not self.inside[day]:
                del self.inside[day], self.loads[day]
