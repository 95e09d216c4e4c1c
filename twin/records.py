"""The record of a day: what happened, in the same shape whether it was observed or simulated."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column of the record of a day."""

    name: str
    unit: str
    help: str


DAY_FIELDS: tuple[Field, ...] = (
    Field("demand_expected", "orders", "Orders or visits that were to be expected that morning."),
    Field("booked_expected", "visits", "Of these, visits by appointment."),
    Field("orders", "orders", "Orders that came in."),
    Field("orders_returning", "orders", "Orders of customers who had ordered before."),
    Field("orders_new", "orders", "First orders of new customers."),
    Field("orders_anonymous", "orders", "Orders without a customer number."),
    Field("sales_ordered", "currency", "What the orders are worth that came in, at the day's prices."),
    Field("sales_open", "currency", "What the orders are worth that came in and have not left, in the evening."),
    Field("sales_lost", "currency", "What the orders were worth that were given up or ended as scrap: no sale."),
    Field(
        "revenue",
        "currency",
        "Sales of the orders that left, before returns, fees, and interest that borrowers were charged.",
    ),
    Field("fees", "currency", "Fees of running contracts."),
    Field("units_demanded", "units", "Pieces of the items with stock of their own that were asked for."),
    Field("units_shipped", "units", "Pieces of the items with stock of their own that could be delivered."),
    Field("units_lost", "units", "Pieces that were asked for, were not there and were not waited for."),
    Field("units_substituted", "units", "Pieces of another item that were taken instead of one that was out."),
    Field("order_lines", "lines", "Different items in the orders, added up."),
    Field("visits", "visits", "Work that came in: orders to pack, tickets, patients."),
    Field("visits_finished", "visits", "Work that was finished."),
    Field("visits_late", "visits", "Work that was finished later than promised."),
    Field("visits_abandoned", "visits", "Work whose customer waited too long and gave up."),
    Field("visits_balked", "visits", "Work whose customer turned round at the sight of the queue."),
    Field("visits_open", "visits", "Work that came in and was not finished, in the evening."),
    Field("wait_minutes_sum", "minutes", "Waits of the finished work in queues, added up."),
    Field("through_minutes_sum", "minutes", "Time from door to end of the finished work, added up."),
    Field("visits_tested", "visits", "Work that was finished and had been tested for a hidden condition."),
    Field("visits_positive", "visits", "Of these, work whose last test was positive."),
    Field("cases_tested", "visits", "Of the tested work, that which truly has the condition."),
    Field("cases_missed", "visits", "Of these, work whose last test was negative."),
    Field("false_alarms", "visits", "Work without the condition whose last test was positive."),
    Field("staff_rostered", "people", "People on the roster."),
    Field("staff_present", "people", "People who turned up."),
    Field("staff_absent", "people", "People on the roster who did not turn up."),
    Field("staff_vacant", "people", "Places on the roster that nobody holds."),
    Field("staff_hired", "people", "People who began."),
    Field("staff_left", "people", "People who left for good."),
    Field("staff_present_minutes", "minutes", "Working time of the people who turned up, overtime left out."),
    Field("staff_busy_minutes", "minutes", "Time that people spent on work."),
    Field("overtime_minutes", "minutes", "Time that people stayed on after their shift."),
    Field("agency_minutes", "minutes", "Working time of people from an agency."),
    Field("active_customers", "customers", "Customers who have not left for good, in the evening."),
    Field("customers_new", "customers", "Customers who came for the first time."),
    Field("customers_lost", "customers", "Customers who left for good."),
    Field("satisfaction_share", "share", "Mean satisfaction of the active customers, in the evening."),
    Field("stock_units", "units", "Pieces on the shelf, in the evening."),
    Field("stock_value", "currency", "What the pieces on the shelf cost, in the evening."),
    Field(
        "value_in_hand", "currency", "What the goods of open orders cost that were taken from shelves, in the evening."
    ),
    Field("items_out", "items", "Items of which nothing was left, in the evening."),
    Field("supplier_orders", "orders", "Orders placed with suppliers."),
    Field("units_received", "units", "Pieces that suppliers delivered."),
    Field("own_orders", "orders", "Orders of one of its own places to another."),
    Field("units_moved", "units", "Pieces that came from one of its own places to another."),
    Field("units_made", "units", "Pieces that were made."),
    Field("units_used", "units", "Pieces that were used up in making others."),
    Field("units_backordered", "units", "Pieces that customers are still owed, in the evening."),
    Field("units_delivered_late", "units", "Pieces that customers got who had waited for them."),
    Field("units_wasted", "units", "Pieces that went off and were thrown away."),
    Field("units_returned", "units", "Pieces that were given back to where they had come from."),
    Field("units_put_back", "units", "Pieces of orders that were given up, which went back on their shelf."),
    Field("units_on_the_way", "units", "Pieces sent and not yet arrived, in the evening."),
    Field("value_on_the_way", "currency", "What pieces on the way between its own places cost, in the evening."),
    Field("transport_cost", "currency", "Cost of sending goods."),
    Field("shortage_cost", "currency", "Cost of pieces that were not there when asked for, or are still owed."),
    Field("waste_cost", "currency", "What the pieces thrown away had cost."),
    Field("cost_of_goods", "currency", "What the goods had cost of the orders that left."),
    Field(
        "purchases",
        "currency",
        "What goods cost that were delivered or bought; it is paid when the supplier's terms say.",
    ),
    Field("returns", "currency", "What is paid back for returned goods."),
    Field("wages", "currency", "Wages, overtime and agency staff."),
    Field("marketing_cost", "currency", "Marketing."),
    Field("holding_cost", "currency", "Cost of holding the stock."),
    Field("ordering_cost", "currency", "Cost of placing and receiving supplier orders."),
    Field("fixed_costs", "currency", "Costs that do not change with the work."),
    Field("profit", "currency", "Revenue less all costs, imputed ones included."),
    Field("cash", "currency", "Money in the bank, in the evening."),
    Field("costs", "currency", "All costs of the day, imputed ones included: revenue less profit."),
    Field("imputed_costs", "currency", "Costs that nobody is paid for: of holding stock, and of goods that were out."),
    Field("interest_cost", "currency", "Interest paid on money borrowed and on the overdraft."),
    Field("cash_received", "currency", "Money that came in."),
    Field("cash_paid", "currency", "Money that went out."),
    Field("receivables", "currency", "What customers owe, in the evening."),
    Field("payables", "currency", "What is owed to suppliers and carriers, in the evening."),
    Field("wages_due", "currency", "Wages earned and not yet paid, in the evening."),
    Field("borrowings", "currency", "Money borrowed for longer, in the evening; an overdraft is cash below zero."),
    Field("equity", "currency", "What the business owns less what it owes, in the evening."),
    Field("loans_current", "loans", "Loans that are paid as agreed, in the evening."),
    Field("loans_late", "loans", "Loans that are one to three months behind, in the evening."),
    Field("loans_open", "loans", "Loans that are neither paid off nor in default, in the evening."),
    Field("loans_due", "loans", "Loans of which an instalment was due."),
    Field("loans_new", "loans", "Loans that were granted."),
    Field("loans_defaulted", "loans", "Loans that went into default."),
    Field("loans_paid", "loans", "Loans that were paid off."),
    Field("loans_called", "loans", "Loans that were due and are behind, and so were given to the collectors."),
    Field("loans_lent", "currency", "What was lent."),
    Field("loan_balance", "currency", "What borrowers owe, in the evening; loans in default left out."),
    Field("loan_balance_due", "currency", "What the loans owed of which an instalment was due."),
    Field("loan_payments", "currency", "What borrowers paid, interest included."),
    Field("interest_income", "currency", "Interest that borrowers were charged."),
    Field("loan_losses", "currency", "What was lost with loans in default, after what is expected to come back."),
    Field("recoveries_expected", "currency", "What is expected to come back of the loans that went into default."),
    Field("recoveries", "currency", "What came back of loans in default."),
    Field("recoveries_due", "currency", "What is still to come back of loans in default, in the evening."),
    Field("anchor_factor", "ratio", "How far returning customers' rates had to be scaled to meet the forecast."),
    Field(
        "stream_factor", "ratio", "How far new and anonymous buyers' rates had to be scaled; 1 unless orders are few."
    ),
)
# Fields of a business with machines, and of one in which work may end as scrap.
MACHINE_FIELDS: tuple[Field, ...] = (
    Field("machine_planned_minutes", "minutes", "Time in which machines were to run."),
    Field("machine_maintenance_minutes", "minutes", "Time of that in planned maintenance, waits for a crew included."),
    Field("machine_loading_minutes", "minutes", "Planned time less maintenance."),
    Field("machine_failed_minutes", "minutes", "Time from failures until machines ran again."),
    Field("machine_setup_minutes", "minutes", "Time in which machines were set up for another kind of work."),
    Field("machine_operating_minutes", "minutes", "Loading time less failures and set-up."),
    Field("machine_running_minutes", "minutes", "Time in which machines ran."),
    Field("machine_blocked_minutes", "minutes", "Time in which finished work could not leave its machine."),
    Field("machine_idle_minutes", "minutes", "Time in which machines waited for work or people."),
    Field("machine_ideal_minutes", "minutes", "What the pieces of machines take at the usual speed, added up."),
    Field("machine_good_minutes", "minutes", "The same of the pieces that were not scrapped."),
    Field("machine_failures", "failures", "How often machines failed."),
    Field("pieces_good", "pieces", "Pieces that machines finished and that were not scrapped."),
    Field("pieces_scrapped", "pieces", "Pieces that machines finished and that were scrapped."),
)
SCRAP_FIELDS: tuple[Field, ...] = (Field("visits_scrapped", "visits", "Work that ended as scrap."),)
# Fields of a business that makes things to order.
MAKING_FIELDS: tuple[Field, ...] = (
    Field("units_ordered", "units", "Pieces of the orders that came in."),
    Field("units_finished", "units", "Pieces that were finished, scrap included."),
    Field("units_scrapped", "units", "Of these, pieces that were scrap."),
    Field(
        "units_in_work", "units", "Pieces of the orders that have their materials and are not finished, in the evening."
    ),
    Field("visits_released", "visits", "Orders that got their materials."),
    Field("visits_short", "visits", "Of these, orders that had to wait for materials."),
    Field("short_minutes_sum", "minutes", "Waits for materials of the orders that got them, added up."),
    Field("visits_unreleased", "visits", "Orders that wait for materials, in the evening."),
    Field("work_in_process", "currency", "What the materials of the orders in work cost, in the evening."),
)
# Fields of a business with shelves of finished goods.
SHELF_FIELDS: tuple[Field, ...] = (
    Field("production_orders", "orders", "Orders to make something for a shelf that were placed."),
    Field("production_orders_open", "orders", "Of all these, orders that are not finished, in the evening."),
    Field("production_orders_short", "orders", "Of the open ones, orders that wait for materials."),
)
# Fields that are also recorded apart, as field[name], where a business has more than one of a kind.
BY_KIND = ("visits", "visits_finished", "visits_late", "visits_abandoned", "wait_minutes_sum", "through_minutes_sum")
BY_TEAM = ("staff_rostered", "staff_present", "staff_present_minutes", "staff_busy_minutes")
BY_MACHINES = tuple(field.name for field in MACHINE_FIELDS)
BY_STATION = ("station_begun", "station_wait_minutes_sum", "station_waiting", "station_busy_minutes")
BY_NODE = (
    "units_demanded", "units_shipped", "units_lost", "stock_units", "stock_value", "items_out", "units_received",
    "units_moved", "units_backordered", "units_wasted", "units_on_the_way",
)  # fmt: skip
FACTORS = ("anchor_factor", "stream_factor")
COLUMN: dict[str, int] = {field.name: n for n, field in enumerate(DAY_FIELDS)}


