"""The demo twins: made from the project's own data, with everything worked out before anyone asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.desk.desk import PROJECT, Desk
from twin.desk.twin import DAYS, REPLICATIONS, SEED, Twin
from twin.errors import TwinError, UnknownName
from twin.experiment.engine import engine
from twin.experiment.inputs import RunInputs
from twin.spec.template import template
from twin.store import TwinRow

Say = Callable[[str], None]
FOLDER = PROJECT / "data"


@dataclass(frozen=True)
class Demo:
    """A demo twin: what it is, and the files that it is made from, each with the table that it holds.

    reading, estimating : what is said while that is done
    seconds : about how long it takes to read, to estimate, to forecast a measure, to play and to look back
    """

    name: str
    template: str
    settings: Mapping[str, Any]
    files: tuple[tuple[Path, str], ...]
    reading: str
    estimating: str
    seconds: tuple[int, int, int, int, int]


GIFT_SHOP = Demo(
    "gift-shop",
    "shop",
    {"currency": "GBP", "time_zone": "Europe/London", "country": "GB", "title": "Gift shop"},
    ((FOLDER / "online_retail_II.parquet", "order_lines"),),
    "Reading a million invoice lines",
    "Estimating customers, items and prices",
    (2, 7, 5, 2, 8),
)
SERVICE_DESK = Demo(
    "service-desk",
    "service-desk",
    {"currency": "EUR", "time_zone": "Europe/Berlin", "country": "DE", "title": "Service desk"},
    tuple(
        (FOLDER / "service-desk" / f"{table}.parquet", table)
        for table in ("contracts", "visits", "visit_steps", "attendance")
    ),
    "Reading two years of tickets",
    "Estimating customers, work and attendance",
    (2, 5, 5, 3, 8),
)
CLINIC = Demo(
    "clinic",
    "clinic",
    {"currency": "GBP", "time_zone": "Europe/London", "country": "GB", "title": "Clinic"},
    tuple(
        (FOLDER / "clinic" / f"{table}.parquet", table)
        for table in ("contracts", "visits", "visit_steps", "appointments", "attendance")
    ),
    "Reading two years of visits",
    "Estimating patients, work and staff",
    (3, 6, 5, 4, 10),
)
SUPPLY_CHAIN = Demo(
    "supply-chain",
    "supply-chain",
    {"currency": "EUR", "time_zone": "Europe/Berlin", "country": "DE", "title": "Supply chain"},
    tuple(
        (FOLDER / "supply-chain" / f"{table}.parquet", table)
        for table in ("items", "order_lines", "deliveries", "stock_counts")
    ),
    "Reading fourteen months of orders and deliveries",
    "Estimating demand, lead times and stock",
    (3, 6, 5, 4, 10),
)
LENDER = Demo(
    "lender",
    "lender",
    {"currency": "EUR", "time_zone": "Europe/Berlin", "country": "DE", "title": "Lender"},
    tuple(
        (FOLDER / "lender" / f"{table}.parquet", table)
        for table in ("loans", "loan_months", "recoveries", "visits", "visit_steps", "attendance")
    ),
    "Reading two years of loans and calls",
    "Estimating borrowers, loans and work",
    (4, 8, 5, 5, 12),
)
FACTORY = Demo(
    "factory",
    "factory",
    {"currency": "EUR", "time_zone": "Europe/Berlin", "country": "DE", "title": "Factory"},
    tuple(
        (FOLDER / "factory" / f"{table}.parquet", table)
        for table in (
            "visits", "visit_steps", "machine_events", "attendance", "items", "deliveries", "stock_counts",
        )
    ),
    "Reading a year of orders and machines",
    "Estimating machines, work, people and materials",
    (4, 8, 5, 6, 12),
)  # fmt: skip
DEMOS = {one.name: one for one in (GIFT_SHOP, SERVICE_DESK, CLINIC, SUPPLY_CHAIN, LENDER, FACTORY)}
NAME = GIFT_SHOP.name


@dataclass(frozen=True)
class Step:
    """One part of the work: what it is, about how many seconds it takes on two processors, and the work itself."""

    words: str
    seconds: int
    done: Callable[[Twin], bool]
    do: Callable[[Twin], Any]


def build(desk: Desk, say: Say, name: str = NAME) -> tuple[list[str], str]:
    """Build a demo twin, or complete one that was begun; returns the names that stand and a sentence.

    A twin of this name that somebody has changed is left as it is.
    """
    if name not in DEMOS:
        raise UnknownName("demo", name, DEMOS)
    demo = DEMOS[name]
    row = next((row for row in desk.twins() if row.name == name), None)
    changed = row is not None and what_changed(desk, row, demo)
    if changed:
        return [], f"There is a twin {name} that is not the demo's any more ({changed}). It was left as it is."
    if row is None:
        check_data(demo)
        desk.create(name, demo.template, demo.settings)
    twin = desk.twin(name)
    left = remaining(twin, demo)
    for number, step in enumerate(left):
        seconds = sum(one.seconds for one in left[number:])
        say(f"{step.words} ({number + 1} of {len(left)}; about {seconds} s still to go).")
        step.do(twin)
    words = (
        f"The demo twin {name} is complete."
        if left
        else f"The demo twin {name} is complete already; there was nothing to do."
    )
    return [name], words


def check_data(demo: Demo) -> None:
    """Raise TwinError where the project's own data are missing."""
    for file, _ in demo.files:
        if not file.is_file():
            raise TwinError(f"The demo's data {file} are missing. They belong to the project: fetch it again.")


