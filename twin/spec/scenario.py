"""Scenarios: named, ordered lists of changes, and how they are written in a command or an address."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import quote

from twin.clock import Horizon
from twin.errors import TwinError, UnknownName, nearest
from twin.spec.choices import NUMBERS, spoken
from twin.spec.parameter import Declaration

Operation = Literal["set", "add", "scale"]
WRITTEN = re.compile(
    r"(?P<lever>[A-Za-z_]\w*)(\[(?P<target>[^\]=]+)\])?=(?P<value>[^@]*)(@(?P<first>[^:]*)(:(?P<last>.*))?)?\Z", re.S
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z")
SPOKEN = {"ratio": "times today's", "share": "as a share", "currency/day": "a day"}  # units in a sentence
HOW = "Write +2 or -1 to add, *1.05 or +5% to scale, =3 or 3 to set."


@dataclass(frozen=True)
class Change:
    """One lever, moved from its value today: by setting, adding or scaling, from `first` to `last` (both included).

    word : what the value is called, where the lever is a choice
    target : what the lever is narrowed to, such as one item of `price`; None for all
    first, last : None is the first or last day that is played
    """

    lever: str
    operation: Operation
    value: float
    target: str | None = None
    first: date | None = None
    last: date | None = None
    word: str = ""

    def applied(self, number: float) -> float:
        """The lever's number after this change."""
        if self.operation == "add":
            return number + self.value
        return number * self.value if self.operation == "scale" else self.value

    @property
    def amount(self) -> str:
        """The operation and its value as it is written."""
        if self.word:
            return self.word
        if self.operation == "add":
            return f"+{plain(self.value)}" if self.value >= 0 else plain(self.value)
        if self.operation == "scale":
            if not self._is_percent:
                return f"*{plain(self.value)}"
            return f"{'+' if self._percent >= 0 else ''}{plain(self._percent)}%"
        return f"={plain(self.value)}" if self.value < 0 else plain(self.value)

    @property
    def _percent(self) -> float:
        return round((self.value - 1.0) * 100.0, 8)

    @property
    def _is_percent(self) -> bool:
        return 1.0 + self._percent / 100.0 == self.value

    @property
    def key(self) -> str:
        """The lever as it is written: price, or price[85123A]."""
        return f"{self.lever}[{self.target}]" if self.target else self.lever

    @property
    def written(self) -> str:
        """The value with its dates as it is written; reading it gives the same change."""
        if self.first is None and self.last is None:
            return self.amount
        dates = "@" + (self.first.isoformat() if self.first else "")
        return self.amount + dates + (f":{self.last.isoformat()}" if self.last else "")

    def __str__(self) -> str:
        return f"{self.key}={self.written}"


@dataclass(frozen=True)
class Scenario:
    """An ordered list of changes; the empty list is the baseline, 'as today'."""

    changes: tuple[Change, ...] = ()
    name: str = ""

    @property
    def texts(self) -> list[str]:
        """Each change as it is written."""
        return [str(change) for change in self.changes]

    @property
    def query(self) -> str:
        """The changes as they stand in an address."""
        return "&".join(f"{quote(change.key, safe='')}={quote(change.written, safe='@:*=')}" for change in self.changes)

    def on(self, lever: str) -> tuple[Change, ...]:
        """The changes of one lever that hold for all its targets, in order."""
        return tuple(change for change in self.changes if change.lever == lever and change.target is None)


