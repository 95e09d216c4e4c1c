"""Scenarios in plain words: what moves, by how much, from when to when."""

from collections.abc import Mapping
from datetime import date

from twin.advise.amounts import MINUS, THIN, amount, count, parameter_amount
from twin.advise.words import NUMBERS, capitalised, listing, span, uncapitalised
from twin.clock import Horizon, spoken
from twin.spec.parameter import Declaration
from twin.spec.scenario import Change, Scenario

TYPED = 0.001  # a difference with more decimals than these is nobody's: one end of it was estimated


def scenario_words(
    scenario: Scenario, levers: Mapping[str, Declaration], today: Mapping[str, float], currency: str, this_year: int = 0
) -> str:
    """A scenario as a title: Two more pickers on weekdays and prices +5 %."""
    if scenario.name:
        return scenario.name
    if not scenario.changes:
        return "As today"
    told = [
        change_words(change, levers[change.lever], today[change.lever], currency, this_year)
        for change in scenario.changes
    ]
    return capitalised(listing([told[0], *(uncapitalised(one) for one in told[1:])]))


def change_words(change: Change, lever: Declaration, today: float, currency: str, this_year: int = 0) -> str:
    """One change in words, with its dates."""
    return moved_words(change, lever, today, currency) + dates_words(change.first, change.last, this_year)


def moved_words(change: Change, lever: Declaration, today: float, currency: str) -> str:
    """How a lever moves, without its dates."""
    label = f"{lever.label.removesuffix('s')} of {change.target}" if change.target else lever.label
    reached, start = change.applied(1.0 if change.target else today), 1.0 if change.target else today
    if reached == start:
        return f"{label} as today"
    if lever.ways:
        return f"{label}: {lever.way(reached)} instead of {lever.way(start)}"
    if lever.unit == "people":
        return people_words(label, reached - start)
    if lever.unit == "ratio" and start:
        return f"{label} {percent(reached / start)}"
    more, unit = reached - start, lever.unit.partition("/")[0]
    if lever.unit == "share" or exact_step(more) < TYPED:
        ends = [parameter_amount(value, unit, currency) for value in (reached, start)]
        return f"{label} {ends[0]} instead of {ends[1]}"
    return f"{label} {amount(more, unit, currency, exact_step(more), plus=True)}"


def exact_step(value: float) -> float:
    """The step that rounds nothing away of a number somebody typed."""
    text = f"{abs(value):.6f}".rstrip("0")
    return 10.0 ** -len(text.partition(".")[2])


def percent(ratio: float) -> str:
    """A ratio as a change in per cent.

    >>> percent(1.05), percent(0.9), percent(1.0)
    ('+5\\xa0%', '−10\\xa0%', '+0\\xa0%')
    """
    share = round((ratio - 1.0) * 100.0, 4)
    return f"{MINUS if share < 0 else '+'}{abs(share):g}{THIN}%"


def people_words(label: str, more: float) -> str:
    """So many people more or fewer, named as the lever names them.

    >>> people_words("Pickers on weekdays", 2.0), people_words("First line, early", -1.0)
    ('Two more pickers on weekdays', 'First line, early: one person fewer')
    """
    number = round(abs(more))
    if number == 0:
        return f"{label} as today"
    spelled, which = NUMBERS[number] if number < len(NUMBERS) else count(number), "more" if more > 0 else "fewer"
    first, _, rest = uncapitalised(label).partition(" ")
    if not (first.endswith("s") or first == "people"):
        return f"{label}: {spelled} {'person' if number == 1 else 'people'} {which}"
    who = {"people": "person"}.get(first, first.removesuffix("s")) if number == 1 else first
    return f"{capitalised(spelled)} {which} {who}{f' {rest}' if rest else ''}"


def dates_words(first: date | None, last: date | None, this_year: int = 0) -> str:
    """From when to when, where it is not all the time; the year only where it is not this one."""
    start, end = (spoken(day, year=day.year != this_year) if day else "" for day in (first, last))
    if first and last:
        return f" on {end}" if first == last else f" from {start} to {end}"
    return f" from {start}" if first else f" until {end}" if last else ""


def horizon_words(horizon: Horizon) -> str:
    """The days that are played."""
    return span(horizon.today, horizon.last)
