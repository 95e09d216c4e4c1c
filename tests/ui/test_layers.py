"""The app stays light and its pages thin."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted((ROOT / "pages").rglob("*.py"))
KNOWN = ("twin.desk", "twin.spec", "twin.advise", "twin.clock", "twin.errors", "twin.ui", "twin.cli.counter")


def imported(file: Path, running: bool = True) -> set[str]:
    """The twin's modules that a file imports when it runs; those for type checks alone are left out."""
    tree = ast.parse(file.read_text())
    checks = {id(node) for block in ast.walk(tree) if is_for_types(block) for node in ast.walk(block)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and id(node) not in checks]
    return {node.module for node in found if node.module and node.module.startswith("twin")}


def is_for_types(node: ast.AST) -> bool:
    """Whether a block is read by type checkers only."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("file", [*PAGES, *sorted((ROOT / "twin/ui").glob("*.py"))], ids=lambda file: file.name)
def test_the_screen_knows_the_desk_and_nothing_below_it(file: Path) -> None:
    assert {name for name in imported(file) if not name.startswith(KNOWN)} <= {"twin"}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_page_is_short(file: Path) -> None:
    assert len(file.read_text().splitlines()) < 120


def test_a_worker_that_reads_the_app_file_again_imports_nothing_heavy() -> None:
    script = (
        "import runpy, sys; runpy.run_path('app.py', run_name='__mp_main__'); "
        "sys.exit(any(name in sys.modules for name in ('streamlit', 'pandas', 'duckdb', 'twin')))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
