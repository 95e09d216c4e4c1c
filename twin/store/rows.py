"""What the store gives back: plain values, one class for each kind of row."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

Action = Literal["kept", "corrected", "set_aside"]


@dataclass(frozen=True)
class Check:
    """Something that was looked for in the data: how many rows showed it and what was done with them."""

    name: str
    rows: int
    action: Action
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The check as plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class TwinRow:
    """One business that the store holds a twin of."""

    name: str
    template: str
    created: datetime
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """The state of a twin's data after an ingest; the same rows always have the same name."""

    snapshot: str
    twin: str
    created: datetime
    first_day: date | None
    last_day: date | None
    tables: dict[str, int]
    checks: list[Check]
    files: list[str]

    @property
    def today(self) -> date | None:
        """The twin's own today: the day after its last complete day."""
        return self.last_day + timedelta(days=1) if self.last_day else None


@dataclass(frozen=True)
class CalibrationRow:
    """What was estimated from a snapshot, as its maker packed it and as a summary to read."""

    twin: str
    snapshot: str
    created: datetime
    payload: bytes
    summary: dict[str, Any]


@dataclass(frozen=True)
class RunRow:
    """One play of the coming weeks: its inputs as JSON and the blob that holds its outcome."""

    run: str
    twin: str
    snapshot: str
    created: datetime
    maker: str
    engine: str
    inputs: str
    outcome: str
    outcome_sha256: str
    kept: bool = False


@dataclass(frozen=True)
class ComparisonRow:
    """Two runs side by side, which is what a link opens; the summary is JSON."""

    comparison: str
    twin: str
    baseline: str
    scenario: str
    created: datetime
    maker: str
    summary: str
    kept: bool = False


@dataclass(frozen=True)
class Intake:
    """What one file brought: every row read is either kept or set aside."""

    rows_read: int
    rows_kept: int
    rows_rejected: int
    rows_added: int
    checks: list[Check]
    snapshot: Snapshot
