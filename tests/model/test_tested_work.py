"""Hidden conditions in the records of days: what tests find and miss, and what is said of it in one life."""

import numpy as np
import pytest

from tests.model.small import horizon
from tests.model.small_desk import CLINIC, changed, clinic, get, today, with_stations
from twin.experiment.inputs import Bundle
from twin.experiment.life import Event, life
from twin.experiment.question import Question
from twin.spec.measures import measure
from twin.spec.scenario import Scenario

TESTED = ("visits_tested", "visits_positive", "cases_tested", "cases_missed", "false_alarms")
SENSITIVITY, SPECIFICITY = 0.9, 0.8
REPLICATIONS = 6


def once() -> Bundle:
    """The small clinic with one test for everybody, after which nothing follows that tests again."""
    structure = with_stations(CLINIC, doctor={"next": {}})
    kinds = {name: {**kind, "start": "triage"} for name, kind in structure.model_dump()["kinds"].items()}
    return clinic(structure.model_validate({**structure.model_dump(), "kinds": kinds}))


def sums(bundle: Bundle) -> dict[str, float]:
    """All days and plays of each field."""
    played = today(bundle, REPLICATIONS)
    return {name: float(get(bundle, played, name).sum()) for name in (*TESTED, "visits_finished")}


def test_tests_err_as_often_as_they_truly_do() -> None:
    found = sums(once())
    ill, well = found["cases_tested"], found["visits_tested"] - found["cases_tested"]
    assert found["visits_tested"] == found["visits_finished"] > 3000
    for wrong, of, share in (
        (found["cases_missed"], ill, 1 - SENSITIVITY),
        (found["false_alarms"], well, 1 - SPECIFICITY),
    ):
        assert abs(wrong / of - share) < 3 * np.sqrt(share * (1 - share) / of)
    assert found["visits_positive"] == ill - found["cases_missed"] + found["false_alarms"]


def test_measures_are_shares_of_them() -> None:
    bundle = once()
    played, columns = today(bundle, 3), bundle.structure.columns
    total = {name: get(bundle, played, name).sum(axis=1) for name in TESTED}
    for name, top, bottom in (
        ("missed_share", "cases_missed", "cases_tested"),
        ("false_alarm_share", "false_alarms", "visits_positive"),
        ("positive_share", "visits_positive", "visits_tested"),
    ):
        assert measure(name, {}, columns).compute(played.days) == pytest.approx(total[top] / total[bottom])
    balked = get(bundle, played, "visits_balked").sum(axis=1) / get(bundle, played, "visits").sum(axis=1)
    assert measure("balked_share", {}, columns).compute(played.days) == pytest.approx(balked)


def test_a_test_that_is_never_wrong_misses_nothing() -> None:
    perfect = {"sensitivity": 1.0, "specificity": 1.0, "next": {"doctor": 1.0}}
    found = sums(clinic(with_stations(CLINIC, triage={"test": perfect})))
    assert found["cases_missed"] == found["false_alarms"] == 0.0
    assert found["cases_tested"] == found["visits_positive"] > 0


def test_who_was_not_tested_counts_nowhere() -> None:
    found = sums(clinic())
    assert 0 < found["visits_tested"] < found["visits_finished"], "appointments go to the doctor at once"
    assert found["cases_tested"] <= found["visits_tested"]


def test_without_a_test_nothing_is_told() -> None:
    bare = CLINIC.model_dump()
    bare["stations"]["triage"]["test"] = None
    found = sums(clinic(CLINIC.model_validate(bare)))
    assert not any(found[name] for name in TESTED)


def test_a_better_test_moves_no_other_luck() -> None:
    """The draw of a test is its own: with the same route for both results, only what is found changes."""
    both = {"specificity": 0.8, "next": {"doctor": 0.5}}
    worse, better = (
        clinic(with_stations(CLINIC, triage={"test": {"sensitivity": share, **both}})) for share in (0.6, 0.95)
    )
    one, two = today(worse), today(better)
    told = [worse.structure.columns[name] for name in TESTED]
    others = np.setdiff1d(np.arange(one.days.shape[2]), told)
    assert np.array_equal(one.days[:, :, others], two.days[:, :, others])
    missed = worse.structure.columns["cases_missed"]
    assert one.days[:, :, missed].sum() > two.days[:, :, missed].sum()


def test_what_was_expected_by_appointment_is_told_apart() -> None:
    bundle = clinic()
    played = today(bundle)
    booked = get(bundle, played, "booked_expected")
    weekday = (bundle.first_weekday + np.arange(booked.shape[1])) % 7
    assert booked[0] == pytest.approx(np.where(weekday < 5, 9 * 0.9, 0.0))
    assert (get(bundle, played, "demand_expected") >= booked).all()


def test_visits_under_contract_come_on_open_days_only() -> None:
    """Rates are counted a calendar day: with six open days in seven, the factor does not make up for the seventh."""
    opened = np.ones(40, np.bool_)
    closed = np.arange(40) % 7 != 6
    factors = []
    for days, share in ((opened, 1.0), (closed, 6 / 7)):
        bundle = changed(clinic(), open_days=days, paths=np.full((8, 40), 30.0))
        bundle = changed(bundle, vectors=bundle.vectors | {"open_share": np.array([share])})
        factors.append(get(bundle, today(bundle, 1), "anchor_factor")[0, 0])
    assert factors[1] == pytest.approx(factors[0] * 6 / 7)


def told(bundle: Bundle, who: str) -> list[Event]:
    """What happened to somebody."""
    return life(bundle, Question(Scenario(), horizon(bundle), 1), 0, None, who)


def test_one_life_tells_the_appointment_and_the_result() -> None:
    lives = [told(clinic(), f"visit 3/{n}") for n in range(12)]
    comes = [events[0].detail for events in lives]
    agreed = [detail for detail in comes if " for " in detail]
    assert agreed
    assert {detail.rpartition(" for ")[2] for detail in agreed} <= {
        f"{hour:02d}:{minute:02d}" for hour in (9, 10, 11) for minute in (0, 20, 40)
    }
    said = {event.what for events in lives for event in events}
    assert {"is finished here: the test is positive", "is finished here: the test is negative"} <= said
    tests = [event for events in lives for event in events if "the test is" in event.what]
    assert {event.where for event in tests} == {"triage"}
    assert {event.detail for event in tests} <= {"", "wrongly"}


def test_a_test_that_is_never_wrong_is_never_called_so() -> None:
    perfect = {"sensitivity": 1.0, "specificity": 1.0, "next": {"doctor": 1.0}}
    useless = {"sensitivity": 0.0, "specificity": 0.0, "next": {"doctor": 1.0}}
    for test, wrong in ((perfect, ""), (useless, "wrongly")):
        bundle = clinic(with_stations(CLINIC, triage={"test": test}))
        tests = [event for n in range(4) for event in told(bundle, f"visit 3/{n}") if "the test is" in event.what]
        assert {event.detail for event in tests} == {wrong}
