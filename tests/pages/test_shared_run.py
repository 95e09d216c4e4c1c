"""A shared comparison shows what its author saw, whatever happens to the levers since."""

import pytest

from tests.pages.conftest import Visit, links, title, words
from twin.experiment.growth import Growth
from twin.ui import doors


@pytest.fixture
def run(visit: Visit) -> str:
    """A kept comparison."""
    visit("overview")
    twin = doors.the_desk().twin("gift-shop")
    return twin.keep(twin.compare(["price=+5%"]))


def test_a_link_shows_the_numbers_that_its_author_saw(visit: Visit, run: str) -> None:
    author, reader = visit("what_if", price="+5%"), visit("shared", run=run)
    assert title(reader) == title(author)
    assert [(one.value, one.delta) for one in reader.metric] == [(one.value, one.delta) for one in author.metric]


def test_a_link_says_who_made_it_and_from_what(visit: Visit, run: str) -> None:
    said = words(visit("shared", run=run))
    assert "made by" in said
    assert "engine" in said
    assert "read-only" in said


def test_work_that_grows_without_bound_is_said(visit: Visit, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "without bound" not in words(visit("shared", run=run))
    monkeypatch.setattr("twin.desk.answers.growth", lambda days: Growth(12.0, 480.4))
    said = words(visit("shared", run=run))
    assert "On both sides: more comes in than can be done: open orders grow without bound, from 12 in" in said


def test_a_stored_run_can_be_verified(visit: Visit, run: str) -> None:
    app = visit("shared", run=run)
    app.button(key="verify").click().run()
    assert "Identical" in words(app)


def test_a_link_to_an_unknown_run_says_so_and_leads_on(visit: Visit) -> None:
    app = visit("shared", run="ab12cd34ef56")
    assert title(app) == "This run cannot be opened"
    assert "There is no run 'ab12cd34ef56'" in words(app).replace("\\", "")
    assert "Go to the overview" in links(app)


def test_a_link_whose_twin_is_gone_says_so(visit: Visit) -> None:
    visit("overview")
    desk = doors.the_desk()
    twin = desk.twin("gift-shop")
    answer = twin.compare(["price=+6%"], days=28, replications=16)
    row = desk.comparison_row(answer.name)
    from dataclasses import replace

    desk.store.save_comparison(replace(row, comparison="feedfeedfeed", twin="gone-shop"))
    app = visit("shared", run="feedfeedfeed")
    assert "There is no twin 'gone-shop'" in words(app).replace("\\", "")


def test_a_broken_link_says_so(visit: Visit) -> None:
    assert title(visit("shared", run="../../etc/passwd")) == "This run cannot be opened"
