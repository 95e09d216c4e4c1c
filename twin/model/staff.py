"""The picking team: a roster, people who turn up or not, and the orders that wait for them."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Values
from twin.model.kernels import picking as kernel
from twin.model.orders import with_room
from twin.records import WAIT_BINS, WAIT_EDGES

if TYPE_CHECKING:
    from twin.model.business import Business

EDGES = np.array(WAIT_EDGES)


class Shift:
    """What one day in the packing room was like."""

    def __init__(self) -> None:
        self.rostered, self.present = 0, 0
        self.present_minutes, self.busy_minutes = 0.0, 0.0
        self.packed, self.late, self.wait_sum = 0, 0, 0.0
        self.histogram = np.zeros(WAIT_BINS)
        self.tags = np.empty(0, np.int64)
        self.late_flags = np.empty(0, np.bool_)


class Pickers(mesa.Agent):
    """A team that packs orders first come, first served; what is not finished goes on the next day."""

    def __init__(self, business: "Business", values: Values) -> None:
        super().__init__(business)
        self.chance, self.values = business.chance, values
        self.clock = 0.0
        self.length = 0.0
        self.first, self.last, self.begun = 0, 0, 0
        self.arrived, self.service = np.zeros(1024), np.zeros(1024)
        self.tag = np.zeros(1024, np.int64)
        self.table, self.table_tags = np.zeros((64, 3)), np.zeros(64, np.int64)

    def roster(self, day: int, is_open: bool, levers: Values) -> int:
        """How many pickers the roster has that day."""
        if not is_open:
            return 0
        return int(levers["pickers_weekend"] if self.model.inputs.weekend(day) else levers["pickers_weekday"])

    def accept(
        self,
        day: int,
        minutes: np.ndarray,
        lines: np.ndarray,
        entities: np.ndarray,
        nth: np.ndarray,
        tags: np.ndarray,
        levers: Values,
    ) -> None:
        """Put the day's orders, in order of time, at the end of the queue."""
        number = len(minutes)
        self._make_room(number)
        length = levers["opening_hours"] * 60.0
        kernel.taken(
            self.chance[Purpose.PICKING_TIME], day, self.clock, self.values["opens_at_hour"] * 60.0, length,
            minutes, lines, entities, nth,
            self.values["picking_minutes_order"], self.values["picking_minutes_line"], self.values["picking_scatter"],
            levers["picking_speed"], self.arrived[self.last :], self.service[self.last :],
        )  # fmt: skip
        self.tag[self.last : self.last + number] = tags
        self.last += number

    def _make_room(self, number: int) -> None:
        if self.first > 4096:
            waiting = slice(self.first, self.last)
            for column in (self.arrived, self.service, self.tag):
                column[: self.last - self.first] = column[waiting].copy()
            self.first, self.last = 0, self.last - self.first
        for name in ("arrived", "service", "tag"):
            setattr(self, name, with_room(getattr(self, name), self.last + number))

    def work(self, day: int, is_open: bool, levers: Values) -> Shift:
        """Work through one day's queue."""
        shift = Shift()
        shift.rostered = self.roster(day, is_open, levers)
        shift.present = kernel.present(self.chance[Purpose.ABSENCE], day, shift.rostered, levers["absence_share"])
        length = levers["opening_hours"] * 60.0 if is_open else 0.0
        shift.present_minutes = shift.present * length
        if len(self.table) < self.begun + shift.present + 1:
            self._widen(self.begun + shift.present + 1)
        room = self.last - self.first + self.begun
        out, tags = np.empty((room, 3)), np.empty(room, np.int64)
        self.first, self.begun, done, shift.busy_minutes = kernel.packed(
            self.clock, length, shift.present, self.arrived, self.service, self.tag, self.first, self.last,
            self.table, self.table_tags, self.begun, np.zeros(shift.present), out, tags,
        )  # fmt: skip
        self.clock += length
        self._report(shift, out, tags, done)
        return shift

    def _widen(self, number: int) -> None:
        table, tags = np.zeros((2 * number, 3)), np.zeros(2 * number, np.int64)
        table[: len(self.table)], tags[: len(self.table_tags)] = self.table, self.table_tags
        self.table, self.table_tags = table, tags

    def _report(self, shift: Shift, out: np.ndarray, tags: np.ndarray, done: int) -> None:
        rank = np.empty(done, np.int64)
        kernel.in_order_of_packing(out, tags, done, rank)
        shift.packed = done
        shift.wait_sum = kernel.waits(out, done, EDGES, shift.histogram)
        shift.tags = tags[rank]
        shift.late_flags = (out[rank, 2] - out[rank, 0]) > self.values["promised_hours"] * 60.0
        shift.late = int(np.count_nonzero(shift.late_flags))

    @property
    def waiting(self) -> int:
        """Orders that are not packed yet, begun ones included."""
        return self.last - self.first + self.begun
