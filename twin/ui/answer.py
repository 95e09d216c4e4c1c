"""An answer on the screen: the sentence, the big numbers, the chart, the table, and what it hangs on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from twin.advise import amounts, differences
from twin.advise.dryness import both_dry_words, dry_words, items_words
from twin.advise.growth import both_words, growth_words
from twin.advise.liquidity import both_cash_words, cash_words
from twin.advise.questions import questions as asked_first
from twin.advise.scenarios import horizon_words
from twin.clock import spoken
from twin.desk import Comparison, Run, Twin
from twin.spec.measures import Measure
from twin.ui.sides import BIG
from twin.ui.tables import Cell, Column, marked, table

if TYPE_CHECKING:
    from twin.advise.reasons import Reason, Reasons

COLOURS = {"better": "green", "worse": "red"}


def said(text: str) -> str:
    """A sentence with marks of bold type, in which a dollar is a dollar."""
    return text.replace("$", "\\$")


def literal(text: str) -> str:
    """Text for markdown in which nothing is taken for a sign of markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+-!|<>$~:" else letter for letter in text)


def not_understood(problems: Sequence[str]) -> None:
    """What the address says and this page does not understand."""
    if problems:
        lines = "".join(f"\n- {literal(problem)}" for problem in problems)
        st.warning(f"Part of the address could not be understood; the rest works.\n{lines}", icon=":material/link_off:")


def circumstances(answer: Comparison, wanted: int) -> str:
    """Which days were played how often, from which data."""
    played = f"{answer.replications} plays on each side with the same luck"
    if answer.replications < wanted:
        played = f"first numbers from {answer.replications} of {wanted} plays, being refined"
    elif answer.sharp is not None:
        played += ", enough to be sharp" if answer.sharp else "; more would sharpen it"
    horizon = answer.scenario.horizon
    return f"{horizon_words(horizon)} · {played} · ranges hold 9 of 10 futures"


def questions(twin: Twin, here: bool = False) -> None:
    """Questions to begin with, each one click from its answer; `here` on the page that answers them."""
    from twin.ui.frame import page_file

    asked = asked_first(twin.template, twin.horizon())
    for n, (column, one) in enumerate(zip(st.columns(len(asked)) if asked else [], asked, strict=True)):
        with column.container(border=True, height="stretch", key=f"question_{n}"):
            address = {"twin": twin.name} | dict(change.split("=", 1) for change in one.changes)
            look: dict[str, Any] = {"icon": ":material/arrow_forward:", "icon_position": "right", "width": "stretch"}
            if here:  # not a link to this page: the address bar would keep what it said before
                ask, words = st.query_params.from_dict, f"**{one.words}**"
                st.button(words, type="tertiary", key=f"ask_{n}", on_click=ask, args=(address,), **look)
            else:
                st.page_link(page_file("explore/what_if.py"), label=f"**{one.words}**", query_params=address, **look)
            st.caption(one.why)


def jump() -> None:
    """On a phone, where the levers follow the answer: the way down to them."""
    st.html('<a class="u-jump" href="#levers">Change the levers</a>')


def lead(answer: Comparison) -> None:
    """The sentence that sums it up."""
    st.markdown(said(differences.answer(answer.differences, answer.headline, answer.scenario.currency)))
    before, after = answer.baseline, answer.scenario
    cannot_keep_up(both_words(before.growth, after.growth, after.twin.counted))
    runs_out(both_cash_words(before.shortfall, after.shortfall, after.horizon.today))
    places, today = after.twin.template.structure.places, after.horizon.today
    runs_dry(both_dry_words(before.dry, after.dry, places, today))
    runs_dry(items_words(answer.items_dry, places, after.item_name, today))


def cannot_keep_up(warning: str) -> None:
    """That work grows without bound, where it does."""
    if warning:
        st.warning(warning, icon=":material/trending_up:")


def runs_out(warning: str) -> None:
    """That cash runs out, where it does."""
    if warning:
        st.warning(warning, icon=":material/account_balance_wallet:")


def runs_dry(warning: str) -> None:
    """That shelves run empty and stay so, where they do."""
    if warning:
        st.warning(warning, icon=":material/production_quantity_limits:")


def big_numbers(answer: Comparison) -> None:
    """Four measures with their difference and its range."""
    with st.container(horizontal=True, gap="small", key=f"big_numbers_{answer.name}_{answer.replications}"):
        for measure in list(answer.measured.values())[:BIG]:
            big_number(answer, measure)


def big_number(answer: Comparison, measure: Measure) -> None:
    """One measure as it would be, with its difference and range."""
    one, currency = answer.differences.get(measure.name), answer.scenario.currency
    with st.container(border=True, gap=None):
        if one is None:
            st.metric(differences.heading(measure), "not defined", help=measure.help)
            return
        same = differences.nothing(one)
        st.metric(
            differences.heading(measure),
            differences.sides(one, currency)[1],
            "exactly no difference" if same else differences.difference_amount(one, currency),
            delta_color=COLOURS.get(differences.verdict_of(one).mark, "gray"),  # type: ignore[arg-type]
            delta_arrow=differences.arrow(one),  # type: ignore[arg-type]
            help=measure.help,
        )
        if not same:
            st.caption(differences.range_words(one).strip("()"))


