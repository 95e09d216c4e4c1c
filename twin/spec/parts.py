"""What every part of a business is declared as: names, and numbers that are a number or the name of a parameter."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

Number = float | str
Values = Mapping[str, float]


class Part(BaseModel):
    """Something of a business that a template declares; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str = ""


def number(of: Number, values: Values) -> float:
    """The number itself, or the parameter that it names."""
    return float(values[of]) if isinstance(of, str) else float(of)
