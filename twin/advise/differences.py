"""Measures, differences and verdicts in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass

from twin.advise.amounts import MINUS, THIN, amount, figures, hours_and_minutes, sign, step_for, step_of
from twin.advise.words import capitalised, listing
from twin.experiment.statistics import Difference
from twin.spec.measures import Measure

PERIODS = {"per_month": " a month", "per_day": " a day", "total": "", "end": ""}
COUNTED = ("orders", "visits", "customers", "units")  # units that go without saying beside the measure's name


@dataclass(frozen=True)
class Verdict:
    """A verdict as it is shown: its name for the mark, and its words."""

    mark: str
    words: str


def heading(measure: Measure) -> str:
    """A measure with its period: Profit a month."""
    return measure.label + PERIODS[measure.period]


def value_of(value: float, measure: Measure, currency: str) -> str:
    """A measure's value as a big number or a cell shows it."""
    if measure.unit in COUNTED:
        return figures(value, 1.0 if abs(value) >= 1000 else 0.1)
    if measure.unit == "minutes":
        return hours_and_minutes(value, side_step(value, measure))
    return amount(value, measure.unit, currency, measure.finest if measure.unit == "share" else None)


def nothing(one: Difference) -> bool:
    """Whether both sides were the same in every replication."""
    return one.difference == 0.0 and one.low == 0.0 and one.high == 0.0


def difference_step(one: Difference) -> float:
    """To which place a difference and its range are rounded: no coarser than the sides that it stands between."""
    step = step_of(one.difference, one.low, one.high)
    smallest = {"share": one.measure.finest, "currency": 1.0, "minutes": 0.1}.get(one.measure.unit, 0.01)
    return min(max(step, smallest), max(side_step(value, one.measure) for value in (one.baseline, one.scenario)))


def side_step(value: float, measure: Measure) -> float:
    """To which place a measure's value is rounded where it stands alone."""
    if measure.unit in COUNTED:
        return 1.0 if abs(value) >= 1000 else 0.1
    return measure.finest if measure.unit == "share" else step_for(value, measure.unit)


def sides(one: Difference, currency: str) -> tuple[str, str]:
    """As today and what if, beside their difference: to its last place, and so that they add up as they are shown.

    >>> from twin.spec.measures import BY_NAME
    >>> sides(Difference(BY_NAME["profit"], 562671.4, 562679.8, 8.4, 2.0, 15.0, 0.0, 0.0, 32, "better"), "GBP")
    ('£562,671', '£562,679')
    """
    step = difference_step(one)
    before, by = round(one.baseline / step), round(abs(one.difference) / step)
    after = before + (by if one.difference > 0 else -by)
    return side(before * step, one.measure, currency, step), side(after * step, one.measure, currency, step)


def side(value: float, measure: Measure, currency: str, step: float) -> str:
    """A measure's value to a given place."""
    if measure.unit in COUNTED:
        return sign(value, step) + figures(value, step)
    if measure.unit == "minutes":
        return hours_and_minutes(value, step)
    return amount(value, measure.unit, currency, step)


def difference_amount(one: Difference, currency: str, plus: bool = True) -> str:
    """The difference alone: +£2,900 or −3.0 points."""
    return difference_alone(one.difference, one.measure, currency, difference_step(one), plus)


def difference_alone(value: float, measure: Measure, currency: str, step: float, plus: bool = True) -> str:
    """A difference of a measure, rounded to a step: points for a share, no unit for what is counted."""
    if measure.unit == "share":
        return sign(value, step, plus) + figures(value * 100.0, step * 100.0) + THIN + "points"
    if measure.unit in COUNTED:
        return sign(value, step, plus) + figures(value, step)
    return amount(value, measure.unit, currency, step, plus)


def arrow(one: Difference) -> str:
    """Where a difference points, as it is shown: up, down, or off where it rounds to nothing."""
    if round(abs(one.difference) / difference_step(one)) == 0:
        return "off"
    return "up" if one.difference > 0 else "down"


