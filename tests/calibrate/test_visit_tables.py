"""Records of visits as calibration reads them: checked, in a fixed order, and as they stood on a morning."""

import json
import re
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.desk import desk_content, desk_declarations, desk_structure
from tests.calibrate.planted_desk import HISTORY, TODAY, planted_frames
from tests.calibrate.small_visits import at, counter, records, step, visit
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.business import calibrate_visits
from twin.calibrate.calibration import Calibration
from twin.calibrate.estimates import calibrate
from twin.calibrate.tables import cut
from twin.calibrate.visits import VisitTables, visit_tables
from twin.errors import TwinError
from twin.spec.structure import Structure

BLUEPRINT = Blueprint(desk_structure(), desk_declarations())


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return planted_frames(3)


@pytest.fixture(scope="module")
def tables(frames: dict[str, pd.DataFrame]) -> VisitTables:
    return visit_tables(**frames, today=TODAY)


@pytest.fixture(scope="module")
def found(tables: VisitTables) -> Calibration:
    return calibrate_visits(tables, BLUEPRINT, "desk")


def test_tables_of_visits_are_calibrated_by_the_structure_of_their_template(
    tables: VisitTables, found: Calibration
) -> None:
    kind = SimpleNamespace(name="desk", structure=BLUEPRINT.structure, declarations=BLUEPRINT.declarations, words={})
    assert calibrate(tables, kind).to_bytes() == found.to_bytes()


def test_how_a_number_was_found_is_told_in_the_words_of_the_trade(tables: VisitTables, found: Calibration) -> None:
    business = {"name": "desk", "structure": BLUEPRINT.structure, "declarations": BLUEPRINT.declarations}
    desk = calibrate(tables, SimpleNamespace(**business, words={"visit": "ticket"}))
    told = [one.method for one in desk.parameters.values()]
    usual = [one.method for one in found.parameters.values()]
    assert sum("tickets" in method for method in told) == sum("visits" in method for method in usual) > 3
    assert not any("visit" in method for method in told)
    assert not any(re.search(r"\d{4}", method) for method in told)  # thousands are set apart


def test_every_number_of_the_template_has_a_value_inside_its_interval(found: Calibration) -> None:
    assert list(found.parameters) == list(BLUEPRINT.declarations)
    for name, one in found.parameters.items():
        assert one.low <= one.value <= one.high, name
        assert one.method, name
        assert (one.standard_error is not None and one.rows > 0) == (one.origin == "data"), name


def test_what_records_cannot_say_stays_as_the_template_has_it(found: Calibration) -> None:
    for name in ("promised_hours_urgent", "standard_fee", "premium_fee"):
        one, declared = found.parameters[name], BLUEPRINT.declarations[name]
        assert (one.origin, one.value) == ("assumption", declared.value)
        assert one.method.startswith("a plan of the business")


def test_jointly_found_numbers_have_the_errors_of_their_covariance(found: Calibration) -> None:
    assert len(found.covariances) == 6
    for names, matrix in found.covariances:
        for number, name in enumerate(names):
            one = found.parameters[name]
            on_scale = one.standard_error / one.value if one.scale == "log" else one.standard_error
            assert np.sqrt(matrix[number, number]) == pytest.approx(on_scale), name


def test_stored_and_read_again_it_is_the_same(found: Calibration) -> None:
    again = Calibration.from_bytes(found.to_bytes())
    assert again.to_bytes() == found.to_bytes()
    assert again.contract() == found.contract()


def test_twice_the_same_records_give_the_same_bytes_in_any_order(
    frames: dict[str, pd.DataFrame], found: Calibration
) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in frames.items()}
    again = calibrate_visits(visit_tables(**shuffled, today=TODAY), BLUEPRINT, "desk")
    assert again.to_bytes() == found.to_bytes()


