"""A measure is a small function of records, undefined where there is nothing to count."""

import warnings

import numpy as np
import pytest

from twin.records import COLUMN, DAY_FIELDS, WAIT_BINS, WAIT_EDGES
from twin.spec.measures import BY_NAME, CATALOGUE

PROMISED = {
    "orders", "revenue", "profit", "wait_minutes", "late_share", "fill_rate_share", "staff_utilisation_share",
    "active_customers", "stock_value", "cash",
}  # fmt: skip
RECORDS = np.random.default_rng(1).uniform(1.0, 9.0, (3, 10, len(DAY_FIELDS)))


def total(name: str) -> np.ndarray:
    return np.array([sum(day[COLUMN[name]] for day in replication) for replication in RECORDS.tolist()])


def test_the_promised_measures_are_there_and_say_what_they_are() -> None:
    assert set(BY_NAME) >= PROMISED
    assert len({measure.name for measure in CATALOGUE}) == len(CATALOGUE)
    for measure in CATALOGUE:
        assert measure.help.endswith(".")
        assert measure.matters > 0
        assert measure.unit == "share" or measure.name not in {"late_share", "fill_rate_share"}
        assert not measure.against or measure.against in BY_NAME


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders", total("orders") / 10),
        ("revenue", total("revenue") / 10 * 365.25 / 12),
        ("wait_minutes", total("wait_minutes_sum") / total("visits_finished")),
        ("fill_rate_share", total("units_shipped") / total("units_demanded")),
        ("active_customers", RECORDS[:, -1, COLUMN["active_customers"]]),
        ("stock_value", total("stock_value") / 10),
    ],
)
def test_a_measure_counts_what_it_says(name: str, expected: np.ndarray) -> None:
    assert BY_NAME[name].compute(RECORDS) == pytest.approx(expected)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_measure_of_nothing_is_undefined_without_a_warning(name: str) -> None:
    one = BY_NAME[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, daily = one.compute(np.zeros((2, 5, len(DAY_FIELDS)))), one.daily(np.zeros((2, 5, len(DAY_FIELDS))))
    assert (found.shape, daily.shape) == ((2,), (2, 5))
    assert np.isnan(found).all() == (one.form == "ratio")


def test_waits_are_counted_in_bins_of_half_powers_of_two() -> None:
    assert len(WAIT_EDGES) == WAIT_BINS - 1
    assert WAIT_EDGES[0] == 1.0
    assert WAIT_EDGES[6] == 8.0  # "over 8 minutes" can be answered
    assert len(COLUMN) == len(DAY_FIELDS)
