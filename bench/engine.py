"""What is waited for without a screen: ingest, forecast, what-if, command line."""

import shutil
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure
from twin.desk import Desk
from twin.store import Store

PROJECT = Path(__file__).parent.parent
DATA = PROJECT / "data" / "online_retail_II.parquet"
SCENARIOS = [
    "pickers_weekday=+2", "price=+5%", "lead_time_days=+7", "demand=+20%", "marketing=*2", "absence_share=+3%",
    "picking_speed=+10%", "opening_hours=+1", "reorder_point=-7",
]  # fmt: skip


def ingest(folder: Path) -> Figure:
    """All lines of the demo file, checked and stored, three times into an empty store."""
    from twin.connect.ingest import ingest as taken_in

    figure = Figure("1,067,371 invoice lines from Parquet, checked and stored", 5.0)
    for n in range(3):
        with Store.open(folder / f"ingest{n}.duckdb") as store:
            store.create_twin("gift-shop", "shop", {"time_zone": "Europe/London"})
            with figure.timed():
                report = taken_in(store, "gift-shop", DATA, "order_lines")
            assert report.rows_kept == 1_033_036
    return figure


def forecast(store: Path) -> list[Figure]:
    """Prophet on two years of days: fitted with 1,024 paths of 90 days in a warm worker; and read from the store."""
    from twin.experiment import tasks

    cold = Figure(
        "two years of days: Prophet fit, 1,024 paths, 90 days ahead", 2.0, note="in a worker that has Prophet loaded"
    )
    stored = Figure("the same, stored", 0.05)
    with Desk.open(store) as desk:
        knowledge = desk.twin().knowledge
        arguments = (knowledge.days[["day", "orders", "open"]], "orders", knowledge.today, "GB", 90, 1024, 1, 0)

        def fit() -> None:
            desk.executor.submit(tasks.call, "twin.forecast.measure:forecast_measure", *arguments).result()

        for _ in range(4):
            fit()
        cold.repeat(5, fit)

        def read() -> None:
            knowledge._forecasts.clear()
            knowledge.forecast("orders")

        stored.repeat(5, read)
    return [cold, stored]


def what_if(store: Path) -> list[Figure]:
    """Nine scenarios of the demo shop that were never played before; the baseline is stored."""
    first = Figure("what-if, 90 days: first numbers (16 pairs), baseline stored", 0.5)
    whole = Figure("what-if, 90 days: all 32 pairs, baseline stored", 1.5)
    with Desk.open(store) as desk:
        twin = desk.twin()
        twin.run()
        twin.compare(["demand=+1%"])
        for scenario in SCENARIOS:
            with whole.timed():
                answers = twin.rehearse([scenario])
                with first.timed():
                    next(answers)
                *_, last = answers
            assert last.replications == 32
    return [first, whole]


def at_the_desk(store: Path) -> list[Figure]:
    """All that is asked of a stored twin without a screen."""
    return [*what_if(store), *forecast(store), command_line(store)]


def command_line(store: Path) -> Figure:
    """A second simulate, Python's start included."""
    figure = Figure("second `simulate` on the command line, start of Python included", 5.0)
    command = [sys.executable, "-m", "twin", "simulate", "--store", str(store), "--json"]

    def simulate() -> None:
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)

    simulate()
    return figure.repeat(5, simulate)


def built(folder: Path) -> Path:
    """A store with the demo twin, all worked out; taken from the project's own if that is there and free."""
    store = folder / "twin.duckdb"
    if store.exists():
        return store
    own = PROJECT / "data" / "twin.duckdb"
    if own.exists():
        shutil.copy(own, store)
    subprocess.run([sys.executable, "-m", "twin", "demo", "--store", str(store)], cwd=PROJECT, check=True)
    return store
