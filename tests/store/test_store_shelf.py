"""Twins, estimates, blobs, runs and comparisons come back as they were put in."""

from datetime import datetime, timedelta

import pytest

from twin.errors import TwinError, UnknownName
from twin.store import ComparisonRow, RunRow, Store, UnknownTwin
from twin.store.shelf import now

TWIN = "gift-shop"
LONG_AGO = datetime(2020, 1, 1, 12)


def a_run(store: Store, name: str, inputs: str = "{}", kept: bool = False) -> RunRow:
    outcome = store.put_blob(f"outcome of {name}".encode())
    run = RunRow(name, TWIN, "5e", LONG_AGO, "ann", "e1", inputs, outcome, outcome, kept)
    store.save_run(run)
    return run


def test_twins_come_and_go(store: Store) -> None:
    store.create_twin("cafe", "shop", {"currency": "EUR", "closing_days": ["2011-12-25"]})
    assert [(twin.name, twin.template) for twin in store.twins()] == [("cafe", "shop"), (TWIN, "shop")]
    assert store.twin("cafe").settings == {"currency": "EUR", "closing_days": ["2011-12-25"]}
    store.delete_twin("cafe")
    assert [twin.name for twin in store.twins()] == [TWIN]
    assert store.rows("select count(*) from duckdb_schemas() where schema_name = 'cafe'") == [(0,)]
    store.create_twin("cafe", "shop", {})


def test_an_unknown_twin_names_the_nearest(store: Store) -> None:
    for ask in (store.twin, store.snapshot, store.delete_twin):
        with pytest.raises(UnknownTwin, match=r"no twin 'gift-shp'\. Did you mean 'gift-shop'"):
            ask("gift-shp")


@pytest.mark.parametrize("name", ["", "Gift", "9lives", "a b", 'a"; drop', "a" * 41, "main", "temp", "system", "café"])
def test_a_name_that_cannot_be_is_refused(store: Store, name: str) -> None:
    with pytest.raises(TwinError, match="cannot be the name of a twin"):
        store.create_twin(name, "shop", {})


@pytest.mark.parametrize("name", ["select", "order", "twin", "orders", "x", "a" * 40, "pg-catalog"])
def test_a_name_may_be_a_word_of_sql(store: Store, name: str) -> None:
    store.create_twin(name, "shop", {})
    assert store.rows("select count(*) from order_lines", twin=name) == [(0,)]
    store.delete_twin(name)


def test_a_taken_name_is_refused(store: Store) -> None:
    with pytest.raises(TwinError, match="already"):
        store.create_twin(TWIN, "shop", {})


def test_calibrations_and_forecasts_come_back(store: Store) -> None:
    assert store.calibration(TWIN, "5e") is None
    assert store.forecast(TWIN, "5e", "orders") is None
    for payload in (b"first", b"\x00second\xff"):
        store.save_calibration(TWIN, "5e", payload, {"price": -1.2})
        store.save_forecast(TWIN, "5e", "orders", payload)
    found = store.calibration(TWIN, "5e")
    assert found
    assert (found.payload, found.summary) == (b"\x00second\xff", {"price": -1.2})
    assert store.forecast(TWIN, "5e", "orders") == b"\x00second\xff"
    assert store.forecast(TWIN, "5e", "revenue") is None


def test_not_a_number_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="JSON"):
        store.save_calibration(TWIN, "5e", b"", {"price": float("nan")})


def test_blobs_come_back(store: Store) -> None:
    large = bytes(range(256)) * 20_000
    for content in (b"", b"\x00'", large):
        assert store.blob(store.put_blob(content)) == content
    assert store.put_blob(large) == store.put_blob(large)
    with pytest.raises(UnknownName):
        store.blob("0" * 64)


def test_saving_a_run_again_changes_nothing(store: Store) -> None:
    run = a_run(store, "aa")
    store.save_run(RunRow("aa", TWIN, "5e", LONG_AGO + timedelta(days=1), "bob", "e1", "{}", run.outcome, run.outcome))
    assert store.run("aa") == run
    assert store.runs(TWIN) == [run]
    assert store.run("bb") is None


def test_a_comparison_comes_back_and_keeps_its_runs(store: Store) -> None:
    a_run(store, "aa"), a_run(store, "bb"), a_run(store, "cc")
    comparison = ComparisonRow("c1", TWIN, "aa", "bb", LONG_AGO, "ann", '{"orders": 1}')
    store.save_comparison(comparison)
    assert store.comparison("c1") == comparison
    assert store.comparison("c2") is None
    store.keep("c1")
    store.keep("c1")
    assert store.empty_cache(TWIN) == 1
    assert sorted(run.run for run in store.runs(TWIN)) == ["aa", "bb"]
    assert store.comparison("c1") is not None
    with pytest.raises(UnknownName):
        store.keep("nothing")


def test_bytes_that_a_kept_run_names_stay(store: Store) -> None:
    named, unnamed = store.put_blob(b"demand paths"), store.put_blob(b"nobody's")
    kept = a_run(store, "aa", inputs=f'{{"paths": "{named}"}}', kept=True)
    gone = a_run(store, "bb")
    with store.transaction() as cursor:
        cursor.execute("update blobs set created = ?", [now() - timedelta(hours=2)])
    fresh = store.put_blob(b"about to be used")
    store.empty_cache(TWIN)
    left = {name for (name,) in store.rows("select hash from blobs")}
    assert left == {named, kept.outcome, fresh}
    assert {unnamed, gone.outcome}.isdisjoint(left)


def test_kept_runs_outlive_their_twin(store: Store) -> None:
    a_run(store, "aa", kept=True), a_run(store, "bb")
    store.delete_twin(TWIN)
    assert store.run("aa") is not None
    assert store.run("bb") is None
