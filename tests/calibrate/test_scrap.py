"""Which share of the pieces is scrapped, whether piece by piece or whole orders together."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.small_log import asking
from tests.calibrate.small_visits import FIRST, TODAY, records
from twin.calibrate.scrap import scrap
from twin.calibrate.visits import VisitTables, visit_tables

ASKED = asking("scrap_share")
EMPTY = records()


def orders(units: np.ndarray, scrapped: np.ndarray, hours: float = 1.0) -> VisitTables:
    """Orders with so many pieces and so much scrap, one an hour."""
    arrived = FIRST + pd.to_timedelta(np.arange(len(units)), unit="h")
    frame = pd.DataFrame({"visit_id": np.arange(len(units)).astype(str), "arrived_at": arrived, "units": units})
    ended = arrived + pd.Timedelta(hours=hours)
    frame = frame.assign(customer_id=None, kind="usual", outcome="done", ended_at=ended, scrapped=scrapped)
    return visit_tables(frame, EMPTY.visit_steps, None, None, TODAY)


def test_the_share_of_all_pieces() -> None:
    found = scrap(orders(np.array([200.0, 300.0]), np.array([4.0, 6.0])), "scrap_share", ASKED).estimates["scrap_share"]
    assert found.value == pytest.approx(10.5 / 501)
    assert found.standard_error == pytest.approx(np.sqrt(found.value * (1 - found.value) / 502), rel=1e-9)


def test_orders_that_are_open_or_cannot_be_tell_nothing() -> None:
    units, scrapped = np.array([600.0, 400.0, 500.0, np.nan]), np.array([12.0, 500.0, np.nan, np.nan])
    assert scrap(orders(units, scrapped), "scrap_share", ASKED).estimates["scrap_share"].rows == 1
    late = orders(units, scrapped, hours=24 * 100)
    assert scrap(late, "scrap_share", ASKED).reasons["scrap_share"] == "0 pieces of finished orders, 500 needed"


def test_a_number_that_is_not_asked_for_is_not_estimated() -> None:
    tables = orders(np.array([600.0]), np.array([12.0]))
    assert scrap(tables, 0.02, ASKED).estimates == {}


@pytest.mark.parametrize("together", [False, True])
def test_the_interval_holds_the_truth_as_often_as_it_says(together: bool) -> None:
    """Where whole orders are scrapped, plain counting of pieces would be wrong by a factor of three."""
    truth, hits, datasets = 0.08, 0, 100
    for seed in range(datasets):
        draws = np.random.default_rng(seed)
        units = 1 + draws.poisson(11, 250)
        scrapped = units * (draws.random(250) < truth) if together else draws.binomial(units, truth)
        day = FIRST + pd.to_timedelta(np.arange(250) % 60, unit="D")
        frame = pd.DataFrame({"units": units, "scrapped": scrapped, "day": day, "ended_at": day})
        found = scrap(replace(EMPTY, visits=frame), "scrap_share", ASKED).estimates["scrap_share"]
        hits += abs(found.value - truth) <= 1.645 * found.standard_error
    assert binom.ppf(0.001, datasets, 0.9) <= hits <= binom.ppf(0.9995, datasets, 0.9)
