"""The demo twin: built once, completed where it was cut short, left alone where somebody changed it."""

from pathlib import Path

import pytest

from twin.desk import Desk, demo
from twin.desk.demo import NAME, SETTINGS, TEMPLATE, build, remaining, what_changed


@pytest.fixture
def cut_data(built_original: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A part of the real data in the place of all of it."""
    data = next(built_original.parent.glob("building.parquet"))
    monkeypatch.setattr(demo, "DATA", data)
    return data


def test_a_twin_cut_short_is_completed_and_then_left(cut_data: Path, built_store: Path) -> None:
    said: list[str] = []
    with Desk.open(built_store) as desk:
        assert [step.words for step in remaining(desk.twin(NAME))] == [
            "Asking how well it would have told the last weeks"
        ]
        assert build(desk, said.append)[0] == [NAME]
        assert len(said) == 1
        assert "s still to go" in said[0]
        names, words = build(desk, said.append)
        assert names == [NAME]
        assert "nothing to do" in words
        assert len(said) == 1


def test_killed_before_the_data_came_in_everything_is_still_to_do(cut_data: Path, tmp_path: Path) -> None:
    with Desk.open(tmp_path / "new.duckdb") as desk:
        twin = desk.create(NAME, TEMPLATE, SETTINGS)
        assert len(remaining(twin)) == len(demo.STEPS)


def test_other_settings_or_data_are_left_alone(cut_data: Path, built_store: Path, tmp_path: Path) -> None:
    with Desk.open(tmp_path / "other.duckdb") as desk:
        desk.create(NAME, TEMPLATE, {"currency": "EUR"})
        names, words = build(desk, print)
        assert names == []
        assert "left as it is" in words
        assert desk.twins()[0].settings["currency"] == "EUR"
    with Desk.open(built_store) as desk:
        assert not what_changed(desk, desk.twins()[0])
        more = cut_data.with_name("more.csv")
        more.write_text(
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
            "999999,85048,LIGHTS,1,2011-12-01 10:00:00,6.95,13085,France\n",
            encoding="utf-8",
        )
        desk.twin(NAME).ingest(more, "order_lines")
        assert build(desk, print)[0] == []


def test_missing_data_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.errors import TwinError

    monkeypatch.setattr(demo, "DATA", tmp_path / "gone.parquet")
    with Desk.open(tmp_path / "new.duckdb") as desk:
        with pytest.raises(TwinError, match="are missing"):
            build(desk, print)
        assert desk.twins() == []
