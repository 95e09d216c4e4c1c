"""The store: one DuckDB file with every twin's records, snapshots, estimates and runs."""

from twin.store.opening import StoreBusy
from twin.store.rows import Action, CalibrationRow, Check, ComparisonRow, Intake, RunRow, Snapshot, TwinRow
from twin.store.shelf import UnknownTwin
from twin.store.store import Store

__all__ = [
    "Action",
    "CalibrationRow",
    "Check",
    "ComparisonRow",
    "Intake",
    "RunRow",
    "Snapshot",
    "Store",
    "StoreBusy",
    "TwinRow",
    "UnknownTwin",
]
