"""The questions to begin with can be asked: every one is a scenario that the levers allow, on any day."""

from datetime import date

import pytest

from twin.advise.questions import questions
from twin.clock import Horizon
from twin.spec.scenario import scenario
from twin.spec.template import template, template_names


@pytest.mark.parametrize("name", template_names())
@pytest.mark.parametrize("today", [date(2011, 12, 9), date(2026, 5, 1), date(2024, 12, 20)])
def test_every_question_of_a_template_can_be_asked(name: str, today: date) -> None:
    kind, horizon = template(name), Horizon(today, 90)
    values = {lever: one.value for lever, one in kind.levers.items()}
    asked = questions(kind, horizon)
    assert len(asked) == 3
    for one in asked:
        assert scenario(list(one.changes), kind.levers, horizon, values).changes
        assert "{" not in one.words + "".join(one.changes)


def test_until_christmas_is_asked_only_where_it_is_near() -> None:
    near, far, over = (
        questions(template("shop"), Horizon(day, 90))[0]
        for day in (date(2011, 12, 9), date(2011, 5, 1), date(2011, 12, 20))
    )
    assert (near.words, near.changes) == ("Two more pickers until Christmas?", ("pickers_weekday=+2@:2011-12-23",))
    assert far.words == over.words == "Two more pickers from now on?"
    assert far.changes == ("pickers_weekday=+2",)
