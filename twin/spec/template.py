"""A template says what a kind of business consists of: its words, its numbers, its levers."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from twin.errors import TwinError, UnknownName
from twin.spec.measures import BY_NAME
from twin.spec.parameter import Declaration, Scale

FOLDER = Path(__file__).parent / "templates"
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

    @model_validator(mode="after")
    def _inside(self) -> Self:
        low, high = self.allowed
        inner = [self.value, *(self.range or ())]
        if low > high or any(not low <= number <= high for number in inner):
            raise ValueError(f"value and range must lie within allowed, {low:g} to {high:g}; found {inner}")
        if self.range and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"value {self.value:g} lies outside its own range {self.range[0]:g} to {self.range[1]:g}")
        return self


class Template(BaseModel):
    """A kind of business: everything about it that is not one particular firm's record."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    description: str
    currency: str
    time_zone: str
    country: str
    headline: str
    words: dict[str, str]
    groups: dict[str, str]
    parameters: dict[str, _Declared]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, declared in self.parameters.items():
            if declared.group not in self.groups:
                known = ", ".join(self.groups)
                raise ValueError(f"parameters.{name}.group is '{declared.group}'; the groups are {known}")
        if self.headline not in BY_NAME:
            raise ValueError(f"headline is '{self.headline}'; the measures are {', '.join(BY_NAME)}")
        return self

    @property
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
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return parsed(tomllib.load(file), f"{name}.toml")


def parsed(content: dict[str, Any], where: str) -> Template:
    """A template from the content of its file; TwinError names the first place that is wrong."""
    try:
        return Template.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        words = first["msg"].removeprefix("Value error, ")
        if first["loc"]:
            words = f"{'.'.join(str(part) for part in first['loc'])}: {words}"
        if not isinstance(first["input"], dict):
            words += f" (found {first['input']!r})"
        raise TwinError(f"The template {where} cannot be used: {words}.") from None
