"""A template's file with something else in one place."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

TAKE_OUT = object()


def changed(content: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The same content with one entry changed, added or taken out; path such as stations/first_line/next."""
    found = deepcopy(dict(content))
    *way, last = path.split("/")
    place = found
    for step in way:
        place = place.setdefault(step, {})
    if value is TAKE_OUT:
        del place[last]
    else:
        place[last] = value
    return found
