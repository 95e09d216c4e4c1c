"""Running commands: in this process where only the answer matters, in one of their own where the process does."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from twin import cli
from twin.desk.counter import Outcome

Command = Callable[..., Outcome]
Values = Callable[..., dict[str, Any]]
ROOT = Path(cli.__file__).parents[2]


def no_constant(name: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise AssertionError(f"{name} was printed")


@pytest.fixture(scope="module")
def shared(built_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built store that the tests of one file share; they leave its data as they are."""
    return Path(shutil.copy(built_original, tmp_path_factory.mktemp("shop") / "twin.duckdb"))


@pytest.fixture
def command(shared: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Carry a command out on the shared store."""
    monkeypatch.delenv("TWIN_STORE", raising=False)

    def carry_out(*arguments: str, store: Path = shared) -> Outcome:
        return cli.ran([*arguments, "--store", str(store)], lambda words: None)

    return carry_out


@pytest.fixture
def values(command: Command) -> Values:
    """Carry a command out with --json and read what it prints."""

    def read(*arguments: str, **options: Any) -> dict[str, Any]:
        outcome = command(*arguments, "--json", **options)
        assert (outcome.status, outcome.stderr) == (0, "")
        found: dict[str, Any] = json.loads(outcome.stdout, parse_constant=no_constant)
        return found

    return read


@pytest.fixture
def process() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run python -m twin in a process of its own."""

    def run(*arguments: str, cwd: Path | None = None, **options: Any) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        line = [sys.executable, "-m", "twin", *arguments]
        return subprocess.run(
            line, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False, **options
        )

    return run
