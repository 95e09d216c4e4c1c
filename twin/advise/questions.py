"""Questions to begin with: changes that a manager would think of, made from the levers a business has."""

from dataclasses import dataclass
from datetime import date, timedelta

from twin.clock import Horizon
from twin.spec.parameter import Declaration


@dataclass(frozen=True)
class Question:
    """A question in words, and the changes that answer it."""

    words: str
    why: str
    changes: tuple[str, ...]


def questions(levers: dict[str, Declaration], horizon: Horizon) -> list[Question]:
    """Three questions to begin with; only those for which this business has levers."""
    until, when = before_christmas(horizon)
    asked = [
        Question(
            f"Two more pickers {when}?", "Do fewer late orders earn their wages?", (f"pickers_weekday=+2{until}",)
        ),
        Question("Prices up 5\u00a0%?", "Does the margin outweigh the orders that stay away?", ("price=+5%",)),
        Question(
            "The supplier takes two weeks longer?", "How much would be missing on the shelves?", ("lead_time_days=+14",)
        ),
    ]
    return [one for one in asked if all(change.partition("=")[0] in levers for change in one.changes)]


def before_christmas(horizon: Horizon) -> tuple[str, str]:
    """The dates and words of 'until Christmas', or of the whole time where Christmas is not near."""
    eve = date(horizon.today.year, 12, 23)
    if horizon.today + timedelta(days=7) <= eve <= horizon.last:
        return f"@:{eve.isoformat()}", "until Christmas"
    return "", "on weekdays"
