"""The records that calibration starts from, as they stood on the twin's today."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.calibrate.supplies import SupplyTables

YEAR_DAYS = 365
COLUMNS = {
    "orders": ("order_id", "customer_id", "ordered_at", "day", "lines", "units", "revenue"),
    "order_lines": ("order_id", "item_id", "quantity", "price"),
    "returns": ("day", "returned"),
}


@dataclass(frozen=True)
class Tables:
    """Everything that was sold before today.

    today        the day after the last complete day of the records
    orders       one row for each order that was not reversed: order_id, customer_id (empty for a buyer
                 without an identity), ordered_at, day, lines, units, revenue
    order_lines  their lines: order_id, item_id, quantity, price
    returns      what was paid back for goods that came back: day, returned (positive)
    supply       what was shipped, ordered and counted, where the business keeps records of its supply
    """

    today: date
    orders: pd.DataFrame
    order_lines: pd.DataFrame
    returns: pd.DataFrame
    supply: "SupplyTables | None" = None

    @property
    def morning(self) -> pd.Timestamp:
        """Today, as pandas counts days."""
        return pd.Timestamp(self.today)

    @property
    def history_days(self) -> int:
        """How many calendar days the records cover."""
        return int((self.morning - self.orders["day"].min()).days)

    @property
    def year_days(self) -> int:
        """How many calendar days the last year of the records covers; fewer than 365 for a younger shop."""
        return min(YEAR_DAYS, self.history_days)

    @property
    def year(self) -> pd.DataFrame:
        """The orders of the last 365 days."""
        return self.orders[self.days_ago <= YEAR_DAYS]

    @property
    def days_ago(self) -> pd.Series:
        """How many days before today each order came; 1 is yesterday."""
        return (self.morning - self.orders["day"]).dt.days

    @property
    def sold(self) -> pd.DataFrame:
        """Each order line with its order's place in `orders`, its day and whether the buyer is known, sorted."""
        lines = self.order_lines
        place = pd.Index(self.orders["order_id"]).get_indexer(pd.Index(lines["order_id"]))
        code, names = pd.factorize(lines["item_id"], sort=True)
        quantity, price = lines["quantity"].to_numpy(), lines["price"].to_numpy(float)
        row = np.lexsort((price, quantity, code, place))
        row = row[place[row] >= 0]
        place = place[row]
        return pd.DataFrame(
            {
                "order": place,
                "item_id": pd.Categorical.from_codes(code[row], names),
                "quantity": quantity[row],
                "price": price[row],
                "day": self.orders["day"].to_numpy()[place],
                "known": self.orders["customer_id"].notna().to_numpy()[place],
            }
        )

    def cut(self, today: date) -> "Tables":
        """The same records as they stood on an earlier morning."""
        if today > self.today:
            raise TwinError(
                f"The records end before {self.today}; they cannot be cut at {today}. Choose an earlier day."
            )
        supply = self.supply.cut(today) if self.supply else None
        return tables_from(self.orders, self.order_lines, today, self.returns, supply)


def tables_from(
    orders: pd.DataFrame,
    order_lines: pd.DataFrame,
    today: date,
    returns: pd.DataFrame | None = None,
    supply: "SupplyTables | None" = None,
) -> Tables:
    """The records before a morning, checked and in a fixed order, whatever order they came in."""
    returns = pd.DataFrame({"day": [], "returned": []}) if returns is None else returns
    frames = {"orders": orders, "order_lines": order_lines, "returns": returns}
    for name, frame in frames.items():
        _require_columns(name, frame)
    orders, returns = (frame.assign(day=pd.to_datetime(frame["day"])) for frame in (orders, returns))
    before = pd.Timestamp(today)
    orders = orders[orders["day"] < before].sort_values(["ordered_at", "order_id"], ignore_index=True)
    orders = orders.assign(customer_id=customer_numbers(orders["customer_id"]))
    returns = returns[returns["day"] < before].sort_values(["day", "returned"], ignore_index=True)
    order_lines = order_lines[list(COLUMNS["order_lines"])]
    if supply is not None and supply.shipments["shipped"].notna().any():
        orders = asked_for(orders, order_lines)
    return Tables(today, orders, order_lines, returns, supply)


def asked_for(orders: pd.DataFrame, order_lines: pd.DataFrame) -> pd.DataFrame:
    """The same orders, each worth what was asked for, delivered or not: what could be sold if nothing ran out."""
    worth = (order_lines["quantity"] * order_lines["price"]).groupby(order_lines["order_id"]).sum()
    return orders.assign(revenue=worth.reindex(orders["order_id"]).fillna(0.0).to_numpy(float))


class Records(Protocol):
    """Records of any business that can be seen as of an earlier morning."""

    def cut(self, today: date) -> Self:
        """The same records as they stood on an earlier morning."""


SomeRecords = TypeVar("SomeRecords", bound=Records)


def cut(tables: SomeRecords, today: date) -> SomeRecords:
    """The same records as they stood on an earlier morning."""
    return tables.cut(today)


def _require_columns(name: str, frame: pd.DataFrame) -> None:
    missing = [column for column in COLUMNS[name] if column not in frame.columns]
    if missing:
        raise TwinError(
            f"The table {name} has no column {', '.join(missing)}; calibration needs {', '.join(COLUMNS[name])}."
        )


def customer_numbers(names: pd.Series) -> pd.Series:
    """Customers as whole numbers; names that are not numbers are numbered in alphabetical order, empty stays empty."""
    try:
        return pd.to_numeric(names).astype("Int64")
    except (TypeError, ValueError):
        codes, _ = pd.factorize(names.astype("string"), sort=True)
        return pd.Series(codes + 1, index=names.index, dtype="Int64").mask(codes < 0)


def require_orders(tables: Tables, fewest: int) -> None:
    """Stop with a sentence where there are too few orders to say anything."""
    orders = len(tables.orders)
    if not orders:
        raise TwinError(f"There are no orders before {tables.today}. Load a table order_lines with sales first.")
    found = len(tables.year)
    if found < fewest:
        raise TwinError(
            f"There are {found:,} orders in the {YEAR_DAYS} days before {tables.today} ({orders:,} in all); "
            f"calibration needs at least {fewest} in those days. Load more records, or choose a day that more of them "
            "precede."
        )
    if not len(tables.order_lines):
        raise TwinError(
            f"There are {orders:,} orders but no order lines. Load a table order_lines, with item, quantity and price."
        )


def weeks_before(days: pd.Series, today: pd.Timestamp) -> NDArray[np.int64]:
    """How many whole weeks before today each day lies; 0 is the last seven days."""
    return np.asarray(((today - days).dt.days - 1) // 7, dtype=np.int64)


def customer_history(tables: Tables) -> pd.DataFrame:
    """Each known customer's first and last order and on how many different days they ordered, by customer number."""
    known = tables.orders[tables.orders["customer_id"].notna()]
    grouped = known.astype({"customer_id": "int64"}).groupby("customer_id")
    table = grouped["day"].agg(first_order="min", last_order="max", purchase_days="nunique")
    return table.assign(orders=grouped.size(), revenue=grouped["revenue"].sum()).sort_index().reset_index()
