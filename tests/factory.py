"""The fictional factory for tests: its script, its truth, and a twin on its first ten weeks, built once."""

import fcntl
import importlib.util
import shutil
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq

from tests.desk.conftest import Here
from twin.desk import Desk
from twin.desk.demo import FACTORY

FOLDER = Path(__file__).parents[1] / "data" / "factory"
TABLES = tuple(table for _, table in FACTORY.files)
QUESTION = "ovens=+1"
DAYS = 72  # until 11 November 2025, a Tuesday


def truth() -> dict[str, Any]:
    """Every number that the records are made from."""
    return tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))


@cache
def generator() -> ModuleType:
    """The script that makes the records."""
    told = importlib.util.spec_from_file_location("factory_generator", FOLDER / "generate.py")
    assert told
    assert told.loader
    module = importlib.util.module_from_spec(told)
    told.loader.exec_module(module)
    return module


def build(file: Path) -> None:
    """A store with the factory's first ten weeks, its baseline and one what-if played."""
    made = generator().made(truth(), DAYS)
    with Desk.open(file, Here()) as desk:
        twin = desk.create(FACTORY.name, FACTORY.template, FACTORY.settings)
        for table in TABLES:
            place = file.with_name(f"{table}.parquet")
            pq.write_table(made[table], place)
            twin.ingest(place, table)
        twin.compare([QUESTION])
        twin.fidelity()


def built_once(folder: Path) -> Path:
    """The built store in this folder; whoever comes first builds it, test processes beside wait for it."""
    own = folder / "factory"
    own.mkdir(exist_ok=True)
    store, beside = own / "factory.duckdb", own / "building.duckdb"
    with (own / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not store.exists():
            beside.unlink(missing_ok=True)
            build(beside)
            shutil.move(beside, store)
    return store
