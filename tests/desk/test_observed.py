"""Days of a business with visits as they were, counted by hand."""

from datetime import date

import pandas as pd

from twin.desk.observed import with_customers, with_outcomes
from twin.spec.template import template

DESK = template("service-desk").structure
DAYS = pd.DataFrame({"day": [date(2026, 1, day) for day in (5, 6, 7)], "visits": [3, 1, 0], "open": True})
PROMISED = {"promised_hours_urgent": 2.0, "promised_hours_normal": 24.0}


def visits(*rows: tuple[str, str, str | None, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["kind", "arrived_at", "ended_at", "outcome"])
    return frame.assign(arrived_at=pd.to_datetime(frame["arrived_at"]), ended_at=pd.to_datetime(frame["ended_at"]))


def test_work_counts_on_the_day_on_which_it_ended() -> None:
    came = visits(
        ("urgent", "2026-01-05 09:00", "2026-01-05 10:00", "done"),
        ("urgent", "2026-01-05 09:00", "2026-01-05 12:00", "done"),  # an hour late
        ("normal", "2026-01-05 20:00", "2026-01-06 21:00", "done"),  # an hour late, a day on
        ("normal", "2026-01-06 09:00", "2026-01-07 10:00", "abandoned"),
        ("normal", "2026-01-06 09:00", None, "open"),
    )
    found = with_outcomes(DAYS, came, DESK, PROMISED)
    assert found["visits_finished"].tolist() == [2, 1, 0]
    assert found["visits_late"].tolist() == [1, 1, 0]
    assert found["visits_abandoned"].tolist() == [0, 0, 1]


def test_where_only_opening_hours_count_the_night_and_closed_days_make_nobody_late() -> None:
    shut = DESK.model_copy(update={"hours": "open", "opens_at_hour": 8.0, "opening_hours": 10.0})
    days = DAYS.assign(open=[True, False, True])
    came = visits(
        ("urgent", "2026-01-05 17:00", "2026-01-07 08:50", "done"),  # an hour, a closed day, 50 minutes
        ("urgent", "2026-01-05 17:00", "2026-01-07 09:10", "done"),  # ten minutes late
        ("urgent", "2026-01-05 05:00", "2026-01-05 09:50", "done"),  # came before the door was open
        ("urgent", "2026-01-06 12:00", "2026-01-07 10:01", "done"),  # a minute late, all on the third day
        ("normal", "2026-01-05 08:00", None, "open"),
    )
    found = with_outcomes(days, came, shut, PROMISED)
    assert found["visits_finished"].tolist() == [1, 0, 3]
    assert found["visits_late"].tolist() == [0, 0, 2]
    assert with_outcomes(days, came, DESK, PROMISED)["visits_late"].tolist() == [1, 0, 3]


def test_who_turned_round_is_counted_where_somebody_may() -> None:
    came = visits(
        ("walk_in", "2026-01-05 09:00", "2026-01-05 09:00", "balked"),
        ("urgent", "2026-01-06 09:00", "2026-01-06 09:00", "balked"),
        ("walk_in", "2026-01-06 09:00", "2026-01-06 09:30", "done"),
    )
    promised = {f"promised_hours_{kind}": 1.0 for kind in ("urgent", "walk_in", "appointment")}
    found = with_outcomes(DAYS, came, template("clinic").structure, promised)
    assert found["visits_balked"].tolist() == [1, 1, 0]
    assert "visits_balked" not in with_outcomes(DAYS, came, DESK, PROMISED)


def test_customers_are_those_whose_contract_runs() -> None:
    contracts = pd.DataFrame({
        "started_on": [date(2025, 1, 1), date(2026, 1, 6), date(2026, 1, 5)],
        "ended_on": [None, None, date(2026, 1, 7)],
    })  # fmt: skip
    assert with_customers(DAYS, contracts)["active_customers"].tolist() == [2, 3, 2]
    assert "active_customers" not in with_customers(DAYS, contracts[:0])
