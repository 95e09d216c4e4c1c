"""What is kept of a forecast: each coming day with its range, possible paths, and how good such forecasts were."""

import io
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np

from twin.errors import TwinError
from twin.forecast.history import Days, Flags, Floats

ARRAYS = ("day", "open", "forecast", "low", "high", "paths", "past_day", "past_fitted")


@dataclass(frozen=True, eq=False)
class MeasureForecast:
    """The forecast of one measure as it is stored and shown. Closed days are 0 everywhere."""

    measure: str
    today: date
    method: str  # prophet, or seasonal_naive_7 where the history does not carry more
    day: Days
    open: Flags
    forecast: Floats
    low: Floats
    high: Floats
    level: float
    paths: Floats | None  # expected orders, shape (paths, days); the mean over paths is `forecast`
    scores: dict[str, dict[str, float | None]]
    origins: list[date]
    last_origin: dict[str, Any]  # day, observed and, by method, forecast, low, high: lists, for a chart
    by_origin: list[dict[str, Any]]  # origin, method, wape, coverage
    past_day: Days
    past_fitted: Floats  # what the model makes of each past day, 0 where nothing was sold
    closing_rules: list[str] = field(default_factory=list)
    note: str = ""

    def to_bytes(self) -> bytes:
        """The same forecast as bytes, for the store; equal forecasts give equal bytes."""
        words = {name: value for name, value in vars(self).items() if name not in ARRAYS}
        words |= {"today": self.today.isoformat(), "origins": [origin.isoformat() for origin in self.origins]}
        arrays = {name: value for name in ARRAYS if (value := getattr(self, name)) is not None}
        arrays |= {name: value.astype(np.int64) for name, value in arrays.items() if value.dtype.kind == "M"}
        text = np.frombuffer(json.dumps(words, sort_keys=True, allow_nan=False).encode(), dtype=np.uint8)
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, words=text, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """A forecast as `to_bytes` wrote it. Raises TwinError if the bytes are something else."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                kept: dict[str, Any] = {name: stored[name] for name in ARRAYS if name in stored.files}
                kept |= json.loads(stored["words"].tobytes())
            kept |= {name: kept[name].astype("datetime64[D]") for name in ("day", "past_day")}
            kept["today"] = date.fromisoformat(kept["today"])
            kept["origins"] = [date.fromisoformat(origin) for origin in kept["origins"]]
            return cls(**{"paths": None} | kept)
        except (ValueError, KeyError, TypeError, EOFError, OSError, BadZipFile) as error:
            raise TwinError(f"The stored forecast cannot be read ({error}). Make it again.") from None
