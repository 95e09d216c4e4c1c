"""Which column of a file is which of ours: told by a map, or recognised by its header."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.errors import TwinError, UnknownName, nearest
from twin.store.columns import DERIVED, TABLES, columns

ALIASES = {
    "order_id": ("invoice", "invoiceno", "invoicenumber", "orderno", "ordernumber"),
    "ordered_at": ("invoicedate", "orderdate", "orderedon"),
    "item_id": ("stockcode", "itemcode", "sku", "productid", "productcode"),
    "description": ("itemname", "productname"),
    "quantity": ("qty", "units", "pieces"),
    "price": ("unitprice", "listprice"),
    "customer_id": ("customer", "customerno", "customernumber"),
    "country": (),
    "site": ("outlet", "store", "storeid", "branch", "location", "shop"),
    "shipped": ("delivered", "fulfilled", "shippedquantity", "qtyshipped", "quantityshipped", "deliveredquantity"),
}
VISIT = ("ticketid", "ticket", "ticketno", "ticketnumber", "caseid", "casenumber", "incident", "incidentid", "issuekey")
REQUESTER = (*ALIASES["customer_id"], "requester", "requesterid", "client", "clientid", "account", "accountid")
ITEM = (*ALIASES["item_id"], "item", "material", "materialid", "materialnumber", "part", "partnumber")
BEGAN = ("startedat", "started", "starttime", "assignedat", "pickedupat", "servedat")
OF_TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "visits": {
        "visit_id": (*VISIT, "id"),
        "customer_id": REQUESTER,
        "kind": ("priority", "tickettype", "type", "category"),
        "arrived_at": ("openedat", "opened", "createdat", "created", "createdon", "createdate", "creationdate"),
        "ended_at": ("closedat", "closed", "resolvedat", "resolved", "closedon", "completedat", "finishedat"),
        "outcome": ("status", "state", "result", "resolution"),
        "units": ("pieces", "quantity", "qty", "lotsize", "batchsize", "orderquantity"),
        "scrapped": ("scrap", "scrapquantity", "rejects", "rejectedquantity", "defects"),
    },
    "visit_steps": {
        "visit_id": VISIT,
        "station": ("queue", "queuename", "group", "assignmentgroup", "assignedgroup", "step", "supportline"),
        "queued_at": ("queued", "enteredat", "entered", "arrivedat", "waitingsince", "createdat", "created"),
        "began_at": BEGAN,
        "ended_at": ("finishedat", "finished", "completedat", "endtime", "leftat", "resolvedat", "closedat", "ended"),
        "team": ("teamname", "servedby", "assignedteam"),
        "result": ("testresult", "finding", "testoutcome", "inspectionresult"),
    },
    "appointments": {
        "appointment_id": ("appointment", "appointmentno", "appointmentnumber", "booking", "bookingid", "slotid", "id"),
        "kind": ("appointmenttype", "type", "category", "service"),
        "planned_at": ("planned", "scheduledat", "scheduled", "scheduledfor", "slot", "slottime", "appointmenttime"),
        "visit_id": (*VISIT, "visit", "encounterid", "encounter", "consultationid"),
    },
    "contracts": {
        "customer_id": REQUESTER,
        "segment": ("plan", "planname", "tier", "contracttype", "subscription"),
        "started_on": ("startdate", "start", "started", "startedat", "signupdate", "contractstart", "since"),
        "ended_on": ("enddate", "end", "ended", "endedat", "cancelledon", "canceledon", "churnedon", "contractend"),
    },
    "attendance": {
        "team": ("teamname", "group", "department"),
        "shift": ("shiftname", "roster"),
        "person": ("agent", "agentid", "employee", "employeeid", "staffid", "worker", "personid", "name"),
        "day": ("date", "workday", "shiftdate"),
        "present": ("attended", "attendance", "waspresent", "came"),
    },
    "deliveries": {
        "delivery_id": ("delivery", "deliveryno", "shipmentid", "shipment", "ponumber", "purchaseorder", "poid", "id"),
        "lane": ("route", "supplier", "suppliername", "vendor", "vendorname", "lanename"),
        "item_id": ITEM,
        "ordered_on": ("orderedat", "orderdate", "ordered", "podate", "createdon", "created"),
        "shipped_on": ("shippedat", "shipdate", "shippingdate", "senton", "dispatchedon", "despatchdate", "lefton"),
        "received_on": ("receivedat", "receiptdate", "deliverydate", "deliveredon", "goodsreceipt", "arrivedon"),
        "quantity": ("orderedquantity", "quantityordered", "orderquantity", "qty", "units", "pieces"),
        "received": ("receivedquantity", "quantityreceived", "receiptquantity", "qtyreceived", "delivered"),
    },
    "stock_counts": {
        "day": ("date", "countedon", "countdate", "stockdate", "asof"),
        "node": ("site", "warehouse", "location", "store", "outlet", "plant"),
        "item_id": ITEM,
        "quantity": ("qty", "onhand", "stock", "counted", "units", "pieces", "stocklevel"),
    },
    "machine_events": {
        "machine_id": ("machine", "machineno", "machinenumber", "equipment", "equipmentid", "asset", "assetid"),
        "machines": ("machinegroup", "group", "machinetype", "workcentre", "workcenter", "equipmentgroup"),
        "happened_at": ("at", "timestamp", "time", "eventtime", "datetime", "since", "from", "occurredat"),
        "state": ("event", "status", "what", "machinestate", "eventtype", "newstate"),
        "kind": ("product", "ordertype", "producttype", "type"),
        "visit_id": (*VISIT, "order", "orderid", "orderno", "ordernumber", "workorder", "job", "jobid"),
    },
}
LOAN = ("loan", "loanno", "loannumber", "contractid", "contractno", "contractnumber", "accountno", "accountnumber")
OF_TABLE |= {
    "loans": {
        "loan_id": (*LOAN, "id"),
        "customer_id": (*ALIASES["customer_id"], "borrower", "borrowerid", "client", "clientid", "memberid"),
        "book": ("portfolio", "product", "producttype", "loantype"),
        "granted_on": ("granted", "grantedat", "issuedate", "issuedon", "originationdate", "disbursedon", "startdate"),
        "amount": ("loanamount", "principal", "loanamnt", "fundedamount", "disbursedamount"),
        "rate": ("interestrate", "intrate", "yearlyrate", "annualrate", "nominalrate"),
        "term_months": ("term", "months", "duration", "durationmonths", "instalments", "installments"),
        "due_day": ("dayofmonth", "paymentday", "dueonday"),
    },
    "loan_months": {
        "loan_id": LOAN,
        "due_on": ("duedate", "date", "month", "period", "reportingdate", "paymentdate"),
        "due": ("instalment", "installment", "amountdue", "duepayment", "scheduledpayment"),
        "interest": ("interestcharged", "interestdue", "interestaccrued"),
        "paid": ("payment", "amountpaid", "paymentamount", "received"),
        "balance": ("outstanding", "outstandingbalance", "outprncp", "remainingbalance", "owed"),
        "state": ("status", "loanstatus", "bucket", "delinquency", "monthsbehind", "dpdbucket"),
    },
    "recoveries": {
        "loan_id": LOAN,
        "received_on": ("receivedat", "date", "recoveredon", "recoverydate", "paymentdate"),
        "amount": ("recovered", "recovery", "recoveryamount", "paid", "payment"),
    },
}
KEYS = {"columns", "formats", "values", "item_pattern"}
MAPPED = {"text", "name", "word", "flag"}


@dataclass(frozen=True)
class Mapping:
    """What a map file says.

    columns       our name of a column -> the file's name of it
    formats       how a time is written, such as ordered_at = "%d/%m/%Y %H:%M"
    item_pattern  regular expression that the codes of items match; other codes are charges
    values        our name of a column -> what the file writes in it -> what that means, such as
                  [values.kind] P1 = "urgent"
    """

    columns: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    item_pattern: str | None = None
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def read_mapping(file: str | Path) -> Mapping:
    """The map in a TOML file: [columns] canonical = "source column". Raises TwinError naming what is wrong in it."""
    path = Path(file).expanduser()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TwinError(f"The map {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TwinError(f"The map {path} is not TOML: {error}.") from None
    for key in sorted(set(content) - KEYS):
        raise TwinError(f"The map {path.name} has a part '{key}' that means nothing. {nearest(key, KEYS)}")
    return Mapping(
        texts(content, "columns", path),
        texts(content, "formats", path),
        pattern_in(content, path),
        {name: texts(part_of(content, "values", path), name, path) for name in part_of(content, "values", path)},
    )


def part_of(content: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    """One part of a map, with names and what they stand for."""
    part = content.get(key, {})
    if not isinstance(part, dict):
        raise TwinError(
            f'In the map {path.name}, {key} must be a table: [{key}], then lines such as ordered_at = "...".'
        )
    return part


def texts(content: dict[str, Any], key: str, path: Path) -> dict[str, str]:
    """One part of a map, each entry of which must be text."""
    part = part_of(content, key, path)
    for name, value in part.items():
        if not isinstance(value, str):
            raise TwinError(f"In the map {path.name}, [{key}] {name} must be text in quotes (found {value!r}).")
    return part


def pattern_in(content: dict[str, Any], path: Path) -> str | None:
    """The pattern of item codes in a map, if it has one."""
    pattern = content.get("item_pattern")
    try:
        if pattern is not None:
            re.compile(pattern)
    except (re.error, TypeError):
        raise TwinError(
            f"In the map {path.name}, item_pattern is not a regular expression (found {pattern!r})."
        ) from None
    return pattern


def check_table(table: str) -> None:
    """Raise TwinError for a table that no file can be read as."""
    if table in DERIVED:
        raise TwinError(f"The table {table} is made from {DERIVED[table]}. Read the file as {DERIVED[table]} instead.")
    if table not in TABLES:
        raise UnknownName("table", table, TABLES)


def matched(table: str, found: Iterable[str], mapping: Mapping, file: str) -> dict[str, str]:
    """Our name -> the file's, for each of a table's columns that the file has. Raises TwinError for one it needs."""
    found, declared = list(found), columns(table)
    for name in mapping.columns | mapping.formats | mapping.values:
        if name not in declared:
            raise UnknownName(f"column of {table}", name, declared)
    for name in mapping.values:
        if declared[name].kind not in MAPPED:
            raise TwinError(f"The map says what values of {name} mean, but only words can have a meaning of their own.")
    for name, source in mapping.columns.items():
        if source not in found:
            raise TwinError(
                f"The map says that {name} is the column '{source}', but {file} has none. {nearest(source, found)}"
            )
    also = OF_TABLE.get(table, ALIASES)
    chosen = {name: mapping.columns.get(name) or recognised(name, found, also[name]) for name in declared}
    missing = [name for name, column in declared.items() if column.required and not chosen[name]]
    if missing:
        raise TwinError(missing_sentence(table, missing, found, file))
    return {name: source for name, source in chosen.items() if source}


def recognised(name: str, found: Iterable[str], aliases: Iterable[str] | None = None) -> str | None:
    """The file's column that is known to mean ours, whatever its capitals, spaces and underscores."""
    by_letters = {letters(source): source for source in reversed(list(found))}
    known = (letters(name), *(ALIASES[name] if aliases is None else aliases))
    return next((by_letters[alias] for alias in known if alias in by_letters), None)


def letters(name: str) -> str:
    """A header without capitals, spaces and signs.

    >>> letters("Customer ID")
    'customerid'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def missing_sentence(table: str, missing: list[str], found: list[str], file: str) -> str:
    """Which columns are missing, which were found, and how to say which is which."""
    shown = ", ".join(f"'{name}'" for name in found[:12]) + (f" and {len(found) - 12} more" if len(found) > 12 else "")
    example = found[0] if found else "a column of the file"
    return (
        f"{file} cannot be read as {table}: it has no column for {', '.join(missing)}. It has {shown}. "
        f"If one of these is meant, say so in a map: a TOML file with [columns] and lines such as "
        f'{missing[0]} = "{example}".'
    )
