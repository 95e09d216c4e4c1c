"""The pages of a factory: real records, estimates and plays, told in the words of its trade."""

import re
from pathlib import Path

import pytest

from tests.fictional import copied
from tests.pages.conftest import Visit, links, settled, title, words
from tests.pages.test_another_trade import said

OF_OTHERS = re.compile(r"\b(tickets?|desk|patients?|visits?|customers?|baskets?|turned round|gave up)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def its_store(factory_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for the app."""
    return copied(factory_original, tmp_path_factory.mktemp("factory"))


@pytest.mark.parametrize("page", ["overview", "data", "forecast", "what_if", "one_life"])
def test_no_page_speaks_of_another_trade(opened: Visit, page: str) -> None:
    app = opened(page)
    if page == "data":
        app.button_group(key="numbers").set_value("All").run()
    text = re.sub(r"[Cc]ustomers pay( after)?|visits.parquet", "", said(app))  # a term of payment, and a file
    found = OF_OTHERS.search(text)
    assert found is None, text[max(0, found.start() - 200) : found.end() + 100]


def test_the_overview_tells_orders_pieces_and_questions(opened: Visit) -> None:
    app = opened("overview")
    assert [one.label for one in app.metric] == ["Orders", "Late orders", "Good pieces a day", "Scrap"]
    assert "Maintain the ovens every 30 hours instead of 40?" in links(app)[0]


def test_the_data_page_tells_machines_and_deliveries(opened: Visit) -> None:
    app = opened("data")
    labels = [one.label for one in app.metric]
    assert {"Orders", "States of machines", "Deliveries", "Stock counts"} <= set(labels)
    assert "Hours between failures, ovens" in words(app)


def test_what_was_looked_for_in_vain_stands_apart(opened: Visit) -> None:
    app = opened("data")
    assert re.fullmatch(r"Looked for and not found · \d+", app.expander[0].label)
    found, _, clean = words(app).partition("Looked for</th>")
    assert "Deliveries that are still on their way" in found
    assert "Repairs of machines that had not failed" in clean
    assert not re.search(r">0\s(rows|orders|deliveries)", found)


def test_an_answer_is_about_machines(opened: Visit) -> None:
    app = opened("what_if", ovens="+1")
    assert title(app).startswith("Ovens")
    assert "Overall equipment effectiveness: ovens" in words(app)
    assert "Work in process" in words(app)


def test_one_life_follows_a_machine(opened: Visit) -> None:
    app = opened("one_life", who="machine OVEN-1")
    told = words(app)
    assert "Machine OVEN" in told
    assert re.search(r"Is set up", told)
    assert re.search(r"pieces: number \d+ of", told)


def test_one_life_offers_machines_and_no_customers(opened: Visit) -> None:
    app = opened("one_life")
    chosen = app.selectbox[0]
    assert chosen.options == ["One order", "One machine"]
    chosen.set_value("One machine").run()
    assert "Machine SAW" in words(settled(app))


def test_orders_and_machines_worth_following_are_a_click_away(opened: Visit) -> None:
    app = opened("one_life")
    told = " ".join(one.value for one in app.caption)
    assert "Stands longest after a failure: " in told
    assert "An ordinary one: done after " in told
    machine = next(one for one in app.button if one.label.startswith("Machine "))
    machine.click().run()
    assert f"**{machine.label}** in play 1" in " ".join(one.value for one in settled(app).markdown).replace("\\-", "-")
