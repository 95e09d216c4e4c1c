"""What a run is made of: everything that determines its outcome, and the name that follows from it."""

import io
import json
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from twin.errors import TwinError
from twin.model.inputs import Inputs
from twin.spec.structure import Structure

Covariance = tuple[tuple[str, ...], list[list[float]]]


@dataclass(frozen=True)
class Uncertain:
    """One number that each replication draws: an estimate with its error, or an assumption within its range.

    allowed : what it can be at all, such as a rate that is never negative; a draw beyond is held at the end
    """

    name: str
    value: float
    low: float
    high: float
    standard_error: float | None
    scale: str
    allowed: tuple[float, float] | None = None


@dataclass(frozen=True)
class Uncertainties:
    """Which uncertainties are on: luck (customers, sickness, lead times), estimates, and the path of demand."""

    luck: bool = True
    estimates: bool = True
    demand: bool = True


@dataclass(frozen=True)
class RunInputs:
    """Everything that determines the outcome of a run, and nothing else.

    bundle      what the twin knows: numbers, uncertainties, vectors and paths (see Bundle), under its own name
    changes     the scenario, as written; () is the baseline
    factors_of  the baseline run whose factors a scenario uses; None for a baseline
    """

    twin: str
    snapshot: str
    bundle: str
    today: str
    days: int
    replications: int
    seed: int
    changes: tuple[str, ...]
    engine: str
    factors_of: str | None = None
    uncertainties: Uncertainties = field(default_factory=Uncertainties)

    @property
    def document(self) -> str:
        """The inputs as canonical text."""
        return json.dumps(_plain(self), sort_keys=True, separators=(",", ":"))

    @property
    def name(self) -> str:
        """The run's name: the first 16 hexadecimal digits of the inputs' SHA-256."""
        return sha256(self.document.encode()).hexdigest()[:16]

    @classmethod
    def parsed(cls, document: str) -> "RunInputs":
        """The inputs from their canonical text."""
        content = json.loads(document)
        content["changes"] = tuple(content["changes"])
        content["uncertainties"] = Uncertainties(**content["uncertainties"])
        return cls(**content)


def _plain(run: RunInputs) -> dict[str, object]:
    return {**run.__dict__, "changes": list(run.changes), "uncertainties": run.uncertainties.__dict__}


@dataclass(frozen=True)
class Bundle:
    """What the twin knows at one moment, independent of any question: kept once, shared by all its runs.

    structure : what the business consists of
    allowed : what each lever can be, which holds for a drawn lever that is moved as well
    """

    structure: Structure
    values: dict[str, float]
    uncertain: tuple[Uncertain, ...]
    covariances: tuple[Covariance, ...]
    vectors: dict[str, np.ndarray]
    open_days: np.ndarray
    months: np.ndarray
    first_weekday: int
    paths: np.ndarray
    levers: tuple[str, ...]
    allowed: dict[str, tuple[float, float]] = field(default_factory=dict)

    def inputs(self, days: int) -> Inputs:
        """What the model starts from when so many days are played."""
        if days > len(self.open_days):
            raise TwinError(f"The forecast reaches {len(self.open_days)} days; {days} were asked for.")
        first = slice(0, days)
        return Inputs(
            self.structure,
            self.values,
            self.vectors,
            self.open_days[first],
            self.months[first],
            self.first_weekday,
            self.paths[:, first],
        )

    def to_bytes(self) -> bytes:
        """The bundle as bytes that are the same for the same content."""
        head = {
            "structure": json.dumps(self.structure.model_dump()),  # as text: the order of its parts counts
            "values": self.values,
            "uncertain": [one.__dict__ for one in self.uncertain],
            "covariances": [[list(names), matrix] for names, matrix in self.covariances],
            "first_weekday": self.first_weekday,
            "levers": list(self.levers),
            "allowed": self.allowed,
        }
        text = np.frombuffer(json.dumps(head, sort_keys=True).encode(), np.uint8)
        days = {"open_days": self.open_days, "months": self.months, "paths": self.paths}
        arrays = {"head": text, **days, **{f"v_{name}": vector for name, vector in self.vectors.items()}}
        return packed(arrays)

    @classmethod
    def from_bytes(cls, content: bytes) -> "Bundle":
        """The bundle from its bytes."""
        arrays = unpacked(content)
        head = json.loads(arrays["head"].tobytes())
        return cls(
            structure=Structure.model_validate(json.loads(head["structure"])),
            values=head["values"],
            uncertain=tuple(Uncertain(**one) for one in head["uncertain"]),
            covariances=tuple((tuple(names), matrix) for names, matrix in head["covariances"]),
            vectors={name[2:]: array for name, array in arrays.items() if name.startswith("v_")},
            open_days=arrays["open_days"],
            months=arrays["months"],
            first_weekday=head["first_weekday"],
            paths=arrays["paths"],
            levers=tuple(head["levers"]),
            allowed={name: (low, high) for name, (low, high) in head["allowed"].items()},
        )


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    """Arrays as one sequence of bytes: a line of JSON that lists them by name, then their little-endian content."""
    listing, parts = [], []
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        listing.append([name, array.dtype.str, list(array.shape)])
        parts.append(array.tobytes())
    return b"".join([json.dumps(listing, separators=(",", ":")).encode(), b"\n", *parts])


def unpacked(content: bytes) -> dict[str, np.ndarray]:
    """Arrays from their bytes."""
    stream = io.BytesIO(content)
    arrays = {}
    for name, kind, shape in json.loads(stream.readline()):
        dtype, size = np.dtype(kind), 1
        for length in shape:
            size *= length
        arrays[name] = np.frombuffer(stream.read(dtype.itemsize * size), dtype).reshape(shape).copy()
    return arrays
