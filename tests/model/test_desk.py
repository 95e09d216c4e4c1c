"""Businesses with visits: what comes in is served, given up or open; parts can be switched off; luck is shared."""

from dataclasses import replace

import numpy as np
import pytest

from tests.model.small_desk import (
    CLINIC,
    DESK,
    LEVEL,
    clinic,
    desk,
    get,
    today,
    what_if,
    with_stations,
    without,
)  # fmt: skip
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import RunOutcome
from twin.records import BY_KIND, BY_STATION, BY_TEAM
from twin.spec.structure import Structure

BUSINESSES = {"service desk": desk, "clinic by day and night": clinic}
MOVES = {
    "demand": "*1.3", "urgent_share": "+0.2", "escalation_share": "+0.2", "reopen_share": "+0.1",
    "first_line_early": "+1", "first_line_late": "-1", "first_line_weekend": "+1", "second_line_office": "+1",
    "first_line_speed": "*1.2", "second_line_speed": "*0.8", "absence_share": "+0.1", "overtime_hours": "=2",
    "agency_share": "=0.8", "standard_fee": "*1.1", "premium_fee": "*1.1", "marketing": "*2",
    "competitor_share": "=0.8",
    "customer_payment_days": "+30", "fee_day": "=28", "wage_day": "=28",
}  # fmt: skip
WITH_OTHERS = {"paid_at_once_share", "overdraft_rate"}  # nothing without terms or debts: tests/model/test_money.py
LATER = "2024-01-18"


@pytest.fixture(scope="module", params=BUSINESSES)
def played(request: pytest.FixtureRequest) -> tuple[Bundle, RunOutcome]:
    """Each of the businesses, as today."""
    bundle = BUSINESSES[request.param]()
    return bundle, today(bundle, 3)


def test_whatever_comes_is_finished_given_up_or_open(played: tuple[Bundle, RunOutcome]) -> None:
    bundle, outcome = played
    came, *ended = (get(bundle, outcome, f"visits{end}") for end in ("", "_finished", "_abandoned", "_balked"))
    still = get(bundle, outcome, "visits_open")
    assert np.array_equal(np.diff(still, axis=1), (came - sum(ended))[:, 1:])
    assert np.all(still >= 0)
    assert all(part.sum() > 0 for part in (came, ended[0], ended[1]))
    assert np.array_equal(outcome.waits.sum(axis=2), ended[0])


def test_customers_come_and_go_one_by_one(played: tuple[Bundle, RunOutcome]) -> None:
    bundle, outcome = played
    number, new, lost = (get(bundle, outcome, f) for f in ("active_customers", "customers_new", "customers_lost"))
    assert np.array_equal(np.diff(number, axis=1), (new - lost)[:, 1:])
    assert new.sum() > 0
    assert lost.sum() > 0


def test_kinds_teams_and_stations_add_up_to_all(played: tuple[Bundle, RunOutcome]) -> None:
    bundle, outcome = played
    apart = ((BY_KIND, bundle.structure.kinds), (BY_TEAM, bundle.structure.teams))
    for fields, names in apart:
        for field in fields:
            parts = sum(get(bundle, outcome, f"{field}[{name}]") for name in names)
            assert parts == pytest.approx(get(bundle, outcome, field), rel=1e-12), field
    stations = bundle.structure.stations
    busy = sum(get(bundle, outcome, f"{BY_STATION[3]}[{name}]") for name in stations)
    assert busy == pytest.approx(get(bundle, outcome, "staff_busy_minutes"), abs=1e-3)


def test_everybody_on_the_roster_is_there_absent_or_missing(played: tuple[Bundle, RunOutcome]) -> None:
    bundle, outcome = played
    present, absent, vacant, all_of_them = (
        get(bundle, outcome, f"staff_{part}") for part in ("present", "absent", "vacant", "rostered")
    )
    assert np.array_equal(present + absent + vacant, all_of_them)
    assert absent.sum() > 0


def test_the_books_balance(played: tuple[Bundle, RunOutcome]) -> None:
    bundle, outcome = played
    fees, wages, marketing, fixed, profit, cash = (
        get(bundle, outcome, name) for name in ("fees", "wages", "marketing_cost", "fixed_costs", "profit", "cash")
    )
    assert profit == pytest.approx(fees - wages - marketing - fixed, abs=0.005)
    assert np.diff(cash, axis=1) == pytest.approx(profit[:, 1:], abs=0.005)
    assert fees.sum() > 0
    assert wages.sum() > 0


def test_appointments_come_on_their_days_and_some_do_not() -> None:
    bundle = clinic()
    came = get(bundle, today(bundle, 6), "visits[appointment]")
    weekend = (bundle.first_weekday + np.arange(came.shape[1])) % 7 >= 5
    assert not came[:, weekend].any()
    assert came[:, ~weekend].max() <= 9  # from 9:00 to 12:00, every 20 minutes
    kept = came[:, ~weekend].mean() / 9
    assert abs(kept - 0.9) < 3.0 * np.sqrt(0.09 / (9 * came[:, ~weekend].size))


