"""Every page opens, in its frame, and says what it is for."""

import pytest

from tests.pages.conftest import Visit, links, title, words


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("overview", "than in the same weeks a year ago"),
        ("data", "What this twin knows"),
        ("forecast", "What to expect if nothing changes"),
        ("what_if", "As today"),
        ("shared", "This link names no run"),
    ],
)
def test_a_page_opens_with_the_frame_around_it(visit: Visit, page: str, says: str) -> None:
    app = visit(page)
    if page != "overview":
        assert says in title(app)
    assert "today is 9 December 2011" in " ".join(caption.value for caption in app.sidebar.caption)


def test_the_overview_has_four_numbers_and_three_questions(visit: Visit) -> None:
    app = visit("overview")
    assert [metric.label for metric in app.metric] == ["Orders", "Revenue", "Value of an order", "New customers"]
    assert links(app) == ["Two more pickers until Christmas?", "Prices up 5 %?", "The supplier takes two weeks longer?"]


def test_the_checks_are_told_in_plain_words(visit: Visit) -> None:
    said = words(visit("data"))
    assert "Lines that take an order back" in said
    assert "exact_duplicate" not in said


def test_the_numbers_of_the_model_say_where_they_come_from(visit: Visit) -> None:
    app = visit("data")
    assert "New customers a day" in words(app)
    assert "Cost of goods" not in words(app)
    app.button_group(key="numbers").set_value("Assumptions").run()
    assert "Cost of goods" in words(app)


def test_the_forecast_stands_beside_both_naive_ones(visit: Visit) -> None:
    said = words(visit("forecast"))
    assert all(name in said for name in ("Forecast (Prophet)", "Last week again", "Last year again"))
    assert "Closed on Saturdays." in said


def test_the_forecast_says_how_far_customers_were_scaled(visit: Visit) -> None:
    assert "their rates are scaled by" in words(visit("forecast"))
