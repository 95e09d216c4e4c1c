"""What the twin knows, as tables: what was loaded, how it was checked, and every number of the model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from twin.advise import amounts, words
from twin.advise.checks import ACTIONS, check_words
from twin.advise.origins import price_words
from twin.desk import Twin
from twin.spec.parameter import Declaration, Parameter
from twin.spec.trade import counted
from twin.ui.tables import Cell, Column, table

if TYPE_CHECKING:
    from twin.store.rows import Check

TABLES = {
    "orders": "Orders",
    "order_lines": "Order lines",
    "customers": "Customers",
    "items": "Items",
    "visit_steps": "Steps at stations",
    "appointments": "Appointments",
    "contracts": "Contracts",
    "attendance": "Rostered days of people",
    "deliveries": "Deliveries",
    "stock_counts": "Stock counts",
    "machine_events": "States of machines",
    "loans": "Loans",
    "loan_months": "Months of loans",
    "recoveries": "Recoveries",
}
NONE_OF_THEM = {
    "All": "This kind of business has no numbers.",
    "From data": "No number could be estimated from these records yet; all are assumptions or plans.",
    "Assumptions": "Every number comes from the records, or is a plan.",
    "Plans": "No number is a plan of the business.",
}
ORIGINS = {"data": "data", "assumption": "assumption", "override": "set by hand"}


def loaded(twin: Twin) -> None:
    """How much of each kind there is."""
    tables = twin.knowledge.snapshot.tables
    labels = {"visits": words.capitalised(counted("visits", twin.template.words))} | TABLES
    with st.container(horizontal=True, gap="small", key="loaded"):
        for name, label in labels.items():
            if name in tables:
                st.metric(label, amounts.count(tables[name]), border=True)


def checks(twin: Twin) -> None:
    """What was found in the records and what was done with it; what was looked for in vain is a click away."""
    there = [check for check in twin.knowledge.snapshot.checks if asked_of(check.name, twin)]
    found, clean = [one for one in there if one.rows], [one for one in there if not one.rows]
    if found:
        heads = [Column("Found"), Column("How many", True), Column("These were")]
        table(heads, [finding(one, twin) for one in found], "What was found in the records", "u-wide")
    else:
        st.markdown("Nothing that is worth a word.")
    if clean:
        with st.expander(f"Looked for and not found · {len(clean)}", key="clean_checks"):
            heads = [Column("Looked for"), Column("Found", True)]
            table(heads, [finding(one, twin)[:2] for one in clean], "Checks that found nothing", "u-wide")


def asked_of(check: str, twin: Twin) -> bool:
    """Whether a check says something of this business: where nobody is known by name, all are without a customer."""
    return bool(twin.template.structure.segments) or check not in ("customer_missing", "customer_unknown")


def finding(check: "Check", twin: Twin) -> list[Cell]:
    """One check: what it looks for, how often that was found, and what was done with it."""
    told = check_words(check.name, twin.counted, twin.template.structure.driven, twin.people)
    note = in_the_trade(check.note, twin)
    return [
        Cell(told.label, small=told.meaning or note, help=note),
        Cell(f"{amounts.count(check.rows)} {told.counted}"),
        Cell(ACTIONS.get(check.action, check.action)),
    ]


def in_the_trade(note: str, twin: Twin) -> str:
    """What the store notes of visits, in the words of a trade that calls them otherwise."""
    if twin.template.structure.driven == "orders":
        return note
    one, several = twin.work
    told = note.replace("without a visit", f"without any {one}").replace("Visits", words.capitalised(several))
    return told.replace("visits", several)


def parameters(twin: Twin, chosen: str) -> None:
    """Every number of the model: value, range, origin, and how it was found."""
    found = twin.knowledge.calibration.parameters
    heads = [
        Column("Number"),
        Column("Value", True),
        Column("Range", True),
        Column("Origin"),
        Column("How it was found"),
    ]
    groups = {
        group: [
            parameter(one, found[one.name], twin.currency) for one in declared if kept(found[one.name], one, chosen)
        ]
        for group, declared in grouped(twin).items()
    }
    if not any(groups.values()):
        st.caption(NONE_OF_THEM[chosen])
    for group, rows in groups.items():
        if rows:
            name = twin.template.groups.get(group, group)
            st.markdown(f"**{name}**")
            table(heads, rows, f"Numbers of the model: {name}", "u-stack u-parameters")


def grouped(twin: Twin) -> dict[str, list[Declaration]]:
    """The numbers by group, in the template's order."""
    found: dict[str, list[Declaration]] = {}
    for one in twin.template.declarations.values():
        found.setdefault(one.group, []).append(one)
    return found


