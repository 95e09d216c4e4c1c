"""Numbers with their units as people write them; the same on every screen, in every report."""

from math import floor, isfinite, log10

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "CHF": "CHF ", "JPY": "¥"}
MINUS = "\u2212"
THIN = "\u00a0"
BARE = ("ratio", "shape", "elasticity", "deviations")  # units that need no word
LONG = 120.0  # minutes that are told in hours
RARE = 0.002  # a share below this keeps two figures


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
    place = step_of(shown, digits=3)
    return max(place, 0.001) if not unit.startswith("currency") else 0.01 if place < 1.0 else place


def symbol(currency: str) -> str:
    """The sign of a currency, or its code where it has none of its own."""
    return SYMBOLS.get(currency, currency + THIN)


def after(unit: str) -> str:
    """What stands behind a number of this unit."""
    if unit.startswith("currency"):
        told = unit.removeprefix("currency").replace("/", " a ")
        return told.replace("a hour", "an hour").replace("a order", "an order")
    words = {
        "share": "%",
        "minutes": "min",
        "ratio": "",
        "shape": "",
        "elasticity": "",
        "deviations": "",
        "hour": "o'clock",
    }
    word = words.get(unit, unit.replace("/", " a "))
    return THIN + word if word else ""


def between(low: str, high: str) -> str:
    """From one amount to another; a unit that stands behind both is told once, and so is what is twice the same.

    >>> between("484\xa0pieces", "557\xa0pieces"), between("£1", "£2"), between("2\xa0h 5\xa0min", "3\xa0h 0\xa0min")
    ('484 to 557\xa0pieces', '£1 to £2', '2\xa0h 5\xa0min to 3\xa0h 0\xa0min')
    """
    if low == high:
        return low
    (number, _, unit), (_, _, other) = low.partition(THIN), high.partition(THIN)
    return f"{number if unit == other else low} to {high}"


def count(number: int) -> str:
    """A whole number with thousands set apart."""
    return f"{number:,}"


def hours_and_minutes(minutes: float, step: float) -> str:
    """A time as people say it, to a place of its minutes; from two hours on in hours.

    >>> hours_and_minutes(656.31, 1.0), hours_and_minutes(179.96, 0.1), hours_and_minutes(45.0, 0.1)
    ('10\xa0h 56\xa0min', '3\xa0h 0.0\xa0min', '45.0\xa0min')
    """
    fine = min(step, 1.0)  # of the minutes beside hours; 100 minutes are 1 h 40 min
    places, before = round(round(abs(minutes) / step) * step / fine), sign(minutes, step)
    if places * fine < LONG:
        return f"{before}{figures(places * fine, step)}{THIN}min"
    hours, rest = divmod(places, round(60.0 / fine))
    return f"{before}{count(hours)}{THIN}h {figures(rest * fine, fine)}{THIN}min"


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


def parameter_amount(value: float, unit: str, currency: str) -> str:
    """An estimate or assumption with its unit; a plan keeps all its digits.

    >>> parameter_amount(461.46, "currency", "GBP"), parameter_amount(-0.931, "elasticity", "GBP")
    ('£461', '−0.931')
    >>> parameter_amount(0.0003016, "share", "EUR")
    '0.030\\xa0%'
    """
    if unit == "share" and 0.0 < abs(value) < RARE:
        return amount(value, unit, currency, step_of(value))
    if unit in ("hour", "people") or value == round(value):
        return amount(value, unit, currency, 0.01 if unit == "share" else 1.0)
    return amount(value, unit, currency)
