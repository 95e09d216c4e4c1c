"""The fictional supply chain: made again it is the same, and it follows the truth that it was made from."""

import math
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.data.generator import DATA, as_written, close, close_share, generator
from twin.connect import ingest
from twin.store import Store, queries

FOLDER = DATA / "supply-chain"
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
NUMBERS: dict[str, float] = TRUTH["parameters"]
DAYS = (TRUTH["last_day"] - TRUTH["first_day"]).days + 1
FIRST, LAST = pd.Timestamp(TRUTH["first_day"]), pd.Timestamp(TRUTH["last_day"])
SOME = 12  # days that are made again


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return generator("supply-chain")


@pytest.fixture(scope="module")
def shipped() -> dict[str, pa.Table]:
    """The files of the project."""
    return {path.stem: pq.read_table(path) for path in FOLDER.glob("*.parquet")}


@pytest.fixture(scope="module")
def records(shipped: dict[str, pa.Table]) -> dict[str, pd.DataFrame]:
    """The same as frames; days as times."""
    frames = {name: table.to_pandas() for name, table in shipped.items()}
    for column in ("ordered_on", "shipped_on", "received_on"):
        frames["deliveries"][column] = pd.to_datetime(frames["deliveries"][column])
    frames["stock_counts"]["day"] = pd.to_datetime(frames["stock_counts"]["day"])
    lines = frames["order_lines"]
    return frames | {"order_lines": lines.assign(day=lines["ordered_at"].dt.normalize())}


def test_its_first_days_made_again_are_the_same(script: ModuleType, shipped: dict[str, pa.Table]) -> None:
    again, end = as_written(script.made(TRUTH, SOME), shipped), TRUTH["first_day"] + timedelta(days=SOME)
    lines, counts = again["order_lines"], again["stock_counts"]
    assert lines.num_rows > 2000
    assert again["items"].equals(shipped["items"])
    assert lines.equals(shipped["order_lines"].slice(0, lines.num_rows))
    assert shipped["order_lines"]["ordered_at"][lines.num_rows].as_py().date() == end
    assert counts.equals(shipped["stock_counts"].slice(0, counts.num_rows))
    whole = shipped["deliveries"].slice(0, again["deliveries"].num_rows).to_pylist()
    for one, same in zip(again["deliveries"].to_pylist(), whole, strict=True):
        for name in ("shipped_on", "received_on"):
            assert one[name] == (same[name] if same[name] and same[name] < end else None)
        if one["received_on"]:
            assert one == same


