"""Errors that a person can act on: each message is a sentence that says what was found and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

LISTED = 30  # more names than that help nobody


class TwinError(Exception):
    """Something the user gave cannot be used; the message is shown as it is."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[TwinError], args: tuple[Any, ...], state: dict[str, Any]) -> TwinError:
    """An error as it left a worker; one that cannot be read there would end every worker."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class UnknownName(TwinError):
    """A name that does not exist; the message offers the nearest that does."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        super().__init__(f"There is no {kind} '{name}'. {nearest(name, self.known)}")


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that names what the user most probably meant, or all there is.

    >>> nearest("pickers", ["price", "pickers_weekday"])
    "Did you mean 'pickers_weekday'?"
    """
    known = list(known)
    starts = [candidate for candidate in known if candidate.startswith(name)]
    close = starts[:1] or get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    if len(known) > LISTED:
        return f"Nothing like it is among the {len(known)} there are, such as '{known[0]}'."
    return f"There are: {', '.join(known)}." if known else "There are none yet."
