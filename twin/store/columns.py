"""What the tables that a file can be read as consist of; declared once, for reading, checking and documents."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "number", "time"]
LARGEST = 1_000_000_000
LARGEST_ID = 2**53


@dataclass(frozen=True)
class Column:
    """A column that a file may or must have: what it means and which values can be used.

    kind      text, whole (a whole number), number, or time (a date, with or without a time of day)
    required  no row may leave it empty
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    low: float = -LARGEST
    high: float = LARGEST


CUSTOMER = "Number of the customer, empty where the buyer is not known"

TABLES: dict[str, tuple[Column, ...]] = {
    "order_lines": (
        Column("order_id", "text", "Number of the order; one that begins with C is a cancellation", required=True),
        Column("ordered_at", "time", "When it was ordered", required=True),
        Column("item_id", "text", "Code of the item or of the charge", required=True),
        Column("description", "text", "Name of the item"),
        Column("quantity", "whole", "How many pieces, negative when they come back", required=True),
        Column("price", "number", "Price of one piece", required=True),
        Column("customer_id", "whole", CUSTOMER, low=-LARGEST_ID, high=LARGEST_ID),
        Column("country", "text", "Country of the buyer"),
    ),
    "customers": (
        Column("customer_id", "whole", "Number of the customer", required=True, low=-LARGEST_ID, high=LARGEST_ID),
        Column("country", "text", "Country of the customer"),
    ),
    "items": (
        Column("item_id", "text", "Code of the item", required=True),
        Column("description", "text", "Name of the item"),
        Column("price", "number", "List price of one piece", low=0),
    ),
}
DERIVED = {"orders": "order_lines", "set_aside": "order_lines"}


def columns(table: str) -> dict[str, Column]:
    """The columns of a table that a file can be read as, by name."""
    return {column.name: column for column in TABLES[table]}
