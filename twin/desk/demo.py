"""The demo twin: a real gift shop from the project's own data, with everything worked out before anyone asks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.desk.desk import PROJECT, Desk
from twin.desk.twin import DAYS, REPLICATIONS, SEED, Twin
from twin.errors import TwinError
from twin.experiment.engine import engine
from twin.experiment.inputs import RunInputs
from twin.store import TwinRow

NAME = "gift-shop"
TEMPLATE = "shop"
TABLE = "order_lines"
DATA = PROJECT / "data" / "online_retail_II.parquet"
SETTINGS = {"currency": "GBP", "time_zone": "Europe/London", "country": "GB", "title": "Gift shop"}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One part of the work: what it is, about how many seconds it takes on two processors, and the work itself."""

    words: str
    seconds: int
    done: Callable[[Twin], bool]
    do: Callable[[Twin], Any]


def build(desk: Desk, say: Say) -> tuple[list[str], str]:
    """Build the demo twin, or complete one that was begun; returns the names that stand and a sentence.

    A twin of this name that somebody has changed is left as it is.
    """
    row = next((row for row in desk.twins() if row.name == NAME), None)
    changed = row is not None and what_changed(desk, row)
    if changed:
        return [], f"There is a twin {NAME} that is not the demo's any more ({changed}). It was left as it is."
    if row is None:
        check_data()
        desk.create(NAME, TEMPLATE, SETTINGS)
    twin = desk.twin(NAME)
    left = remaining(twin)
    for number, step in enumerate(left):
        seconds = sum(one.seconds for one in left[number:])
        say(f"{step.words} ({number + 1} of {len(left)}; about {seconds} s still to go).")
        step.do(twin)
    words = (
        f"The demo twin {NAME} is complete."
        if left
        else f"The demo twin {NAME} is complete already; there was nothing to do."
    )
    return [NAME], words


def check_data() -> None:
    """Raise TwinError where the project's own data are missing."""
    if not DATA.is_file():
        raise TwinError(f"The demo's data {DATA} are missing. They belong to the project: fetch it again.")


def what_changed(desk: Desk, row: TwinRow) -> str:
    """What somebody has changed about the demo twin, in a few words; empty where nothing."""
    if row.template != TEMPLATE or row.settings != SETTINGS:
        return "its settings differ"
    snapshot = desk.store.snapshot(NAME)
    if snapshot is not None and {Path(file).name for file in snapshot.files} - {DATA.name}:
        return "it holds other data"
    return ""


def remaining(twin: Twin) -> list[Step]:
    """The steps that are still to be done; all that follow the data where these are missing."""
    if not has_data(twin):
        return list(STEPS)
    return [step for step in STEPS if not step.done(twin)]


def has_data(twin: Twin) -> bool:
    """Whether the records are in."""
    return twin.desk.store.snapshot(twin.name) is not None


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


STEPS = (
    Step("Reading a million invoice lines", 2, has_data, lambda twin: twin.ingest(DATA, TABLE)),
    Step("Estimating customers, items and prices", 7, known("calibration"), lambda twin: twin.knowledge.calibration),
    Step("Forecasting orders", 5, known("orders"), lambda twin: twin.knowledge.forecast("orders")),
    Step("Forecasting revenue", 4, known("revenue"), lambda twin: twin.knowledge.forecast("revenue")),
    Step("Playing the coming 90 days, 32 times", 2, has_baseline, lambda twin: twin.run()),
    Step("Asking how well it would have told the last weeks", 8, known("fidelity"), lambda twin: twin.fidelity()),
)
