"""The scripts that make the fictional records, as modules, and what their tests share."""

import importlib.util
import math
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pyarrow as pa

DATA = Path(__file__).parents[2] / "data"


@cache
def generator(folder: str) -> ModuleType:
    """The script that makes the records of a folder."""
    told = importlib.util.spec_from_file_location(f"{folder}_generator", DATA / folder / "generate.py")
    assert told
    assert told.loader
    module = importlib.util.module_from_spec(told)
    sys.modules[told.name] = module  # its dataclasses look themselves up there
    told.loader.exec_module(module)
    return module


def as_written(made: dict[str, pa.Table], files: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Tables with the types that they have when they are read from their files."""
    return {name: table.cast(files[name].schema.remove_metadata()) for name, table in made.items()}


def close(estimate: float, truth: float, standard_error: float, sharp: float = 0.2) -> None:
    """An estimate is no further from the truth than three of its standard errors, which are small."""
    assert abs(estimate - truth) <= 3 * standard_error, (estimate, truth, standard_error)
    assert standard_error < sharp * truth, "it is estimated too loosely for this to mean anything"


def close_share(happened: float, of: float, truth: float) -> None:
    """A share of so many cases."""
    close(happened / of, truth, math.sqrt(truth * (1 - truth) / of))
