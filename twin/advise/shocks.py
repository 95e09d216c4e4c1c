"""Shocks: what may befall the business, as changes with dates that a what-if takes like any other."""

from dataclasses import dataclass
from datetime import date, timedelta

from twin.advise.words import span
from twin.clock import Horizon
from twin.spec.scenario import Change, Scenario, read
from twin.spec.template import Template

BEGINS_AFTER = 7  # days from today, so that a chart shows a week as usual before


@dataclass(frozen=True)
class Befalling:
    """A shock on a twin's own days: its words, when it holds, and the changes that it is."""

    words: str
    why: str
    first: date
    when: str
    changes: tuple[Change, ...]

    def holds(self, scenario: Scenario) -> bool:
        """Whether a scenario has all of its changes."""
        return all(change in scenario.changes for change in self.changes)

    def added(self, scenario: Scenario) -> Scenario:
        """The scenario with this shock behind its own changes."""
        return Scenario((*scenario.changes, *(one for one in self.changes if one not in scenario.changes)))

    def removed(self, scenario: Scenario) -> Scenario:
        """The scenario without this shock."""
        return Scenario(tuple(one for one in scenario.changes if one not in self.changes))


def shocks(template: Template, horizon: Horizon) -> list[Befalling]:
    """The template's shocks, each beginning a week from today, and cut where the days that are played end."""
    first = min(horizon.today + timedelta(days=BEGINS_AFTER), horizon.last)
    found = []
    for one in template.shocks:
        last = min(first + timedelta(days=one.days - 1), horizon.last)
        dated = tuple(read(f"{text}@{first.isoformat()}:{last.isoformat()}") for text in one.changes)
        found.append(Befalling(one.words, one.why, first, span(first, last), dated))
    return found
