"""The pages of a business that sells nothing: they speak of tickets, and never of orders, pickers or prices."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import made_up
from tests.pages.conftest import PAGES, Visit, arrived, links, settled, title, words
from twin.desk import Desk
from twin.ui import doors

OF_SHOPS = re.compile(r"\b(orders?|pickers?|prices?|items?|basket|shop|packed|supplier|goods)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def two_twins(built_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the gift shop and a service desk."""
    store = Path(shutil.copy(built_original, tmp_path_factory.mktemp("trades") / "twin.duckdb"))
    with Desk.open(store) as desk:
        desk.create(made_up.NAME, "service-desk", {"title": "Service desk"})
    return store


@pytest.fixture
def opened(app_store: Path, two_twins: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page of the service desk as a new visitor."""
    for place, name, made in made_up.patches():
        monkeypatch.setattr(place, name, made)
    monkeypatch.setenv("TWIN_STORE", str(two_twins))
    monkeypatch.setattr(doors.Jobs, "ask", lambda *_: None)

    return lambda page, /, **query: arrived(page, {"twin": made_up.NAME} | query)


def said(app: AppTest) -> str:
    """Everything on a page that a person reads, labels and choices of its controls too."""
    controls = [*app.selectbox, *app.number_input, *app.slider, *app.metric, *app.title, *app.subheader, *app.expander]
    parts = [str(getattr(one, "label", "") or getattr(one, "value", "")) for one in controls]
    parts += [str(one.value) for one in (*app.title, *app.subheader, *app.metric)]
    parts += [str(choice) for one in app.selectbox if one.label != "Business" for choice in one.options]
    return "\n".join([*parts, *links(app), words(app)])


@pytest.mark.parametrize("page", ["overview", "data", "forecast", "what_if"])
def test_no_page_speaks_of_a_shop(opened: Visit, page: str) -> None:
    app = opened(page)
    if page == "data":
        app.button_group(key="numbers").set_value("All").run()
    found = OF_SHOPS.search(said(app))
    assert found is None, said(app)[max(0, found.start() - 200) : found.end() + 100]
    assert "today is 1 November 2026" in " ".join(one.value for one in app.sidebar.caption)


def test_the_overview_tells_tickets_and_how_many_were_late(opened: Visit) -> None:
    app = opened("overview")
    assert [one.label for one in app.metric] == ["Tickets", "Late tickets", "Given up", "Open tickets"]
    told = r"\d+ % more tickets than in the same weeks a year ago; [\d.]+ % late tickets, ([\d.]+ points \w+|as then)"
    assert re.fullmatch(told, title(app))
    assert len(links(app)) == 3
    assert [one.value for one in app.subheader][1] == "Tickets and late tickets, week by week"


def test_the_checks_of_tickets_are_told_in_plain_words(opened: Visit) -> None:
    told = words(opened("data"))
    assert "Tickets without a customer" in told
    assert "Steps of tickets that no file has told of" in told
    assert not re.search(r"\w+_\w+", " ".join(re.findall(r"scope='row'[^>]*>([^<]+)", told)))


def test_the_forecast_offers_what_the_template_forecasts(opened: Visit) -> None:
    app = opened("forecast")
    assert "tickets** are to be expected" in words(app)
    assert not [one for one in app.get("button_group") if one.label == "Measure"]  # there is but one


def test_an_answer_is_about_tickets(opened: Visit) -> None:
    app = opened("what_if", second_line_office="+1")
    assert title(app) == "Second line: one person more"
    assert "The share of late tickets falls by" in words(app)
    assert [one.label for one in app.metric][:2] == ["Late tickets", "Time to solution"]
    assert app.selectbox(key=f"what_if_measure_{made_up.NAME}").value == "late_share"
    assert not [one for one in app.selectbox if "one item" in one.label]


def test_its_link_shows_the_same(opened: Visit) -> None:
    app = opened("what_if", second_line_office="+1")
    twin = doors.the_desk().twin(made_up.NAME)
    run = twin.keep(twin.compare(["second_line_office=+1"]))
    app.query_params.clear()
    app.query_params["run"] = run
    shared = settled(app.switch_page(PAGES["shared"]).run())
    assert title(shared) == title(opened("what_if", second_line_office="+1"))
    assert "The share of late tickets falls by" in words(shared)


def test_the_other_twin_is_one_choice_away(opened: Visit) -> None:
    app = opened("overview")
    chooser = app.sidebar.selectbox(key="choose_twin")
    assert (chooser.value, chooser.options) == (made_up.NAME, ["Gift shop", "Service desk"])
    settled(chooser.set_value("gift-shop").run())
    assert app.query_params["twin"] in ("gift-shop", ["gift-shop"])
    assert "today is 9 December 2011" in " ".join(one.value for one in app.sidebar.caption)
    assert [one.label for one in app.metric][:2] == ["Orders", "Revenue"]
    app.query_params.clear()
    settled(app.switch_page(PAGES["what_if"]).run())
    assert app.number_input(key="lever:gift-shop:pickers_weekday").value == 6
