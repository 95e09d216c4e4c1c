"""The fictional lender for tests: its script, its truth, and a twin on a smaller one's seven months, built once."""

import fcntl
import shutil
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.data.generator import DATA, generator
from tests.desk.conftest import Here
from twin.desk import Desk
from twin.desk.demo import LENDER

FOLDER = DATA / "lender"
TABLES = ("loans", "loan_months", "recoveries", "visits", "visit_steps", "attendance")
QUESTION = "times_shift=-2"
LAST_DAY = date(2025, 6, 10)  # in the middle of a month


def truth() -> dict[str, Any]:
    """Every number that the records are made from."""
    return tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))


@cache
def small() -> dict[str, pa.Table]:
    """The records of a third of the lender, up to the middle of a month."""
    told = truth()
    fewer = {"loans_new_per_month": 40, "desk_office": 2}
    return generator("lender").made(
        told
        | {"last_day": LAST_DAY, "book_begins": date(2021, 6, 1)}
        | {"parameters": told["parameters"] | fewer, "enquiries": told["enquiries"] | {"per_day": 35}}
    )


def build(file: Path) -> None:
    """A store with these records, the baseline and one what-if played."""
    with Desk.open(file, Here()) as desk:
        twin = desk.create(LENDER.name, LENDER.template, LENDER.settings)
        for table in TABLES:
            place = file.with_name(f"{table}.parquet")
            pq.write_table(small()[table], place)
            twin.ingest(place, table)
        twin.compare([QUESTION])
        twin.fidelity()


def built_once(folder: Path) -> Path:
    """The built store in this folder; whoever comes first builds it, test processes beside wait for it."""
    own = folder / "lender"
    own.mkdir(exist_ok=True)
    store, beside = own / "lender.duckdb", own / "building.duckdb"
    with (own / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not store.exists():
            beside.unlink(missing_ok=True)
            build(beside)
            shutil.move(beside, store)
    return store
