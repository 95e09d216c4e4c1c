"""Shocks are changes like any other: dated, allowed by the levers, and gone when they are over."""

from datetime import date, timedelta

import pytest

from twin.advise.shocks import BEGINS_AFTER, shocks
from twin.clock import Horizon
from twin.spec.scenario import Scenario, read, scenario
from twin.spec.template import template, template_names

TODAY = date(2011, 12, 9)


@pytest.mark.parametrize("name", template_names())
@pytest.mark.parametrize("days", [1, 5, 20, 90, 366])
def test_every_shock_of_a_template_can_befall_any_horizon(name: str, days: int) -> None:
    kind, horizon = template(name), Horizon(TODAY, days)
    values = {lever: one.value for lever, one in kind.levers.items()}
    found = shocks(kind, horizon)
    assert len(found) >= 3
    for one in found:
        made = scenario([str(change) for change in one.changes], kind.levers, horizon, values)
        assert all(change.applied(values[change.lever]) != values[change.lever] for change in made.changes)


@pytest.mark.parametrize("name", template_names())
def test_a_shock_begins_in_a_week_and_lasts_as_long_as_it_says(name: str) -> None:
    kind = template(name)
    for told, one in zip(kind.shocks, shocks(kind, Horizon(TODAY, 90)), strict=True):
        first = TODAY + timedelta(days=BEGINS_AFTER)
        last = min(first + timedelta(days=told.days - 1), TODAY + timedelta(days=89))
        assert {(change.first, change.last) for change in one.changes} == {(first, last)}


def test_switching_a_shock_on_and_off_leaves_what_was_asked_before() -> None:
    first, second = shocks(template("shop"), Horizon(TODAY, 90))[:2]
    before = Scenario((read("price=+5%"), read("demand=+10%")))
    both = second.added(first.added(before))
    assert (first.holds(both), second.holds(both), first.holds(before)) == (True, True, False)
    assert first.added(both) == both
    assert first.removed(both) == second.added(before)
    assert second.removed(first.removed(both)) == before
