"""The pages of a lender: real records, estimates and plays, told in the words of its trade."""

import re
from pathlib import Path

import pytest

from tests.fictional import copied
from tests.pages.conftest import Visit, links, title, words
from tests.pages.test_another_trade import OF_SHOPS, said

OF_OTHERS = re.compile(r"\b(tickets?|patients?|first line|second line|appointments?)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def its_store(lender_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for the app."""
    return copied(lender_original, tmp_path_factory.mktemp("lender"))


@pytest.mark.parametrize("page", ["overview", "data", "forecast", "what_if", "one_life"])
def test_no_page_speaks_of_another_trade(opened: Visit, page: str) -> None:
    app = opened(page)
    if page == "data":
        app.button_group(key="numbers").set_value("All").run()
    for other in (OF_SHOPS, OF_OTHERS):
        found = other.search(said(app))
        assert found is None, said(app)[max(0, found.start() - 200) : found.end() + 100]
    assert "today is 11 June 2025" in " ".join(one.value for one in app.sidebar.caption)


def test_the_overview_tells_arrears_and_defaults(opened: Visit) -> None:
    app = opened("overview")
    assert [one.label for one in app.metric][1:3] == ["Late loans", "Defaults"]
    assert "late loans" in title(app)
    assert "Two more at the desk?" in links(app)[0]
    assert "Interest earned" in words(app), "the twin was asked how much it would have expected"


def test_the_data_page_tells_loans_and_how_numbers_were_found(opened: Visit) -> None:
    app = opened("data")
    labels = [one.label for one in app.metric]
    assert {"Loans", "Months of loans", "Recoveries"} <= set(labels)
    assert "Months whose state cannot follow on the one before" in words(app)
    assert "a luck of their own" in words(app)
    app.button_group(key="numbers").set_value("Assumptions").run()
    assert "Fall behind with dearer loans" in words(app)


def test_an_answer_is_about_loans_and_shows_what_was_observed(opened: Visit) -> None:
    app = opened("what_if", times_shift="-2", measure="late_loans_share")
    assert title(app).startswith("Better or worse times")
    assert [one.label for one in app.metric][:2] == ["Profit a month", "Loan losses a month"]


def test_one_life_follows_a_request(opened: Visit) -> None:
    told = words(opened("one_life", who="visit 0/0"))
    assert "desk" in told.lower()