def test_a_test_sends_on_whom_it_finds() -> None:
    """All who are found go to the doctor, of the others half: the shares follow from sensitivity and specificity."""
    quiet = with_stations(
        CLINIC, triage={"balk_at": np.inf, "patience_minutes": np.inf}, doctor={"patience_minutes": np.inf, "next": {}}
    )
    bundle = clinic(quiet, 120)
    outcome = today(bundle, 4)
    tested = get(bundle, outcome, "station_begun[triage]").sum()
    sent = get(bundle, outcome, "station_begun[doctor]").sum() - get(bundle, outcome, "visits[appointment]").sum()
    found = 0.3 * (0.4 * 0.9 + 0.6 * 0.2) + 0.7 * (0.1 * 0.9 + 0.9 * 0.2)
    share = found + (1 - found) * 0.5
    assert abs(sent / tested - share) < 3.0 * np.sqrt(share * (1 - share) / tested) + 0.005  # a few are still inside


def test_who_is_booked_has_the_condition_of_its_own_kind() -> None:
    """Nobody else is ill, everybody with an appointment is: a sure test sends just those on."""
    content = CLINIC.model_dump()
    for name, share in (("emergency", 0.0), ("walk_in", 0.0), ("appointment", 1.0)):
        content["kinds"][name] |= {"condition_share": share, "start": "triage"}
    sure = {"sensitivity": 1.0, "specificity": 1.0, "next": {"doctor": 1.0}}
    content["stations"]["triage"] |= {"test": sure, "next": {}, "balk_at": np.inf, "patience_minutes": np.inf}
    content["stations"]["doctor"] |= {"next": {}}
    bundle = clinic(Structure.model_validate(content))
    outcome = today(bundle, 3)
    booked, sent = (get(bundle, outcome, name).sum() for name in ("visits[appointment]", "station_begun[doctor]"))
    assert 0.9 * booked < sent <= booked  # some give up before the doctor has time


def test_appointments_do_not_come_on_top_of_the_forecast_nor_on_closed_days() -> None:
    closed = replace(clinic(), open_days=np.arange(40) % 7 != 2)
    outcome = today(closed, 8)
    came, booked = get(closed, outcome, "visits"), get(closed, outcome, "visits[appointment]")
    assert not came[:, 2::7].any()
    rest = np.delete(np.arange(40), np.arange(2, 40, 7))
    expected = closed.paths[np.arange(8) % 8][:, rest].sum()
    assert booked.sum() > 100
    assert abs(came.sum() - expected) < 3.0 * np.sqrt(expected)


def test_waits_cost_satisfaction_where_the_template_says_so() -> None:
    content, calm = clinic(), clinic(satisfaction_loss_late=0.0, satisfaction_loss_abandoned=0.0)
    waiting = clinic(satisfaction_loss_late=0.0, satisfaction_loss_abandoned=0.0, satisfaction_loss_wait=0.8)
    pleased = [get(one, today(one), "satisfaction_share")[:, -1].mean() for one in (calm, waiting)]
    assert pleased[0] == 1.0
    assert pleased[1] < pleased[0] - 0.001
    assert get(content, today(content), "satisfaction_share")[:, -1].mean() < 1.0


# ------------------------------------------------------------------ parts alone


def test_without_any_contract_as_many_come_as_the_forecast_says() -> None:
    bundle = desk()
    nobody = {name: vector[:0] for name, vector in bundle.vectors.items() if name.startswith("customer_")}
    whose = {"replay_customer": np.where(bundle.vectors["replay_customer"] < 0, -1, -2)}
    empty = replace(bundle, vectors=bundle.vectors | nobody | whose)
    outcome = today(empty, 8)
    expected = get(empty, outcome, "demand_expected").sum()
    assert expected == pytest.approx(empty.paths.sum())
    assert abs(get(empty, outcome, "visits").sum() - expected) < 3.0 * np.sqrt(expected)


def test_without_known_customers_as_many_come_as_the_forecast_says() -> None:
    bundle = clinic(without(CLINIC, "segments"))
    outcome = today(bundle, 40)
    came, expected = get(bundle, outcome, "visits"), get(bundle, outcome, "demand_expected")
    assert expected == pytest.approx(bundle.paths[np.arange(40) % 8], rel=1e-12)
    assert abs(came.sum() - expected.sum()) < 3.0 * np.sqrt(expected.sum())
    assert not get(bundle, outcome, "active_customers").any()
    assert not get(bundle, outcome, "fees").any()


