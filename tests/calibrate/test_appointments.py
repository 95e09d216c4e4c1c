"""Appointments: who does not come, and how punctual those are who do."""

from datetime import date

import numpy as np
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import appointment, counter, records, visit
from twin.calibrate.appointments import appointments
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Z90, Part

DATASETS, LEVEL, UNLIKELY = 25, 0.9, 0.001
DAY = 1440.0


def booked(*kinds: str) -> Blueprint:
    """A counter to which people come by appointment, of kinds that share their numbers."""
    agreed = {"start": "09:00", "end": "17:00", "every_minutes": 10.0}
    numbers = {"no_show_share": "no_show_share", "punctuality_minutes": "punctuality_minutes"}
    of_kinds = {name: {"start": "counter", "share": 0.0, "booked": agreed | numbers} for name in kinds}
    return counter(kinds={"usual": {"start": "counter"}} | of_kinds, counter={})


def estimated(offs: list[float | None], kind: str = "booked") -> Part:
    """What appointments tell of which each was kept so many minutes late, or not at all."""
    planned = [DAY * (n // 40) + 540.0 + 10.0 * (n % 40) for n in range(len(offs))]
    came = [(n, minute + off) for n, (minute, off) in enumerate(zip(planned, offs, strict=True)) if off is not None]
    visits = [visit(n, minute, minute + 5.0, kind=kind) for n, minute in came]
    rows = [appointment(n, planned[n], None if off is None else n, kind) for n, off in enumerate(offs)]
    return appointments(records(visits, appointments=rows), booked(kind))


def test_shares_and_minutes_are_counted() -> None:
    found = estimated([3.0, -4.0] * 18 + [None] * 4).estimates
    assert found["no_show_share"].value == pytest.approx(4.5 / 41)
    assert found["no_show_share"].rows == 40
    assert found["punctuality_minutes"].value == pytest.approx(np.sqrt(12.5))
    assert found["punctuality_minutes"].rows == 36


def test_few_appointments_leave_the_assumption() -> None:
    found = estimated([1.0] * 12)
    assert not found.estimates
    assert found.reasons["no_show_share"] == "12 appointments of the last year, 20 needed"
    assert found.reasons["punctuality_minutes"].startswith("12 appointments with a visit on their day")


def test_a_visit_on_another_day_or_of_another_kind_tells_nothing_of_punctuality() -> None:
    blueprint = booked("booked", "other")
    visits = [visit(n, 540.0 + 10 * n, 545.0 + 10 * n, kind="booked") for n in range(40)]
    visits += [visit(40, DAY + 540.0, DAY + 545.0, kind="booked"), visit(41, 700.0, 705.0, kind="usual")]
    rows = [appointment(n, 538.0 + 10 * n, n) for n in range(40)] + [appointment(40, 540.0, 40)]
    rows += [appointment(41, 690.0, 41), appointment(42, 500.0, 99)]
    found = appointments(records(visits, appointments=rows), blueprint).estimates
    assert found["punctuality_minutes"].value == pytest.approx(2.0)
    assert found["punctuality_minutes"].rows == 40
    assert found["no_show_share"].value == pytest.approx(0.5 / 44), "all of them were kept"


def test_kinds_that_share_a_number_tell_of_it_together() -> None:
    blueprint = booked("booked", "other")
    rows = [appointment(n, 540.0 + n, None, "booked" if n < 30 else "other") for n in range(60)]
    found = appointments(records([visit(0, 5.0, 9.0)], appointments=rows), blueprint).estimates["no_show_share"]
    assert (found.rows, found.value) == (60, pytest.approx(60.5 / 61))


def test_appointments_of_an_earlier_year_and_of_days_to_come_do_not_count() -> None:
    rows = [appointment(n, 540.0 + n, None) for n in range(30)]
    later = [appointment(100 + n, 400 * DAY + 540.0 + n, n) for n in range(25)]
    visits = [visit(n, 400 * DAY + 540.0 + n, 400 * DAY + 550.0 + n, kind="booked") for n in range(25)]
    tables = records([visit(99, 5.0, 9.0), *visits], appointments=[*rows, *later], today=date(2025, 3, 1))
    assert appointments(tables, booked("booked")).estimates["no_show_share"].rows == 25
    assert appointments(tables.cut(date(2024, 2, 1)), booked("booked")).estimates["no_show_share"].rows == 30


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    luck, hits = np.random.default_rng(11), np.zeros(2, int)
    for _ in range(DATASETS):
        kept, minutes = luck.random(120) >= 0.12, luck.normal(0.0, 8.0, 120)
        found = estimated([float(off) if came else None for off, came in zip(minutes, kept, strict=True)]).estimates
        for place, (name, truth) in enumerate((("no_show_share", 0.12), ("punctuality_minutes", 8.0))):
            hits[place] += abs(found[name].value - truth) <= Z90 * found[name].standard_error
    low, high = (int(binom.ppf(share, DATASETS, LEVEL)) for share in (UNLIKELY, 1 - UNLIKELY))
    assert all(low <= hit <= high for hit in hits), hits
