"""Changes as people write them: what is read, what is written again, and what is refused in a sentence."""

from contextlib import suppress
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.clock import Horizon
from twin.errors import TwinError, UnknownName
from twin.spec import scenario as spec
from twin.spec.scenario import Change, Scenario, change, read, scenario, stored
from twin.spec.template import template

LEVERS = template("shop").levers
TODAY = {name: one.value for name, one in LEVERS.items()}
HORIZON = Horizon(date(2011, 12, 9), 90)
DATES = st.integers(0, 89).map(lambda day: HORIZON.today + timedelta(days=day))
NUMBERS = st.one_of(
    st.floats(-1e9, 1e9), st.integers(-99, 99).map(float), st.decimals(-3, 3, places=4).map(float), st.floats(0, 3)
)
TARGETS = st.text(st.characters(exclude_characters="]=", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1)
CHANGES = st.builds(
    Change,
    lever=st.sampled_from(list(LEVERS)),
    operation=st.sampled_from(["set", "add", "scale"]),
    value=NUMBERS,
    target=st.none() | TARGETS,
    first=st.none() | DATES,
    last=st.none() | DATES,
)


def made(text: str) -> Change:
    return change(text, LEVERS, HORIZON, TODAY)


@given(CHANGES)
def test_a_change_comes_back_from_its_text(one: Change) -> None:
    assert read(str(one)) == one
    assert str(read(str(one))) == str(one)


@given(st.lists(CHANGES, max_size=4))
def test_a_scenario_comes_back_from_an_address(changes: list[Change]) -> None:
    whole = Scenario(tuple(changes))
    pairs = parse_qsl(whole.query, keep_blank_values=True, strict_parsing=bool(changes))
    assert stored(f"{key}={value}" for key, value in pairs) == whole
    assert stored(whole.texts) == whole


@given(st.floats(-99.0, 200.0), st.integers(0, 9))
def test_a_percentage_is_written_as_it_was_given(percent: float, places: int) -> None:
    percent = round(percent, places)
    assert read(str(read(f"price={percent:+}%"))).value == 1.0 + percent / 100.0


@pytest.mark.parametrize(
    ("text", "operation", "value", "after"),
    [
        ("pickers_weekday=+2", "add", 2.0, 8.0),
        ("pickers_weekday=-1", "add", -1.0, 5.0),
        ("pickers_weekday=3", "set", 3.0, 3.0),
        ("pickers_weekday==3", "set", 3.0, 3.0),
        ("pickers_weekday=*1.5", "scale", 1.5, 9.0),
        ("price=+5%", "scale", 1.05, 1.05),
        ("price=-5%", "scale", 0.95, 0.95),
        ("absence_share=+20%", "scale", 1.2, 0.06),
        ("absence_share=8%", "set", 0.08, 0.08),
        ("absence_share=+0.03", "add", 0.03, 0.08),
        ("lead_time_days=*150%", "scale", 1.5, 21.0),
        (" price = +5 % ".replace(" = ", "="), "scale", 1.05, 1.05),
        ("reorder_point=.5e1", "set", 5.0, 5.0),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, operation: str, value: float, after: float) -> None:
    found = made(text)
    assert (found.operation, found.value) == (operation, pytest.approx(value))
    assert found.applied(TODAY[found.lever]) == pytest.approx(after)


def test_setting_below_zero_is_told_from_taking_away() -> None:
    assert read("price==-1") == Change("price", "set", -1.0)
    assert read("price=-1") == Change("price", "add", -1.0)
    assert str(Change("price", "set", -1.0)) == "price==-1"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("demand=2@2011-12-12", date(2011, 12, 12), None),
        ("demand=2@2011-12-12:2011-12-23", date(2011, 12, 12), date(2011, 12, 23)),
        ("demand=2@:2011-12-23", None, date(2011, 12, 23)),
        ("demand=2@2011-12-12:", date(2011, 12, 12), None),
        ("demand=2@2011-12-09:2012-03-07", date(2011, 12, 9), date(2012, 3, 7)),
    ],
)
def test_dates_are_both_included(text: str, first: date | None, last: date | None) -> None:
    assert (made(text).first, made(text).last) == (first, last)


