"""The outcome of a run: the records of every replication, their bytes, and every measure of them."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256

import numpy as np

from twin.experiment.inputs import packed, unpacked
from twin.records import COLUMN, FACTORS
from twin.spec.measures import Measure

NAMES = "columns"  # of the fields, beside the arrays of an outcome


class OtherFields(Exception):
    """Stored records that have another number of fields than today's, and do not name them."""


def factors_of(days: np.ndarray) -> np.ndarray:
    """The two factors of each day that anchor a baseline to the forecast, from records of shape (..., days, fields)."""
    return np.ascontiguousarray(days[..., [COLUMN[name] for name in FACTORS]])


@dataclass(frozen=True)
class RunOutcome:
    """Records of all replications.

    days      shape (replications, days, fields); waits: shape (replications, days, bins); see twin.records
    dry_from  since when shelves were empty for long, shape (replications, nodes, items); see twin.model.inputs
    """

    days: np.ndarray
    waits: np.ndarray
    dry_from: np.ndarray

    @property
    def replications(self) -> int:
        """How many replications were played."""
        return len(self.days)

    @property
    def content(self) -> bytes:
        """The arrays as bytes, the same for the same outcome on every machine."""
        return packed(vars(self))

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes."""
        return sha256(self.content).hexdigest()

    def to_bytes(self, columns: Iterable[str] = ()) -> bytes:
        """The bytes, compressed; with the names of the fields, whoever has other fields can read them too."""
        return zlib.compress(packed(vars(self) | {NAMES: np.array(list(columns), str)}), 1)

    @classmethod
    def from_bytes(cls, content: bytes, columns: Mapping[str, int] | None = None) -> "RunOutcome":
        """The outcome from its compressed bytes, its fields at these places, NaN where it does not tell of one.

        Runs made before empty shelves were noted tell of none; those made before fields were named must have as many.
        Raises OtherFields.
        """
        told = unpacked(zlib.decompress(content))
        names = told.pop(NAMES, np.array([], str)).tolist()
        told.setdefault("dry_from", np.zeros((len(told["days"]), 0, 0), np.int16))
        if columns is not None and names != list(columns):
            told["days"] = placed(told["days"], names, columns)
        return cls(**told)

    @classmethod
    def stacked(cls, parts: list[dict[str, np.ndarray]]) -> "RunOutcome":
        """The outcome from its replications, in order."""
        return cls(**{one.name: np.stack([part[one.name] for part in parts]) for one in fields(cls)})

    def first(self, replications: int) -> "RunOutcome":
        """The first so many replications."""
        return RunOutcome(**{name: array[:replications] for name, array in vars(self).items()})

    def joined(self, more: "RunOutcome") -> "RunOutcome":
        """These replications and then the others."""
        return RunOutcome(**{name: np.concatenate([array, getattr(more, name)]) for name, array in vars(self).items()})

    def measured(self, measures: Mapping[str, Measure]) -> dict[str, np.ndarray]:
        """These measures of every replication, NaN where one is undefined."""
        return {name: measure.compute(self.days) for name, measure in measures.items()}


def placed(days: np.ndarray, names: Sequence[str], columns: Mapping[str, int]) -> np.ndarray:
    """Records whose fields have these names, with each at its place of today; NaN where there is none of that name."""
    if not names and days.shape[-1] == len(columns):
        return days
    if len(names) != days.shape[-1]:
        raise OtherFields
    found = np.full((*days.shape[:-1], len(columns)), np.nan)
    for place, name in enumerate(names):
        if name in columns:
            found[..., columns[name]] = days[..., place]
    return found


@dataclass(frozen=True)
class Band:
    """What a measure was by day: its mean and the range in which the middle share `level` of all replications lay."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float


def band(values: np.ndarray, level: float = 0.8) -> Band:
    """The mean and range by day of values of shape (replications, days); undefined days stay undefined."""
    defined = ~np.all(np.isnan(values), axis=0)
    mean, low, high = (np.full(values.shape[1], np.nan) for _ in range(3))
    if defined.any():
        kept = values[:, defined]
        mean[defined] = np.nanmean(kept, axis=0)
        low[defined], high[defined] = np.nanquantile(kept, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Band(mean, low, high, level)


def daily(outcome: RunOutcome, measure: Measure) -> np.ndarray:
    """One measure by replication and day."""
    return measure.daily(outcome.days)
