"""Everything the model needs to know about one business on one morning, with how sure it is and where it came from."""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError
from twin.spec.parameter import Parameter

FORMAT = 1
Z90 = 1.6448536269514722
# Vectors that the command line prints: unit, which rows they rest on (the first that the calibration counts), method.
SHOWN: dict[str, tuple[str, tuple[str, ...], str]] = {
    "hour_share": ("share", ("orders", "visits"), "share of {counted} by hour of the week, Monday 0:00 first"),
    "orders_per_purchase_day": (
        "orders/day",
        ("orders",),
        "orders of known customers over the days on which they ordered",
    ),
    "item_price": ("currency", ("lines",), "most usual price of the last 90 days in which the item sold"),
    "item_line_share": ("share", ("lines",), "share of all order lines"),
    "item_quantity": (
        "units",
        ("lines",),
        "mean units in a line; above the item's 99.5th percentile they count as that percentile",
    ),
    "item_units_per_day": ("units/day", ("lines",), "units a calendar day, capped like the quantity of a line"),
}


@dataclass(frozen=True)
class Calibration:
    """The numbers of one twin as its records give them.

    parameters     by name, in the order of the template
    covariances    names of jointly estimated parameters with their matrix, each on its own scale
                   (logarithms for those of scale log)
    vectors        arrays: each customer's history, items, hours of the week, the last 60 days
    vector_errors  standard errors of some of the vectors, same shape
    evidence       what a page shows beside the numbers: the five readings of the price effect, the
                   orders that the customers imply against those observed
    """

    template: str
    today: date
    history_days: int
    parameters: dict[str, Parameter]
    covariances: list[tuple[tuple[str, ...], NDArray[np.float64]]]
    vectors: dict[str, NDArray[Any]]
    vector_errors: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)

    def contract(self) -> dict[str, dict[str, Any]]:
        """All numbers as the command line prints them; one of a vector is called name[index]."""
        single = {name: _shown(asdict(parameter)) for name, parameter in self.parameters.items()}
        return single | dict(self._elements())

    def _elements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, (unit, countable, method) in SHOWN.items():
            if name not in self.vectors:
                continue
            values = self.vectors[name]
            counted = next(what for what in countable if what in self.evidence["rows"])
            errors = self.vector_errors.get(name, np.full(len(values), np.nan))
            labels = self.vectors["item_id"].tolist() if name.startswith("item_") else range(len(values))
            rows, work = self.evidence["rows"][counted], self.evidence.get("work", counted)
            same = {
                "unit": unit,
                "origin": "data",
                "rows": rows,
                "method": f"{method.format(counted=work)}, last {self.evidence['rows']['days']} days",
            }
            for label, value, error in zip(labels, values.tolist(), errors.tolist(), strict=True):
                reach = 0.0 if np.isnan(error) else Z90 * error
                numbers = {
                    "value": value,
                    "standard_error": error,
                    "low": max(value - reach, 0.0),
                    "high": value + reach,
                }
                yield f"{name}[{label}]", _shown(numbers | same)

    def to_bytes(self) -> bytes:
        """The calibration as one NumPy archive with a JSON page in it; the same calibration gives the same bytes."""
        page = {
            "format": FORMAT,
            "template": self.template,
            "today": self.today.isoformat(),
            "history_days": self.history_days,
            "parameters": [asdict(parameter) for parameter in self.parameters.values()],
            "covariances": [list(names) for names, _ in self.covariances],
            "evidence": self.evidence,
        }
        arrays: dict[str, NDArray[Any]] = {
            "page": np.frombuffer(json.dumps(page, allow_nan=False).encode(), dtype=np.uint8)
        }
        arrays |= {f"covariance.{number}": matrix for number, (_, matrix) in enumerate(self.covariances)}
        arrays |= {f"vector.{name}": values for name, values in self.vectors.items()}
        arrays |= {f"error.{name}": values for name, values in self.vector_errors.items()}
        packed = io.BytesIO()
        np.savez_compressed(packed, allow_pickle=False, **dict(sorted(arrays.items())))
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Calibration":
        """A calibration as it was stored. Raises TwinError if the bytes are not one."""
        try:
            with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            page = json.loads(arrays["page"].tobytes())
        except (ValueError, KeyError, OSError, EOFError) as error:
            raise TwinError(f"The stored calibration cannot be read ({error}). Calibrate again.") from None
        if page["format"] != FORMAT:
            raise TwinError(
                f"The stored calibration has format {page['format']}, this version reads {FORMAT}. Calibrate again."
            )
        return cls(
            template=page["template"],
            today=date.fromisoformat(page["today"]),
            history_days=page["history_days"],
            parameters={entry["name"]: Parameter(**entry) for entry in page["parameters"]},
            covariances=[
                (tuple(names), arrays[f"covariance.{number}"]) for number, names in enumerate(page["covariances"])
            ],
            vectors=_named(arrays, "vector."),
            vector_errors=_named(arrays, "error."),
            evidence=page["evidence"],
        )


def _named(arrays: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    """The keys that scripts rely on, with nothing that JSON cannot say."""
    keys = ("value", "standard_error", "low", "high", "unit", "origin", "rows", "method")
    return {key: None if isinstance(entry[key], float) and not np.isfinite(entry[key]) else entry[key] for key in keys}
