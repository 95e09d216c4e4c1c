"""A desk opens and closes, finds its twins, and works on when its workers have died."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.desk.conftest import NAME, Here
from twin.desk import Desk, Twin
from twin.errors import TwinError, UnknownName
from twin.experiment import workers
from twin.records import COLUMN

DAYS = 40


def test_workers_that_died_are_replaced(original: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One process that the system has killed must not end every later question of everybody."""
    made: list[ProcessPoolExecutor] = []

    def pool(number: int | None = None) -> ProcessPoolExecutor:
        made.append(ProcessPoolExecutor(1))  # starts nothing before it is asked
        return made[-1]

    monkeypatch.setattr(workers, "workers", pool)
    with Desk.open(tmp_path / "twin.duckdb") as desk:
        first = desk.executor
        assert desk.executor is first
        first._broken = "A child process terminated abruptly"  # type: ignore[attr-defined]
        assert desk.executor is not first
        assert len(made) == 2


def test_the_only_twin_needs_no_name(desk: Desk) -> None:
    assert desk.twin().name == NAME
    assert desk.twin() is desk.twin(NAME)
    desk.create("second", "shop")
    with pytest.raises(TwinError, match=r"several twins \(second, small-shop\); say which"):
        desk.twin()
    with pytest.raises(UnknownName, match="Did you mean 'second'"):
        desk.twin("secund")


def test_an_empty_desk_says_how_to_make_a_twin(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "empty.duckdb", Here()) as desk:
        with pytest.raises(TwinError, match="holds no twin yet"):
            desk.twin()
        with pytest.raises(UnknownName, match="There is no template 'shoe'"):
            desk.create("x", "shoe")
        fresh = desk.create("x", "shop")
        with pytest.raises(TwinError, match="has no orders yet"):
            fresh.run()
        desk.delete("x")
        assert desk.twins() == []


def test_a_twin_that_was_deleted_and_made_again_starts_afresh(desk: Desk) -> None:
    old = desk.twin()
    desk.delete(NAME)
    new = desk.create(NAME, "shop")
    assert new is not old
    with pytest.raises(TwinError, match="has no orders yet"):
        new.run()


def test_a_twin_speaks_its_own_currency(shop: Twin) -> None:
    assert (shop.currency, shop.setting("country"), shop.setting("title")) == ("EUR", "FR", "Shop with a packing room")


def test_an_answer_says_what_it_hangs_on(shop: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.advise.reasons.PLAYED", (1,))
    answer = shop.compare(["price=+10%"], 5, 16)
    assert shop.known_reasons(answer) is None
    found = shop.reasons(answer)
    assert found.measure == "profit"
    assert len(found.top) == 3
    assert "price_effect" in {one.parameter for one in found.top}
    assert [one.reach for one in found.top] == sorted((one.reach for one in found.top), reverse=True)
    assert found.survives == all(one.survives for one in found.top)
    assert shop.known_reasons(answer) == found
    assert shop.reasons(answer) == found


def test_an_answer_of_nothing_hangs_on_nothing(shop: Twin) -> None:
    found = shop.reasons(shop.compare([], 2, 16))
    assert (found.top, found.survives) == ((), True)


def test_a_run_by_day_is_the_mean_of_its_replications(shop: Twin) -> None:
    run = shop.run(DAYS, 4)
    orders: Any = run.outcome.days[:, :, COLUMN["orders"]]
    assert run.by_day("orders").mean == pytest.approx(orders.mean(axis=0))
    summary = run.measures()["orders"]
    assert summary is not None
    assert summary.mean == pytest.approx(orders.mean())
