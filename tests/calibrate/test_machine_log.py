"""From changes of state to stretches, stoppages and the age at which each came."""

import random
from datetime import date

import pandas as pd
import pytest

from tests.calibrate.small_log import log, states
from twin.calibrate.machine_log import machine_log
from twin.errors import TwinError

# A machine that runs 60 minutes, fails, waits 10, is repaired for 30, then runs 20 + 25 with an idle time in between
# and the night, is maintained for 15, and runs until the records end.
HISTORY = [
    (0, "running"), (60, "failed"), (70, "repair"), (100, "idle"), (110, "running"), (130, "idle"), (140, "off"),
    (1440, "running"), (1465, "maintenance"), (1480, "running"), (1500, "off"),
]  # fmt: skip


def test_a_state_lasts_until_the_machine_s_next_one() -> None:
    found = log(*states(*HISTORY), *states((5, "idle"), (25, "off"), machine="M2")).stretches
    first = found[found["machine_id"] == "M1"]
    assert first["state"].tolist() == [state for _, state in HISTORY if state != "off"]
    assert first["minutes"].tolist() == [60, 10, 30, 10, 20, 10, 25, 15, 20]
    assert first["stoppage"].tolist() == [0, 1, 1, 1, 1, 1, 1, 2, 2]
    assert found[found["machine_id"] == "M2"]["minutes"].tolist() == [20]


def test_each_stoppage_with_the_age_at_which_it_came() -> None:
    found = log(*states(*HISTORY)).stoppages
    assert found["failed"].tolist() == [True, False]
    assert found["minutes"].tolist() == [30, 15]
    assert found["waited"].tolist() == [10, 0]
    assert found["age"].tolist() == [60, 45]
    assert found["over"].tolist() == [True, True]


def test_a_repair_over_night_is_one_repair() -> None:
    night = [(0, "running"), (50, "failed"), (60, "off"), (1440, "failed"), (1450, "repair"), (1460, "off")]
    morning = [(2880, "repair"), (2900, "failed"), (2910, "repair"), (2915, "running")]
    found = log(*states(*night, *morning)).stoppages
    assert found[["minutes", "waited", "over"]].values.tolist() == [[35, 30, True]]


def test_what_is_not_over_today_says_so() -> None:
    found = log(*states((0, "running"), (50, "failed"), (60, "repair"), (100, "off"))).stoppages
    assert found[["minutes", "over"]].values.tolist() == [[40, False]]


def test_a_log_that_knows_no_repair_has_its_wait() -> None:
    found = log(*states((0, "running"), (50, "failed"), (90, "idle"), (95, "running"))).stoppages
    assert found["waited"].tolist() == [40]
    assert found["minutes"].isna().all()


def test_a_machine_that_never_stood_still_has_no_stoppage() -> None:
    assert len(log(*states((0, "running"), (50, "idle"))).stoppages) == 0
    assert len(log().stoppages) == 0


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [*states(*HISTORY), *states(*HISTORY[2:], machine="M2")]
    mixed = random.Random(3).sample(rows, len(rows))
    assert log(*mixed).stoppages.equals(log(*rows).stoppages)
    at_once = log(*states((9, "repair"), (0, "running"), (9, "failed"), (30, "idle")))
    assert at_once.stretches["state"].tolist() == ["running", "failed", "repair", "idle"]


def test_on_an_earlier_morning_less_had_happened() -> None:
    whole = log(*states(*HISTORY))
    early = whole.cut(date(2024, 1, 2))
    assert early.stoppages["failed"].tolist() == [True]
    with pytest.raises(TwinError, match="cannot be cut"):
        whole.cut(date(2200, 1, 1))


def test_what_is_no_log_reads_as_a_sentence() -> None:
    with pytest.raises(TwinError, match=r"machine_events has the state 'humming'. States are: idle, blocked"):
        log(*states((0, "humming")))
    with pytest.raises(TwinError, match="no column machines, state"):
        machine_log(pd.DataFrame({"machine_id": [], "happened_at": []}), date(2024, 1, 2))