def test_without_stations_customers_are_played_alone() -> None:
    whole, alone = clinic(), clinic(without(CLINIC, "kinds", "teams", "stations"))
    outcome = today(alone)
    assert np.array_equal(get(alone, outcome, "visits"), get(alone, outcome, "visits_finished"))
    assert not get(alone, outcome, "wages").any()
    assert not get(alone, outcome, "visits_open").any()
    assert np.all(get(alone, outcome, "satisfaction_share") == 1.0)
    beside = today(whole)
    for name in ("demand_expected", "customers_new"):  # the stations take no part in who comes on the first day
        assert get(alone, outcome, name)[:, 0] == pytest.approx(get(whole, beside, name)[:, 0], rel=1e-12)


def test_coupled_parts_feel_each_other() -> None:
    """Late and given-up work costs satisfaction, and satisfaction keeps contracts."""
    bundle = desk(days=80, churn_response=10.0, standard_churn_share=0.2)
    good = today(bundle, 4)
    bad = what_if(bundle, good, "first_line_speed=*0.4")
    pleased, kept = (
        [get(bundle, one, name)[:, -1].mean() for one in (good, bad)]
        for name in ("satisfaction_share", "active_customers")
    )
    assert pleased[1] < pleased[0] - 0.02
    assert kept[1] < kept[0]


def test_a_desk_that_drowns_is_played_and_says_so() -> None:
    """Load above one and nobody gives up: the open work grows without bound."""
    patient = with_stations(DESK.structure, first_line={"patience_minutes": np.inf})
    bundle = replace(desk(first_line_minutes=200.0), structure=patient)
    outcome = today(bundle)
    still = get(bundle, outcome, "visits_open")
    assert np.all(still[:, -1] > still[:, 0] + 10 * LEVEL)
    assert not get(bundle, outcome, "visits_abandoned").any()


# ------------------------------------------------------------------ changes


@pytest.fixture(scope="module")
def before() -> RunOutcome:
    """The service desk as today."""
    return today(desk(), 2)


@pytest.mark.parametrize("lever", DESK.levers)
def test_a_change_by_nothing_changes_no_record(before: RunOutcome, lever: str) -> None:
    after = what_if(desk(), before, f"{lever}=*1")
    assert after.sha256 == before.sha256


@pytest.mark.parametrize("lever", MOVES)
def test_a_change_moves_something_and_nothing_before_its_first_day(before: RunOutcome, lever: str) -> None:
    after = what_if(desk(), before, f"{lever}={MOVES[lever]}@{LATER}")
    first = 17
    assert after.days[:, :first].tobytes() == before.days[:, :first].tobytes()
    assert after.sha256 != before.sha256


def test_every_lever_is_tried() -> None:
    assert set(MOVES) | WITH_OTHERS == set(DESK.levers)


@pytest.mark.parametrize("lever", ["second_line_office", "absence_share", "marketing", "standard_fee"])
def test_staff_and_money_leave_arrivals_on_the_first_day_alone(before: RunOutcome, lever: str) -> None:
    bundle = desk()
    after = what_if(bundle, before, f"{lever}={MOVES[lever]}")
    for name in ("visits[urgent]", "visits[normal]", "customers_lost"):
        assert np.array_equal(get(bundle, after, name)[:, 0], get(bundle, before, name)[:, 0])


@pytest.mark.parametrize("change", ["demand=+5%", "first_line_early=+1", "absence_share=*1.5", "marketing=*2"])
def test_a_paired_difference_scatters_a_tenth_of_an_unpaired_one(change: str) -> None:
    bundle, many = desk(), 32
    same = today(bundle, many)
    after = what_if(bundle, same, change)
    for name, most in (("visits", 0.1), ("profit", 0.1), ("wait_minutes_sum", 1.0), ("visits_late", 1.0)):
        sides = [get(bundle, one, name).sum(axis=1) for one in (same, after)]
        paired, unpaired = np.var(sides[1] - sides[0], ddof=1), sum(np.var(side, ddof=1) for side in sides)
        assert paired <= most * unpaired + 1e-9, f"{name}: {paired / unpaired:.3f}"


def test_another_kind_of_work_shifts_nobodys_luck(before: RunOutcome) -> None:
    """A team more, and a station that nobody is sent to, leave every record as it was."""
    bundle = desk()
    content = bundle.structure.model_dump()
    content["teams"]["night"] = {"shifts": {"one": {"start": "22:00", "end": "06:00", "people": 2}}}
    content["stations"]["spare"] = {"teams": ["night"], "minutes": 5.0}
    more = replace(bundle, structure=Structure.model_validate(content))
    again = today(more, 2)
    for name in bundle.structure.columns:
        if not name.startswith(("staff_rostered", "staff_present", "staff_absent")):
            assert np.array_equal(get(more, again, name), get(bundle, before, name)), name
