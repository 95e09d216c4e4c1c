"""What the parts of a business's structure are made of."""

from pydantic import BaseModel, ConfigDict

Number = float | str


class Part(BaseModel):
    """A part of a business; each number in it is a number or the name of a declared parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str = ""
