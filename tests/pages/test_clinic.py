"""The pages of a clinic: real records, estimates and plays, told in the words of its trade."""

import re
from pathlib import Path

import pytest

from tests.clinic import CLINIC
from tests.fictional import copied
from tests.pages.conftest import Visit, links, title, words
from tests.pages.test_another_trade import OF_SHOPS, said

OF_DESKS = re.compile(r"\b(tickets?|desk|first line|second line)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def its_store(clinic_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for the app."""
    return copied(clinic_original, tmp_path_factory.mktemp("clinic"))


@pytest.mark.parametrize("page", ["overview", "data", "forecast", "what_if", "one_life"])
def test_no_page_speaks_of_another_trade(opened: Visit, page: str) -> None:
    app = opened(page)
    if page == "data":
        app.button_group(key="numbers").set_value("All").run()
    for other in (OF_SHOPS, OF_DESKS):
        found = other.search(said(app))
        assert found is None, said(app)[max(0, found.start() - 200) : found.end() + 100]
    assert "today is 20 December 2024" in " ".join(one.value for one in app.sidebar.caption)


def test_the_overview_tells_visits_and_who_was_not_seen(opened: Visit) -> None:
    app = opened("overview")
    assert [one.label for one in app.metric] == ["Visits", "Long visits", "Gave up waiting", "Turned round"]
    assert re.fullmatch(
        r"In the last 28 complete days, .*, [\d,]+ visits came in", title(app)
    )  # there are but seven weeks
    assert "One more doctor in the afternoon?" in links(app)[0]
    assert "Turned round" in words(app), "the twin was asked how many it would have expected"


def test_the_data_page_tells_appointments_and_why_a_number_is_assumed(opened: Visit) -> None:
    app = opened("data")
    assert "Appointments" in [one.label for one in app.metric]
    assert "Appointments to which nobody came" in words(app)
    assert "Rogan and Gladen" in words(app)
    app.button_group(key="numbers").set_value("Assumptions").run()
    assert "gold standard" in words(app)
    assert "Quick test: infections found" in words(app)


def test_an_answer_is_about_patients(opened: Visit) -> None:
    app = opened("what_if", appointments_every_minutes="=8")
    assert title(app).startswith("Minutes between appointments")
    assert [one.label for one in app.metric][:2] == ["Wait", "Long visits"]
    assert "Missed infections" in words(app)
    assert "Visits by appointment" in words(app)
    assert CLINIC.question.startswith("appointments_every_minutes")


def test_one_life_tells_an_appointment_and_a_test(opened: Visit) -> None:
    told = ""
    for nth in range(4):
        told += words(opened("one_life", who=f"visit 0/{nth}"))
    assert re.search(r"Appointment for \d\d:\d\d", told)
    assert re.search(r"the test is (positive|negative)", told)
