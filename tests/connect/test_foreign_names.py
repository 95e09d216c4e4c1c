"""Names of another business in a file: kept, but told, with the names that there are and how to put them right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.advise.checks import check_words
from twin.connect import Check, Mapping, ingest
from twin.connect.ingest import names_of
from twin.spec.template import template_names
from twin.store import Store
from twin.store.columns import TABLES

EVENTS = "machine_id,machines,happened_at,state"
LINES = "order_id,ordered_at,item_id,quantity,price,site"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store with three empty twins."""
    with Store.open(tmp_path / "twin.duckdb") as opened:
        for trade in ("factory", "supply-chain", "shop"):
            opened.create_twin(trade, trade, {"item_pattern": "."})
        yield opened


def told(store: Store, trade: str, file: Path, table: str, mapping: Mapping | None = None) -> list[Check]:
    """What is said about unknown names: in the report of the file and, the same here, of all that the twin holds."""
    report = [check for check in ingest(store, trade, file, table, mapping).checks if check.name.startswith("unknown_")]
    snapshot = store.snapshot(trade)
    assert snapshot is not None
    assert [check for check in snapshot.checks if check.name.startswith("unknown_")] == report
    return report


def written(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_machine_group_that_the_factory_does_not_have_is_told_until_a_map_puts_it_right(
    store: Store, tmp_path: Path
) -> None:
    rows = ("S-1,Band Saws,2026-01-05 08:00,running", "S-1,Band Saws,2026-01-05 09:00,failed")
    file = written(tmp_path, EVENTS, *rows, "P-1,presses,2026-01-05 08:00,running")
    (check,) = told(store, "factory", file, "machine_events")
    assert (check.name, check.rows, check.action) == ("unknown_machines", 2, "kept")
    assert "name band_saws. This twin has saws, presses, ovens, and may work out no numbers" in check.note
    assert check.note.endswith('A map says what a name means: [values.machines] band_saws = "saws".')
    assert told(store, "factory", file, "machine_events", Mapping(values={"machines": {"band_saws": "saws"}})) == []


@pytest.mark.parametrize(
    ("table", "header", "row", "column"),
    [
        ("deliveries", "delivery_id,lane,item_id,ordered_on,quantity", "D-1,by_air,OAK,2026-01-05,5", "lane"),
        ("stock_counts", "day,node,item_id,quantity", "2026-01-05,attic,OAK,5", "node"),
        ("visits", "visit_id,kind,arrived_at", "V-1,sofa,2026-01-05 08:00", "kind"),
        ("visit_steps", "visit_id,station,queued_at,team", "V-1,cutting,2026-01-05 08:00,painters", "team"),
        ("attendance", "team,shift,person,day,present", "cutters,night,Ann,2026-01-05,yes", "shift"),
    ],
)
def test_each_part_of_a_factory_is_looked_for(
    store: Store, tmp_path: Path, table: str, header: str, row: str, column: str
) -> None:
    (check,) = told(store, "factory", written(tmp_path, header, row), table)
    assert (check.name, check.rows) == (f"unknown_{column}", 1)


def test_an_unknown_outlet_is_told_where_there_are_several(store: Store, tmp_path: Path) -> None:
    lines = ("O-1,2026-01-05 08:00,A,2,5.0,Airport", "O-2,2026-01-05 09:00,A,2,5.0,Village")
    file = written(tmp_path, LINES, *lines)
    (check,) = told(store, "supply-chain", file, "order_lines")
    assert (check.name, check.rows) == ("unknown_site", 1)
    assert "Rows that name airport. This twin has centre, market," in check.note
    assert told(store, "shop", file, "order_lines") == []


def test_every_name_that_a_file_can_tell_is_looked_for_and_has_words() -> None:
    named = {column.name for table in TABLES.values() for column in table if column.kind == "name"}
    for trade in template_names():
        assert set(names_of(trade)) == named
    for column in named:
        assert "that this twin does not have" in check_words(f"unknown_{column}", "orders").label
    assert names_of("a-template-of-long-ago") == {}
