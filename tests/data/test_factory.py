"""The fictional factory: made again it is the same, and it follows the truth that it was made from."""

import math
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
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

FOLDER = DATA / "factory"
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
NUMBERS: dict[str, float] = TRUTH["parameters"]
FIRST, LAST = pd.Timestamp(TRUTH["first_day"]), pd.Timestamp(TRUTH["last_day"])
END = LAST + pd.Timedelta(days=1)
STATIONS = {told["machines"]: (name, told["team"]) for name, told in TRUTH["stations"].items()}
SOME = 18  # days that are made again
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return generator("factory")


@pytest.fixture(scope="module")
def shipped() -> dict[str, pa.Table]:
    """The files of the project."""
    return {path.stem: pq.read_table(path) for path in FOLDER.glob("*.parquet")}


@pytest.fixture(scope="module")
def records(shipped: dict[str, pa.Table]) -> Frames:
    """The same as frames; of each state of a machine also its minutes and how many stoppages came before."""
    frames = {name: table.to_pandas() for name, table in shipped.items()}
    events = frames["machine_events"]
    by_machine = events.groupby("machine_id")
    until = by_machine["happened_at"].shift(-1).fillna(END)
    events = events.assign(until=until, minutes=(until - events["happened_at"]).dt.total_seconds() / 60)
    used = events[events["state"] != "off"]
    stands = used["state"].isin(["failed", "repair", "maintenance"])
    begins = stands & ~stands.groupby(used["machine_id"]).shift(fill_value=False)
    used = used.assign(life=begins.groupby(used["machine_id"]).cumsum())
    return frames | {"machine_events": events, "used": used}


def test_its_first_days_made_again_are_the_same(script: ModuleType, shipped: dict[str, pa.Table]) -> None:
    again = as_written(script.made(TRUTH, SOME), shipped)
    end = datetime.combine(TRUTH["first_day"], datetime.min.time()) + timedelta(days=SOME)
    frames = {name: (table.to_pandas(), shipped[name].to_pandas()) for name, table in again.items()}
    visits, whole = frames["visits"]
    assert len(visits) > 500
    whole = whole.head(len(visits))
    over = (whole["ended_at"] < end).to_numpy()
    assert over.mean() > 0.9
    assert visits[over].equals(whole[over])
    assert visits[["visit_id", "kind", "arrived_at", "units"]].equals(
        whole[["visit_id", "kind", "arrived_at", "units"]]
    )
    events, whole = frames["machine_events"]
    assert events.equals(whole[whole["happened_at"] < end].reset_index(drop=True))
    people, whole = frames["attendance"]
    assert people.equals(whole.head(len(people)))
    counts, whole = frames["stock_counts"]
    assert counts.equals(whole.head(len(counts)))
    assert again["items"].equals(shipped["items"])


