"""Files that cannot be used: each reads as a sentence, and nothing is half written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from twin.connect import Mapping, ingest, read_mapping
from twin.connect.mapping import matched, recognised
from twin.errors import TwinError
from twin.store import Store

TWIN = "gift-shop"
HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
LINE = "1001,10001,Lamp,2,2011-03-01 10:00,1.5,7,France"


def written(tmp_path: Path, *lines: str, name: str = "lines.csv", header: str = HEADER) -> Path:
    path = tmp_path / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def sentence(store: Store, file: Path | str, table: str = "order_lines", mapping: Any = None) -> str:
    """What is said about a file that cannot be used, after making sure that nothing was stored."""
    with pytest.raises(TwinError) as error:
        ingest(store, TWIN, file, table, mapping)
    assert store.snapshot(TWIN) is None
    for name in ("order_lines", "set_aside", "orders", "items", "customers", "ingests", "items_given"):
        assert store.rows(f"select count(*) from {name}", twin=TWIN) == [(0,)], name
    text = str(error.value)
    assert text.endswith((".", "?")), text
    assert "\n" not in text
    return text


def test_a_good_file_is_read(store: Store, tmp_path: Path) -> None:
    report = ingest(store, TWIN, written(tmp_path, LINE), "order_lines")
    assert (report.rows_read, report.rows_kept, report.rows_rejected, report.rows_added) == (1, 1, 0, 1)
    json.dumps(report.as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("value", "column", "said"),
    [
        ("two", 3, r"column 'Quantity' \(quantity\) in row 2 of the data holds 'two'; a whole number is needed"),
        ("2.5", 3, "row 2 of the data holds '2.5'; a whole number"),
        ("", 3, "row 2 of the data is empty"),
        ("5000000000", 3, "a whole number from -1,000,000,000 to 1,000,000,000"),
        ("inf", 5, r"'Price' \(price\) in row 2 .* holds 'inf'; a number from"),
        ("-Infinity", 5, "holds '-Infinity'; a number from"),
        ("nan", 5, "holds 'nan'"),
        ("1e300", 5, "a number from"),
        ("1,50", 5, "Price"),
        ("£1.50", 5, "holds '£1.50'; a number is needed"),
        ("yesterday", 4, r"'InvoiceDate' \(ordered_at\) in row 2 .* holds 'yesterday'; a date between 1970 and today"),
        ("2999-01-01 10:00", 4, "holds '2999-01-01 10:00'; a date between 1970 and today"),
        ("1066-10-14", 4, "a date between 1970"),
        ("infinity", 4, "a date between 1970"),
        ("2011-02-30", 4, "holds '2011-02-30'"),
        ("", 4, "is empty"),
        ("", 0, r"'Invoice' \(order_id\) in row 2 of the data is empty"),
        ("C-12", 6, r"'Customer ID' \(customer_id\) in row 2 .* holds 'C-12'; a whole number is needed"),
    ],
)
def test_a_wrong_value_names_column_row_and_value(
    store: Store, tmp_path: Path, value: str, column: int, said: str
) -> None:
    parts = LINE.replace("1001", "1002").split(",")
    parts[column] = f'"{value}"' if "," in value else value
    text = sentence(store, written(tmp_path, LINE, ",".join(parts), LINE))
    assert re.search(said, text), text


def test_text_with_a_nul_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "lines.json"
    row = {
        "order_id": "1",
        "item_id": "10001",
        "quantity": 1,
        "ordered_at": "2011-03-01 10:00",
        "price": 2.0,
        "country": "a\0b",
    }
    file.write_text(json.dumps([row]))
    assert "country" in sentence(store, file)
    assert sentence(store, written(tmp_path, LINE.replace("Lamp", "La\0mp")))


def test_files_that_are_not_there_or_not_what_they_say(store: Store, tmp_path: Path) -> None:
    good = written(tmp_path, LINE)
    assert "Did you mean 'lines.csv'" in sentence(store, tmp_path / "line.csv")
    assert "no folder" in sentence(store, tmp_path / "nowhere" / "lines.csv")
    assert "is a folder" in sentence(store, tmp_path)
    assert "no file name can have" in sentence(store, "lines\0.csv")
    for name, content, said in [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b" \n\n", "is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
        ("text.parquet", good.read_bytes(), "does not begin like a Parquet file"),
        ("cut.parquet", b"PAR1" + bytes(200), "cannot be read as a Parquet file"),
        ("columns.csv", b"PAR1" + bytes(200), "is a Parquet file"),
        ("text.json", good.read_bytes(), "does not begin like a JSON file"),
        ("cut.json", b'[{"Invoice": "1", "Sto', "cannot be read as a JSON file"),
        ("book.xlsx", b"PK\x03\x04", "Save it as CSV"),
        ("lines.doc", b"abc", "ends in '.doc'"),
        ("latin.csv", good.read_bytes() + LINE.replace("Lamp", "caf\xe9").encode("latin-1"), "UTF-8"),
        ("random.csv", bytes(range(256)) * 50, "cannot be read"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        assert said in sentence(store, path), name


def test_a_file_without_rows_is_refused(store: Store, tmp_path: Path) -> None:
    assert "no rows" in sentence(store, written(tmp_path))


def test_a_line_with_too_many_or_too_few_columns_names_the_line(store: Store, tmp_path: Path) -> None:
    lines = [LINE.replace("1001", str(number)) for number in range(50)]
    assert "at line 52" in sentence(store, written(tmp_path, *lines, LINE + ",x,y"))
    assert "at line 52" in sentence(store, written(tmp_path, *lines, "1001,10001"))


def test_a_file_of_another_shape_says_what_is_missing_and_how_to_map(store: Store, tmp_path: Path) -> None:
    text = sentence(store, written(tmp_path, "1,2,3", header="when,what,many"))
    assert "no column for order_id, ordered_at, item_id, quantity, price" in text
    assert "It has 'when', 'what', 'many'" in text
    assert "[columns]" in text


def test_a_file_without_a_single_item_says_so(store: Store, tmp_path: Path) -> None:
    text = sentence(store, written(tmp_path, LINE.replace("10001", "SKU-1")))
    assert "item_pattern" in text
    assert "'SKU-1'" in text


def test_unknown_tables_and_columns_name_the_nearest(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, LINE)
    assert "Did you mean 'order_lines'" in sentence(store, file, "order_line")
    assert "made from order_lines" in sentence(store, file, "orders")
    assert "Did you mean 'quantity'" in sentence(store, file, mapping=Mapping({"quantty": "Quantity"}))
    assert "Did you mean 'Quantity'" in sentence(store, file, mapping=Mapping({"quantity": "Quantty"}))


def test_two_rows_that_disagree_about_an_item_are_refused(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, "10001,1", "10001,2", header="item_id,price", name="items.csv")
    assert "two different things about item_id '10001'" in sentence(store, file, "items")
    file = written(tmp_path, "10001,-1", header="item_id,price", name="items.csv")
    assert "a number from 0 to" in sentence(store, file, "items")


def test_a_map_names_columns_times_and_items(store: Store, tmp_path: Path) -> None:
    file = written(
        tmp_path, "1;SKU-1;2;01.03.2011 10:00;1.5", name="till.csv", header='Bon;"Art ""x""";Menge;Zeit;Preis'
    )
    told = tmp_path / "map.toml"
    told.write_text(
        'item_pattern = "^SKU"\n[columns]\norder_id = "Bon"\nitem_id = \'Art "x"\'\nquantity = "Menge"\n'
        'ordered_at = "Zeit"\nprice = "Preis"\n[formats]\nordered_at = "%d.%m.%Y %H:%M"\n'
    )
    report = ingest(store, TWIN, file, "order_lines", told)
    assert report.rows_added == 1
    found = store.rows("select ordered_at::varchar, item_id, kind from order_lines", twin=TWIN)
    assert found == [("2011-03-01 10:00:00", "SKU-1", "sale")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("columns = 3", "must be a table"),
        ("[columns]\nprice = 3", "must be text in quotes"),
        ("[colums]\nprice = 'p'", "Did you mean 'columns'"),
        ("price = = 3", "is not TOML"),
        ("item_pattern = '['", "not a regular expression"),
    ],
)
def test_a_map_that_cannot_be_used_reads_as_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(content)
    with pytest.raises(TwinError, match=said):
        read_mapping(path)
    with pytest.raises(TwinError, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("times", "stored"),
    [
        (["12/13/2010 8:26", "1/4/2011 9:05"], ["2010-12-13 08:26:00", "2011-01-04 09:05:00"]),
        (["13/12/2010 8:26", "1/4/2011 9:05"], ["2010-12-13 08:26:00", "2011-04-01 09:05:00"]),
        (["2010-12-13T08:26:00", "2011-01-04"], ["2010-12-13 08:26:00", "2011-01-04 00:00:00"]),
    ],
)
def test_dates_are_read_as_the_file_writes_them(
    store: Store, tmp_path: Path, times: list[str], stored: list[str]
) -> None:
    lines = [LINE.replace("2011-03-01 10:00", time) for time in times]
    ingest(store, TWIN, written(tmp_path, *lines), "order_lines")
    found = store.rows("select ordered_at::varchar from order_lines order by ordered_at", twin=TWIN)
    assert [text for (text,) in found] == stored


