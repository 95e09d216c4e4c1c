"""The record of a day: what happened, in the same shape whether it was observed or simulated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column of the record of a day."""

    name: str
    unit: str
    help: str


DAY_FIELDS: tuple[Field, ...] = (
    Field("orders", "orders", "Orders that came in."),
    Field("orders_returning", "orders", "Orders of customers who had ordered before."),
    Field("orders_new", "orders", "First orders of new customers."),
    Field("orders_anonymous", "orders", "Orders without a customer number."),
    Field("orders_expected", "orders", "Orders that were to be expected that morning."),
    Field("revenue", "currency", "Sales of goods, before returns."),
    Field("units_demanded", "units", "Pieces of the items with stock of their own that were asked for."),
    Field("units_shipped", "units", "Pieces of the items with stock of their own that could be delivered."),
    Field("order_lines", "lines", "Different items in the orders, added up."),
    Field("orders_packed", "orders", "Orders whose packing was finished."),
    Field("orders_late", "orders", "Orders that were packed later than promised."),
    Field(
        "wait_minutes_sum",
        "minutes",
        "Waits of the packed orders before somebody began, added up, in minutes of packing time.",
    ),
    Field("orders_waiting", "orders", "Orders not packed in the evening."),
    Field("staff_rostered", "people", "Pickers on the roster."),
    Field("staff_present", "people", "Pickers who turned up."),
    Field("staff_present_minutes", "minutes", "Working time of the pickers who turned up."),
    Field("staff_busy_minutes", "minutes", "Time that pickers spent on orders."),
    Field("active_customers", "customers", "Customers who have not left for good, in the evening."),
    Field("customers_new", "customers", "Customers who ordered for the first time."),
    Field("customers_lost", "customers", "Customers who left for good."),
    Field("satisfaction_share", "share", "Mean satisfaction of the active customers, in the evening."),
    Field("stock_units", "units", "Pieces on the shelf, in the evening."),
    Field("stock_value", "currency", "What the pieces on the shelf cost, in the evening."),
    Field("items_out", "items", "Items of which nothing was left, in the evening."),
    Field("supplier_orders", "orders", "Orders placed with the supplier."),
    Field("units_received", "units", "Pieces that the supplier delivered."),
    Field("cost_of_goods", "currency", "What the delivered goods had cost."),
    Field("purchases", "currency", "What was paid for goods."),
    Field("returns", "currency", "What was paid back for returned goods."),
    Field("wages", "currency", "Wages of the rostered pickers."),
    Field("marketing_cost", "currency", "Marketing."),
    Field("holding_cost", "currency", "Cost of holding the stock."),
    Field("ordering_cost", "currency", "Cost of placing and receiving supplier orders."),
    Field("fixed_costs", "currency", "Costs that do not change with orders."),
    Field("profit", "currency", "Revenue less returns, goods, wages, marketing, stock and fixed costs."),
    Field("cash", "currency", "Money in the bank, in the evening."),
    Field("anchor_factor", "ratio", "How far returning customers' rates had to be scaled to meet the forecast."),
    Field(
        "stream_factor", "ratio", "How far new and anonymous buyers' rates had to be scaled; 1 unless orders are few."
    ),
)
FACTORS = ("anchor_factor", "stream_factor")
COLUMN: dict[str, int] = {field.name: n for n, field in enumerate(DAY_FIELDS)}

# Waits are also counted by length: bin k holds waits up to 2 ** (k / 2) minutes, the last all others.
WAIT_BINS = 24
WAIT_EDGES: tuple[float, ...] = tuple(2.0 ** (k / 2) for k in range(WAIT_BINS - 1))