def test_a_cut_knows_nothing_of_later_days(frames: dict[str, pd.DataFrame], tables: VisitTables) -> None:
    """As of an earlier morning: what had not arrived is gone, and what had not ended then is open."""
    earlier = TODAY - timedelta(60)
    morning = pd.Timestamp(earlier)
    begun = {"visits": "arrived_at", "visit_steps": "queued_at", "contracts": "started_on", "attendance": "day"}
    known = {name: frame[frame[begun[name]] < morning].copy() for name, frame in frames.items()}
    for name, column in (
        ("visits", "ended_at"),
        ("visit_steps", "began_at"),
        ("visit_steps", "ended_at"),
        ("contracts", "ended_on"),
    ):
        known[name][column] = known[name][column].where(known[name][column] < morning)
    known["visits"]["outcome"] = known["visits"]["outcome"].where(known["visits"]["ended_at"].notna(), "open")
    as_then = calibrate_visits(visit_tables(**known, today=earlier), BLUEPRINT, "desk")
    assert calibrate_visits(cut(tables, earlier), BLUEPRINT, "desk").to_bytes() == as_then.to_bytes()
    assert as_then.history_days == HISTORY - 60
    with pytest.raises(TwinError, match="cannot be cut"):
        cut(tables, TODAY + timedelta(1))


def test_the_last_60_days_are_replayed_as_they_were(tables: VisitTables, found: Calibration) -> None:
    vectors = found.vectors
    recent = tables.visits[tables.visits["day"] >= pd.Timestamp(TODAY - timedelta(60))]
    assert len(vectors["replay_day"]) == len(recent)
    assert (vectors["replay_day"].dtype, vectors["replay_day"].min(), vectors["replay_day"].max()) == (
        np.int32,
        -60,
        -1,
    )
    moments = vectors["replay_day"] * 1440 + vectors["replay_minute"]
    assert (np.diff(moments) >= 0).all()
    seconds = (recent["arrived_at"] - pd.Timestamp(TODAY)) / pd.Timedelta(seconds=1)
    assert moments * 60 == pytest.approx(seconds.to_numpy())
    kinds = np.array(list(BLUEPRINT.structure.kinds))
    assert kinds[vectors["replay_kind"]].tolist() == recent["kind"].tolist()
    who = vectors["replay_customer"]
    assert (who == -1).tolist() == recent["customer_id"].isna().tolist()
    running = set(vectors["customer_id"].tolist())
    for row, name in zip(who.tolist(), recent["customer_id"], strict=True):
        if row >= 0:
            assert vectors["customer_id"][row] == name
        elif name is not None:
            assert (row, name in running) == (-2, False)
    assert (who == -2).any()
    assert vectors["replay_open"].shape == (60,)
    assert vectors["replay_number"].tolist() == list(range(len(recent)))


def test_the_model_gets_those_who_have_a_contract_today(tables: VisitTables, found: Calibration) -> None:
    vectors, running = found.vectors, tables.contracts[tables.contracts["ended_on"].isna()]
    assert vectors["customer_id"].tolist() == running["customer_id"].tolist()
    segments = np.array(list(BLUEPRINT.structure.segments))
    assert segments[vectors["customer_segment"]].tolist() == running["segment"].tolist()
    assert ((vectors["customer_renews_in_days"] >= 0) & (vectors["customer_renews_in_days"] < 30)).all()
    assert vectors["customer_days"].max() == tables.history_days
    assert vectors["hour_share"].shape == (168,)
    assert vectors["hour_share"].sum() == pytest.approx(1)


def test_contracts_imply_about_the_visits_that_were_seen(found: Calibration) -> None:
    assert 0.8 < found.evidence["returning"]["ratio"] < 1.25
    assert found.evidence["rows"]["steps_set_aside"] == 0


def test_the_command_line_gets_plain_json(found: Calibration) -> None:
    shown = json.loads(json.dumps(found.contract(), allow_nan=False))
    keys = {"value", "standard_error", "low", "high", "unit", "origin", "rows", "method"}
    assert all(set(entry) == keys for entry in shown.values())
    assert shown["hour_share[0]"]["method"].startswith("share of visits by hour of the week")
    assert shown["hour_share[0]"]["rows"] == found.evidence["rows"]["visits"]
    assert not any(name.startswith("item_") for name in shown)


def test_a_missing_column_is_named(frames: dict[str, pd.DataFrame]) -> None:
    wrong = frames | {"visit_steps": frames["visit_steps"].drop(columns="station")}
    with pytest.raises(TwinError, match="visit_steps has no column station"):
        visit_tables(**wrong, today=TODAY)


