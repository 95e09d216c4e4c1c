"""A store of its own for each test, with an empty twin, and small planted files."""

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from twin.connect import ingest
from twin.store import Store

TWIN = "gift-shop"
RETAIL = Path(__file__).parents[2] / "data" / "online_retail_II.parquet"
HEADER = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]


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


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Any]]:
    """A store with the whole retail file in it, and the report of its ingest."""
    with Store.open(tmp_path_factory.mktemp("retail") / "twin.duckdb") as opened:
        opened.create_twin(TWIN, "shop", {"currency": "GBP", "time_zone": "Europe/London"})
        yield opened, ingest(opened, TWIN, RETAIL, "order_lines")


Plant = Callable[..., Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write order lines to a CSV file: each is order, item, quantity, time, price and customer."""

    def planted(*lines: tuple[Any, ...], name: str = "lines.csv", header: list[str] | None = None) -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header or HEADER)
            for order, item, quantity, time, price, customer in lines:
                writer.writerow([order, item, f"THING {item}", quantity, time, price, customer, "France"])
        return path

    return planted