def kept(one: Parameter, declared: Declaration, chosen: str) -> bool:
    """Whether a number belongs to what is shown."""
    kind = "Plans" if declared.plan else "From data" if one.origin == "data" else "Assumptions"
    return chosen in ("All", kind)


def parameter(declared: Declaration, one: Parameter, currency: str) -> list[Cell]:
    """One number of the model."""
    value = declared.way(one.value) if declared.ways else amounts.parameter_amount(one.value, one.unit, currency)
    unit = one.unit if one.unit in ("share", "currency") else ""
    ends = [amounts.parameter_amount(end, unit, currency) for end in (one.low, one.high)]
    reach = amounts.between(*ends) if one.uncertain else ""
    origin = "plan" if declared.plan and one.origin == "assumption" else ORIGINS[one.origin]
    rows = f"{amounts.count(one.rows)} rows" if one.rows else ""
    return [
        Cell(declared.label, small=declared.help),
        Cell(value),
        Cell(reach),
        Cell(origin, small=rows),
        Cell("", small=words.capitalised(one.method)),
    ]


def price(twin: Twin) -> None:
    """How the effect of price was read, where this kind of business has one."""
    if "price_effect" not in twin.knowledge.calibration.parameters:
        return
    heading, told = price_words(*price_effect(twin))
    st.subheader(heading, anchor=False)
    st.markdown(told)
    price_readings(twin)


def price_effect(twin: Twin) -> tuple[Parameter, int]:
    """The effect of price, and how many ways of reading it gave a number."""
    calibration = twin.knowledge.calibration
    found = [one for one in calibration.evidence.get("price_effect", []) if one.get("estimate") is not None]
    return calibration.parameters["price_effect"], len(found)


def price_readings(twin: Twin) -> None:
    """The five readings of the effect of price, and why the number is an assumption."""
    readings = twin.knowledge.calibration.evidence.get("price_effect", [])
    if not readings:
        return  # the sentence above says that there are too few changes of prices
    heads = [
        Column("Reading"),
        Column("Effect of 1\u00a0% on units", True),
        Column("Range", True),
        Column("Items", True),
        Column("Rows", True),
    ]
    table(heads, [reading(one) for one in readings], "Readings of the effect of price", "u-stack")


def reading(one: dict[str, float | str | None]) -> list[Cell]:
    """One reading with its 90 % range."""
    name, rows = words.capitalised(str(one["name"])), [amounts.count(int(one[key] or 0)) for key in ("items", "rows")]
    if one.get("estimate") is None:
        return [Cell(name), Cell("cannot be read"), Cell(""), *(Cell(each) for each in rows)]
    value, error = float(one["estimate"] or 0), float(one.get("standard_error") or 0) * 1.645
    shown = [
        f"{amounts.sign(each, 0.01)}{amounts.figures(each, 0.01)}{amounts.THIN}%"
        for each in (value, value - error, value + error)
    ]
    return [Cell(name), Cell(shown[0]), Cell(f"{shown[1]} to {shown[2]}"), *(Cell(each) for each in rows)]


def files(names: Sequence[str]) -> str:
    """The names of the files in a sentence."""
    return words.listing(names) if names else "no file"