def test_names_that_the_template_does_not_have_are_refused(tables: VisitTables) -> None:
    content = desk_content()
    content["kinds"] = {"urgent": content["kinds"]["urgent"]}
    smaller = Blueprint(Structure.model_validate(content), desk_declarations())
    with pytest.raises(TwinError, match="no kind of visit 'normal'"):
        calibrate_visits(tables, smaller, "desk")


def test_too_few_visits_say_how_many_are_needed(tables: VisitTables) -> None:
    with pytest.raises(TwinError, match=r"visits in the 365 days before .* needs at least 50"):
        calibrate_visits(cut(tables, TODAY - timedelta(HISTORY - 2)), BLUEPRINT, "desk")
    with pytest.raises(TwinError, match="no visits before"):
        calibrate_visits(cut(tables, date(2020, 1, 1)), BLUEPRINT, "desk")


def test_without_contracts_and_attendance_the_assumptions_stay(frames: dict[str, pd.DataFrame]) -> None:
    bare = visit_tables(frames["visits"], frames["visit_steps"], None, None, TODAY)
    found = calibrate_visits(bare, BLUEPRINT, "desk")
    for name in ("absence_share", "standard_rate_shape", "premium_churn_share", "standard_new_per_day"):
        one = found.parameters[name]
        assert (one.origin, one.value) == ("assumption", BLUEPRINT.declarations[name].value)
        assert one.method.startswith("assumption of the template, not measured: "), name
    assert found.parameters["first_line_minutes"].origin == "data"
    assert len(found.vectors["customer_id"]) == 0
    assert set(found.vectors["replay_customer"].tolist()) == {-1, -2}


def test_a_name_for_two_different_things_is_not_estimated(tables: VisitTables) -> None:
    content = desk_content()
    content["stations"]["second_line"]["minutes"] = "patience_minutes"
    found = calibrate_visits(tables, Blueprint(Structure.model_validate(content), desk_declarations()), "desk")
    one = found.parameters["patience_minutes"]
    assert one.origin == "assumption"
    assert "it stands for different things (stations.patience_minutes, stations.minutes)" in one.method
    assert found.parameters["second_line_scatter"].origin == "data"


def test_steps_whose_clock_ran_backwards_are_set_aside() -> None:
    """On the night that has an hour twice, work can end before it began."""
    rows = [(visit(n, 100.0 * n, 100.0 * n + 9), step(n, 100.0 * n, 100.0 * n + 2, 100.0 * n + 9)) for n in range(60)]
    rows.append((visit(99, 170.0, 120.0), step(99, 170.0, 172.0, 120.0)))
    found = calibrate_visits(
        records([one for one, _ in rows], [one for _, one in rows]), counter(counter={"minutes": "minutes"}), "desk"
    )
    assert (found.evidence["rows"]["steps"], found.evidence["rows"]["steps_set_aside"]) == (60, 1)
    assert found.parameters["minutes"].rows == 60


def test_a_time_that_is_none_is_refused(frames: dict[str, pd.DataFrame]) -> None:
    wrong = frames["contracts"].assign(started_on="soon")
    with pytest.raises(TwinError, match=r"The table contracts cannot be read.*soon"):
        visit_tables(**(frames | {"contracts": wrong}), today=TODAY)


def test_text_times_and_empty_names_are_read_as_what_they_are() -> None:
    tables = visit_tables(
        pd.DataFrame(
            {
                "visit_id": [7, 5],
                "customer_id": ["", "a"],
                "kind": "usual",
                "arrived_at": ["2024-01-02 10:00:05", "2024-01-01 09:00"],
                "ended_at": [None, "2024-01-01 10:00"],
                "outcome": ["open", "done"],
            }
        ),
        pd.DataFrame(
            [step(5, 540.0, 541.0, 600.0)[:-1]],  # records may know nothing of results
            columns=["visit_id", "station", "queued_at", "began_at", "ended_at", "team"],
        ),
        None,
        None,
        date(2024, 1, 3),
    )
    assert tables.visits["visit_id"].tolist() == ["5", "7"]
    assert tables.visits["customer_id"].tolist() == ["a", None]
    assert tables.visits["arrived_at"].tolist() == [at(540), at(1440 + 600 + 5 / 60)]
    assert tables.history_days == 2
    assert tables.visit_steps["result"].tolist() == [None]
    assert not len(tables.appointments)
