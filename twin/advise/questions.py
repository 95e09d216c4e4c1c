"""Questions to begin with: changes that a manager would think of, as the template of the business asks them."""

from dataclasses import dataclass
from datetime import date, timedelta

from twin.clock import Horizon
from twin.spec.template import Template

NEAR_DAYS = 7  # a change that ends sooner would hardly show


@dataclass(frozen=True)
class Question:
    """A question in words, and the changes that answer it."""

    words: str
    why: str
    changes: tuple[str, ...]


def questions(template: Template, horizon: Horizon) -> list[Question]:
    """The template's questions on this twin's own today."""
    until, when = before_christmas(horizon)

    def dated(text: str) -> str:
        return text.replace("{when}", when).replace("{until}", until)

    return [
        Question(dated(one.words), one.why, tuple(dated(change) for change in one.changes))
        for one in template.questions
    ]


def before_christmas(horizon: Horizon) -> tuple[str, str]:
    """The dates and words of 'until Christmas', or of the whole time where Christmas is not near."""
    eve = date(horizon.today.year, 12, 23)
    if horizon.today + timedelta(days=NEAR_DAYS) <= eve <= horizon.last:
        return f"@:{eve.isoformat()}", "until Christmas"
    return "", "from now on"
