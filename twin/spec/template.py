"""A template says what a kind of business consists of: its words, its numbers, its levers."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from twin.errors import TwinError, UnknownName
from twin.spec.choices import CHOICES
from twin.spec.measures import Measure, measure
from twin.spec.parameter import Declaration, Scale
from twin.spec.soundness import KNOWN, moved_faults, named_faults, numbered_faults
from twin.spec.structure import Structure

FOLDER = Path(__file__).parent / "templates"
LEVERS = {
    "orders": ("demand", "marketing", "price"),
    "visits": ("demand", "marketing"),
}
Pair = Annotated[tuple[float, float], Field()]


class _Declared(BaseModel):
    """One [parameters.NAME] table of a template file, as written."""

    model_config = ConfigDict(extra="forbid")
    group: str
    label: str
    help: str
    unit: str
    value: float
    allowed: Pair
    range: Pair | None = None
    step: float | None = Field(default=None, gt=0)
    lever: bool = False
    plan: bool = False
    by: str | None = None
    scale: Scale = "linear"
    choice: str | None = None

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.choice is None:
            return self
        if self.choice not in CHOICES:
            raise ValueError(f"choice is '{self.choice}'; there is {', '.join(CHOICES)}")
        ways = CHOICES[self.choice]
        if self.unit != "choice" or self.allowed != (0.0, len(ways) - 1.0) or self.value != int(self.value):
            raise ValueError(
                f"a choice of {', '.join(ways)} has unit 'choice', allowed 0 to {len(ways) - 1} and a whole number; "
                f"found '{self.unit}', {self.allowed[0]:g} to {self.allowed[1]:g} and {self.value:g}"
            )
        if not self.plan or self.range:
            raise ValueError("a choice is a plan of the business: plan = true, and no range")
        return self

    @model_validator(mode="after")
    def _inside(self) -> Self:
        low, high = self.allowed
        inner = [self.value, *(self.range or ())]
        if low > high or any(not low <= number <= high for number in inner):
            raise ValueError(f"value and range must lie within allowed, {low:g} to {high:g}; found {inner}")
        if self.range and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"value {self.value:g} lies outside its own range {self.range[0]:g} to {self.range[1]:g}")
        return self


class _Worded(BaseModel):
    """One measure of a template: the catalogue's, in the words of this trade."""

    model_config = ConfigDict(extra="forbid")
    label: str | None = None
    noun: str | None = None
    help: str | None = None
    chart: str | None = None
    matters: float | None = Field(default=None, gt=0)


class Asked(BaseModel):
    """A question to begin with; {when} and {until} stand for the days until Christmas where that is near."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    words: str
    why: str
    changes: list[str] = Field(min_length=1)


class Shock(BaseModel):
    """Something that may befall the business: changes of levers that hold for some days, and then are over.

    days : how long it lasts, from the day on which it begins
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    words: str
    why: str
    days: int = Field(ge=1, le=366)
    changes: list[str] = Field(min_length=1)


class Template(BaseModel):
    """A kind of business: everything about it that is not one particular firm's record.

    forecast : the measures that are forecast from the records; the first drives the model
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    description: str
    currency: str
    time_zone: str
    country: str
    headline: str
    forecast: list[str] = Field(min_length=1)
    words: dict[str, str]
    groups: dict[str, str]
    structure: Structure
    measured: dict[str, _Worded] = Field(alias="measures", min_length=1)
    questions: list[Asked] = []
    shocks: list[Shock] = []
    parameters: dict[str, _Declared]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, declared in self.parameters.items():
            if declared.group not in self.groups:
                known = ", ".join(self.groups)
                raise ValueError(f"parameters.{name}.group is '{declared.group}'; the groups are {known}")
        values = {name: declared.value for name, declared in self.parameters.items()}
        for fault in chain(named_faults(self.structure), numbered_faults(self.structure, values)):
            raise ValueError(fault)
        for fault in chain(self._unchosen(), self._levers_missing(), self._reached(values)):
            raise ValueError(fault)
        try:
            known_measures = list(self.measures)
        except TwinError as error:
            raise ValueError(f"measures: {error}") from None
        for place, name in (("headline", self.headline), *(("forecast", one) for one in self.forecast)):
            if name not in known_measures:
                raise ValueError(f"{place} is '{name}'; the measures are {', '.join(known_measures)}")
        for name, one in self.measures.items():
            if one.against and one.against not in known_measures:
                raise ValueError(f"the measure {name} is judged against {one.against}, which is not among the measures")
        return self

    def _unchosen(self) -> Iterator[str]:
        """Parameters that stand for one of several ways, and are not declared so."""
        for name, node in self.structure.nodes.items():
            declared = self.parameters.get(node.allocation)
            if declared is not None and declared.choice != "allocation":
                yield (
                    f"nodes.{name}.allocation is the parameter {node.allocation}, which is no choice; give it "
                    "choice = 'allocation'"
                )

    def _levers_missing(self) -> Iterator[str]:
        known = self.structure.segments
        for name in LEVERS[self.structure.driven]:
            if (name in self.parameters or name not in KNOWN or known) and not self.parameters[name].lever:
                yield f"parameters.{name} needs lever = true: the model asks for it day by day"

    def _reached(self, values: dict[str, float]) -> Iterator[str]:
        """What cannot be at the ends of what a lever may be set to."""
        for name, declared in self.parameters.items():
            for end in declared.allowed if declared.lever else ():
                for fault in moved_faults(self.structure, values | {name: end}):
                    yield f"parameters.{name} may be set to {end:g}, and then {fault}"

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """The numbers that are shown, in the order of the file and in the words of the trade."""
        found = {}
        targets = self.structure.targets
        for name, worded in self.measured.items():
            told = {key: value for key, value in worded.model_dump().items() if value is not None}
            found[name] = replace(measure(name, targets, self.structure.columns), **told)
        return found

    @cached_property
    def declarations(self) -> dict[str, Declaration]:
        """Every number of the model in the order of the file."""
        return {name: Declaration(name=name, **declared.model_dump()) for name, declared in self.parameters.items()}

    @property
    def levers(self) -> dict[str, Declaration]:
        """The numbers that a what-if may change, in the order of the file."""
        return {name: declared for name, declared in self.declarations.items() if declared.lever}


def template_names() -> list[str]:
    """Which kinds of business there are."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def template(name: str) -> Template:
    """The kind of business with this name. Raises UnknownName, or TwinError for a file that cannot be one."""
    if name not in template_names():
        raise UnknownName("template", name, template_names())
    try:
        content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TwinError(f"The template {name}.toml is not TOML: {error}.") from None
    return parsed(content, f"{name}.toml")


def parsed(content: dict[str, Any], where: str) -> Template:
    """A template from the content of its file; TwinError names the first place that is wrong."""
    parts = {name: content[name] for name in Structure.model_fields if name in content}
    rest = {name: value for name, value in content.items() if name not in parts}
    try:
        return Template.model_validate(rest | {"structure": parts})
    except ValidationError as error:
        first = error.errors()[0]
        words = first["msg"].removeprefix("Value error, ")
        if first["loc"]:
            place = [str(part) for part in first["loc"]]
            words = f"{'.'.join(place[1:] if place[0] == 'structure' else place)}: {words}"
        if not isinstance(first["input"], dict):
            words += f" (found {first['input']!r})"
        raise TwinError(f"The template {where} cannot be used: {words}.") from None
