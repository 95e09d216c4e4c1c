"""Made-up shops are of the size that was asked, and leave nothing behind."""

import gc
from concurrent.futures import ThreadPoolExecutor

import mesa
import numpy as np
import pytest

from bench import growth, pairs, shops
from twin.records import COLUMN
from twin.spec.scenario import Change, Scenario

CUSTOMERS, VISITS, STAFF, DAYS = 400, 120.0, 6, 14


@pytest.fixture(scope="module")
def records() -> np.ndarray:
    shop = shops.bundle(CUSTOMERS, VISITS, items=20, days=DAYS, staff=STAFF)
    return np.stack([shops.play(shop, replication) for replication in range(8)])


def total(records: np.ndarray, field: str) -> np.ndarray:
    """A field's mean over all days, by replication."""
    return records[:, :, COLUMN[field]].mean(axis=1)


def test_as_many_visits_come_as_were_asked(records: np.ndarray) -> None:
    found = total(records, "orders")
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - VISITS) < 3.0 * error + 0.02 * VISITS


def test_the_staff_is_busy_but_not_swamped(records: np.ndarray) -> None:
    load = total(records, "staff_busy_minutes") / total(records, "staff_present_minutes")
    assert 0.7 < load.mean() < 0.95
    assert total(records, "visits_open").max() < VISITS / 2


def test_a_play_that_is_over_is_forgotten() -> None:
    shop = shops.bundle(50, 10.0, items=5, days=3, staff=1)

    def models() -> int:
        gc.collect()
        return sum(isinstance(one, mesa.Model) for one in gc.get_objects())

    before = models()
    for replication in range(3):
        shops.play(shop, replication)
    assert models() == before


def test_every_work_that_grows_can_be_played_at_its_smallest() -> None:
    assert set(growth.SIZES) == set(growth.WORKS)
    for work, sizes in growth.SIZES.items():
        assert list(sizes) == sorted(sizes)
        growth.WORKS[work](sizes[0])()


def test_a_what_if_is_judged_as_the_whole_play_says() -> None:
    """Played in parts by an executor, and in one go."""
    shop, change = shops.bundle(CUSTOMERS, VISITS, items=20, days=5, staff=STAFF), Change("price", "scale", 1.05)
    with ThreadPoolExecutor(1) as pool:
        beside = pairs.Beside(shop, pool, pairs=18)
        first, last = beside.what_if(change)
        whole = beside.played(Scenario((change,)), range(18), beside.factors)
    assert (first["profit"].replications, last["profit"].replications) == (16, 18)
    assert last == beside.judged(whole)
    assert beside.judged(beside.baseline)["profit"].difference == 0.0 != last["profit"].difference
