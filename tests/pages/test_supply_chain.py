"""The pages of a supply chain: real records, estimates and plays, told in the words of its trade."""

import re
from pathlib import Path

import pytest

from tests.fictional import copied
from tests.pages.conftest import Visit, links, settled, title, words
from tests.pages.test_another_trade import said

OTHERS = re.compile(r"\b(tickets?|desk|patients?|pickers?|packed|basket|picked|New customers)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def its_store(supply_chain_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for the app."""
    return copied(supply_chain_original, tmp_path_factory.mktemp("supply_chain"))


@pytest.mark.parametrize("page", ["overview", "data", "forecast", "what_if", "one_life"])
def test_no_page_speaks_of_another_trade(opened: Visit, page: str) -> None:
    app = opened(page)
    if page == "data":
        app.button_group(key="numbers").set_value("All").run()
    found = OTHERS.search(said(app))
    assert found is None, said(app)[max(0, found.start() - 200) : found.end() + 100]
    assert "today is 10 November 2025" in " ".join(one.value for one in app.sidebar.caption)


def test_the_overview_tells_orders_and_how_much_was_there(opened: Visit) -> None:
    app = opened("overview")
    assert [one.label for one in app.metric] == ["Orders", "Revenue", "Value of an order", "Pieces delivered"]
    assert "Two more days of stock at the outlets?" in links(app)[0]
    assert "Pieces asked for" in words(app), "the twin was asked how many it would have expected"
    assert "Orders without a customer number" not in words(app)


def test_the_data_page_tells_deliveries_counts_and_why_a_number_is_assumed(opened: Visit) -> None:
    app = opened("data")
    assert {"Deliveries", "Stock counts"} <= {one.label for one in app.metric}
    assert "Jeffreys" in words(app)
    app.button_group(key="numbers").set_value("Assumptions").run()
    assert "Cost of holding stock, a year" in words(app)


def test_an_answer_tells_every_place(opened: Visit) -> None:
    app = opened("what_if", outlet_order_up_to_level="+5")
    assert title(app).startswith("Order-up-to level, outlets")
    assert [one.label for one in app.metric][:2] == ["Pieces delivered", "Pieces lost a day"]
    for place in ("Depot", "City centre", "Market square", "Mall", "Harbour", "Village"):
        assert re.search(rf"What if, by place.*{place}", words(app), re.DOTALL)
    assert "Pieces delivered, village" not in words(app), "single places have a table of their own"


def test_items_that_are_out_are_named(opened: Visit) -> None:
    app = opened("what_if", importer_delivers="0")
    warning = next(one.value for one in app.warning if one.value.startswith("Out for a week or longer"))
    assert re.search(r"\d+ of 200 items \(none as today\) at Depot, first Item \d+ from \d+ \w+ 202\d", warning)


def test_one_life_follows_an_order(opened: Visit) -> None:
    app = opened("one_life", who="visit 0/1")
    assert "Nobody is known by name here" in words(app)
    assert re.search(r"Comes.*(City centre|Market square|Mall|Harbour|Village)", words(app), re.DOTALL)
    assert re.search(r"Finds (all|none|the one|\d+ of)", words(app))


def test_a_choice_is_a_list_of_names_and_its_name_stands_in_the_address(opened: Visit) -> None:
    app = opened("what_if", depot_allocation="priority")
    assert title(app).startswith("When the depot is short: priority instead of first come")
    control = next(one for one in app.selectbox if one.label == "When the depot is short")
    assert list(control.options) == ["First come", "Proportional", "Priority"]
    assert control.value == 2
    control.set_value(1).run()
    assert "proportional" in app.query_params["depot_allocation"]
    assert title(settled(app)).startswith("When the depot is short: proportional instead of first come")
    app = opened("what_if", depot_allocation="fist come")
    assert "Did you mean 'first come'?" in words(app)


def test_the_data_page_names_the_choice(opened: Visit) -> None:
    app = opened("data")
    app.button_group(key="numbers").set_value("Plans").run()
    assert re.search(r"When the depot is short.*first come", words(app), re.DOTALL)
