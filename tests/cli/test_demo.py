"""The demo twin: built once, completed where it was cut short, left alone where somebody changed it."""

from dataclasses import replace
from pathlib import Path

import pytest

from twin.desk import Desk, demo
from twin.desk.demo import GIFT_SHOP, NAME, Demo, build, remaining, steps, what_changed
from twin.errors import TwinError, UnknownName
from twin.spec.template import template


@pytest.fixture
def cut(built_original: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """The gift shop, made from a part of the real data instead of all of it."""
    data = next(built_original.parent.glob("building.parquet"))
    monkeypatch.setitem(demo.DEMOS, NAME, replace(GIFT_SHOP, files=((data, "order_lines"),)))
    return demo.DEMOS[NAME]


def test_a_twin_cut_short_is_completed_and_then_left(cut: Demo, built_store: Path) -> None:
    said: list[str] = []
    with Desk.open(built_store) as desk:
        assert [step.words for step in remaining(desk.twin(NAME), cut)] == [
            "Asking how well it would have told the last weeks"
        ]
        assert build(desk, said.append)[0] == [NAME]
        assert len(said) == 1
        assert "s still to go" in said[0]
        names, words = build(desk, said.append)
        assert names == [NAME]
        assert "nothing to do" in words
        assert len(said) == 1


def test_killed_before_the_data_came_in_everything_is_still_to_do(cut: Demo, tmp_path: Path) -> None:
    with Desk.open(tmp_path / "new.duckdb") as desk:
        twin = desk.create(NAME, cut.template, cut.settings)
        assert len(remaining(twin, cut)) == len(steps(cut)) == 6


def test_other_settings_or_data_are_left_alone(cut: Demo, built_store: Path, tmp_path: Path) -> None:
    with Desk.open(tmp_path / "other.duckdb") as desk:
        desk.create(NAME, cut.template, {"currency": "EUR"})
        names, words = build(desk, print)
        assert names == []
        assert "left as it is" in words
        assert desk.twins()[0].settings["currency"] == "EUR"
    with Desk.open(built_store) as desk:
        assert not what_changed(desk, desk.twins()[0], cut)
        more = cut.files[0][0].with_name("more.csv")
        more.write_text(
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
            "999999,85048,LIGHTS,1,2011-12-01 10:00:00,6.95,13085,France\n",
            encoding="utf-8",
        )
        desk.twin(NAME).ingest(more, "order_lines")
        assert build(desk, print)[0] == []


def test_missing_data_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(GIFT_SHOP, files=((tmp_path / "gone.parquet", "order_lines"),))
    monkeypatch.setitem(demo.DEMOS, NAME, gone)
    with Desk.open(tmp_path / "new.duckdb") as desk:
        with pytest.raises(TwinError, match="are missing"):
            build(desk, print)
        assert desk.twins() == []


def test_an_unknown_demo_names_the_nearest(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "new.duckdb") as desk:
        with pytest.raises(UnknownName, match="Did you mean 'service-desk'"):
            build(desk, print, "servicedesk")
        assert desk.twins() == []


@pytest.mark.parametrize("one", demo.DEMOS.values(), ids=demo.DEMOS)
def test_every_demo_forecasts_what_its_template_asks_for(one: Demo) -> None:
    forecast = [step.words for step in steps(one) if step.words.startswith("Forecasting")]
    measures = template(one.template).measures
    assert forecast == [f"Forecasting {measures[name].label.lower()}" for name in template(one.template).forecast]