def test_an_item_can_have_a_price_of_its_own() -> None:
    found = made("price[85123A]=+5%@2011-12-15")
    assert (found.target, found.key, str(found)) == ("85123A", "price[85123A]", "price[85123A]=+5%@2011-12-15")
    assert Scenario((found, made("price=2"))).on("price") == (made("price=2"),)


REFUSED = {
    "price": r"'price' is not a change. Write LEVER=VALUE, for example price=\+5%",
    "": "'' is not a change",
    "price[]=2": "is not a change",
    "=2": "is not a change",
    "price=": r"'' in 'price=' is not a value. Write \+2 or -1 to add",
    "price=cheap": "'cheap' in 'price=cheap' is not a value",
    "price=++5": "is not a value",
    "price=*": "is not a value",
    "price=%": "is not a value",
    "price=1,5": "is not a value",
    "price=nan": "is not a value",
    "price=inf": "is not a value",
    "price=1e999": "'1e999' in 'price=1e999' is too large",
    "price=2%%": "is not a value",
    "prices=2": "There is no lever 'prices'. Did you mean 'price'",
    "pickers=2": "There is no lever 'pickers'. Did you mean 'pickers_weekday'",
    "wage=9": "There is no lever 'wage'",
    "demand[x]=2": r"'demand' is one number for the whole business; leave out \[x\]",
    "price=3": r"price would be 3 times today's; it may be 0.5 to 2. The nearest is price=2",
    "price=-60%": "price would be 0.4 times today's; .* The nearest is price=0.5",
    "price[A]=-1": r"price\[A\] would be 0 times today's; .* The nearest is price\[A\]=0.5",
    "pickers_weekday=-7": "pickers_weekday would be -1 people; it may be 0 to 60",
    "pickers_weekday=+0.5": "would be 6.5 people; only whole numbers will do. The nearest is pickers_weekday=6",
    "pickers_weekday=+10%": "would be 6.6 people; only whole numbers will do. The nearest is pickers_weekday=7",
    "price=1@yesterday": "'yesterday' in 'price=1@yesterday' is not a date. Write dates like 2011-12-24",
    "price=1@2011-13-01": "is not a date",
    "price=1@2011-12-08": "2011-12-08 lies outside the days that are played, .* The nearest is 2011-12-09",
    "price=1@2011-12-10:2012-03-08": "The nearest is 2012-03-07",
    "price=1@2011-12-12:2011-12-11": "ends before it begins",
    "reorder_point=60": "The reorder point .60 days. must lie below the order-up-to level .49 days.",
    "order_up_to_level=28": "must lie below",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(TwinError, match=REFUSED[text]):
        scenario([text], LEVERS, HORIZON, TODAY)


@given(st.text(max_size=40))
def test_no_text_at_all_does_more_than_be_refused(text: str) -> None:
    with suppress(TwinError):
        read(text)


@given(st.text("=+-*%@:0123456789.eE ", max_size=20))
def test_no_text_of_the_language_does_more_than_be_refused(text: str) -> None:
    with suppress(TwinError):
        one = read(f"price={text}")
        assert read(str(one)) == one


@pytest.mark.parametrize(
    "texts",
    [
        ["demand=+100%@2011-12-10:2011-12-16", "demand=+100%@2011-12-17:2011-12-23"],
        ["pickers_weekday=+40@:2011-12-16", "pickers_weekday=+40@2011-12-17"],
        ["reorder_point=45", "order_up_to_level=60"],
        ["reorder_point=+20", "order_up_to_level=+20"],
        ["pickers_weekday=+1", "pickers_weekday=-1"],
        ["price=2", "price=1"],
        [
            "reorder_point=45@2011-12-13:2011-12-15",
            "order_up_to_level=60@2011-12-12",
            "order_up_to_level=40@2011-12-16",
        ],
    ],
)
def test_changes_that_fit_on_each_day_fit(texts: list[str]) -> None:
    assert scenario(texts, LEVERS, HORIZON, TODAY).texts == texts


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["demand=*2", "demand=*2"], "The changes of demand together give 4; it may be 0.2 to 3"),
        (["demand=*2", "demand=*2@2012-03-07"], "together give 4"),
        (["price[A]=-0.5", "price[A]=-0.5"], r"The changes of price\[A\] together give 0; it may be 0.5 to 2"),
        (["demand=2@:2011-12-12", "demand=-0.5", "demand=-0.5"], "together give 0; it may be 0.2 to 3"),
        (["pickers_weekday=+1", "pickers_weekday=*1.5"], "together give 10.5 people; only whole numbers will do"),
        (
            ["reorder_point=+30@:2011-12-11", "order_up_to_level=+30@2011-12-12"],
            "reorder point .58 days. must lie below",
        ),
    ],
)
def test_changes_that_together_go_too_far_on_any_day_are_refused(texts: list[str], words: str) -> None:
    with pytest.raises(TwinError, match=words):
        scenario(texts, LEVERS, HORIZON, TODAY)