def test_another_seed_makes_another_chain(script: ModuleType) -> None:
    short = TRUTH | {"warm_up_days": 5}
    one, again, other = (script.made(short | {"seed": seed}, 3)["order_lines"] for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


def test_every_file_says_that_it_is_fictional_and_all_are_small(shipped: dict[str, pa.Table]) -> None:
    assert set(shipped) == {"order_lines", "deliveries", "stock_counts", "items"}
    for table in shipped.values():
        note = table.schema.metadata[b"note"].decode()
        assert "Fictional" in note
        assert "CC0" in note
    assert sum(path.stat().st_size for path in FOLDER.glob("*.parquet")) < 2_000_000


def test_the_readme_has_the_right_counts(shipped: dict[str, pa.Table]) -> None:
    words = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, table in shipped.items():
        (line,) = [line for line in words.splitlines() if line.startswith(f"| `{name}.parquet` |")]
        assert f"| {table.num_rows:,} |" in line
    assert f"the {shipped['deliveries']['received_on'].null_count} that had not" in words


def test_customers_come_as_they_truly_do(script: ModuleType, records: dict[str, pd.DataFrame]) -> None:
    orders = records["order_lines"].drop_duplicates("order_id")
    close(len(orders) / DAYS, NUMBERS["orders_per_day"], math.sqrt(NUMBERS["orders_per_day"] / DAYS))
    for site, share in TRUTH["sites"].items():
        close_share((orders["site"] == site).sum(), len(orders), NUMBERS[share])
    lines = records["order_lines"].groupby("order_id").size()
    for number, share in enumerate(TRUTH["orders"]["lines"], start=1):
        close_share((lines == number).sum(), len(lines), share)
    days = script.fictional.calendar(TRUTH)
    factors = script.day_factors(TRUTH, days)
    weekday = np.array([day.weekday() for day in days])
    counts = orders["day"].value_counts().reindex(pd.DatetimeIndex(days), fill_value=0).to_numpy()
    for n in range(7):
        expected = NUMBERS["orders_per_day"] * factors[weekday == n].sum()
        assert abs(counts[weekday == n].sum() - expected) < 4 * math.sqrt(expected), n
    hours = orders[orders["day"].dt.day_of_week < 5]["ordered_at"].dt.hour
    shares = np.array(TRUTH["hours"]["weekday"]) / sum(TRUTH["hours"]["weekday"])
    seen, expected = np.bincount(hours, minlength=24), shares * len(hours)
    assert seen[shares == 0].sum() == 0
    assert (((seen - expected) ** 2)[shares > 0] / expected[shares > 0]).sum() < 13 + 4 * math.sqrt(2 * 13)


def test_items_are_asked_for_as_often_as_they_truly_are(script: ModuleType, records: dict[str, pd.DataFrame]) -> None:
    """An order of one line draws each item with its share, and pieces beyond the first are geometric."""
    lines, goods = records["order_lines"], script.items(TRUTH)
    alone = lines[lines.groupby("order_id")["item_id"].transform("size") == 1]["item_id"].value_counts()
    expected = np.array([item.share for item in goods]) * alone.sum()
    seen = alone.reindex([item.code for item in goods], fill_value=0).to_numpy()
    assert ((seen - expected) ** 2 / expected).sum() < len(goods) + 4 * math.sqrt(2 * len(goods))
    mean_of = {item.code: item.mean_pieces for item in goods}
    pieces = lines.groupby(lines["item_id"].map(mean_of))["quantity"].agg(["mean", "std", "size"])
    for mean, row in pieces.iterrows():
        close(row["mean"], float(mean), row["std"] / math.sqrt(row["size"]))
    prices = dict(zip(lines["item_id"], lines["price"], strict=True))
    assert prices == {item.code: item.price for item in goods}


def cumulative(days: float, mean: float, scatter: float) -> float:
    """How many log-normal lead times are no longer than that."""
    width = math.sqrt(math.log(1 + scatter**2))
    place = (math.log(days) - math.log(mean) + width**2 / 2) / width
    return (1 + math.erf(place / math.sqrt(2))) / 2


@pytest.mark.parametrize("way", ["mill_lead_time", "importer_lead_time", "transport"])
def test_ways_take_as_long_as_they_truly_do(records: dict[str, pd.DataFrame], way: str) -> None:
    """Of what left so early that all of it has come in."""
    sent = records["deliveries"]
    start = sent["shipped_on"] if way == "transport" else sent["ordered_on"]
    lane = "depot_" if way == "transport" else way.split("_")[0]
    own = sent["lane"].str.startswith(lane) & (start >= FIRST) & (start < LAST - pd.Timedelta(days=90))
    took = (sent["received_on"][own] - start[own]).dt.days - 1
    assert took.notna().all()
    mean, scatter = NUMBERS[f"{way}_days"], NUMBERS[f"{way}_scatter"]
    for share in (0.2, 0.5, 0.8):
        middle = int(took.quantile(share))
        truth = cumulative(middle + 0.5, mean, scatter)
        close_share((took <= middle).sum(), len(took), truth)
    if way != "transport":
        overtaken = sent[own].assign(took=took).sort_values("ordered_on")
        later = overtaken.groupby("item_id")["received_on"].diff().dt.days < 0
        assert later.any(), "a later delivery may overtake an earlier one"


def test_the_depot_buys_whole_packs(script: ModuleType, records: dict[str, pd.DataFrame]) -> None:
    goods = {item.code: item for item in script.items(TRUTH)}
    bought = records["deliveries"][records["deliveries"]["lane"].str.endswith("_depot")]
    for row in bought.itertuples():
        item = goods[row.item_id]
        assert row.lane == f"{item.supplier}_depot"
        assert row.quantity % item.pack == 0
        assert row.quantity >= item.minimum


def moved(records: dict[str, pd.DataFrame], first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
    """What came to and went from each place after one evening and until another, by node and item."""
    lines, sent = records["order_lines"], records["deliveries"]
    sold = lines[(lines["day"] > first) & (lines["day"] <= last)].groupby(["site", "item_id"])["shipped"].sum()
    came = sent[(sent["received_on"] > first) & (sent["received_on"] <= last)]
    came = came.assign(node=came["lane"].str.split("_").str[1]).groupby(["node", "item_id"])["received"].sum()
    left = sent[(sent["shipped_on"] > first) & (sent["shipped_on"] <= last)]
    left = left.assign(node="depot").groupby(["node", "item_id"])["quantity"].sum()
    names = ["node", "item_id"]
    sold.index.names = names
    return came.sub(sold, fill_value=0).sub(left, fill_value=0)


def test_no_piece_appears_from_nowhere(records: dict[str, pd.DataFrame]) -> None:
    counts = records["stock_counts"].set_index(["day", "node", "item_id"])["quantity"]
    evenings = counts.index.get_level_values("day").unique()
    assert len(evenings) == 15
    for first, last in pairwise(evenings):
        change = moved(records, first, last).reindex(counts[first].index, fill_value=0)
        assert (counts[first] + change == counts[last]).all(), (first, last)
    assert counts.min() == 0
    lines = records["order_lines"]
    assert ((lines["shipped"] >= 0) & (lines["shipped"] <= lines["quantity"])).all()


def test_every_shelf_is_covered_as_the_policy_says(script: ModuleType, records: dict[str, pd.DataFrame]) -> None:
    """On the last evening, after everybody has ordered: what lies there and is to come is between s and S."""
    sent, goods = records["deliveries"], script.items(TRUTH)
    coming = sent[sent["received_on"].isna()].assign(node=lambda rows: rows["lane"].str.split("_").str[1])
    counted = records["stock_counts"].set_index(["day", "node", "item_id"])["quantity"][LAST]
    position = counted.add(coming.groupby(["node", "item_id"])["quantity"].sum(), fill_value=0)
    for site, daily in script.usual_demand(TRUTH, goods).items():
        if site != "depot":
            low, high = (np.ceil(NUMBERS[f"outlet_{part}"] * daily) for part in ("reorder_point", "order_up_to_level"))
            own = position[site].reindex([item.code for item in goods]).to_numpy()
            assert (own <= high).all()
            assert ((own > low) | (own == high)).all()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all four files in it."""
    with Store.open(tmp_path_factory.mktemp("chain") / "twin.duckdb") as opened:
        opened.create_twin("chain", "supply-chain", {"currency": "EUR", "time_zone": TRUTH["time_zone"]})
        for table in ("items", "order_lines", "deliveries", "stock_counts"):
            report = ingest(opened, "chain", FOLDER / f"{table}.parquet", table)
            assert report.rows_added == report.rows_kept == report.rows_read
        yield opened


def test_the_store_takes_all_of_it(
    store: Store, shipped: dict[str, pa.Table], records: dict[str, pd.DataFrame]
) -> None:
    snapshot = store.snapshot("chain")
    assert snapshot
    assert {name: snapshot.tables[name] for name in shipped} == {name: one.num_rows for name, one in shipped.items()}
    assert (snapshot.first_day, snapshot.last_day) == (TRUTH["first_day"], TRUTH["last_day"])
    lines = records["order_lines"]
    assert {check.name: check.rows for check in snapshot.checks if check.rows} == {
        "customer_missing": len(lines),
        "not_all_shipped": int((lines["shipped"] < lines["quantity"]).sum()),
        "on_the_way": shipped["deliveries"]["received_on"].null_count,
    }
    asked = queries.shipments_table(store, "chain")
    assert asked.num_rows == len(lines)
    assert sum(asked["shipped"].to_pylist()) == lines["shipped"].sum()
    assert queries.deliveries_table(store, "chain").num_rows == shipped["deliveries"].num_rows
    days = queries.arrivals_by_day(store, "chain").to_pydict()
    assert len(days["day"]) == DAYS
    assert sum(days["revenue"]) == pytest.approx(float((lines["shipped"] * lines["price"]).sum()))
