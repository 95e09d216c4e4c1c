"""Numbers, differences and verdicts in plain words; the same on every screen, in every report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import floor, isfinite, log10

from twin.clock import spoken
from twin.experiment.statistics import Difference
from twin.spec.measures import Measure

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "CHF": "CHF ", "JPY": "¥"}
PERIODS = {"per_month": " a month", "per_day": " a day", "total": "", "end": ""}
COUNTED = ("orders", "visits", "customers")  # units that go without saying beside the measure's name
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
MINUS = "\u2212"
THIN = "\u00a0"


@dataclass(frozen=True)
class Verdict:
    """A verdict as it is shown: its name for the mark, and its words."""

    mark: str
    words: str


# ------------------------------------------------------------------ numbers


def step_of(*values: float, digits: int = 2) -> float:
    """The place to which numbers are rounded so that the largest keeps so many digits.

    >>> step_of(2659.9, 3946.7), step_of(0.734, 1.39)
    (100.0, 0.1)
    """
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    return 1.0 if largest == 0 else 10.0 ** (floor(log10(largest)) - digits + 1)


def figures(value: float, step: float) -> str:
    """A number rounded to a step, with thousands set apart and no sign.

    >>> figures(46191.9, 100.0), figures(0.0349, 0.01)
    ('46,200', '0.03')
    """
    return f"{round(abs(value) / step) * step:,.{max(0, -floor(log10(step) + 1e-9))}f}"


def sign(value: float, step: float, plus: bool = False) -> str:
    """The sign that a rounded number carries; none where it rounds to zero."""
    if round(abs(value) / step) == 0:
        return ""
    return MINUS if value < 0 else "+" if plus else ""


def amount(value: float, unit: str, currency: str, step: float | None = None, plus: bool = False) -> str:
    """A number with its unit: £46,200, 35.2 orders, 7.6 %.

    >>> amount(46191.9, "currency", "GBP"), amount(0.0759, "share", "GBP"), amount(-2659.9, "currency", "GBP", 100.0)
    ('£46,200', '7.6\\xa0%', '−£2,700')
    """
    shown = value * 100.0 if unit == "share" else value
    place = (step * 100.0 if unit == "share" else step) if step else step_for(shown, unit)
    before = sign(shown, place, plus) + (symbol(currency) if unit.startswith("currency") else "")
    return before + figures(shown, place) + after(unit)


def step_for(shown: float, unit: str) -> float:
    """To which place a number that stands alone is rounded."""
    if unit == "share":
        return 0.1
    if unit in ("people", "rows", "items", "customers"):
        return 1.0
    return max(step_of(shown, digits=3), 0.01 if unit.startswith("currency") else 0.001)


def symbol(currency: str) -> str:
    """The sign of a currency, or its code where it has none of its own."""
    return SYMBOLS.get(currency, currency + THIN)


def after(unit: str) -> str:
    """What stands behind a number of this unit."""
    if unit.startswith("currency"):
        return unit.removeprefix("currency").replace("/", " a ").replace("a hour", "an hour")
    words = {"share": "%", "minutes": "min", "ratio": "", "shape": "", "elasticity": "", "hour": "o'clock"}
    word = words.get(unit, unit.replace("/day", " a day").replace("log ", "log "))
    return THIN + word if word else ""


def count(number: int) -> str:
    """A whole number with thousands set apart."""
    return f"{number:,}"


def lasting(minutes: float) -> str:
    """How long something takes, in the two largest units that it has; from a week on in days.

    >>> lasting(0.4), lasting(45.0), lasting(200.0), lasting(3000.0), lasting(12000.0)
    ('under a minute', '45\\xa0min', '3\\xa0h 20\\xa0min', '2 days 2\\xa0h', '8 days')
    """
    whole = round(minutes)
    if whole < 1:
        return "under a minute"
    days, hours, rest = whole // 1440, whole // 60 % 24, whole % 60
    parts = [f"{days} {'day' if days == 1 else 'days'}", f"{hours}{THIN}h", f"{rest}{THIN}min"]
    there = [part for part, number in zip(parts, (days, hours, rest), strict=True) if number]
    return " ".join(there[: 1 if days >= 7 else 2])


def plural(noun: str) -> str:
    """Several of a thing.

    >>> plural("ticket"), plural("delivery"), plural("person"), plural("pickers")
    ('tickets', 'deliveries', 'people', 'pickers')
    """
    if noun == "person":
        return "people"
    if noun.endswith("s"):
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in set("aeiou") else noun + "s"


def counted(unit: str, trade: Mapping[str, str]) -> str:
    """What is counted in this unit, in the words of the trade.

    trade : the template's words, such as {"visit": "ticket"}

    >>> counted("visits", {"visit": "ticket"}), counted("orders", {})
    ('tickets', 'orders')
    """
    one = unit.removesuffix("s")
    return plural(trade[one]) if one in trade else unit


def change_of(now: float, before: float, less: str = "less") -> str:
    """How much more or less than before, in per cent; `less` is fewer for what is counted.

    >>> change_of(112, 100), change_of(96, 100, "fewer")
    ('12\\xa0% more', '4\\xa0% fewer')
    """
    if not before:
        return "as against none"
    share = (now / before - 1.0) * 100.0
    if round(abs(share)) == 0:
        return "as many"
    return f"{abs(share):.0f}{THIN}% {'more' if share > 0 else less}"


def parameter_amount(value: float, unit: str, currency: str) -> str:
    """An estimate or assumption with its unit; a plan keeps all its digits.

    >>> parameter_amount(461.46, "currency", "GBP"), parameter_amount(-0.931, "elasticity", "GBP")
    ('£461', '−0.931')
    """
    if unit in ("hour", "people") or value == round(value):
        return amount(value, unit, currency, 0.01 if unit == "share" else 1.0)
    return amount(value, unit, currency)


# ------------------------------------------------------------------ measures and differences


def heading(measure: Measure) -> str:
    """A measure with its period: Profit a month."""
    return measure.label + PERIODS[measure.period]


def value_of(value: float, measure: Measure, currency: str) -> str:
    """A measure's value as a big number or a cell shows it."""
    if measure.unit in COUNTED:
        return figures(value, 1.0 if abs(value) >= 1000 else 0.1)
    return amount(value, measure.unit, currency)


def nothing(one: Difference) -> bool:
    """Whether both sides were the same in every replication."""
    return one.difference == 0.0 and one.low == 0.0 and one.high == 0.0


def difference_step(one: Difference) -> float:
    """To which place a difference and its range are rounded."""
    step = step_of(one.difference, one.low, one.high)
    smallest = {"share": 0.001, "currency": 1.0, "minutes": 0.1}.get(one.measure.unit, 0.01)
    return max(step, smallest)


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
    >>> one = Difference(BY_NAME["profit"], 0.0, 0.0, -2659.9, -3946.7, -1373.1, 0.0, 0.0, 32, "worse")
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


# ------------------------------------------------------------------ sentences


def capitalised(text: str) -> str:
    """The text with its first letter large, also behind the marks of bold type."""
    start = 2 if text.startswith("**") else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def uncapitalised(text: str) -> str:
    """The text with its first letter small, unless it is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def listing(parts: Iterable[str]) -> str:
    """Parts joined as a person does.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    every = list(parts)
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def span(first: date, last: date) -> str:
    """Two dates and all between.

    >>> span(date(2011, 11, 11), date(2011, 12, 8))
    '11 November to 8 December 2011'
    """
    return f"{spoken(first, year=first.year != last.year)} to {spoken(last)}"
