"""What is told of one life: events in order of time."""

from dataclasses import dataclass

PAID = "is paid"  # its detail is an amount of money, without its currency


@dataclass(frozen=True)
class Event:
    """Something that happened.

    day, minute : of the horizon, the first is 0, and of the calendar day
    what, where : in plain words; detail: what else is to be said of it
    """

    day: int
    minute: float
    what: str
    where: str = ""
    detail: str = ""
