"""A business that cannot be is refused when it is loaded, with the place, the value and what is allowed."""

import tomllib
from typing import Any

import pytest

from tests.spec.template_file import TAKE_OUT, changed
from twin.errors import TwinError
from twin.records import BY_KIND, BY_STATION, BY_TEAM, DAY_FIELDS, columns
from twin.spec.soundness import named_faults, numbered_faults
from twin.spec.structure import Structure, days_of, kind_shares, minute_of, number
from twin.spec.template import FOLDER, parsed, template, template_names

DESK = tomllib.loads((FOLDER / "service-desk.toml").read_text())


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        # nobody to do the work
        ("stations/second_line/capacity", 0, r"stations\.second_line\.capacity is 0 and work arrives there"),
        ("parameters/second_line_office/value", 0, r"stations\.second_line has work, .*second_line have no people"),
        # routes
        ("stations/second_line/next", {"first_line": 1.0}, r"escalation_share may be set to 1, and then work that"),
        ("stations/first_line/next", {"second_line": 0.7, "first_line": 0.6}, r"first_line\.next sum to 1\.3"),
        ("stations/first_line/next", {"first_line": 1.0}, r"stations\.first_line never leaves: its route has no end"),
        ("stations/first_line/next", {"third_line": 0.1}, r"stations\.first_line\.next names 'third_line'"),
        ("kinds/urgent/start", "door", r"kinds\.urgent\.start names 'door', which is not there"),
        # shares
        ("kinds/normal/share", 0.5, r"shares of kinds are urgent 0\.15, normal 0\.5; .*together they are 1"),
        ("parameters/urgent_share/allowed", [0.0, 2.0], r"urgent_share may be set to 2, and then kinds\.urgent"),
        ("kinds/urgent/share", 1.2, r"kinds\.urgent\.share is 1\.2; a share lies between 0 and 1"),
        ("stations/first_line/test", {"sensitivity": 1.5, "specificity": 0.9}, r"sensitivity is 1\.5; a share lies"),
        # times and amounts
        ("stations/first_line/minutes", -3.0, r"stations\.first_line\.minutes is -3; it cannot be negative"),
        ("stations/first_line/patience_minutes", -1.0, r"patience_minutes is -1; it cannot be negative"),
        ("stations/first_line/minutes", float("nan"), r"stations\.first_line\.minutes is nan"),
        ("teams/first_line/speed", 0.0, r"teams\.first_line\.speed is 0; it must be more than zero"),
        ("segments/standard/renewal_days", 0.0, r"segments\.standard\.renewal_days is 0; it must be more"),
        ("stations/first_line/minutes", "minutes_of_work", r"minutes is 'minutes_of_work', and there is no parameter"),
        ("teams/second_line/skills", {"second_line": 0.0}, r"stations\.second_line has work, but the shifts"),
        ("teams/second_line/shifts/office/people", 0.4, r"stations\.second_line has work, but the shifts"),
        ("stations/first_line/minutes", float("inf"), r"stations\.first_line\.minutes is inf; a number is needed"),
        ("parameters/reopen_share/allowed", [0.0, 1.5], r"reopen_share may be set to 1\.5, and then"),
        ("parameters/first_line_speed/allowed", [0.0, 3.0], r"first_line_speed may be set to 0, and then .*more than"),
        ("parameters/marketing/lever", False, r"parameters\.marketing needs lever = true"),
        # parts that do not go together
        ("driven", "orders", r"driven is 'orders'; that needs items = true"),
        ("segments/standard/relation", "purchases", r"driven is 'visits'; then nobody buys"),
        ("measures/revenue", TAKE_OUT, r"the measure profit is judged against revenue, which is not among"),
        ("kinds/normal/booked", {"start": "10:00", "end": "09:00", "every_minutes": 5}, r"is from 10:00 to 09:00"),
        ("kinds/normal/booked", {"start": "09:00", "end": "10:00", "every_minutes": 0.01}, r"at least a minute apart"),
        # names
        ("teams/first_line/skills", {"third_line": 1.0}, r"teams\.first_line\.skills names 'third_line'"),
        ("stations/second_line/teams", ["nobody"], r"stations\.second_line\.teams names 'nobody'"),
        ("stations/first_line/minutes_of", {"odd": 1.0}, r"stations\.first_line names 'odd', which is not there"),
        ("stations/First", {"teams": ["first_line"], "minutes": 1.0}, r"stations has 'First'; a name is small letters"),
        ("stations/out", {"teams": ["first_line"], "minutes": 1.0}, r"stations has 'out'"),
        ("parameters/fixed_costs", TAKE_OUT, r"the parameter fixed_costs is missing: every business needs it"),
        # rosters
        ("teams/second_line/shifts/office/start", "8:15", r"shifts\.office: '8:15' is not a time of a roster"),
        ("teams/second_line/shifts/office/start", "25:00", r"'25:00' is not a time of a roster"),
        ("teams/second_line/shifts/office/days", "mon-som", r"days is 'mon-som'; it is written like mon-fri"),
        ("teams/second_line/shifts/office/end", TAKE_OUT, r"shifts\.office needs start and end"),
        ("hours", "open", r"overtime_hours needs hours = 'calendar'"),
        ("teams/second_line/shifts/office/end", "08:00", r"begins and ends at 08:00; write 00:00 to 24:00"),
        # measures
        ("measures/late_share[odd]", {}, r"There is no kind of work, team, station, group of machines or place 'odd'"),
        ("measures/happiness", {}, r"measures: There is no measure 'happiness'"),
        ("measures/stock_value[urgent]", {}, r"measures: The measure stock_value\[urgent\] needs the field"),
        ("forecast", ["orders"], r"forecast is 'orders'; the measures are"),
    ],
)  # fmt: skip
def test_a_business_that_cannot_be_is_refused_in_a_sentence(path: str, value: Any, words: str) -> None:
    with pytest.raises(TwinError, match=words) as refused:
        parsed(changed(DESK, path, value), "service-desk.toml")
    assert str(refused.value).startswith("The template service-desk.toml cannot be used: ")
    assert "\n" not in str(refused.value)


