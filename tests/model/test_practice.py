"""The template of a clinic, small: its levers move what they should, and nothing else."""

from datetime import timedelta

import numpy as np
import pytest

from tests.model.small import TODAY
from tests.model.small_desk import PRACTICE, get, practice, today, what_if
from twin.model.appointments import agreed
from twin.spec.structure import number, whole

PLAYED = practice()
BASELINE = today(PLAYED)
LATER = 20
CHANGES = {
    "demand": "*1.3", "appointments_every_minutes": "=30", "no_show_share": "+0.2", "urgent_share": "+0.2",
    "urgent_condition_share": "+0.3", "walk_in_condition_share": "+0.3", "test_sensitivity": "+0.1",
    "test_specificity": "-0.2", "lab_sensitivity": "-0.3", "lab_specificity": "-0.3", "seen_share": "+0.3",
    "cleared_share": "+0.4", "consulting_rooms": "=1", "doctors_morning": "+1", "doctors_afternoon": "+1",
    "nurses_morning": "+1", "nurses_afternoon": "+1", "receptionists": "+1", "doctor_speed": "*1.2",
    "nurse_speed": "*1.2", "absence_share": "+0.2", "agency_share": "=0", "overtime_hours": "=0",
    "hiring_days": "*2", "registered_fee": "+2", "marketing": "*2",
}  # fmt: skip


def test_every_lever_is_tried_here() -> None:
    assert set(CHANGES) == set(PRACTICE.levers)


@pytest.mark.parametrize("name", PRACTICE.levers)
def test_a_lever_set_to_what_it_is_changes_exactly_nothing(name: str) -> None:
    same = what_if(PLAYED, BASELINE, f"{name}={PLAYED.values[name]:g}")
    assert np.array_equal(same.days, BASELINE.days)
    assert np.array_equal(same.waits, BASELINE.waits)


@pytest.mark.parametrize(("name", "by"), CHANGES.items())
def test_no_byte_differs_before_a_change_and_some_do_after_it(name: str, by: str) -> None:
    first = TODAY + timedelta(days=LATER)
    after = what_if(PLAYED, BASELINE, f"{name}{'' if by[0] == '=' else '='}{by}@{first}")
    assert np.array_equal(after.days[:, :LATER], BASELINE.days[:, :LATER])
    if name != "hiring_days":  # nobody need leave within three weeks
        assert not np.array_equal(after.days[:, LATER:], BASELINE.days[:, LATER:])


def test_more_appointments_bring_more_visits_and_no_other_walk_ins() -> None:
    after = what_if(PLAYED, BASELINE, "appointments_every_minutes=30")
    for kind in ("urgent", "walk_in"):
        assert np.array_equal(get(PLAYED, after, f"visits[{kind}]"), get(PLAYED, BASELINE, f"visits[{kind}]"))
    kept = 1 - PLAYED.values["no_show_share"]
    opened = get(PLAYED, BASELINE, "booked_expected")[0] > 0
    for played, every in ((BASELINE, 60), (after, 30)):
        came = get(PLAYED, played, "visits[appointment]")[:, opened]
        mean, of = came.mean(), 9 * 60 / every
        assert abs(mean - of * kept) < 3 * np.sqrt(of * kept * (1 - kept) / came.size)
    assert not get(PLAYED, after, "visits[appointment]")[:, ~opened].any()


def test_more_doctors_than_rooms_serve_nobody_more() -> None:
    """With one room and nobody missing, more doctors change nothing for any patient; their wages are paid."""
    bundle = practice(consulting_rooms=1.0, learning_share=0.0, absence_share=0.0, attrition_per_year=0.0)
    before = today(bundle)
    after = what_if(bundle, before, "doctors_morning=+2", "doctors_afternoon=+2")
    for name in ("visits_finished", "wait_minutes_sum", "visits_abandoned", "visits_balked"):
        assert np.array_equal(get(bundle, before, name), get(bundle, after, name)), name
    assert (get(bundle, after, "wages") > get(bundle, before, "wages"))[:, 0:1].any()
    roomy = what_if(bundle, before, "doctors_morning=+2", "consulting_rooms=+2")
    assert get(bundle, roomy, "wait_minutes_sum").sum() < get(bundle, before, "wait_minutes_sum").sum()


def test_a_finer_test_misses_less_and_a_longer_queue_turns_more_round() -> None:
    finer = what_if(PLAYED, BASELINE, "test_sensitivity=0.99")
    assert get(PLAYED, finer, "cases_missed").sum() < get(PLAYED, BASELINE, "cases_missed").sum()
    crowded = what_if(PLAYED, BASELINE, "demand=*1.5")
    assert get(PLAYED, crowded, "visits_balked").sum() > get(PLAYED, BASELINE, "visits_balked").sum() > 0


def test_long_waits_cost_satisfaction() -> None:
    patient, calm = practice(satisfaction_loss_wait=0.6), practice(satisfaction_loss_wait=0.0)
    lost = [get(PLAYED, today(one), "satisfaction_share")[:, -1].mean() for one in (patient, calm)]
    assert lost[0] < lost[1]


def test_appointments_of_a_day_are_where_the_template_puts_them() -> None:
    booked = PRACTICE.structure.kinds["appointment"].booked
    assert booked
    found = agreed(booked, 0, PLAYED.values)
    assert (found[0], found[-1], len(found)) == (480.0, 960.0, 9)
    assert agreed(booked, 5, PLAYED.values) == []
    assert number(booked.every_minutes, PLAYED.values) == 60.0
    assert whole(PLAYED.values["consulting_rooms"]) == 3
