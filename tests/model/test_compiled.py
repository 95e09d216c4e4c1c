"""Compiled loops are kept under a name that changes with any of them."""

from pathlib import Path

import pytest
from numba.core import config

from twin.model import kernels
from twin.model.kernels import elementary


def test_loops_are_kept_under_the_name_of_all_their_code() -> None:
    """Numba looks only at the file a loop stands in, and would keep what it took from the others as it once was."""
    elementary.exponential(1.0)
    assert Path(config.CACHE_DIR).name == f"compiled-{kernels.content()}"
    kept = Path(elementary.exponential.stats.cache_path)
    assert Path(config.CACHE_DIR) in kept.parents


def test_a_change_in_one_file_gives_all_loops_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in kernels.HERE.glob("*.py"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = kernels.content()
    monkeypatch.setattr(kernels, "HERE", tmp_path)
    assert kernels.content() == before
    (tmp_path / "elementary.py").write_text("changed")
    assert kernels.content() != before