def plain(value: float) -> str:
    """A number as short as it can be written without losing anything.

    >>> plain(2.0), plain(0.08)
    ('2', '0.08')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def change(text: str, levers: dict[str, Declaration], horizon: Horizon, values: dict[str, float]) -> Change:
    """Read one change such as 'pickers_weekday=+2@2011-12-12:2011-12-23'.

    values : the levers' numbers today, by name. Raises TwinError naming the nearest valid choice.
    """
    match = _match(text)
    lever = match["lever"]
    if lever not in levers:
        raise UnknownName("lever", lever, levers)
    if match["target"] and not levers[lever].by:
        raise TwinError(f"'{lever}' is one number for the whole business; leave out [{match['target']}].")
    _check_way(match["value"], lever, levers[lever])
    made = _named(read(text), levers[lever], values[lever])
    _check_dates(made, horizon)
    check(made, levers[lever], values[lever])
    return made


def _check_way(written: str, name: str, lever: Declaration) -> None:
    """Refuse a word that is none of the ways of a choice. Raises TwinError naming the nearest."""
    way = spoken(written.removeprefix("="))
    if lever.ways and re.match("[a-z]", way) and way not in lever.ways:
        meant = nearest(way, lever.ways)
        close = f" {meant}" if meant.startswith("Did") else ""  # all that there are have been named
        raise TwinError(f"{name} would be '{written}'; it is one of {', '.join(lever.ways)}.{close}")


def _named(made: Change, lever: Declaration, today: float) -> Change:
    """A choice by the name of its way, whether it was written by name or by number. Raises TwinError for another."""
    written, ways, number = made.amount, lever.ways, made.applied(today)
    if ways and (number not in range(len(ways)) or made.word not in ("", lever.way(number))):
        raise TwinError(
            f"{made.key} would be '{written}'; it is one of {', '.join(ways)}. Write {made.key}={ways[-1]}."
        )
    if made.word and not ways:
        raise TwinError(f"'{written}' in '{made}' is not a value: {made.key} is a number. {HOW}")
    return replace(made, operation="set", value=number, word=lever.way(number)) if ways else made


def read(text: str) -> Change:
    """The change that a text says, whatever the business. Raises TwinError for a text that says none."""
    match = _match(text)
    first, last = (_date(match[name], text) for name in ("first", "last"))
    way = spoken(match["value"].removeprefix("="))
    if way in NUMBERS:
        return Change(match["lever"], "set", NUMBERS[way], match["target"], first, last, way)
    operation, value = _amount(match["value"].strip(), text)
    return Change(match["lever"], operation, value, match["target"], first, last)


def _match(text: str) -> re.Match[str]:
    match = WRITTEN.match(text.strip())
    if not match:
        raise TwinError(
            f"'{text}' is not a change. Write LEVER=VALUE, for example price=+5% or pickers_weekday=+2. {HOW}"
        )
    return match


def _amount(text: str, whole: str) -> tuple[Operation, float]:
    sign, body = text[:1], text.removesuffix("%").strip()
    percent = text.endswith("%")
    digits = body[1:].strip() if sign in ("*", "=") else body
    if not NUMBER.match(digits):
        raise TwinError(f"'{text}' in '{whole}' is not a value. {HOW}")
    number = float(digits)
    if not math.isfinite(number):
        raise TwinError(f"'{text}' in '{whole}' is too large to be a value. {HOW}")
    if sign in ("+", "-"):
        return ("scale", 1.0 + number / 100.0) if percent else ("add", number)
    number = number / 100.0 if percent else number
    return ("scale", number) if sign == "*" else ("set", number)


def _date(text: str | None, whole: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TwinError(f"'{text}' in '{whole}' is not a date. Write dates like 2011-12-24.") from None


def _check_dates(made: Change, horizon: Horizon) -> None:
    if made.first and made.last and made.last < made.first:
        raise TwinError(f"'{made}' ends before it begins. Write the earlier date first.")
    for day in (made.first, made.last):
        if day is not None:
            horizon.index(day)


def check(made: Change, lever: Declaration, today: float) -> None:
    """Refuse a change that takes a lever where it may not go. Raises TwinError naming the nearest value."""
    low, high = lever.allowed
    reached = made.applied(1.0 if made.target else today)
    if not low <= reached <= high:
        raise TwinError(
            f"{made.key} would be {reached:g} {SPOKEN.get(lever.unit, lever.unit)}; it may be {low:g} to {high:g}. "
            f"The nearest is {made.key}={min(max(reached, low), high):g}."
        )
    if lever.unit == "people" and reached != int(reached):
        raise TwinError(
            f"{made.key} would be {reached:g} people; only whole numbers will do. "
            f"The nearest is {made.key}={round(reached)}."
        )


def stored(texts: Iterable[str]) -> Scenario:
    """A scenario as a run keeps it: it was checked when it was made, and is read without asking again."""
    return Scenario(tuple(read(text) for text in texts))


def scenario(
    texts: list[str], levers: dict[str, Declaration], horizon: Horizon, values: dict[str, float], name: str = ""
) -> Scenario:
    """Read a list of changes; they are applied in this order. Raises TwinError for the first that cannot be."""
    made = Scenario(tuple(change(text, levers, horizon, values) for text in texts), name)
    for day in _first_days(made, horizon):
        _check_together(made, levers, values, day)
    return made


def _first_days(made: Scenario, horizon: Horizon) -> list[date]:
    """The days from which on other changes hold than before."""
    begins = {one.first for one in made.changes if one.first}
    ends = {one.last + timedelta(days=1) for one in made.changes if one.last and one.last < horizon.last}
    return sorted({horizon.today} | begins | ends)


def _check_together(made: Scenario, levers: dict[str, Declaration], values: dict[str, float], day: date) -> None:
    reached = dict(values)
    for one in made.changes:
        if (one.first or day) <= day <= (one.last or day):
            number = reached[one.key] = one.applied(reached.get(one.key, 1.0))
            low, high = levers[one.lever].allowed
            if not low <= number <= high:
                raise TwinError(f"The changes of {one.key} together give {number:g}; it may be {low:g} to {high:g}.")
            if levers[one.lever].unit == "people" and number != int(number):
                raise TwinError(
                    f"The changes of {one.key} together give {number:g} people; only whole numbers will do."
                )
    for name, low in reached.items():
        high = reached.get(name.removesuffix("reorder_point") + "order_up_to_level", math.inf)
        if name.endswith("reorder_point") and low >= high:
            raise TwinError(
                f"The reorder point ({low:g} days) must lie below the order-up-to level ({high:g} days), or nothing "
                "would ever be ordered."
            )
