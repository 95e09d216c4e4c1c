"""How long repairs, maintenance and set-ups take, by group of machines and kind of work."""

import numpy as np
import pytest

from tests.calibrate.small_log import asking, log, states
from twin.calibrate.repairs import changes, maintenance, repairs, set_ups

TIMES = {"mills": ("minutes", "scatter", "lognormal")}
BOTH = asking("minutes", "scatter")


def stopped(what: str, *minutes: float, wait: float = 0.0, words: tuple[str, ...] = ("repair",)) -> list:
    """A machine that runs an hour, stands still for so many minutes, and so on."""
    now, rows = 0.0, []
    for length in minutes:
        rows += [(now, "running"), (now + 60, what)] + [(now + 60 + wait, word) for word in words]
        now += 60 + wait + length
    return states(*rows, (now, "running"))


def test_repairs_count_without_the_wait_for_them() -> None:
    minutes = [20.0, 45.0, 80.0] * 6
    found = repairs(log(*stopped("failed", *minutes, wait=33.0)), TIMES, BOTH).estimates
    logs = np.log(minutes)
    assert found["minutes"].value == pytest.approx(np.exp(logs.mean() + logs.var() / 2), rel=1e-6)
    assert found["scatter"].value == pytest.approx(np.sqrt(np.expm1(logs.var())), rel=1e-6)
    assert (found["minutes"].rows, "18 repairs" in found["minutes"].method) == (18, True)


def test_where_the_log_knows_no_repair_the_wait_is_part_of_it() -> None:
    fixed = {"mills": ("minutes", None, "fixed")}
    found = repairs(log(*stopped("failed", *[50.0, 70.0] * 8, words=())), fixed, BOTH).estimates["minutes"]
    assert found.value == pytest.approx(60)
    assert found.standard_error == pytest.approx(10 / 4, rel=1e-4)


def test_a_repair_that_goes_on_today_is_longer_than_so_far() -> None:
    over = stopped("failed", *[20.0, 45.0, 80.0] * 6)
    open_one = states((0, "running"), (60, "failed"), (60, "repair"), (1000, "off"), machine="M2")
    short, longer = (repairs(log(*rows), TIMES, BOTH).estimates["minutes"] for rows in (over, [*over, *open_one]))
    assert longer.value > short.value
    assert "1 not over yet" in longer.method


def test_maintenance_is_no_repair() -> None:
    rows = log(*stopped("maintenance", *[20.0, 45.0, 80.0] * 6, words=()))
    assert repairs(rows, TIMES, BOTH).reasons["minutes"] == "0 repairs, 10 needed"
    assert maintenance(rows, TIMES, BOTH).estimates["minutes"].rows == 18


def set_up(*parts: tuple[str, float], machine: str = "M1") -> list:
    """A machine that is set up for a kind in so many minutes, runs an hour, and so on."""
    now, rows = 0.0, []
    for kind, length in parts:
        rows += [(now, "set_up", kind), (now + length, "running", kind)]
        now += length + 60
    return states(*rows, (now, "idle"), machine=machine)


def test_set_ups_by_the_kind_that_is_to_come() -> None:
    rows = log(*set_up(*[("chair", 10.0), ("table", 30.0), ("chair", 14.0)] * 6))
    one = set_ups(rows, {"mills": ("minutes", {})}, BOTH).estimates["minutes"]
    assert (one.value, one.rows) == (pytest.approx(18), 18)
    assert one.standard_error == pytest.approx(np.std([10, 30, 14]) / np.sqrt(18), rel=1e-4)
    part = set_ups(rows, {"mills": ("minutes", {"table": "tables"})}, asking("minutes", "tables"))
    assert part.estimates["minutes"].value == pytest.approx(12)
    assert part.reasons["tables"] == "6 set-ups, 10 needed"


def test_a_set_up_that_a_night_interrupts_is_one() -> None:
    rows = [(0, "running"), (60, "set_up"), (70, "off"), (1440, "set_up"), (1450, "idle"), (1455, "set_up")]
    found = changes(log(*states(*rows, (1460, "running"), (1500, "set_up"), (1510, "off"))))
    assert found[["minutes", "over"]].values.tolist() == [[25, True], [10, False]]


def test_without_set_ups_nothing_is_known() -> None:
    part = set_ups(log(*states((0, "running"))), {"mills": ("minutes", {})}, BOTH)
    assert part.estimates == {}
