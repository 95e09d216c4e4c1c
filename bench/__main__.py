"""`make bench` measures everything and writes BENCHMARKS.md; `python -m bench --only PART` only prints."""

import argparse
import datetime
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import beside, engine, figures, growth, journeys, pairs, races, supply
from bench.figures import Figure, Section

PROJECT = Path(__file__).parent.parent
Tables = dict[str, Section]


def main() -> None:
    """Measure part by part; write the tables if none was left out."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    choices = [*PARTS, "engine"]
    asked.add_argument("--only", metavar="PART", action="append", choices=choices, help=", ".join(choices))
    only = asked.parse_args().only
    parts = [part for part in PARTS if not only or part in only or ("engine" in only and part in ENGINE)]
    tables = {
        "waits": figures.waited_for(),
        "speeds": beside.speeds(),
        "answers": beside.answers(),
        "growth": growth.table(),
    }
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as name:
        for part in parts:
            PARTS[part](tables, Path(name))
    if not only:
        figures.write([*tables.values()], PROJECT / "BENCHMARKS.md", datetime.date.today().isoformat())


def race(run: Callable[[], beside.Race]) -> Callable[[Tables, Path], None]:
    """Run a race and add its rows."""

    def measure(tables: Tables, folder: Path) -> None:
        done = run()
        for row in done.rows():
            tables["speeds"].add(row)
        for row in done.agreement():
            tables["answers"].add(row)

    return measure


def waits(measure: Callable[[Path], list[Figure]]) -> Callable[[Tables, Path], None]:
    """Measure figures and add their rows."""

    def add(tables: Tables, folder: Path) -> None:
        for figure in measure(folder):
            tables["waits"].add(figure.row)

    return add


PARTS: dict[str, Callable[[Tables, Path], None]] = {
    "queue": race(races.desk),
    "network": race(races.route),
    "people": race(races.crowd),
    "supply": race(supply.race),
    "growth": lambda tables, folder: growth.measured(tables["growth"]),
    "shop": waits(lambda folder: [*growth.reference(), *pairs.measured()]),
    "ingest": waits(lambda folder: [engine.ingest(folder)]),
    "desk": waits(lambda folder: engine.at_the_desk(engine.built(folder))),
    "app": waits(lambda folder: journeys.measured(engine.built(folder))),
}
ENGINE = ("queue", "network", "people", "supply", "growth", "shop")


if __name__ == "__main__":
    main()
