"""How answers are written: as one JSON object, or as tables and sentences."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NUMBER = re.compile(r"([A-Z]{3} )?[+-]?\d[\d,.]*( |$)|-$")


@dataclass(frozen=True)
class Answer:
    """What a command found: the values for scripts, the text for people."""

    values: Mapping[str, Any]
    text: str

    def written(self, as_json: bool) -> str:
        """The answer as it goes to standard output."""
        if as_json:
            return json.dumps(finite(self.values), allow_nan=False, ensure_ascii=False) + "\n"
        return self.text.rstrip("\n") + "\n"


def finite(value: Any) -> Any:
    """The same values with null where a number is not defined.

    >>> finite({"a": [1.0, float("nan")]})
    {'a': [1.0, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def digits_of(value: float) -> int:
    """How many digits behind the point a number has that stands alone."""
    return 0 if abs(value) >= 1000 else 2 if abs(value) >= 1 else 3


def amount(value: float | None, unit: str = "", sign: bool = False, digits: int | None = None) -> str:
    """A number with its unit as people write it; a dash where it is not defined.

    digits : behind the point, where it stands beside others

    >>> amount(0.0512, "share"), amount(-1234.5, "GBP"), amount(None)
    ('5.1 %', 'GBP -1,234', '-')
    """
    if value is None or not math.isfinite(value):
        return "-"
    plus = "+" if sign else ""
    if unit == "share":
        return f"{100 * value:{plus}.1f} %"
    number = f"{value:{plus},.{digits_of(value) if digits is None else digits}f}"
    return f"{unit} {number}" if len(unit) == 3 and unit.isupper() else f"{number} {unit}".rstrip()


def sides(before: float, difference: float, unit: str) -> tuple[str, str, str]:
    """As today, what if and the difference to the same last place, so that they add up as they are written.

    >>> sides(12.444, 0.122, "min"), sides(0.0744, 0.0012, "share")
    (('12.444 min', '12.566 min', '+0.122 min'), ('7.4 %', '7.5 %', '+0.1 points'))
    """
    if unit == "share":
        first, by = round(before, 3), round(difference, 3)
        return amount(first, unit), amount(first + by, unit), points(by)
    digits = max(map(digits_of, (before, before + difference, difference)))
    first, by = round(before, digits), round(difference, digits)
    return (
        amount(first, unit, digits=digits),
        amount(first + by, unit, digits=digits),
        amount(by, unit, sign=True, digits=digits),
    )


def points(value: float | None) -> str:
    """A difference of shares: 5 % after 3 % is two points more, not 2 %.

    >>> points(0.0131), points(-0.02), points(None)
    ('+1.3 points', '-2.0 points', '-')
    """
    return "-" if value is None or not math.isfinite(value) else f"{100 * value:+.1f} points"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns under each other; numbers to the right, words to the left.

    >>> print(table(["name", "rows"], [["a", "1"], ["b", "20"]]))
    name  rows
    a        1
    b       20
    """
    widths = [max(len(row[n]) for row in [headers, *rows]) for n in range(len(headers))]
    right = [bool(rows) and all(NUMBER.match(row[n]) for row in rows) for n in range(len(headers))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join(line(row) for row in [headers, *rows])
