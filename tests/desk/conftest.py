"""A small shop in a store of its own, with its numbers and forecast already worked out, and workers in this process."""

import csv
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.model.small import small
from twin.calibrate.calibration import Calibration
from twin.desk import Desk, Twin
from twin.experiment.engine import engine, estimator
from twin.spec.parameter import Parameter, assumed
from twin.spec.template import template
from twin.store import Store

NAME = "small-shop"
HEADER = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]


class Here(Executor):
    """Works at once, in the thread that asks; counts what it was asked."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.calls += 1
        answer: Future[Any] = Future()
        try:
            answer.set_result(function(*arguments, **named))
        except BaseException as error:
            answer.set_exception(error)
        return answer


def orders(path: Path, days: int) -> Path:
    """A file of orders, five a day, from 1 December 2023 on."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(5 * days):
            at = datetime(2023, 12, 1, 9) + timedelta(days=n // 5, hours=2 * (n % 5))
            item = f"{10000 + n % 13}"
            writer.writerow([100000 + n, item, f"THING {item}", 1 + n % 4, at, 1.5 + n % 3, 12000 + n % 7, "France"])
    return path


def numbers() -> dict[str, Parameter]:
    """The small shop's numbers, under the names that the template gives them."""
    known = {name: assumed(one) for name, one in template("shop").declarations.items()}
    return {name: replace(one, value=small().values[name]) for name, one in known.items()}


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store's file, made once."""
    from twin.connect import ingest

    folder = tmp_path_factory.mktemp("desk")
    with Store.open(folder / "twin.duckdb") as store:
        store.create_twin(NAME, "shop", {"currency": "EUR", "time_zone": "Europe/Paris", "country": "FR"})
        ingest(store, NAME, orders(folder / "orders.csv", 31), "order_lines")
        snapshot = store.snapshot(NAME)
        assert snapshot is not None
        assert snapshot.today is not None
        known = Calibration("shop", snapshot.today, 31, numbers(), [], dict(small().vectors))
        store.save_calibration(NAME, snapshot.snapshot, known.to_bytes(), {"estimator": estimator()})
        name = store.put_blob(small().to_bytes())
        store.save_forecast(NAME, snapshot.snapshot, f"bundle@{estimator()}-{engine()}", name.encode())
    return folder / "twin.duckdb"


@pytest.fixture
def desk(original: Path, tmp_path: Path) -> Iterator[Desk]:
    """An open desk on a copy of the store."""
    with Desk.open(shutil.copy(original, tmp_path), Here()) as opened:
        yield opened


@pytest.fixture
def shop(desk: Desk) -> Twin:
    """The small shop."""
    return desk.twin()
