"""An open store with an empty twin, for tests that read files into it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.store import Store

TWIN = "gift-shop"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with an empty twin, made once."""
    path = tmp_path_factory.mktemp("empty") / "twin.duckdb"
    with Store.open(path) as made:
        made.create_twin(TWIN, "shop", {"currency": "GBP", "time_zone": "Europe/London"})
    return path


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """An open store with an empty twin."""
    with Store.open(shutil.copy(empty_store, tmp_path)) as opened:
        yield opened
