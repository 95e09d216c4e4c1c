"""A business: the order in which a day happens."""

import math

import mesa
import numpy as np

from twin.model.callers import NO_ORDERS, UNCUT, WORTHLESS, Callers, merged
from twin.model.chance import Chance
from twin.model.customers import Customers
from twin.model.inputs import Inputs, Outcome, Plan, Values
from twin.model.kernels.callers import numbered
from twin.model.kernels.worth import BOUGHT, REVENUE, TAKEN
from twin.model.loans import Lending
from twin.model.making import Making
from twin.model.money import Ledger
from twin.model.orders import Orders
from twin.model.parcels import NOTHING_HELD, Load, Parcels
from twin.model.promotion import paid
from twin.model.stream import Stream
from twin.model.subscribers import Subscribers
from twin.model.supply import Sale, Supply
from twin.model.unstaffed import DoneAtOnce, Unstaffed
from twin.model.work import Work, WorkDay
from twin.records import FACTORS, WAIT_BINS

STREAMS_MOST = 0.5
Shift = WorkDay | DoneAtOnce
RELATIONS = {"purchases": Customers, "contract": Subscribers}


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
    """One play of the coming days: customers come, the shelves give, the stations work, suppliers refill.

    inputs   what does not change from replication to replication, the structure that says which parts there are too
    values   the numbers that this replication drew, by name
    plan     the levers by day
    chance   this replication's luck
    path     the orders or visits that the forecast expects on each day, shape (days,); its factor follows from it
    factors  the factors of the baseline, shape (days, 2); given for a scenario, which must not find its own
    log      how many events at the stations are kept, for a replication that somebody wants to follow
    """

    def __init__(
        self,
        inputs: Inputs,
        values: Values,
        plan: Plan,
        chance: Chance,
        path: np.ndarray | None = None,
        factors: np.ndarray | None = None,
        log: int = 0,
    ) -> None:
        super().__init__(rng=0)  # Mesa's own generator is never used: luck has no state
        self.inputs, self.values, self.plan, self.chance = inputs, values, plan, chance
        self.path, self.factors, self.structure = path, factors, inputs.structure
        self.segments = [
            RELATIONS[segment.relation](self, values, inputs.vectors, segment, place)
            for place, segment in enumerate(self.structure.segments.values())
        ]
        if not any(isinstance(one, Customers) or one.count for one in self.segments):
            self.segments = [Stream(self, inputs.vectors)]  # nobody is known, so as many come as the forecast says
        self.supply = Supply(self, values, inputs.vectors) if self.structure.items else None
        self.making = Making(self, values, inputs.vectors) if self.structure.makes else None
        self.stores = self.supply or self.making  # what lies on shelves, whatever it is for
        self.work = Work(self, values, log) if self.structure.stations else Unstaffed(self, values)
        self.lending = Lending(self, values, inputs.vectors) if self.structure.books else None
        self.ledger = Ledger(self, values, inputs.vectors)
        self.parcels = Parcels() if self.supply and self.supply.goes_back else None
        self.day, self.levers, self.numbers = 0, dict[str, float](), values
        self.written: tuple[list[str], np.ndarray] = [], np.empty(0, np.int64)  # names of a record, and their places
        self.fields = dict[str, int]()  # all names that were ever written, and their places
        self.days = np.zeros((inputs.days, len(self.structure.columns)))
        self.waits = np.zeros((inputs.days, WAIT_BINS))
        self.replay()

    def play(self) -> Outcome:
        """Play all days; returns a record a day."""
        for _ in range(self.inputs.days):
            self.step()
        self.close_books()
        shelves = self.stores.network.dry_from if self.stores else np.zeros((0, 0), np.int16)
        return Outcome(self.days, self.waits, shelves)

    def close(self) -> None:
        """Let go of everything: Mesa 3.3 keeps every model it has seen (its issue 3179), and with it all columns."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self.__dict__.clear()

    def step(self) -> None:
        """One day, from the morning's deliveries to the evening's books."""
        day, levers = self.day, self.plan.on(self.day)
        numbers = self.numbers_with(levers)
        if self.stores:
            self.stores.deliver(day)
        calls = self.lending.fall_due(day, self.weekday(day), numbers) if self.lending else None
        called, booked = len(calls) if calls else 0, self.booked_expected(day)
        expected, factors = self.appetite(day, booked + called)
        orders, segment = merged([one.order(day, factors, levers, self.plan) for one in self.segments])
        sale = self.sell(day, orders, levers)
        visits = self.visits(day, orders, segment, sale, numbers).joined(calls)
        shift = self.work.day(day, bool(self.inputs.open_days[day]), visits, numbers)
        record = {
            "demand_expected": expected + booked + called,
            "booked_expected": booked,
            **dict(zip(FACTORS, factors, strict=True)),
            "customers_new": float(orders.joined),
            **self.demanded(orders),
            **self.sold(sale, shift),
            **shift.record(),
        }
        self.waits[day] = shift.waits()
        for one, (rows, outcomes) in zip(self.segments, shift.experiences(), strict=True):
            one.remember(rows, outcomes)
        record["fees"] = math.fsum(one.income(day) for one in self.segments)
        record["customers_lost"] = math.fsum(one.leave(day) for one in self.segments)
        if self.lending:
            self.lending.learn(shift)
            record |= self.lending.record()
        record |= self.restocked(day, levers, record, shift, sale)
        record |= self.evening()
        record["wages"] = shift.wages
        self.write(day, record)
        self.day += 1

    def numbers_with(self, levers: Values) -> Values:
        """All numbers with these levers; the very same ones again where the levers are those of the day before."""
        if levers is not self.levers:
            self.levers, self.numbers = levers, self.values | levers
        return self.numbers

    def weekday(self, day: int) -> int:
        """Of a day; Monday is 0."""
        return (self.inputs.first_weekday + day) % 7

    def appetite(self, day: int, anyway: float = 0.0) -> tuple[float, tuple[float, float]]:
        """What is to be expected today at today's prices, and the day's factors that make it so.

        anyway : appointments, and calls to late borrowers; how many there are today is known in the morning
        The season moves those who come back; new customers and anonymous buyers come at a steady rate.
        """
        expected = [one.expected() for one in self.segments]
        returning, streams = (math.fsum(column) for column in zip(*expected, strict=True))
        if self.factors is not None:
            factors = (float(self.factors[day, 0]), float(self.factors[day, 1]))
        else:
            path = float(self.path[day]) if self.path is not None and self.inputs.open_days[day] else 0.0
            factors = anchored(max(0.0, path - anyway), returning, streams)
        return factors[0] * returning + factors[1] * streams, factors

    def booked_expected(self, day: int) -> float:
        """How many have an appointment today and are to be expected."""
        return self.work.booked_expected(day) if self.inputs.open_days[day] else 0.0

    def sell(self, day: int, orders: Orders, levers: Values) -> Sale | None:
        """What the stock room gives for the day's orders, where the business has one."""
        if self.supply is None:
            return None
        prices, effect = self.prices(day, paid(levers))
        self.supply.divide(levers)
        return self.supply.sell(day, orders, prices, effect)

    def prices(self, day: int, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Today's price of each item, and how single prices move the pieces asked for."""
        room = self.supply
        assert room is not None
        if self.plan.item_prices is None:
            return room.price * level, room.unmoved
        ratio, first = self.plan.item_prices[day], self.segments[0]
        assert isinstance(first, Customers | Stream)
        return room.price * level * ratio, room.item_effect(ratio, first.price_index(day, self.plan))

    def visits(self, day: int, orders: Orders, segment: np.ndarray, sale: Sale | None, numbers: Values) -> Callers:
        """The work that the day's orders and appointments bring, in order of time."""
        entity = np.empty(len(orders), np.int64)
        numbered(orders.entity, day, orders.nth, entity)
        kind = self.work.kinds_of(entity, numbers)
        condition = self.work.conditions_of(entity, kind, numbers)
        fill = sale.fill if sale else np.full(len(orders), UNCUT)
        units = self.work.units_of(entity, kind, orders.lines.astype(float), numbers)
        worth, order = (sale.worth, np.arange(len(orders))) if sale else (WORTHLESS, NO_ORDERS)
        came = Callers(entity, orders.minute, kind, condition, units, segment, orders.row, fill, worth, order)
        return came.joined(self.work.booked(day, bool(self.inputs.open_days[day]), numbers))

    def replay(self) -> None:
        """Play the last recorded weeks as they were, to learn what is on the shelves and open at the stations today."""
        v, levers = self.inputs.vectors, {name: self.values[name] for name in self.plan.levers}
        whose = self.owners(v["replay_customer"])
        starts = np.searchsorted(v["replay_day"], np.arange(-len(v["replay_open"]), 1))
        lived: list[list[tuple[np.ndarray, np.ndarray]]] = []
        past = list[Values]()  # what each day brought and cost
        for n, is_open in enumerate(v["replay_open"]):
            day, first, last = n - len(v["replay_open"]), int(starts[n]), int(starts[n + 1])
            if self.stores:
                self.stores.deliver(day)
            shift = self.work.day(day, bool(is_open), self.recorded(day, first, last, whose), self.values)
            lived.append(shift.experiences())
            brought = self.brought(shift)
            if self.supply:
                self.put_back(day, shift, self.supply.recorded_load(first, last))
            if self.stores:
                self.stores.take_orders(day, levers)
                brought["purchases"] = brought.get("purchases", 0.0) + self.stores.replayed_purchases(day)
            past.append(brought | {"wages": shift.wages})
        if self.stores:
            self.stores.stand()
        self.work.settle(v)
        for one, parts in zip(self.segments, zip(*lived, strict=True), strict=True):
            one.settle(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        fees = math.fsum(one.income(0) for one in self.segments)  # as today's contracts pay them
        names = dict.fromkeys(name for brought in past for name in brought)
        record = {name: np.array([brought.get(name, 0.0) for brought in past]) for name in names}
        self.ledger.remember(record | {"fees": np.full(len(past), fees)})

    def recorded(self, day: int, first: int, last: int, whose: tuple[np.ndarray, np.ndarray]) -> Callers:
        """The work of one recorded day; whose : segment and row of all recorded customers."""
        v, these = self.inputs.vectors, slice(first, last)
        room, entity = self.supply, np.empty(last - first, np.int64)
        numbered(v["replay_number"][these], day, np.zeros(last - first, np.int64), entity)
        told = v.get("replay_kind")
        kind = self.work.kinds_of(entity, self.values) if told is None else told[these].astype(np.int64)
        condition = self.work.conditions_of(entity, kind, self.values)
        fill = room.replay(first, last) if room else np.full(last - first, UNCUT)
        units = np.diff(v["replay_line_offsets"][first : last + 1]).astype(float) if room else np.ones(last - first)
        told = v.get("replay_units")
        units = self.work.units_of(entity, kind, units, self.values) if told is None else told[these].astype(float)
        segment, row = (column[these] for column in whose)
        worth, order = (room.recorded_worth[these], np.arange(last - first)) if room else (WORTHLESS, NO_ORDERS)
        return Callers(entity, v["replay_minute"][these], kind, condition, units, segment, row, fill, worth, order)

    def owners(self, customer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The segment of each recorded customer and the row there; -1 for somebody unknown."""
        code = self.inputs.vectors.get("customer_segment")
        if isinstance(self.segments[0], Stream):
            return np.zeros(len(customer), np.int64), np.full(len(customer), -1)
        if code is None:
            return np.zeros(len(customer), np.int64), np.maximum(customer, -1)
        rank = np.zeros(len(code), np.int64)
        for place in range(len(self.segments)):
            mine = code == place
            rank[mine] = np.arange(int(mine.sum()))
        known = customer >= 0
        segment, row = np.zeros(len(customer), np.int64), np.full(len(customer), -1)
        segment[known], row[known] = code[customer[known]], rank[customer[known]]
        return segment, row

    def demanded(self, orders: Orders) -> Values:
        """The day's orders, where customers buy."""
        if self.structure.driven != "orders":
            return {}
        return {
            "orders": float(len(orders)),
            "orders_returning": float(orders.returning),
            "orders_new": float(orders.new),
            "orders_anonymous": float(orders.anonymous),
        }

    def sold(self, sale: Sale | None, shift: Shift) -> Values:
        """What the day's orders asked for and got, and what came of those that ended today."""
        if sale is None:
            return self.brought(shift)
        totals = sale.totals.tolist()
        return self.brought(shift) | {
            "sales_ordered": float(sale.worth[:, REVENUE].sum()) / 100.0,
            "units_demanded": totals[0],
            "units_shipped": totals[1],
            "order_lines": totals[2],
            "units_substituted": totals[3],
        }

    def brought(self, shift: Shift) -> Values:
        """What orders bring and cost: those that leave today are sold; where one is given up there is no sale."""
        if self.making:
            return self.making.sold()
        if self.supply is None:
            return {}
        sold, given_up, scrap, standing = (
            [cents / 100.0 for cents in row] for row in (*shift.settled.tolist(), shift.standing.tolist())
        )
        return {
            "revenue": sold[REVENUE],
            "cost_of_goods": sold[TAKEN] + sold[BOUGHT],
            "purchases": sold[BOUGHT] + scrap[BOUGHT],  # what has no shelf is bought as it is sold
            "waste_cost": scrap[TAKEN] + scrap[BOUGHT],
            "sales_lost": given_up[REVENUE] + scrap[REVENUE],
            "sales_open": standing[REVENUE],
            "value_in_hand": standing[TAKEN],
        }

    def put_back(self, day: int, shift: Shift, load: Load) -> float:
        """What orders held that were given up today lies on its shelf again in the evening; returns how many pieces."""
        if self.parcels is None or self.supply is None or isinstance(shift, DoneAtOnce):
            return 0.0
        self.parcels.keep(day, self.work.tags, shift.visits.order, load)
        return math.fsum(self.supply.put_back(day, *one) for one in self.parcels.closed(*shift.given_up()))

    def restocked(self, day: int, levers: Values, record: Values, shift: Shift, sale: Sale | None) -> Values:
        """The evening at the nodes of the supply chain, where there are goods."""
        if self.stores is None:
            return {}
        back = self.put_back(day, shift, sale.load if sale else NOTHING_HELD)
        self.stores.take_orders(day, levers)
        found = self.stores.evening()
        if self.supply:
            for name in ("purchases", "waste_cost"):
                found[name] += record[name]
            found["units_put_back"] = back
        return found

    def evening(self) -> Values:
        """How things stand when the day is over."""
        states = [one.active() for one in self.segments]
        number = math.fsum(count for count, _ in states)
        satisfied = math.fsum(count * mean for count, mean in states)
        return {"active_customers": number, "satisfaction_share": satisfied / number if number else 1.0}

    def write(self, day: int, record: Values) -> None:
        """Write the day's record."""
        names, places = list(record), self.written[1]
        if names != self.written[0]:
            places = np.array([self.structure.columns[name] for name in names])
            self.written = names, places
            self.fields |= dict(zip(names, places.tolist(), strict=True))
        self.days[day, places] = list(record.values())

    def close_books(self) -> None:
        """Book the money of all days; nothing that happens in the business hangs on how much of it there is."""
        record = {name: self.days[:, place] for name, place in self.fields.items()}
        numbers = [self.numbers_with(self.plan.on(day)) for day in range(self.inputs.days)]
        for name, amounts in self.ledger.close(record, numbers).items():
            self.days[:, self.structure.columns[name]] = amounts
