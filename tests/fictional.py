"""Twins on the first weeks of fictional records: made by the project's own scripts, built once for all tests."""

import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.built import once
from tests.data.generator import DATA
from tests.desk.conftest import Here
from twin.desk import Desk
from twin.desk.demo import Demo


@dataclass(frozen=True)
class Fictional:
    """A demo twin on a part of its records, small enough for every day.

    made     makes that part: a table by name;  question : the what-if that is played
    """

    demo: Demo
    question: str
    made: Callable[[], Mapping[str, pa.Table]]

    @property
    def folder(self) -> Path:
        """Where the whole records lie, with their truth and the script that makes them."""
        return DATA / self.demo.name

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(table for _, table in self.demo.files)

    def build(self, file: Path) -> None:
        """A store with these records, the baseline and one what-if played, and a look back."""
        made = self.made()
        with Desk.open(file, Here()) as desk:
            twin = desk.create(self.demo.name, self.demo.template, self.demo.settings)
            for table in self.tables:
                place = file.with_name(f"{table}.parquet")
                pq.write_table(made[table], place)
                twin.ingest(place, table)
            for measure in twin.template.forecast:
                twin.knowledge.forecast(measure)
            twin.compare([self.question])
            twin.fidelity()

    def built_once(self, folder: Path) -> Path:
        """The built store in this folder, a folder of its own in it."""
        own = folder / self.demo.name
        own.mkdir(exist_ok=True)
        return once(own, self.build)


def truth(name: str) -> dict[str, Any]:
    """Every number that the records of a demo twin are made from."""
    return tomllib.loads((DATA / name / "truth.toml").read_text(encoding="utf-8"))


def copied(store: Path, folder: Path) -> Path:
    """A copy of a built store, to be changed."""
    return Path(shutil.copy(store, folder / "twin.duckdb"))
