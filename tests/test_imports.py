"""Starting stays quick: what the app and the command line import first pulls in none of the slow packages."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIGHT = ("twin", "twin.errors", "twin.spec", "twin.store", "twin.connect", "twin.desk", "twin.cli")
SLOW = {"prophet", "cmdstanpy", "mesa", "numba", "scipy", "statsmodels", "matplotlib", "streamlit"}


def imported_by(module: str) -> set[str]:
    """The packages that a fresh Python holds after importing the module."""
    script = f"import sys, json, {module}; print(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", [module for module in LIGHT if find_spec(module)])
def test_a_light_module_pulls_in_no_slow_package(module: str) -> None:
    assert not imported_by(module) & SLOW


def test_no_page_lies_directly_in_the_folder_that_streamlit_serves_by_itself() -> None:
    assert not list((ROOT / "pages").glob("*.py"))
