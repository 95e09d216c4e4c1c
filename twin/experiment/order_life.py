"""The life of one order where no work is done on it: its outlet, what it asks for, what is there, what comes later."""

from functools import partial
from typing import Any

import numpy as np

from twin.errors import TwinError
from twin.experiment.events import PAID
from twin.experiment.inputs import Bundle
from twin.experiment.life import Event, wanted
from twin.experiment.question import Question
from twin.experiment.replicate import set_up
from twin.model.business import Business
from twin.model.inputs import Values
from twin.model.orders import Orders
from twin.model.promotion import paid
from twin.model.supply import Sale

MORNING = 0.0


class OrderFollowed(Business):
    """A business in which the n-th order of a day is looked at, and then the shelves on which it found too little."""

    def __init__(self, day: int, nth: int, *inputs: Any) -> None:
        self.wanted_day, self.nth, self.events = day, nth, list[Event]()
        self.missing: list[int] = []
        self.at = 0
        super().__init__(*inputs)

    def sell(self, day: int, orders: Orders, levers: Values) -> Sale | None:
        """The day's sales, and what the followed order finds."""
        self.fill_again(day)
        if day == self.wanted_day and self.nth < len(orders):
            self.look(day, orders, levers)
        return super().sell(day, orders, levers)

    def look(self, day: int, orders: Orders, levers: Values) -> None:
        """What the order asks for and what is there, item by item; nothing of it is taken here."""
        room = self.supply
        assert room is not None
        room.divide(levers)
        self.at, asked, given, revenue = room.foretold(day, orders, self.nth, *self.prices(day, paid(levers)))
        minute, names = float(orders.minute[self.nth]), self.inputs.vectors["item_id"]
        outlet = self.structure.nodes[room.outlets[self.at].name]
        self.events.append(Event(day, minute, "comes", outlet.label or room.outlets[self.at].name, wants(asked)))
        for item in np.flatnonzero((asked > 0.0) | (given > 0.0)).tolist():
            self.events.append(Event(day, minute, found(asked[item], given[item]), str(names[item])))
        self.events.append(Event(day, minute, PAID, "", f"{revenue:,.2f}"))
        self.missing = [int(item) for item in np.flatnonzero(given < asked)]

    def fill_again(self, day: int) -> None:
        """Which of the shelves that had too little has something again this morning."""
        if self.supply is None or not self.missing:
            return
        stock = self.supply.outlets[self.at].stock
        for item in [one for one in self.missing if stock[one] > 0.0]:
            words = f"{stock[item]:.0f} pieces"
            name = str(self.inputs.vectors["item_id"][item])
            self.events.append(Event(day, MORNING, "is on the shelf again:", name, words))
            self.missing.remove(item)


def wants(asked: np.ndarray) -> str:
    """How much an order asks for.

    >>> wants(np.array([2.0, 0.0, 1.0])), wants(np.array([1.0]))
    ('3 pieces of 2 items', '1 piece')
    """
    pieces, items = int(asked.sum()), np.count_nonzero(asked)
    return f"{pieces} piece{'s' if pieces > 1 else ''}" + (f" of {items} items" if items > 1 else "")


def found(asked: float, given: float) -> str:
    """What an order finds of an item."""
    if given > asked:
        return f"takes {given:.0f} instead of something else:"
    if given == asked:
        return f"finds all {asked:.0f}:" if asked > 1 else "finds the one it wants:"
    return f"finds {given:.0f} of {asked:.0f}:" if given else f"finds none of {asked:.0f}:"


def order_life(
    bundle: Bundle, question: Question, replication: int, factors: np.ndarray | None, who: str
) -> list[Event]:
    """Play one replication again and follow an order through it; TwinError where there is none."""
    whom = wanted(bundle, who)
    if whom.visit is None:
        raise TwinError("Only orders can be followed here; write visit DAY/NUMBER, such as visit 0/1.")
    played = set_up(bundle, question, replication, factors, partial(OrderFollowed, *whom.visit))
    played.play()
    events = played.events
    played.close()
    if not events:
        raise TwinError(f"'{who}' did not come: that day of this play had fewer orders, or is not played.")
    return events