def numbers_as_today(run: Run) -> None:
    """The same four measures of the coming weeks as today, with the range of the plays."""
    cannot_keep_up(growth_words(run.growth, run.twin.counted))
    runs_out(cash_words(run.shortfall, run.horizon.today))
    places, today = run.twin.template.structure.places, run.horizon.today
    runs_dry(dry_words(run.dry, places, today))
    runs_dry(items_words(run.items_dry, places, run.item_name, today))
    found = run.measures()
    with st.container(horizontal=True, gap="small", key="big_numbers_today"):
        for measure in list(run.measured.values())[:BIG]:
            one = found[measure.name]
            with st.container(border=True, gap=None):
                st.metric(
                    differences.heading(measure),
                    differences.value_of(one.mean, measure, run.currency) if one else "not defined",
                    help=measure.help,
                )
                if one:
                    low, high = (differences.value_of(end, measure, run.currency) for end in (one.low, one.high))
                    st.caption(f"{amounts.between(low, high)} in 8 of 10 plays")


def every_measure(answer: Comparison) -> None:
    """Every measure: as today, what if, the difference with its range, the verdict."""
    heads = [
        Column("Measure"),
        Column("As today", True),
        Column("What if", True),
        Column("Difference (range)", True),
        Column("Verdict"),
    ]
    table(
        heads,
        [row(answer, measure) for measure in answer.measured.values() if place_of(answer, measure) is None],
        "Differences between as today and what if",
        "u-stack u-answer",
    )
    by_place(answer)
    st.caption(
        "Many lines are judged at once here, so each but the first must be surer than its own range shows: "
        "one whose range leaves out zero may still be no clear difference. One that goes the same way in every "
        "play, by little in most and by much in some, is clear."
    )


def place_of(answer: Comparison, measure: Measure) -> str | None:
    """The place of the supply chain that a measure is of; None for all others."""
    target = measure.name.partition("[")[2].removesuffix("]")
    return target if target in answer.scenario.twin.template.structure.nodes else None


def by_place(answer: Comparison) -> None:
    """The measures of single places side by side: what they would be, with the difference and its range below."""
    found: dict[str, dict[str, Measure]] = {}
    for measure in answer.measured.values():
        place = place_of(answer, measure)
        if place is not None:
            found.setdefault(measure.name.partition("[")[0], {})[place] = measure
    if not found:
        return
    structure = answer.scenario.twin.template.structure
    places = [name for name in structure.nodes if any(name in measures for measures in found.values())]
    heads = [column_of(next(iter(measures.values()))) for measures in found.values()]
    rows = [
        [
            Cell(structure.places[place] or place),
            *(placed(answer, measures.get(place)) for measures in found.values()),
        ]
        for place in places
    ]
    columns = [Column("What if, by place"), *(Column(head, True) for head in heads)]
    table(columns, rows, "What if, place by place", "u-stack u-places")


def column_of(measure: Measure) -> str:
    """What a measure of one place is called where the place stands beside it: its label up to the comma."""
    return differences.heading(replace(measure, label=measure.label.rpartition(", ")[0] or measure.label))


def placed(answer: Comparison, measure: Measure | None) -> Cell:
    """One measure of one place: what it would be, with the verdict's mark, and the difference in small print."""
    one, currency = answer.differences.get(measure.name) if measure else None, answer.scenario.currency
    if measure is None or one is None:
        return Cell("\u2013")
    words = "no difference" if differences.nothing(one) else differences.difference_words(one, currency)
    mark = differences.verdict_of(one)
    return Cell(differences.value_of(one.scenario, measure, currency), words, mark=mark.mark, help=mark.words)


def row(answer: Comparison, measure: Measure) -> list[Cell]:
    """One line of the table."""
    one, currency = answer.differences.get(measure.name), answer.scenario.currency
    head = Cell(differences.heading(measure), help=measure.help, strong=measure.name == answer.headline)
    if one is None:
        return [head, Cell(""), Cell(""), Cell(""), Cell("not defined here")]
    numbers = differences.sides(one, currency)
    return [
        head,
        Cell(numbers[0]),
        Cell(numbers[1]),
        Cell(differences.difference_words(one, currency)),
        marked(differences.verdict_of(one)),
    ]


# ------------------------------------------------------------------ reasons


def reasons(found: "Reasons", answer: Comparison) -> None:
    """The three numbers that move the answer most."""
    measure, currency = answer.measured[found.measure], answer.scenario.currency
    noun = measure.noun
    if not found.top:
        st.markdown(f"No estimate and no assumption moves the difference in {noun}.")
        return
    holds = "holds over the whole range of each of them" if found.survives else "does not hold over their whole range"
    count = {1: "This number moves", 2: "These two numbers move"}.get(len(found.top), "These three numbers move")
    st.markdown(f"{count} the difference in {noun} most. The verdict **{holds}**.")
    heads = [
        Column("Estimate or assumption"),
        Column("Its range", True),
        Column(f"Difference in {noun}", True),
        Column("The verdict"),
    ]
    table(heads, [reason_row(one, measure, currency) for one in found.top], "What the answer hangs on", "u-stack")


def reason_row(one: "Reason", measure: Measure, currency: str) -> list[Cell]:
    """One of the numbers that move the answer."""
    ends = [amounts.parameter_amount(value, one.unit, currency) for value in (one.low, one.high)]
    step = amounts.step_of(one.difference_low, one.difference_high)
    reach = (one.difference_low, one.difference_high)
    moved = [differences.difference_alone(value, measure, currency, step) for value in reach]
    verdict = Cell("holds", mark="inside") if one.survives else Cell("changes", mark="outside")
    return [Cell(one.label), Cell(f"{ends[0]} to {ends[1]}"), Cell(f"{moved[0]} to {moved[1]}"), verdict]


def made(answer: Comparison) -> str:
    """Who made an answer, when, from which data, with which engine."""
    inputs = answer.scenario.inputs
    when = f" on {spoken(answer.created.date())} at {answer.created:%H:%M} UTC" if answer.created else ""
    made_by = f"made by {answer.maker or 'somebody'}{when}"
    return f"Shared comparison, read-only · {made_by} · data {inputs.snapshot[:12]} · engine {inputs.engine}"
