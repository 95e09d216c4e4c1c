"""What the tables that a file can be read as consist of; declared once, for reading, checking and documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "name", "word", "flag", "whole", "number", "time"]
LARGEST = 1_000_000_000
LARGEST_ID = 2**53


@dataclass(frozen=True)
class Column:
    """A column that a file may or must have: what it means and which values can be used.

    kind      text, name (as a template writes it: small letters, digits and underscores), word (one of `words`),
              flag (yes or no), whole (a whole number), number, or time (a date, with or without a time of day)
    required  no row may leave it empty
    words     our word -> what files write for it, in small letters
    ahead     a time may also lie in the future
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    low: float = -LARGEST
    high: float = LARGEST
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ahead: bool = False


FLAGS = {
    "1": ("1", "1.0", "yes", "y", "true", "t", "x", "present", "attended"),
    "0": ("0", "0.0", "no", "n", "false", "f", "absent", "sick", "missing"),
}
OUTCOMES = {
    "done": ("done", "closed", "resolved", "solved", "completed", "complete", "finished", "served"),
    "abandoned": ("abandoned", "cancelled", "canceled", "withdrawn", "gave up", "reneged"),
    "balked": ("balked", "rejected", "refused", "turned away"),
    "open": ("open", "new", "pending", "in progress", "waiting", "on hold", "assigned", "reopened", "active"),
}
RESULTS = {
    "positive": ("positive", "pos", "found", "detected", "reactive", "fail", "failed", "defective"),
    "negative": ("negative", "neg", "not found", "not detected", "nonreactive", "pass", "passed", "clear"),
}
STATES = {
    "running": (
        "running", "run", "started", "start", "producing", "production", "in production", "productive", "processing",
        "busy", "working", "active",
    ),
    "idle": (
        "idle", "stopped", "stop", "standby", "stand by", "waiting", "ready", "available", "starved", "up", "repaired",
        "repair done", "repair finished", "back in service", "finished",
    ),
    "blocked": ("blocked", "held up", "no room", "output full"),
    "set_up": (
        "set up", "setup", "set-up", "setting up", "changeover", "change over", "change-over", "retooling",
    ),
    "failed": (
        "failed", "failure", "fail", "fault", "breakdown", "broken", "broken down", "broke down", "down", "error",
        "alarm", "unplanned down", "unscheduled down", "unplanned stop",
    ),
    "repair": ("repair", "repairing", "in repair", "under repair", "being repaired", "repair begun", "repair started"),
    "maintenance": (
        "maintenance", "maintained", "in maintenance", "planned maintenance", "preventive maintenance", "pm",
        "servicing", "service", "planned down", "scheduled down",
    ),
    "off": ("off", "switched off", "powered off", "shut down", "not scheduled", "nonscheduled", "closed", "no shift"),
}  # fmt: skip
LOAN_STATES = {
    "current": ("current", "performing", "up to date", "in order", "on time", "not late", "0"),
    "late_1": ("late 1", "1", "1 month", "one month behind", "1 month behind", "1-30", "1-30 days", "30 days"),
    "late_2": ("late 2", "2", "2 months", "two months behind", "2 months behind", "31-60", "31-60 days", "60 days"),
    "late_3": ("late 3", "3", "3 months", "three months behind", "3 months behind", "61-90", "61-90 days", "90 days"),
    "default": (
        "defaulted", "in default", "charged off", "charge-off", "charge off", "written off", "non-performing", "npl",
        "terminated", "called in",
    ),
    "paid_off": ("paid off", "fully paid", "repaid", "settled", "closed", "redeemed", "matured", "ended"),
}  # fmt: skip
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
        Column("site", "name", "Outlet where it was ordered; left out where there is only one"),
        Column("shipped", "whole", "How many of the pieces could be delivered; left out where all could", low=0),
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
    "visits": (
        Column("visit_id", "text", "Number of the visit or ticket", required=True),
        Column("customer_id", "text", "Number of the customer, empty where it is not known"),
        Column("kind", "name", "Kind of work, such as its priority", required=True),
        Column("arrived_at", "time", "When it came", required=True),
        Column("ended_at", "time", "When it ended, however it did; empty while it is open"),
        Column("outcome", "word", "How it ended; told from its end where it is left out", words=OUTCOMES),
        Column("units", "whole", "Pieces that it is about, such as those of a production order", low=0),
        Column("scrapped", "whole", "How many of the pieces came to nothing", low=0),
    ),
    "visit_steps": (
        Column("visit_id", "text", "Number of the visit or ticket", required=True),
        Column("station", "name", "Where it queued and was worked on", required=True),
        Column("queued_at", "time", "When it joined the queue there", required=True),
        Column("began_at", "time", "When work on it began; empty if it never did"),
        Column("ended_at", "time", "When it left the station; empty while it is there"),
        Column("team", "name", "Who served it"),
        Column("result", "word", "What a test there found; empty where nothing was tested", words=RESULTS),
    ),
    "appointments": (
        Column("appointment_id", "text", "Number of the appointment", required=True),
        Column("kind", "name", "Kind of work, such as its priority", required=True),
        Column("planned_at", "time", "When it was to be", required=True, ahead=True),
        Column("visit_id", "text", "Number of the visit that came of it; empty where nobody came"),
    ),
    "contracts": (
        Column("customer_id", "text", "Number of the customer", required=True),
        Column("segment", "name", "Group of customers, such as the plan they pay for", required=True),
        Column("started_on", "time", "First day of the contract", required=True),
        Column("ended_on", "time", "First day without it; empty while it runs", ahead=True),
    ),
    "attendance": (
        Column("team", "name", "Team of the person", required=True),
        Column("shift", "name", "Shift the person was on the roster for", required=True),
        Column("person", "text", "Who it is", required=True),
        Column("day", "time", "Day of the roster", required=True),
        Column("present", "flag", "Whether the person came", required=True),
    ),
    "deliveries": (
        Column("delivery_id", "text", "Number of the delivery", required=True),
        Column("lane", "name", "Way it takes, from whom to where", required=True),
        Column("item_id", "text", "Code of the item", required=True),
        Column("ordered_on", "time", "Day it was ordered", required=True),
        Column("shipped_on", "time", "Day it left; empty while it waits to be sent, or where nobody tells"),
        Column("received_on", "time", "Day it came in; empty while it is on its way"),
        Column("quantity", "whole", "How many pieces were ordered", required=True, low=0),
        Column("received", "whole", "How many pieces came in; left out where it is all that were ordered", low=0),
    ),
    "stock_counts": (
        Column("day", "time", "Day in whose evening it was counted", required=True),
        Column("node", "name", "Site where it was counted", required=True),
        Column("item_id", "text", "Code of the item", required=True),
        Column("quantity", "whole", "How many pieces lay there", required=True),
    ),
    "machine_events": (
        Column("machine_id", "text", "Number of the machine", required=True),
        Column("machines", "name", "Group of equal machines that it belongs to", required=True),
        Column("happened_at", "time", "When the state began; it holds until the machine's next one", required=True),
        Column("state", "word", "What it does from then on", required=True, words=STATES),
        Column("kind", "name", "Kind of work that it runs or is set up for"),
        Column("visit_id", "text", "Number of the visit or order that it works on"),
    ),
    "loans": (
        Column("loan_id", "text", "Number of the loan", required=True),
        Column("customer_id", "text", "Number of the borrower, empty where it is not known"),
        Column("book", "name", "Book that it belongs to; left out where there is only one"),
        Column("granted_on", "time", "Day it was granted", required=True),
        Column("amount", "number", "What was lent", required=True),
        Column("rate", "number", "Yearly rate, 0.085 for 8.5 %", required=True, low=0, high=100),
        Column("term_months", "whole", "Months over which it is to be paid off", required=True, low=1, high=1200),
        Column(
            "due_day",
            "whole",
            "Day of the month on which it is due; its months tell where it is left out",
            low=1,
            high=31,
        ),
    ),
    "loan_months": (
        Column("loan_id", "text", "Number of the loan", required=True),
        Column("due_on", "time", "Day it was due", required=True),
        Column("due", "number", "The instalment, arrears left out"),
        Column("interest", "number", "Interest that was charged"),
        Column("paid", "number", "What the borrower paid", required=True),
        Column("balance", "number", "What was owed afterwards; at default before it was written off", required=True),
        Column("state", "word", "How it stood afterwards", required=True, words=LOAN_STATES),
    ),
    "recoveries": (
        Column("loan_id", "text", "Number of the loan in default", required=True),
        Column("received_on", "time", "Day on which something came back", required=True),
        Column("amount", "number", "All that came on that day", required=True),
    ),
}
DERIVED = {"orders": "order_lines", "set_aside": "order_lines"}


def columns(table: str) -> dict[str, Column]:
    """The columns of a table that a file can be read as, by name."""
    return {column.name: column for column in TABLES[table]}
