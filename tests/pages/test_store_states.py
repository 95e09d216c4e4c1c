"""A store that is missing, held by somebody else, or empty is said in a sentence, without a trace of the program."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ROOT, title, words
from twin.desk import Desk

HOLD = "import sys, duckdb, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"


def opened() -> AppTest:
    """The overview as a new visitor sees it."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert not app.exception
    return app


def test_a_missing_store_says_how_to_make_one(app_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWIN_STORE", str(tmp_path / "none.duckdb"))
    app = opened()
    assert title(app) == "This cannot be shown yet"
    assert "python -m twin demo" in words(app).replace("\\", "")


def test_an_empty_store_says_how_to_make_a_twin(
    app_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Desk.open(tmp_path / "empty.duckdb"):
        pass
    monkeypatch.setenv("TWIN_STORE", str(tmp_path / "empty.duckdb"))
    assert "holds no twin yet" in words(opened())


def test_a_store_held_by_another_process_names_it(
    app_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Desk.open(tmp_path / "held.duckdb"):
        pass
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "held.duckdb")], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline().strip() == "held"
        monkeypatch.setenv("TWIN_STORE", str(tmp_path / "held.duckdb"))
        assert f"process {holder.pid}" in words(opened()).replace("\\", "")
    finally:
        holder.kill()
        holder.wait()


def test_a_twin_without_orders_says_what_to_do(
    app_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Desk.open(tmp_path / "bare.duckdb") as desk:
        desk.create("bare-shop", "shop")
    monkeypatch.setenv("TWIN_STORE", str(tmp_path / "bare.duckdb"))
    assert "has no orders yet" in words(opened())


def test_an_unknown_twin_in_the_address_is_named(app_store: Path) -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["twin"] = "gift-shp"
    assert "Did you mean 'gift-shop'?" in words(app.run()).replace("\\", "")
