"""Wrong use and bad input: a sentence on standard error, nothing on standard output, nothing changed, status 2."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from twin.store import Store

HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
LINE = "489434,85048,LIGHTS,{quantity},2009-12-01 07:45:00,6.95,13085,United Kingdom\n"

WRONG = {
    "": "The commands are demo, twins",
    "simulat": "Did you mean 'simulate'?",
    "backup a.file": "comes with a later version",
    "backtest": "comes with a later version",
    "simulate --day 5": "Did you mean '--days'?",
    "simulate --days": "--days needs a value",
    "simulate --days x": "'x' will not do; it must be a whole number from 1 to 366",
    "simulate --days 0": "from 1 to 366",
    "simulate --days 1e3": "from 1 to 366",
    "simulate --replications 1": "from 2 to 512",
    "simulate --seed -1": "from 0 to",
    "simulate now": "does not know what to do with 'now'",
    "simulate --twin gift-sop": "Did you mean 'gift-shop'?",
    "simulate --set prise=+5%": "Did you mean 'price'?",
    "simulate --set price": "is not a change",
    "simulate --set price=much": "is not a value",
    "simulate --set price=+500%": "The nearest is price=2",
    "simulate --set price=+5%@2010-01-01": "The nearest is 2011-12-09",
    "simulate --set price=+5%@soon": "is not a date",
    "simulate --set pickers_weekday=+0.5": "only whole numbers",
    "compare --set price[nothing]=+5%": "There is no item 'nothing'",
    "forecast": "needs --measure",
    "forecast --measure profit": "There are: orders, revenue",
    "show": "needs RUN",
    "show 0": "There is no run '0'",
    "show ffffffffffff": "There is no run 'ffffffffffff'",
    "ingest nothing.csv --as order_lines": "There is no file",
    "ingest nothing.csv": "needs --as",
    "create Shop --template shop": "cannot be the name of a twin",
    "create gift-shop --template shop": "There is a twin 'gift-shop' already",
    "create shop --template shp": "Did you mean 'shop'?",
    "create shop --template shop --currency pounds": "three letters",
    "create shop --template shop --time-zone Europe/Lundon": "Did you mean 'Europe/London'?",
    "create shop --template shop --country XX": "not known",
    "delete gift-shop": "Nothing was deleted",
    "delete gift": "Did you mean 'gift-shop'?",
    "serve --code 123456": "--code belongs to --share",
    "serve --share --code 123": "at least 6",
    "serve --port 99999": "from 1 to 65535",
    "serve --address 203.0.113.7": "not one of this machine",
}


@pytest.mark.parametrize(("line", "said"), WRONG.items(), ids=[line or "nothing" for line in WRONG])
def test_a_sentence_and_status_2(command: Command, line: str, said: str) -> None:
    outcome = command(*line.split(), "--json")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


def test_a_wrong_value_is_named_with_its_column_and_row(command: Command, tmp_path: Path) -> None:
    store, file = tmp_path / "twin.duckdb", tmp_path / "lines.csv"
    file.write_text(HEADER + LINE.format(quantity=2) + LINE.format(quantity="many"), encoding="utf-8")
    assert command("create", "shop", "--template", "shop", store=store).status == 0
    outcome = command("ingest", str(file), "--as", "order_lines", store=store)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert all(word in outcome.stderr for word in ("Quantity", "many", "2"))
    with Store.open(store) as opened:
        assert opened.snapshot("shop") is None


def test_a_file_of_another_shape_says_what_is_missing(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "animals.csv"
    file.write_text("animal,legs\ncat,4\n", encoding="utf-8")
    outcome = command("ingest", str(file), "--as", "order_lines")
    assert outcome.status == 2
    assert "no column for order_id" in outcome.stderr


def test_a_bad_store_is_named(command: Command, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a store", encoding="utf-8")
    assert "not a store" in command("twins", store=other).stderr
    assert "does not exist" in command("create", "shop", "--template", "shop", store=tmp_path / "no" / "where").stderr
    assert "is a folder" in command("levers", store=tmp_path).stderr
    missing = command("levers", store=tmp_path / "none.duckdb")
    assert missing.status == 2
    assert not (tmp_path / "none.duckdb").exists()


def test_a_twin_that_cannot_be_made_leaves_no_store(command: Command, tmp_path: Path) -> None:
    assert command("create", "shop", "--template", "nothing", store=tmp_path / "new.duckdb").status == 2
    assert list(tmp_path.iterdir()) == []


def test_our_own_mistake_is_status_1_and_a_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("twin.cli.twins.twins", broken)
    outcome = command("twins")
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "ZeroDivisionError: by zero" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    monkeypatch.setenv("TWIN_DEBUG", "1")
    assert "Traceback" in command("twins").stderr
