"""A whole twin on a quarter of the real shop's orders, built once for all tests that only need some twin."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from twin.desk import Desk
from twin.desk.demo import GIFT_SHOP, NAME

SINCE = "2010-11-01"


def cut(file: Path) -> Path:
    """The orders of the last 13 months whose number ends in 0, 1 or C..0, C..1."""
    columns = pq.read_table(GIFT_SHOP.files[0][0])
    recent = pc.greater_equal(pc.strftime(columns["InvoiceDate"], "%Y-%m-%d"), SINCE)
    few = pc.match_substring_regex(columns["Invoice"], "[01]$")
    pq.write_table(columns.filter(pc.and_(recent, few)), file)
    return file


def build(file: Path) -> None:
    """Read the cut in, and work out what pages and commands ask for first."""
    with Desk.open(file) as desk:
        twin = desk.create(NAME, GIFT_SHOP.template, GIFT_SHOP.settings)
        twin.ingest(cut(file.with_suffix(".parquet")), "order_lines")
        twin.run()
        twin.knowledge.forecast("revenue")
        twin.compare(["price=+5%"])


def built_once(folder: Path) -> Path:
    """The built store in this folder."""
    return once(folder, build)


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The store in this folder; whoever comes first builds it, test processes beside wait for it."""
    store, beside = folder / "built.duckdb", folder / "building.duckdb"
    with (folder / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not store.exists():
            beside.unlink(missing_ok=True)
            make(beside)
            shutil.move(beside, store)
    return store
