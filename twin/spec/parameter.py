"""What a number of the model is: its unit, what it may be, where it came from and how sure it is."""

from dataclasses import dataclass, replace
from typing import Literal

from twin.spec.choices import CHOICES

Origin = Literal["data", "assumption", "override"]
Scale = Literal["linear", "log"]


@dataclass(frozen=True)
class Declaration:
    """How a template declares a number, once: everything a control, a check and a help text need.

    value    what holds until data say otherwise
    range    what is plausible; None for a plan, which the business knows about itself
    allowed  what a what-if may set, both ends included
    step     of the control
    lever    may be changed in a what-if
    plan     a decision of the business, not an unknown
    by       what a lever may be narrowed to, such as 'item' in price[85123A]
    choice   the name of its ways (twin/spec/choices.py) where the number says which of them it is
    """

    name: str
    group: str
    label: str
    help: str
    unit: str
    value: float
    allowed: tuple[float, float]
    range: tuple[float, float] | None = None
    step: float | None = None
    lever: bool = False
    plan: bool = False
    by: str | None = None
    scale: Scale = "linear"
    choice: str | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """What each whole number stands for, from 0 on; nothing where it is a number like any other."""
        return CHOICES[self.choice] if self.choice else ()

    def way(self, number: float) -> str:
        """The name of one of its ways."""
        return self.ways[round(number)]


@dataclass(frozen=True)
class Parameter:
    """A number of one twin as it stands today: its value, how sure it is, and where it came from.

    low, high  the 90 % interval of an estimate, or the plausible range of an assumption; equal to
               value where the number is a plan
    rows       how many records the estimate rests on; 0 for an assumption
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    origin: Origin
    method: str
    standard_error: float | None = None
    rows: int = 0
    scale: Scale = "linear"

    @property
    def uncertain(self) -> bool:
        """Whether a replication draws this number instead of taking it as it stands."""
        return self.high > self.low

    def overridden(self, value: float) -> "Parameter":
        """The same number, set by a person instead of estimated."""
        return replace(
            self,
            value=value,
            low=value,
            high=value,
            standard_error=None,
            origin="override",
            method="set by hand",
            rows=0,
        )


def assumed(declaration: Declaration) -> Parameter:
    """The number as the template gives it, before any record has been seen."""
    low, high = declaration.range or (declaration.value, declaration.value)
    method = (
        "a plan of the business, as the template states it"
        if declaration.plan
        else "assumption of the template, not measured"
    )
    return Parameter(
        name=declaration.name,
        value=declaration.value,
        low=low,
        high=high,
        unit=declaration.unit,
        origin="assumption",
        method=method,
        scale=declaration.scale,
    )