def test_a_loop_of_two_stations_without_a_way_out_is_found() -> None:
    content = changed(DESK, "stations/first_line/next", {"second_line": 1.0})
    content["stations"]["second_line"]["next"] = {"first_line": 1.0}
    with pytest.raises(TwinError, match=r"never leaves: its route has no end"):
        parsed(content, "service-desk.toml")


def test_an_unreached_station_may_stand_empty() -> None:
    content = changed(DESK, "stations/third", {"label": "Third", "teams": ["night"], "minutes": 5.0})
    content["teams"]["night"] = {"shifts": {"one": {"start": "22:00", "end": "06:00", "people": 0}}}
    parsed(content, "service-desk.toml")


LENDER = tomllib.loads((FOLDER / "lender.toml").read_text())


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("books/loans/collections/kind", "letter", r"books\.loans\.collections\.kind is 'letter', and there is no"),
        ("books/loans/late_1/cure_share", 0.8, r"late_1 has worse_share 0\.3, .*together they are 1\.1"),
        ("books/loans/late_2/worse_share", 1.2, r"late_2\.worse_share is 1\.2; a share lies between 0 and 1"),
        ("books/loans/current/cure_share", 0.1, r"current\.cure_share is 0\.1; a current loan has nothing to make up"),
        ("books/loans/correlation", 1.5, r"books\.loans\.correlation is 1\.5; it lies between 0 and 1"),
        ("books/loans/correlation", -0.1, r"books\.loans\.correlation is -0\.1; it cannot be negative"),
        ("books/loans/persistence", 2.0, r"books\.loans\.persistence is 2; it lies between 0 and 1"),
        ("books/loans/rate", -0.01, r"books\.loans\.rate is -0\.01; it cannot be negative"),
        ("parameters/rate_addition/allowed", [-0.2, 0.5], r"rate_addition may be set to -0\.2, and then books\.loans"),
        ("parameters/loan_term_months/allowed", [0, 480], r"term_months may be set to 0, and .* at least one month"),
        ("books/loans/recovery_share", "recovered", r"recovery_share is 'recovered', and there is no parameter"),
        ("books/Loans", {}, r"books has 'Loans'; a name is small letters"),
    ],
)  # fmt: skip
def test_a_book_of_loans_that_cannot_be_is_refused_in_a_sentence(path: str, value: Any, words: str) -> None:
    with pytest.raises(TwinError, match=words):
        parsed(changed(LENDER, path, value), "lender.toml")


@pytest.mark.parametrize("name", template_names())
def test_every_template_is_sound(name: str) -> None:
    kind = template(name)
    values = {one: declared.value for one, declared in kind.declarations.items()}
    assert not [*named_faults(kind.structure), *numbered_faults(kind.structure, values)]
    assert kind.structure == Structure.model_validate(kind.structure.model_dump())
    assert kind.headline in kind.measures
    assert all(kind.questions[n].changes for n in range(len(kind.questions)))


def test_the_rest_is_what_the_others_leave() -> None:
    desk = template("service-desk")
    assert kind_shares(desk.structure, {"urgent_share": 0.3}) == {"urgent": 0.3, "normal": 0.7}


def test_fields_of_single_kinds_teams_and_stations_follow_those_of_all() -> None:
    shop, desk = template("shop").structure.columns, template("service-desk").structure.columns
    assert len(shop) == len(DAY_FIELDS)
    assert len(desk) == len(DAY_FIELDS) + 2 * (len(BY_KIND) + len(BY_TEAM) + len(BY_STATION))
    assert list(desk.values()) == list(range(len(desk)))
    assert columns(["one"], ["one"], ["one"]) == shop


def test_words_of_a_roster_are_read() -> None:
    assert days_of("sat,sun") == [5, 6]
    assert days_of("fri-mon") == [0, 4, 5, 6]
    assert (minute_of("07:30"), minute_of("24:00")) == (450, 1440)
    assert number("people", {"people": 3}) == 3.0
