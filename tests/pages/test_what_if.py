"""The what-if: controls, the address bar, and the answer belong together."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Visit, settled, title, words

WEEKDAY, PRICE = "lever:gift-shop:pickers_weekday", "lever:gift-shop:price"


def address(app: AppTest) -> dict[str, list[str]]:
    """The address bar."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in app.query_params.items()}


def test_an_address_sets_the_controls_and_gives_the_answer(visit: Visit) -> None:
    app = visit("what_if", price="+5%")
    assert title(app) == "Prices +5 %"
    assert app.slider(key=PRICE).value == 5
    assert [metric.label for metric in app.metric] == [
        "Profit a month",
        "Revenue a month",
        "Orders a day",
        "Late orders",
    ]
    assert "32 plays on each side" in words(app)


def test_a_control_falls_back_on_what_it_should_show(visit: Visit) -> None:
    """Where a second run of the page overtakes the first, the browser knows a control's default and nothing else."""
    app = visit("what_if", price="+5%", pickers_weekday="+2", days="28", seed="7")
    numbers = [(one.proto.default, one.value) for one in app.number_input]
    assert (8.0, 8) in numbers
    assert [default for default, _ in numbers] == [value for _, value in numbers]
    assert [list(one.proto.default) for one in app.slider] == [[one.value] for one in app.slider]
    assert [one.options[one.proto.default] for one in app.selectbox if one.label == "Look ahead"] == ["4 weeks"]


def test_a_control_changes_address_title_and_numbers(visit: Visit) -> None:
    app = visit("what_if", price="+5%")
    before = [metric.value for metric in app.metric]
    settled(app.number_input(key=WEEKDAY).set_value(8).run())
    assert address(app) == {"twin": ["gift-shop"], "price": ["+5%"], "pickers_weekday": ["+2"]}
    assert title(app) == "Prices +5 % and two more pickers on weekdays"
    assert [metric.value for metric in app.metric] != before


def test_as_today_takes_one_lever_back_and_all_levers_back(visit: Visit) -> None:
    app = visit("what_if", price="+5%", pickers_weekday="+2")
    app.button(key=f"{WEEKDAY}:reset").click().run()
    assert title(app) == "Prices +5 %"
    assert app.number_input(key=WEEKDAY).value == 6
    app.button(key="all_as_today").click().run()
    assert title(app) == "As today"
    assert address(app) == {"twin": ["gift-shop"]}


def test_a_lever_moved_back_to_today_leaves_the_address(visit: Visit) -> None:
    app = visit("what_if", pickers_weekday="+2")
    settled(app.number_input(key=WEEKDAY).set_value(6).run())
    assert "pickers_weekday" not in address(app)


def test_dates_of_a_change_are_kept_when_its_value_moves(visit: Visit) -> None:
    app = visit("what_if", price="+5%@2011-12-15:2011-12-23")
    assert title(app) == "Prices +5 % from 15 December to 23 December"
    settled(app.slider(key=PRICE).set_value(10).run())
    assert address(app)["price"] == ["+10%@2011-12-15:2011-12-23"]


def test_a_first_day_can_be_chosen(visit: Visit) -> None:
    from datetime import date

    app = visit("what_if", price="+5%")
    settled(app.date_input(key=f"{PRICE}:first").set_value(date(2011, 12, 20)).run())
    assert address(app)["price"] == ["+5%@2011-12-20"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"prce": "+5%"}, "There is no lever 'prce'. Did you mean 'price'?"),
        ({"price": "9"}, "it may be 0.5 to 2"),
        ({"price": "+5%@2031-01-01"}, "lies outside the days that are played"),
        ({"price": "much"}, "'much' in 'price=much' is not a value"),
        ({"days": "4000"}, "days is a whole number from 1 to 366"),
        ({"seed": "x"}, "seed is a whole number"),
        ({"price[NOSUCH]": "+5%"}, "There is no item 'NOSUCH'"),
        ({"pickers_weekday": "+0.5"}, "only whole numbers will do"),
        ({"reorder_point": "60"}, "must lie below the order-up-to level"),
    ],
)
def test_what_an_address_says_and_nobody_understands_is_said(visit: Visit, query: dict[str, str], says: str) -> None:
    app = visit("what_if", **query, marketing="+50")
    assert says in words(app).replace("\\", "")
    assert title(app) == "Marketing a day +£50"


