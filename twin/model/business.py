"""A business: the order in which a day happens."""

import math

import mesa
import numpy as np

from twin.model.chance import Chance
from twin.model.customers import Customers
from twin.model.inputs import Inputs, Outcome, Plan, Values
from twin.model.money import Ledger
from twin.model.orders import with_room
from twin.model.staff import Pickers, Shift
from twin.model.supply import Sale, StockRoom, Supplier
from twin.records import COLUMN, DAY_FIELDS, FACTORS, WAIT_BINS

STREAMS_MOST = 0.5


def anchored(path: float, returning: float, streams: float) -> tuple[float, float]:
    """The factors for returning customers and for streams at which as many orders are expected as the path says.

    Streams keep their own rate as long as they are at most half of the path; then they shrink with it.
    """
    if path <= 0.0 or returning + streams <= 0.0:
        return 0.0, 0.0
    if returning <= 0.0:
        return 0.0, path / streams
    kept = min(1.0, STREAMS_MOST * path / streams) if streams > 0.0 else 1.0
    return (path - kept * streams) / returning, kept


class Business(mesa.Model):
    """One play of the coming days: customers order, the stock room gives, pickers pack, the supplier refills.

    inputs   what does not change from replication to replication
    values   the numbers that this replication drew, by name
    plan     the levers by day
    chance   this replication's luck
    path     the orders that the forecast expects on each day, shape (days,); the factor of each day is found from it
    factors  the factors of the baseline, shape (days, 2); given for a scenario, which must not find its own
    """

    def __init__(
        self,
        inputs: Inputs,
        values: Values,
        plan: Plan,
        chance: Chance,
        path: np.ndarray | None = None,
        factors: np.ndarray | None = None,
    ) -> None:
        super().__init__(rng=0)  # Mesa's own generator is never used: luck has no state
        self.inputs, self.values, self.plan, self.chance = inputs, values, plan, chance
        self.path, self.factors = path, factors
        self.customers = Customers(self, values, inputs.vectors)
        self.stock_room = StockRoom(self, values, inputs.vectors)
        self.supplier = Supplier(self, self.stock_room)
        self.pickers = Pickers(self, values)
        self.ledger = Ledger(self, values)
        self.order_row, self.order_fill = np.zeros(4096, np.int64), np.zeros(4096)
        self.orders_seen = 0
        self.day = 0
        self.days = np.zeros((inputs.days, len(DAY_FIELDS)))
        self.waits = np.zeros((inputs.days, WAIT_BINS))
        self.replay()

    def play(self) -> Outcome:
        """Play all days; returns a record a day."""
        for _ in range(self.inputs.days):
            self.step()
        return Outcome(self.days, self.waits)

    def step(self) -> None:
        """One day, from the morning's deliveries to the evening's books."""
        day, levers = self.day, self.plan.on(self.day)
        is_open = bool(self.inputs.open_days[day])
        received, purchases = self.supplier.deliver(day)
        expected, factors = self.appetite(day)
        orders = self.customers.order(day, factors, levers, self.plan)
        prices, effect = self.prices(day, levers["price"])
        sale = self.stock_room.sell(day, orders, prices, effect)
        tags = self.booked(orders.row, sale.fill)
        self.pickers.accept(day, orders.minute, orders.lines, orders.entity, orders.nth, tags, levers)
        shift = self.pickers.work(day, is_open, levers)
        self.customers.remember(*self.remembered(shift))
        lost = self.customers.leave()
        placed = self.supplier.take_orders(day, levers)
        record = {
            "orders": len(orders),
            "orders_returning": orders.returning,
            "orders_new": orders.new,
            "orders_anonymous": orders.anonymous,
            "orders_expected": expected,
            **dict(zip(FACTORS, factors, strict=True)),
            "customers_new": orders.new,
            "customers_lost": lost,
            "units_received": received,
            "supplier_orders": placed,
        }
        self.write(day, record | self.sold(sale, purchases) | self.worked(shift) | self.evening(), levers)
        self.day += 1

    def appetite(self, day: int) -> tuple[float, tuple[float, float]]:
        """Orders to be expected today at today's prices, and the day's factors that make them so.

        The season moves those who come back; new customers and anonymous buyers come at a steady rate.
        """
        returning, streams = self.customers.expected()
        if self.factors is not None:
            factors = (float(self.factors[day, 0]), float(self.factors[day, 1]))
        else:
            path = float(self.path[day]) if self.path is not None and self.inputs.open_days[day] else 0.0
            factors = anchored(path, returning, streams)
        return factors[0] * returning + factors[1] * streams, factors

    def prices(self, day: int, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Today's price of each item, and how single prices move the pieces asked for."""
        room = self.stock_room
        if self.plan.item_prices is None:
            return room.price * level, np.ones(room.items)
        ratio = self.plan.item_prices[day]
        return room.price * level * ratio, room.item_effect(ratio, self.customers.price_index(day, self.plan))

    def booked(self, rows: np.ndarray, fill: np.ndarray) -> np.ndarray:
        """Numbers under which the day's orders are known until they are packed."""
        tags = np.arange(self.orders_seen, self.orders_seen + len(rows))
        self.order_row = with_room(self.order_row, self.orders_seen + len(rows))
        self.order_fill = with_room(self.order_fill, self.orders_seen + len(rows))
        self.order_row[tags], self.order_fill[tags] = rows, fill
        self.orders_seen += len(rows)
        return tags

    def remembered(self, shift: Shift) -> tuple[np.ndarray, np.ndarray]:
        """Whose orders were packed today and what they were like: 1 is prompt and complete."""
        late, missing = self.values["satisfaction_loss_late"], self.values["satisfaction_loss_missing"]
        outcome = 1.0 - late * shift.late_flags - missing * (1.0 - self.order_fill[shift.tags])
        return self.order_row[shift.tags], np.maximum(outcome, 0.0)

    def replay(self) -> None:
        """Play the last recorded weeks as they were, to learn what is on the shelves and waits to be packed today."""
        v, levers = self.inputs.vectors, {name: self.values[name] for name in self.plan.levers}
        starts = np.searchsorted(v["replay_order_day"], np.arange(-len(v["replay_open"]), 1))
        rows, outcomes = [], []
        for n, is_open in enumerate(v["replay_open"]):
            day, first, last = n - len(v["replay_open"]), int(starts[n]), int(starts[n + 1])
            self.supplier.deliver(day)
            fill = self.stock_room.replay(first, last)
            tags = self.booked(v["replay_order_customer"][first:last], fill)
            lines = np.diff(v["replay_line_offsets"][first : last + 1])
            entities, nth = v["replay_order_number"][first:last], np.zeros(last - first, np.int64)
            self.pickers.accept(day, v["replay_order_minute"][first:last], lines, entities, nth, tags, levers)
            packed, outcome = self.remembered(self.pickers.work(day, bool(is_open), levers))
            rows.append(packed)
            outcomes.append(outcome)
            self.supplier.take_orders(day, levers)
        whose, what = np.concatenate(rows), np.concatenate(outcomes)
        self.customers.settle(np.where(whose >= 0, whose, -1), what)

    def sold(self, sale: Sale, purchases: float) -> Values:
        """The day's sales, pieces and costs of goods."""
        totals, other = sale.totals, sale.sold[-1] * self.stock_room.unit_cost[-1]
        return {
            "revenue": math.fsum(sale.revenue.tolist()),
            "units_demanded": float(totals[0]),
            "units_shipped": float(totals[1]),
            "order_lines": float(totals[2]),
            "cost_of_goods": math.fsum((sale.sold * self.stock_room.unit_cost).tolist()),
            "purchases": purchases + float(other),
        }

    @staticmethod
    def worked(shift: Shift) -> Values:
        """The day's shift."""
        return {
            "orders_packed": shift.packed,
            "orders_late": shift.late,
            "wait_minutes_sum": shift.wait_sum,
            "wait_histogram": shift.histogram,  # type: ignore[dict-item]
            "staff_rostered": shift.rostered,
            "staff_present": shift.present,
            "staff_present_minutes": shift.present_minutes,
            "staff_busy_minutes": shift.busy_minutes,
        }

    def evening(self) -> Values:
        """How things stand when the day is over."""
        number, satisfaction = self.customers.active()
        units, value, out = self.stock_room.evening()
        return {
            "active_customers": number,
            "satisfaction_share": satisfaction,
            "stock_units": units,
            "stock_value": value,
            "items_out": out,
            "orders_waiting": self.pickers.waiting,
        }

    def write(self, day: int, record: Values, levers: Values) -> None:
        """Close the books and write the day's record."""
        self.waits[day] = record.pop("wait_histogram")
        record |= self.ledger.close(record, levers)
        for name, value in record.items():
            self.days[day, COLUMN[name]] = value