def range_words(one: Difference, turned: bool = False) -> str:
    """The range of the effect in brackets; `turned` where the words before it say falls.

    >>> from twin.spec.measures import BY_NAME
    >>> one = Difference(BY_NAME["profit"], 46191.9, 43532.0, -2659.9, -3946.7, -1373.1, 0.0, 0.0, 32, "worse")
    >>> range_words(one), range_words(one, turned=True)
    ('(−3,900 to −1,400)', '(1,400 to 3,900)')
    """
    factor = 100.0 if one.measure.unit == "share" else 1.0
    step = difference_step(one) * factor
    low, high = one.low * factor, one.high * factor
    if turned:
        low, high = -high, -low
    return f"({sign(low, step)}{figures(low, step)} to {sign(high, step)}{figures(high, step)})"


def difference_words(one: Difference, currency: str) -> str:
    """The difference with its range, as a table shows it."""
    if nothing(one):
        return "0"
    return f"{difference_amount(one, currency)} {range_words(one)}"


def verdict_of(one: Difference) -> Verdict:
    """The verdict with the name of its mark."""
    if nothing(one):
        return Verdict("same", "exactly no difference")
    if one.verdict is None:
        return Verdict("early", f"too few plays ({one.replications}) to say")
    marks = {"too small to matter": "small", "no clear difference": "unclear"}
    return Verdict(marks.get(one.verdict, one.verdict), one.verdict)


def moved(one: Difference, currency: str, bold: bool = True) -> str:
    """What a measure does, with its range: profit falls by £2,700 a month (1,400 to 3,900)."""
    verb = "rises" if one.difference > 0 else "falls"
    size = difference_amount(one, currency, plus=False).removeprefix(MINUS) + PERIODS[one.measure.period]
    words = f"{one.measure.noun} {verb} by {size}"
    return f"{f'**{words}**' if bold else words} {range_words(one, turned=one.difference < 0)}"


def answer(found: Mapping[str, Difference], headline: str, currency: str) -> str:
    """The sentence that sums a comparison up: the headline first, then what else changes most surely."""
    if all(nothing(one) for one in found.values()):
        return "**Exactly no difference.** Both sides are the same in every record of every play."
    first = found.get(headline)
    if first is None:
        return "The headline measure is not defined in this comparison; the table shows the others."
    if first.verdict is None:
        return f"Only {first.replications} plays: too few for a verdict. Play at least 16."
    sentence = capitalised(headline_words(first, currency)) + "."
    others = notable(found, headline)
    if others:
        listed = listing([moved(one, currency, bold=False) for one in others])
        sentence += f" {capitalised(listed)}."
    return sentence


def headline_words(one: Difference, currency: str) -> str:
    """What the headline measure does, verdict included."""
    noun = one.measure.noun
    if nothing(one):
        return f"**{noun} stays exactly as it is**"
    size = f"{difference_amount(one, currency)}{PERIODS[one.measure.period]} {range_words(one)}"
    if one.verdict == "too small to matter":
        return f"**{noun} changes too little to matter**: {size}"
    if one.verdict == "no clear difference":
        return f"**no clear difference in {noun}**: {size}"
    return moved(one, currency)


def notable(found: Mapping[str, Difference], headline: str, most: int = 2) -> list[Difference]:
    """The measures beside the headline that changed most surely; cash repeats profit and is left out.

    Where something gets better and something else worse, both are told: an answer that names one side only misleads.
    """
    told = [one for name, one in found.items() if name not in (headline, "cash") and verdict_of(one).mark in CLEAR]
    surest = sorted(told, key=lambda one: (one.verdict in ("higher", "lower"), one.chance))
    kept = surest[:most]
    directions = {one.verdict for one in [*kept, found[headline]]}
    for other in ("better", "worse"):
        missed = next((one for one in surest if one.verdict == other), None)
        if missed is not None and other not in directions:
            kept[-1] = missed
    return kept


CLEAR = ("better", "worse", "higher", "lower")