def test_a_plus_sign_typed_by_hand_is_a_plus(visit: Visit) -> None:
    assert title(visit("what_if", price=" 5%")) == "Prices +5 %"


def test_one_lever_may_stand_twice_in_an_address(visit: Visit) -> None:
    app = visit("what_if", price=["+5%@:2011-12-20", "+10%@2011-12-21"])
    assert title(app) == "Prices +5 % until 20 December and prices +10 % from 21 December"


def test_a_change_without_effect_says_so(visit: Visit) -> None:
    app = visit("what_if", marketing="*1")
    assert "Exactly no difference" in words(app)
    assert "No effect in this what-if" in words(app)


def test_the_price_of_one_item_can_be_moved(visit: Visit) -> None:
    app = visit("what_if")
    pick = app.selectbox(key="pick:gift-shop:price")
    code = pick.options[0].rpartition("(")[2].rstrip(")")
    settled(pick.set_value(code).run())
    assert address(app)[f"price[{code}]"] == ["+5%"]
    assert title(app) == f"Price of {code} +5 %"


def test_days_plays_and_seed_come_from_the_address(visit: Visit) -> None:
    app = visit("what_if", price="+5%", days="28", replications="16", seed="7")
    assert "9 December 2011 to 5 January 2012" in words(app)
    assert "16 plays on each side" in words(app)
    assert app.number_input(key="play:seed").value == 7


def test_too_few_plays_give_no_verdict(visit: Visit) -> None:
    said = words(visit("what_if", price="+5%", days="28", replications="8"))
    assert "too few for a verdict" in said
    assert "better" not in said


def test_more_plays_are_one_click_away(visit: Visit) -> None:
    app = visit("what_if", price="+5%", days="28", replications="32")
    settled(app.button(key="play_more").click().run())
    assert address(app)["replications"] == ["64"]
    assert "64 plays on each side" in words(app)


def test_another_page_and_back_finds_the_same_what_if(visit: Visit) -> None:
    app = visit("what_if", price="+5%")
    app.query_params.clear()
    app.switch_page("pages/understand/data.py").run()
    app.switch_page("pages/explore/what_if.py").run()
    assert title(app) == "Prices +5 %"
    assert app.slider(key=PRICE).value == 5


def test_the_reasons_come_by_themselves(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr("twin.advise.reasons.PLAYED", (1,))
    app = visit("what_if", price="+5%", days="28", replications="16")
    for _ in range(60):
        if "These three numbers move" in words(app):
            break
        time.sleep(1)
        app.run()
    assert "These three numbers move the difference in profit most" in words(app)


def test_a_shock_is_switched_on_beside_other_changes_and_off_again(visit: Visit) -> None:
    app = visit("what_if", price="+5%")
    settled(app.toggle(key="shock:gift-shop:0").set_value(True).run())
    assert address(app) == {"twin": ["gift-shop"], "price": ["+5%"], "demand": ["+33%@2011-12-16:2011-12-29"]}
    assert title(app) == "Prices +5 % and demand +33 % from 16 December to 29 December"
    settled(app.toggle(key="shock:gift-shop:0").set_value(False).run())
    assert address(app) == {"twin": ["gift-shop"], "price": ["+5%"]}


def test_an_address_with_a_shocks_changes_shows_it_switched_on(visit: Visit) -> None:
    app = visit("what_if", competitor_price="-20%@2011-12-16:2012-01-26")
    assert [one.label for one in app.toggle if one.value] == ["A price war"]


def test_a_question_is_asked_in_the_address(visit: Visit) -> None:
    app = settled(visit("what_if").button(key="ask_1").click().run())
    assert address(app) == {"twin": ["gift-shop"], "price": ["+5%"]}
    assert title(app) == "Prices +5 %"


def test_a_new_question_with_many_plays_is_answered(visit: Visit) -> None:
    app = visit("what_if", price="+7%", days="14", replications="80")
    assert title(app) == "Prices +7 %"
    assert "80 plays on each side" in words(app)