def test_dates_that_can_be_read_in_two_ways_are_asked_about(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, LINE.replace("2011-03-01 10:00", "3/4/2011 10:00"))
    assert "in two ways, day or month first" in sentence(store, file)
    ingest(store, TWIN, file, "order_lines", Mapping(formats={"ordered_at": "%d/%m/%Y %H:%M"}))
    assert store.rows("select ordered_at::varchar from order_lines", twin=TWIN) == [("2011-04-03 10:00:00",)]


def test_times_with_a_zone_become_the_shops_own(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "lines.parquet"
    with store.cursor() as cursor:
        cursor.execute(
            f"copy (select '1' as order_id, '10001' as item_id, 2 as quantity, 1.5 as price, "
            f"timestamptz '2011-07-01 10:00:00+00' as ordered_at) to '{file}'"
        )
    ingest(store, TWIN, file, "order_lines")
    assert store.rows("select ordered_at::varchar from order_lines", twin=TWIN) == [("2011-07-01 11:00:00",)]


@pytest.mark.parametrize("name", ["what*.csv", "li[ne]s.csv", "a ? b.csv", "it's.csv"])
def test_signs_in_a_file_name_are_just_signs(store: Store, tmp_path: Path, name: str) -> None:
    written(tmp_path, LINE.replace("1001", "666"), name="whatever.csv")
    ingest(store, TWIN, written(tmp_path, LINE, name=name), "order_lines")
    assert store.rows("select order_id from order_lines", twin=TWIN) == [("1001",)]


def test_headers_are_recognised_whatever_their_capitals() -> None:
    assert recognised("customer_id", ["CustomerID"]) == "CustomerID"
    assert recognised("order_id", ["INVOICE NO", "Invoice"]) == "Invoice"
    found = matched(
        "order_lines", ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice"], Mapping(), "a.csv"
    )
    assert found["price"] == "UnitPrice"
    assert "country" not in found
