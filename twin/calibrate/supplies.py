"""The records of a supply chain: what was asked for and shipped, what was ordered and came in, what lay there."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from twin.calibrate.tables import YEAR_DAYS
from twin.calibrate.visits import as_kind
from twin.errors import TwinError

COLUMNS: dict[str, dict[str, str]] = {
    "shipments": {
        "order_id": "text",
        "day": "time",
        "site": "text",
        "item_id": "text",
        "quantity": "number",
        "shipped": "number",
    },
    "deliveries": {
        "delivery_id": "text",
        "lane": "text",
        "item_id": "text",
        "ordered_on": "time",
        "shipped_on": "time",
        "received_on": "time",
        "quantity": "number",
        "received": "number",
    },
    "stock_counts": {"day": "time", "node": "text", "item_id": "text", "quantity": "number"},
}
OPTIONAL = {"site", "shipped", "shipped_on", "received"}
ORDER = {
    "shipments": ["day", "order_id", "item_id", "quantity"],
    "deliveries": ["ordered_on", "delivery_id", "item_id", "quantity"],
    "stock_counts": ["day", "node", "item_id"],
}


@dataclass(frozen=True)
class SupplyTables:
    """Everything that was known of a supply chain on the morning of today.

    today         the day after the last complete day of the records
    shipments     order_id, day, site (empty where there is only one), item_id, quantity asked for, shipped (empty where
                  nobody tells)
    deliveries    delivery_id, lane, item_id, ordered_on, shipped_on (empty if not yet, or where nobody tells),
                  received_on (empty while on its way), quantity ordered, received
    stock_counts  day, node, item_id, quantity in the evening
    """

    today: date
    shipments: pd.DataFrame
    deliveries: pd.DataFrame
    stock_counts: pd.DataFrame

    @property
    def morning(self) -> pd.Timestamp:
        """Today, as pandas counts days."""
        return pd.Timestamp(self.today)

    @property
    def first_day(self) -> pd.Timestamp:
        """The first day on which somebody asked for something or, where nobody did, the first of a delivery's order."""
        days = self.shipments["day"] if len(self.shipments) else self.deliveries["ordered_on"]
        return days.min() if len(days) else self.morning

    @property
    def year_days(self) -> int:
        """How many calendar days the last year of the records covers; fewer than 365 for a younger business."""
        return min(YEAR_DAYS, int((self.morning - self.first_day).days))

    @property
    def since(self) -> pd.Timestamp:
        """The first day of the last year of the records."""
        return self.morning - pd.Timedelta(days=self.year_days)

    @property
    def year(self) -> pd.DataFrame:
        """What was asked for in the last year."""
        return self.shipments[self.shipments["day"] >= self.since]

    def cut(self, today: date) -> "SupplyTables":
        """The same records as they stood on an earlier morning."""
        if today > self.today:
            raise TwinError(
                f"The records end before {self.today}; they cannot be cut at {today}. Choose an earlier day."
            )
        return supply_tables(self.shipments, self.deliveries, self.stock_counts, today)


def supply_tables(
    shipments: pd.DataFrame | None, deliveries: pd.DataFrame | None, stock_counts: pd.DataFrame | None, today: date
) -> SupplyTables:
    """The records as they stood on a morning, checked and in a fixed order; None where the business keeps none."""
    given = {"shipments": shipments, "deliveries": deliveries, "stock_counts": stock_counts}
    frames = {name: _checked(name, frame) for name, frame in given.items()}
    morning = pd.Timestamp(today)
    sent = frames["deliveries"][frames["deliveries"]["ordered_on"] < morning]
    came = sent["received_on"].where(sent["received_on"] < morning)
    known = {
        "shipments": frames["shipments"][frames["shipments"]["day"] < morning],
        "deliveries": sent.assign(
            shipped_on=sent["shipped_on"].where(sent["shipped_on"] < morning),
            received_on=came,
            received=sent["received"].where(came.notna()),
        ),
        "stock_counts": frames["stock_counts"][frames["stock_counts"]["day"] < morning],
    }
    ordered = {name: frame.sort_values(ORDER[name], ignore_index=True) for name, frame in known.items()}
    return SupplyTables(today, **ordered)


def _checked(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """The columns that calibration needs, each as what it is."""
    needed = COLUMNS[name]
    frame = pd.DataFrame({column: [] for column in needed}) if frame is None else frame
    missing = [column for column in needed if column not in frame.columns and column not in OPTIONAL]
    if missing:
        raise TwinError(f"The table {name} has no column {', '.join(missing)}; calibration needs {', '.join(needed)}.")
    nothing = pd.Series(None, index=frame.index, dtype=object)
    return pd.DataFrame({column: as_kind(frame.get(column, nothing), what) for column, what in needed.items()})
