"""How long people wait before they give up, when most are served before they would have."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import FIRST, Row, counter, records, step, visit
from twin.calibrate.patience import patience
from twin.calibrate.visits import VisitTables

DATASETS = 100
EMPTY = records()
PATIENT = {"patience_minutes": "patience"}


def gave_up(number: int, queued: float, minutes: float, station: str = "counter") -> tuple[Row, Row]:
    """Somebody who left the queue."""
    ended = queued + minutes
    left = step(number, queued, None, ended, station)
    return visit(number, queued, ended, "abandoned"), left


def was_served(number: int, queued: float, minutes: float, kind: str = "usual") -> tuple[Row, Row]:
    """Somebody whose turn came."""
    return (
        visit(number, queued, queued + minutes + 5, kind=kind),
        step(number, queued, queued + minutes, queued + minutes + 5),
    )


def found(rows: list[tuple[Row, Row]], **content: object):
    return patience(records([one for one, _ in rows], [one for _, one in rows]), counter(counter=PATIENT | content))


def test_all_minutes_of_waiting_over_those_who_gave_up() -> None:
    rows = [gave_up(n, 100.0 * n, 20.0) for n in range(10)] + [was_served(n, 100.0 * n, 35.0) for n in range(10, 50)]
    one = found(rows).estimates["patience"]
    assert one.value == pytest.approx((10 * 20 + 40 * 35) / 10)
    assert one.standard_error == pytest.approx(one.value / np.sqrt(10))
    assert one.rows == 10
    assert "50 that waited, of whom 10 gave up" in one.method


def test_whoever_still_waits_today_counts_with_their_wait_so_far() -> None:
    rows = [gave_up(n, 100.0 * n, 20.0) for n in range(10)]
    today = 70 * 1440
    waiting = visit(90, today - 400.0, None, "open"), step(90, today - 400.0, None, None)
    assert found([*rows, waiting]).estimates["patience"].value == pytest.approx((200 + 400) / 10)


def test_whoever_turns_round_at_the_door_has_not_waited() -> None:
    rows = [gave_up(n, 100.0 * n, 20.0) for n in range(10)]
    turned = visit(90, 5000.0, 5000.0, "balked"), step(90, 5000.0, None, 5000.0)
    assert found([*rows, turned]).estimates["patience"].value == pytest.approx(20)


def test_kinds_with_a_patience_of_their_own() -> None:
    rows = [gave_up(n, 100.0 * n, 20.0) for n in range(10)] + [was_served(n, 100.0 * n, 35.0) for n in range(10, 50)]
    hurried = [
        (visit(100 + n, 100.0 * n, 100.0 * n + 7, "abandoned", kind="hurried"), step(100 + n, 100.0 * n, None, None))
        for n in range(8)
    ]
    tables = records([one for one, _ in rows + hurried], [one for _, one in rows + hurried])
    blueprint = counter(
        kinds={"usual": {"start": "counter"}, "hurried": {"start": "counter", "share": 0.0}},
        counter=PATIENT | {"patience_of": {"hurried": "short"}},
    )
    estimates = patience(tables, blueprint).estimates
    assert estimates["short"].value == pytest.approx(7)  # where the step has no end, the visit's is taken
    assert estimates["patience"].value == pytest.approx(160)


def test_too_few_who_gave_up_leave_the_assumption() -> None:
    rows = [gave_up(n, 100.0 * n, 20.0) for n in range(4)] + [was_served(n, 100.0 * n, 35.0) for n in range(10, 50)]
    part = found(rows)
    assert part.estimates == {}
    assert part.reasons["patience"] == "4 of 44 that waited gave up, 5 needed"
    assert found(rows, patience_minutes=60.0).reasons == {}


def test_overnight_a_business_that_is_closed_lets_nobody_wait() -> None:
    evening, morning = 17.5 * 60, 1440 + 9.5 * 60
    rows = [(visit(n, evening, morning, "abandoned"), step(n, evening, None, morning)) for n in range(10)]
    office = counter(counter=PATIENT)
    shift = {"clerks": {"shifts": {"day": {"people": 2}}}}
    content = office.structure.model_dump() | {
        "hours": "open",
        "opens_at_hour": 9.0,
        "opening_hours": 9.0,
        "teams": shift,
    }
    opening = type(office)(type(office.structure).model_validate(content), office.declarations)
    tables = records([one for one, _ in rows] + [visit(50, 1440.0 + 600, 1440.0 + 610)], [one for _, one in rows])
    assert patience(tables, opening).estimates["patience"].value == pytest.approx(30 + 30)
    assert patience(tables, office).estimates["patience"].value == pytest.approx(morning - evening)


def offered_and_left(seed: int, truth: float, number: int) -> VisitTables:
    """People whose turn would come after a while, some of whom leave before."""
    draws = np.random.default_rng(seed)
    limit, offered = draws.exponential(truth, number), draws.exponential(truth / 3, number)
    gone, queued = limit < offered, FIRST + pd.to_timedelta(np.arange(number), unit="h")
    names = [f"v{n:04d}" for n in range(number)]
    left = queued + pd.to_timedelta(np.minimum(limit, offered), unit="min")
    visits = {"visit_id": names, "customer_id": None, "kind": "usual", "arrived_at": queued, "ended_at": left}
    steps = {"visit_id": names, "station": "counter", "queued_at": queued, "ended_at": left, "team": "clerks"}
    outcome = np.where(gone, "abandoned", "done")
    return replace(
        EMPTY,
        visits=pd.DataFrame(visits).assign(outcome=outcome, day=queued.normalize()),
        visit_steps=pd.DataFrame(steps).assign(began_at=left.where(~gone)),
    )


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Some fifteen of sixty give up, so that the error is a quarter of the number."""
    truth, hits, blueprint = 50.0, 0, counter(counter=PATIENT)
    for seed in range(DATASETS):
        low, high = patience(offered_and_left(seed, truth, 60), blueprint).estimates["patience"].interval(log=True)
        hits += low <= truth <= high
    assert binom.ppf(0.001, DATASETS, 0.9) <= hits <= binom.ppf(0.999, DATASETS, 0.9)
