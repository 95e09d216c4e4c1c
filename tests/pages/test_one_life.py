"""One life: who and which play stand in the address, and the events are told one under the other."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from tests.pages.conftest import Visit, settled, title, words
from twin.desk import Twin
from twin.desk.life import Event, Life
from twin.errors import TwinError
from twin.experiment.notable import Notable
from twin.ui import doors
from twin.ui.life import Followed, by_day, moment

EVENTS = (
    Event(455.2, date(2011, 12, 9), "07:35", "comes", "", "12 lines"),
    Event(455.2, date(2011, 12, 9), "07:35", "waits", "Packing <room>", ""),
    Event(470.0, date(2011, 12, 11), "07:50", "is begun", "Packing <room>", "by pickers"),
    Event(1440.0, date(2011, 12, 11), "evening", "remembers", "", "satisfaction from 94% to 96%"),
)
NOTABLE = [
    Notable("visit 2/4", 2, {"waited": 1500.0, "late": 60.0}),
    Notable("visit 1/0", 1, {"ordinary": 20.0}),
    Notable("customer 17850", None, {"visits": 1.0}),
]
ASKED: list[tuple[str, int, str]] = []


@pytest.fixture(autouse=True)
def lives(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desk that tells the same life of everybody, except of the hundredth of a day, who did not come."""

    def life(twin: Twin, run: str, replication: int, who: str) -> Life:
        ASKED.append((run, replication, who))
        if who.endswith("/99"):
            raise TwinError(f"'{who}' did not come.")
        return Life(run, replication, who, EVENTS)

    monkeypatch.setattr(Twin, "life", life)
    monkeypatch.setattr(Twin, "notable", lambda *_: NOTABLE)
    ASKED.clear()
    yield
    doors._life.clear()
    doors._notable.clear()


def test_nothing_asked_for_shows_the_first_order_of_the_first_day(visit: Visit) -> None:
    app = visit("one_life")
    assert title(app) == "One life, event by event"
    assert "**Order 1 of 9 December 2011** in play 1 of 32: 4 events" in words(app)
    assert ASKED[0][1:] == (0, "visit 0/0")


def test_events_are_told_by_day_with_the_time_between(visit: Visit) -> None:
    told = words(visit("one_life"))
    assert told.count("class='u-day'") == 2
    assert re.findall(r"<time>(.*?)</time>", told) == ["07:35", "07:35", "07:50", "evening"]
    assert "2 days 15 min later" in told
    assert "Packing &lt;room&gt;" in told


def test_the_address_says_who_and_in_which_play(visit: Visit) -> None:
    app = visit("one_life", who="visit 2/4", play="3")
    assert "**Order 5 of 11 December 2011** in play 3 of 32" in words(app)
    assert ASKED[-1][1:] == (2, "visit 2/4")
    settled(app.number_input[0].set_value(8).run())
    assert app.query_params["who"] in ("visit 2/7", ["visit 2/7"])
    assert ASKED[-1][1:] == (2, "visit 2/7")
    settled(app.selectbox[0].set_value("One customer").run())
    customer = app.selectbox[1].options[0]
    settled(app.selectbox[1].set_value(customer).run())
    assert ASKED[-1][1:] == (2, f"customer {customer}")
    assert f"**Customer {customer}** in play 3 of 32" in words(app)


@pytest.mark.parametrize("query", [{"who": "the milkman"}, {"play": "0"}, {"play": "x"}, {"play": "33"}])
def test_an_address_that_says_nothing_shows_the_first(visit: Visit, query: dict[str, str]) -> None:
    visit("one_life", **query)
    assert ASKED[-1][1:] == (0, "visit 0/0")


def test_somebody_who_did_not_come_is_a_sentence(visit: Visit) -> None:
    app = visit("one_life", who="visit 0/99")
    assert "Order 100 of 9 December 2011** in play 1" in words(app)
    assert "did not come" in words(app)


def test_days_follow_each_other_on_one_clock() -> None:
    assert moment(EVENTS[2]) - moment(EVENTS[0]) == pytest.approx(2 * 1440 + 14.8)
    assert [[round(since) for _, since in part] for part in by_day(EVENTS)] == [[0, 0], [2895, 970]]
    assert Followed(2, day=3, nth=9).words("ticket", "customer", date(2026, 11, 1)) == "Ticket 10 of 4 November 2026"
    assert Followed(2, customer="7").words("visit", "patient", date(2026, 11, 1)) == "Patient 7"
    assert Followed(2, machine="SAW-1").words("order", "customer", date(2026, 11, 1)) == "Machine SAW-1"


def test_those_worth_following_are_one_click_away(visit: Visit) -> None:
    app = visit("one_life")
    offered = [button.label.replace("\u00a0", " ") for button in app.button if str(button.key).startswith("follow_")]
    assert offered == ["Order 5 of 11 December 2011", "Order 1 of 10 December 2011", "Customer 17850"]
    said = words(app)
    assert "Waits longest: 25 h of opening time; latest against its promise: 1 h of opening time too late" in said
    assert "Comes most often: 1 order" in said
    assert app.expander[0].proto.expanded
    settled(app.button(key="follow_1_visit 2/4").click().run())
    assert app.query_params["who"] in ("visit 2/4", ["visit 2/4"])
    assert ASKED[-1][1:] == (0, "visit 2/4")
    assert not app.expander[0].proto.expanded


def test_work_of_a_number_that_no_day_reaches_is_asked_for_all_the_same(visit: Visit) -> None:
    app = visit("one_life", who="visit 999/999999")
    assert not app.exception
    assert ASKED[-1][1:] == (0, "visit 999/999999")


def test_where_nobody_can_be_followed_the_page_says_why_once(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def other_engine(*_: object) -> None:
        raise TwinError("made by another engine")

    monkeypatch.setattr(Twin, "life", other_engine)
    monkeypatch.setattr(Twin, "notable", other_engine)
    assert words(visit("one_life")).count("made by another engine") == 1