def test_another_seed_makes_another_factory(script: ModuleType) -> None:
    one, again, other = (script.made(TRUTH | {"seed": seed}, 4)["machine_events"] for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


def test_every_file_says_that_it_is_fictional_and_all_are_small(shipped: dict[str, pa.Table]) -> None:
    assert len(shipped) == 7
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
    assert f"empty for the {shipped['visits']['ended_at'].null_count} that is open" in words


def test_orders_come_as_they_truly_do(script: ModuleType, records: Frames) -> None:
    every = records["visits"]
    orders = every[every["kind"] != "stool_batch"]
    days = (END - FIRST).days
    close(len(orders) / days, NUMBERS["orders_per_day"], math.sqrt(NUMBERS["orders_per_day"] / days))
    for kind in TRUTH["products"]:
        own = orders[orders["kind"] == kind]
        close_share(len(own), len(orders), NUMBERS[f"{kind}_share"])
        close(own["units"].mean(), NUMBERS[f"{kind}_units"], own["units"].std() / math.sqrt(len(own)))
    assert (orders["outcome"] == np.where(orders["ended_at"].notna(), "done", "open")).all()
    made = every[every["ended_at"].notna() & (every["kind"] != "stool")]
    close_share(made["scrapped"].sum(), made["units"].sum(), NUMBERS["scrap_share"])
    steps = records["visit_steps"]
    assembled = steps[(steps["station"] == "assembly") & steps["ended_at"].notna()]
    again = len(assembled) - assembled["visit_id"].nunique()
    close_share(again, len(assembled), NUMBERS["rework_share"])
    factors = script.day_factors(TRUTH, script.fictional.calendar(TRUTH))
    quiet = {day for day, factor in zip(script.fictional.calendar(TRUTH), factors, strict=True) if not factor}
    assert not quiet & set(every["arrived_at"].dt.date)


@pytest.mark.parametrize("group", STATIONS)
def test_work_takes_as_long_as_it_truly_does(records: Frames, group: str) -> None:
    """All the minutes that machines ran for an order, against its pieces: the mean of each size lies on a line."""
    station, _ = STATIONS[group]
    used, steps = records["used"], records["visit_steps"]
    ran = used[(used["machines"] == group) & (used["state"] == "running")].groupby("visit_id")["minutes"].sum()
    own = steps[(steps["station"] == station)].groupby("visit_id")["ended_at"].agg(["size", "count"])
    once = own.index[(own["size"] == 1) & (own["count"] == 1)]
    units = records["visits"].set_index("visit_id")["units"][once]
    mean = NUMBERS[f"{station}_minutes"] + NUMBERS[f"{station}_minutes_per_unit"] * units
    ratio = ran[once] / mean
    few, many = units <= units.median(), units > units.median()
    for chosen in (few, many):
        close(ratio[chosen].mean(), 1.0, ratio[chosen].std() / math.sqrt(chosen.sum()))
    logs = np.log(ratio)
    width = math.sqrt(math.log(1 + NUMBERS[f"{station}_scatter"] ** 2))
    close(logs.std(), width, logs.std() / math.sqrt(2 * len(logs)))


def lives(records: Frames, group: str) -> tuple[np.ndarray, np.ndarray]:
    """Running hours from one stoppage to the next, and whether they ended with a failure."""
    own = records["used"][records["used"]["machines"] == group]
    hours = own[own["state"] == "running"].groupby(["machine_id", "life"])["minutes"].sum() / 60
    ended = own[own["state"].isin(["failed", "repair", "maintenance"])]
    failed = ended[ended["state"] != "maintenance"].set_index(["machine_id", "life"]).index
    after = [(machine, life + 1) in failed for machine, life in hours.index]
    return hours.to_numpy(), np.array(after)


@pytest.mark.parametrize("group", STATIONS)
def test_machines_fail_as_they_truly_do(records: Frames, group: str) -> None:
    """Kaplan and Meier's share of machines that are still well, at three ages."""
    one = TRUTH["machines"][group]["one"]
    mean, shape = NUMBERS[f"{one}_life_hours"], NUMBERS[f"{one}_life_shape"]
    scale = mean / math.gamma(1 + 1 / shape)
    hours, failed = lives(records, group)
    assert failed.sum() > 50
    for age in (0.35 * mean, 0.6 * mean, 0.85 * mean):
        well, spread = 1.0, 0.0
        for moment in np.sort(hours[failed & (hours <= age)]):
            alive = (hours >= moment).sum()
            well, spread = well * (1 - 1 / alive), spread + 1 / (alive * max(alive - 1, 1))
        close(well, math.exp(-((age / scale) ** shape)), well * math.sqrt(spread), sharp=0.25)
    assert hours[~failed].max() < NUMBERS[f"{one}_maintain_every_hours"] + 16, "maintenance comes soon after its time"


def test_repairs_maintenance_and_set_ups_take_as_long_as_they_truly_do(records: Frames) -> None:
    used = records["used"]
    for state in ("repair", "maintenance"):
        times = used[used["state"] == state].groupby(["machine_id", "life"])["minutes"].sum()
        close(times.mean(), NUMBERS[f"{state}_minutes"], times.std() / math.sqrt(len(times)))
    for group, told in TRUTH["machines"].items():
        own = used[(used["machines"] == group) & (used["state"] == "set_up")]
        whole = own.groupby(["machine_id", "visit_id", own["happened_at"].dt.date])["minutes"].sum()
        ahead = NUMBERS[f"{told['one']}_setup_minutes"]
        assert whole.mean() == pytest.approx(ahead, rel=0.02)  # some are put down at the end of a day


def test_a_machine_is_set_up_only_for_another_kind(records: Frames) -> None:
    """What it ran last is of another kind than what it is set up for, unless the set-up had been put down."""
    used = records["used"]
    for _, own in used[used["state"].isin(["set_up", "running"])].groupby("machine_id"):
        last = None
        for state, kind, visit, before in zip(
            own["state"], own["kind"], own["visit_id"], own["visit_id"].shift(), strict=True
        ):
            if state == "set_up":
                assert kind != last or visit == before
            else:
                assert last is None or kind == last or visit == before
            last = kind


def test_nobody_works_who_did_not_come_and_nobody_at_night(records: Frames) -> None:
    came = records["attendance"].groupby(["team", "day", "shift"])["present"].sum()
    events = records["machine_events"]
    for team, groups in {told["team"]: [told["machines"]] for told in TRUTH["stations"].values()}.items():
        check_busy(came[team], events[events["machines"].isin(groups) & events["state"].isin(["running", "set_up"])])
    check_busy(came["technicians"], events[events["state"] == "repair"])


def check_busy(came: pd.Series, work: pd.DataFrame) -> None:
    """Within each shift no more of these states at once than people who came."""
    start, until = work["happened_at"], work["until"]
    assert (start.dt.date == (until - pd.Timedelta(seconds=1)).dt.date).all()
    assert start.dt.hour.between(6, 21).all()
    assert (until <= start.dt.normalize() + pd.Timedelta(hours=22)).all()
    for shift, first in (("early", 6), ("late", 14)):
        opens = start.dt.normalize() + pd.Timedelta(hours=first)
        begin, end = start.clip(lower=opens), until.clip(upper=opens + pd.Timedelta(hours=8))
        inside = begin < end
        changes = pd.concat([pd.Series(1, begin[inside]), pd.Series(-1, end[inside])])
        changes = changes.groupby(level=0).sum().sort_index()
        busy = changes.cumsum().groupby(changes.index.date).max()
        present = came.xs(shift, level="shift").reindex(busy.index, fill_value=0)
        assert (busy <= present).all(), shift


def test_no_material_appears_from_nowhere(script: ModuleType, records: Frames) -> None:
    """From one count to the next: what came in, less what the released orders are made of."""
    code, orders = script.codes(TRUTH), records["visits"].set_index("visit_id")
    steps = records["visit_steps"].drop_duplicates("visit_id")
    released = steps.set_index("visit_id")["queued_at"].dt.normalize()
    sent = records["deliveries"].assign(day=lambda rows: pd.to_datetime(rows["received_on"]))
    counts = records["stock_counts"].assign(day=lambda rows: pd.to_datetime(rows["day"]))
    for name, told in TRUTH["materials"].items():
        needed = orders["kind"].replace("stool_batch", "stool").map(told["of"]) * orders["units"]
        used = needed[released.index].groupby(released).sum()
        came = sent[sent["item_id"] == code[name]].groupby("day")["received"].sum()
        own = counts[counts["item_id"] == code[name]].set_index("day")["quantity"]
        assert len(own) == 15
        for first, last in pairwise(own.index):
            between = [one[(one.index > first) & (one.index <= last)].sum() for one in (came, used)]
            assert own[first] + between[0] - between[1] == own[last], (name, first)
    assert counts["quantity"].min() >= 0


def test_no_stool_appears_from_nowhere(script: ModuleType, records: Frames) -> None:
    """From one count to the next: what was made and is no scrap, less what customers got; it is made again when low."""
    orders, counts = records["visits"], records["stock_counts"]
    counts = counts[counts["node"] == "finished"].assign(day=lambda rows: pd.to_datetime(rows["day"]))
    assert set(counts["item_id"]) == {script.codes(TRUTH)["stool"]}
    batches, sold = (orders[orders["kind"] == kind] for kind in ("stool_batch", "stool"))
    made = (batches["units"] - batches["scrapped"]).groupby(batches["ended_at"].dt.normalize()).sum()
    got = sold["units"].groupby(sold["ended_at"].dt.normalize()).sum()
    own = counts.set_index("day")["quantity"]
    for first, last in pairwise(own.index):
        gone = got[(got.index > first) & (got.index <= last)].sum()
        assert own[last] == own[first] + made[(made.index > first) & (made.index <= last)].sum() - gone
    daily = math.prod(NUMBERS[name] for name in ("orders_per_day", "stool_share", "stool_units"))
    low, high = (math.ceil(daily * NUMBERS[f"finished_{level}"]) for level in ("reorder_point", "order_up_to_level"))
    assert batches["units"].min() >= high - low
    assert (batches["arrived_at"].dt.hour == 22).all()


@pytest.mark.parametrize("supplier", ["sawmill", "trader"])
def test_materials_take_as_long_as_they_truly_do(records: Frames, supplier: str) -> None:
    sent = records["deliveries"]
    own = sent[sent["lane"].str.startswith(supplier)]
    own = own[pd.to_datetime(own["ordered_on"]) < LAST - pd.Timedelta(days=40)]
    took = (pd.to_datetime(own["received_on"]) - pd.to_datetime(own["ordered_on"])).dt.days - 1
    close(took.mean(), NUMBERS[f"{supplier}_lead_time_days"], took.std() / math.sqrt(len(took)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all seven files in it."""
    with Store.open(tmp_path_factory.mktemp("factory") / "twin.duckdb") as opened:
        opened.create_twin("factory", "factory", {"currency": "EUR", "time_zone": TRUTH["time_zone"]})
        for path in sorted(FOLDER.glob("*.parquet")):
            report = ingest(opened, "factory", path, path.stem)
            assert report.rows_added == report.rows_kept == report.rows_read
        yield opened


def test_the_store_takes_all_of_it(store: Store, shipped: dict[str, pa.Table], records: Frames) -> None:
    snapshot = store.snapshot("factory")
    assert snapshot
    tables = {name: table.num_rows for name, table in shipped.items()}
    assert {name: snapshot.tables.get(name) for name in tables if name != "items"} == {
        name: count for name, count in tables.items() if name != "items"
    }
    assert (snapshot.first_day, snapshot.last_day) == (TRUTH["first_day"], TRUTH["last_day"])
    found = {check.name: check.rows for check in snapshot.checks if check.rows}
    way = shipped["deliveries"]["received_on"].null_count
    still_open, closed = shipped["visits"]["ended_at"].null_count, (END - FIRST).days - 294
    assert found == {
        "open_visit": still_open,
        "customer_missing": shipped["visits"].num_rows,
        "closing_day": closed,
    } | ({"on_the_way": way} if way else {})
    events = queries.machine_events_table(store, "factory")
    assert events.num_rows == shipped["machine_events"].num_rows
    assert set(events["state"].to_pylist()) == set(records["machine_events"]["state"])
    scrapped = queries.visits_table(store, "factory")["scrapped"].to_pylist()
    assert sum(one or 0 for one in scrapped) == records["visits"]["scrapped"].sum()