def test_a_stored_scenario_is_read_without_asking_what_is_allowed_today() -> None:
    assert stored(["price=*9@1999-01-01", "lever_of_old=+3"]) == Scenario((
        Change("price", "scale", 9.0, first=date(1999, 1, 1)), Change("lever_of_old", "add", 3.0),
    ))  # fmt: skip


def test_an_unknown_lever_is_known_as_such() -> None:
    with pytest.raises(UnknownName) as caught:
        made("prise=2")
    assert (caught.value.kind, caught.value.name) == ("lever", "prise")
    assert "price" in caught.value.known


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_horizon_has_one_to_366_days(days: int) -> None:
    with pytest.raises(TwinError, match=f"plays 1 to 366 days; {days} were asked for"):
        Horizon(HORIZON.today, days)


def test_a_number_is_written_as_short_as_it_can_be() -> None:
    assert [spec.plain(value) for value in (2.0, -0.5, 1e14, 1e22, 0.1)] == [
        "2",
        "-0.5",
        "1" + 14 * "0",
        "1e+22",
        "0.1",
    ]


@pytest.mark.parametrize("place", ["depot", "outlet"])
def test_each_place_must_order_up_to_more_than_its_reorder_point(place: str) -> None:
    levers = template("supply-chain").levers
    values = {name: float(one.value) for name, one in levers.items()}
    horizon = Horizon(date(2026, 11, 1), 90)
    with pytest.raises(TwinError, match=r"The reorder point .50 days. must lie below the order-up-to level"):
        scenario([f"{place}_reorder_point=50"], levers, horizon, values)
    both = [f"{place}_reorder_point=50", f"{place}_order_up_to_level=60"]
    assert scenario(both, levers, horizon, values).texts == both


# ---------------------------------------------------------------- choices

CHAIN = template("supply-chain").levers
WAYS = CHAIN["depot_allocation"].ways


def chosen(text: str) -> Change:
    return change(text, CHAIN, HORIZON, {name: one.value for name, one in CHAIN.items()})


@pytest.mark.parametrize("way", range(3))
def test_a_choice_is_written_by_name_and_read_again(way: int) -> None:
    one = chosen(f"depot_allocation={WAYS[way]}@2011-12-12:2011-12-20")
    assert (one.applied(0.0), one.amount) == (float(way), WAYS[way])
    assert chosen(f"depot_allocation={way}@2011-12-12:2011-12-20") == one == read(str(one))
    pairs = parse_qsl(Scenario((one,)).query)
    assert stored(f"{key}={value}" for key, value in pairs) == Scenario((one,))


def test_whatever_joins_its_words_a_way_is_the_same_and_nothing_is_as_today() -> None:
    assert {str(chosen(f"depot_allocation={text}")) for text in ("first come", "First_come", "=first come", "+0")} == {
        "depot_allocation=first come"
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("depot_allocation=fist come", "it is one of first come, proportional, priority. Did you mean 'first come'?"),
        ("depot_allocation=fair", "it is one of first come, proportional, priority.\n"),
        ("depot_allocation=5", "depot_allocation would be '5'; it is one of first come, proportional, priority. Write"),
        ("depot_allocation=0.5", "depot_allocation would be '0.5'; it is one of first come"),
        ("depot_allocation=+3", "depot_allocation would be '+3'; it is one of first come"),
        ("price=priority", "'priority' in 'price=priority' is not a value: price is a number. Write"),
    ],
)
def test_what_is_no_way_is_said(text: str, said: str) -> None:
    with pytest.raises(TwinError) as error:
        chosen(text)
    assert said in f"{error.value}\n"