def what_changed(desk: Desk, row: TwinRow, demo: Demo) -> str:
    """What somebody has changed about the demo twin, in a few words; empty where nothing."""
    if row.template != demo.template or row.settings != demo.settings:
        return "its settings differ"
    snapshot = desk.store.snapshot(row.name)
    own = {file.name for file, _ in demo.files}
    if snapshot is not None and {Path(file).name for file in snapshot.files} - own:
        return "it holds other data"
    return ""


def remaining(twin: Twin, demo: Demo) -> list[Step]:
    """The steps that are still to be done; all that follow the data where these are missing."""
    found = steps(demo)
    if not found[0].done(twin):
        return found
    return [step for step in found if not step.done(twin)]


def steps(demo: Demo) -> list[Step]:
    """All that is to be done for a demo twin."""
    read, estimate, forecast, play, back = demo.seconds
    kind = template(demo.template)
    return [
        Step(demo.reading, read, has_data(demo), lambda twin: ingest(twin, demo)),
        Step(demo.estimating, estimate, known("calibration"), lambda twin: twin.knowledge.calibration),
        *(
            Step(f"Forecasting {kind.measures[name].label.lower()}", forecast, known(name), forecasting(name))
            for name in kind.forecast
        ),
        Step(f"Playing the coming {DAYS} days, {REPLICATIONS} times", play, has_baseline, lambda twin: twin.run()),
        Step(
            "Asking how well it would have told the last weeks", back, known("fidelity"), lambda twin: twin.fidelity()
        ),
    ]


def ingest(twin: Twin, demo: Demo) -> None:
    """Read all of its files; one that is in already adds nothing."""
    for file, table in demo.files:
        twin.ingest(file, table)


def forecasting(measure: str) -> Callable[[Twin], Any]:
    """Works the forecast of a measure out."""
    return lambda twin: twin.knowledge.forecast(measure)


def has_data(demo: Demo) -> Callable[[Twin], bool]:
    """Asks whether the records of every file are in."""

    def asked(twin: Twin) -> bool:
        snapshot = twin.desk.store.snapshot(twin.name)
        return snapshot is not None and all(snapshot.tables.get(table) for _, table in demo.files)

    return asked


def has_baseline(twin: Twin) -> bool:
    """Whether the coming days have been played as today, from what the twin knows now and with this model."""
    if not twin.knowledge.has("bundle"):
        return False
    wanted = (twin.knowledge.bundle_name, (), DAYS, REPLICATIONS, SEED)
    played = (RunInputs.parsed(row.inputs) for row in twin.desk.store.runs(twin.name) if row.engine == engine())
    return any((one.bundle, one.changes, one.days, one.replications, one.seed) == wanted for one in played)


def known(name: str) -> Callable[[Twin], bool]:
    """Asks whether this part of a twin's knowledge is stored."""
    return lambda twin: twin.knowledge.has(name)