def columns(
    kinds: Sequence[str],
    teams: Sequence[str],
    stations: Sequence[str],
    machines: Sequence[str] = (),
    nodes: Sequence[str] = (),
    scrap: bool = False,
    making: bool = False,
    shelves: bool = False,
) -> dict[str, int]:
    """The place of every field in the record of a day, also of single kinds, teams, stations, machines and nodes.

    scrap : whether work may end as scrap;  making : whether things are made
    shelves : whether finished goods lie on shelves

    >>> columns(["urgent", "normal"], ["desk"], ["desk"])["visits[normal]"] - len(DAY_FIELDS)
    6
    """
    apart = ((BY_KIND, kinds), (BY_TEAM, teams), (BY_STATION, stations), (BY_MACHINES, machines), (BY_NODE, nodes))
    parts = ((MACHINE_FIELDS, machines), (SCRAP_FIELDS, scrap), (MAKING_FIELDS, making), (SHELF_FIELDS, shelves))
    more = [field.name for fields, there in parts if there for field in fields]
    more += [f"{field}[{name}]" for fields, names in apart if len(names) > 1 for name in names for field in fields]
    return COLUMN | {field: len(DAY_FIELDS) + n for n, field in enumerate(more)}


# Waits are also counted by length: bin k holds waits up to 2 ** (k / 2) minutes, the last all others.
WAIT_BINS = 24
WAIT_EDGES: tuple[float, ...] = tuple(2.0 ** (k / 2) for k in range(WAIT_BINS - 1))
