"""The fictional service desk: made again it is the same, and it follows the truth that it was made from."""

import importlib.util
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twin.connect import ingest
from twin.store import Store, queries

FOLDER = Path(__file__).parents[2] / "data" / "service-desk"
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
NUMBERS: dict[str, float] = TRUTH["parameters"]
DAYS = (TRUTH["last_day"] - TRUTH["first_day"]).days + 1
START = datetime.combine(TRUTH["first_day"], datetime.min.time())
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script that makes the records."""
    told = importlib.util.spec_from_file_location("service_desk_generator", FOLDER / "generate.py")
    assert told
    assert told.loader
    module = importlib.util.module_from_spec(told)
    told.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shipped() -> dict[str, pa.Table]:
    """The files of the project."""
    return {path.stem: pq.read_table(path) for path in FOLDER.glob("*.parquet")}


@pytest.fixture(scope="module")
def records(shipped: dict[str, pa.Table]) -> dict[str, Rows]:
    """The same as rows."""
    return {name: table.to_pylist() for name, table in shipped.items()}


def close(estimate: float, name: str, standard_error: float) -> None:
    """An estimate is no further from the truth than three of its standard errors."""
    truth = NUMBERS[name]
    assert abs(estimate - truth) <= 3 * standard_error, (name, estimate, truth, standard_error)
    assert standard_error < 0.2 * truth, f"{name} is estimated too loosely for this to mean anything"


def close_share(happened: int, of: int, name: str, inflation: float = 1.0) -> None:
    """A share of so many cases; `inflation` of its variance where cases hang together."""
    share = NUMBERS[name]
    close(happened / of, name, math.sqrt(share * (1 - share) / of * inflation))


def minutes(row: dict[str, Any], first: str, last: str) -> float:
    return (row[last] - row[first]).total_seconds() / 60


def test_made_again_it_is_the_same(
    generator: ModuleType, shipped: dict[str, pa.Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["generate.py", str(tmp_path)])
    generator.main()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.parquet" for name in shipped)
    for name, table in shipped.items():
        assert pq.read_table(tmp_path / f"{name}.parquet").equals(table, check_metadata=True), name


def test_another_seed_makes_another_desk(generator: ModuleType) -> None:
    short = TRUTH | {"last_day": TRUTH["first_day"] + timedelta(days=20)}
    one, again, other = (generator.made(short | {"seed": seed}) for seed in (1, 1, 2))
    assert one["visits"].equals(again["visits"])
    assert not one["visits"].equals(other["visits"])


def test_every_file_says_that_it_is_fictional_and_all_are_small(shipped: dict[str, pa.Table]) -> None:
    assert set(shipped) == {"visits", "visit_steps", "contracts", "attendance"}
    for table in shipped.values():
        note = table.schema.metadata[b"note"].decode()
        assert "Fictional" in note
        assert "CC0" in note
    assert sum(path.stat().st_size for path in FOLDER.glob("*.parquet")) < 2_500_000


def test_the_readme_has_the_right_counts(shipped: dict[str, pa.Table]) -> None:
    words = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, table in shipped.items():
        (line,) = [line for line in words.splitlines() if line.startswith(f"| `{name}.parquet` |")]
        assert f"| {table.num_rows:,} |" in line


def test_shares_of_tickets_are_the_true_ones(records: dict[str, Rows]) -> None:
    visits = records["visits"]
    close_share(sum(row["kind"] == "urgent" for row in visits), len(visits), "urgent_share")
    ways: dict[str, list[str]] = defaultdict(list)
    for row in records["visit_steps"]:
        if row["began_at"] is not None and row["ended_at"] is None:
            continue  # still being worked on: where it goes is not known
        ways[row["visit_id"]].append(row["station"] if row["began_at"] else "waits")
    steps = [(way[n], way[n + 1] if n + 1 < len(way) else "") for way in ways.values() for n in range(len(way))]
    for station, share in (("first_line", "escalation_share"), ("second_line", "reopen_share")):
        onward = [after for before, after in steps if before == station]
        close_share(sum(after != "" for after in onward), len(onward), share)


@pytest.mark.parametrize("station", ["first_line", "second_line"])
def test_work_takes_as_long_as_it_truly_does(records: dict[str, Rows], station: str) -> None:
    done = [row for row in records["visit_steps"] if row["station"] == station and row["began_at"] and row["ended_at"]]
    work = np.array([minutes(row, "began_at", "ended_at") for row in done])
    close(float(work.mean()), f"{station}_minutes", float(work.std(ddof=1)) / math.sqrt(len(work)))
    logs = np.log(work[work > 0])
    width = float(logs.std(ddof=1))
    scatter = math.sqrt(math.exp(width**2) - 1)
    slope = width * math.exp(width**2) / scatter  # of scatter in width
    close(scatter, f"{station}_scatter", slope * width / math.sqrt(2 * len(logs)))


def test_patience_is_the_true_one(records: dict[str, Rows]) -> None:
    end = START + timedelta(days=DAYS)
    waits, given_up = 0.0, 0
    for row in records["visit_steps"]:
        if row["station"] == "first_line":
            waits += ((row["began_at"] or row["ended_at"] or end) - row["queued_at"]).total_seconds() / 60
            given_up += row["began_at"] is None and row["ended_at"] is not None
    assert given_up == sum(row["outcome"] == "abandoned" for row in records["visits"])
    close(waits / given_up, "patience_minutes", waits / given_up / math.sqrt(given_up))


def test_absence_is_the_true_one(records: dict[str, Rows]) -> None:
    rows = records["attendance"]
    length = NUMBERS["absence_spell_days"]
    share = NUMBERS["absence_share"]
    alike = 1 - 1 / length - share / (1 - share) / length  # correlation of one rostered day with the next
    close_share(sum(not row["present"] for row in rows), len(rows), "absence_share", (1 + alike) / (1 - alike))
    people: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        people[row["person"]].append(row["present"])
    spells = ["".join(map(str, came)).strip("0").split("1") for came in people.values()]
    lengths = [len(spell) for of_person in spells for spell in of_person if spell]
    close(float(np.mean(lengths)), "absence_spell_days", float(np.std(lengths, ddof=1)) / math.sqrt(len(lengths)))


@pytest.mark.parametrize("segment", ["standard", "premium"])
def test_customers_come_renew_and_open_tickets_as_they_truly_do(
    generator: ModuleType, records: dict[str, Rows], segment: str
) -> None:
    contracts = [row for row in records["contracts"] if row["segment"] == segment]
    begun = sum(row["started_on"] >= TRUTH["first_day"] for row in contracts)
    close(begun / DAYS, f"{segment}_new_per_day", math.sqrt(NUMBERS[f"{segment}_new_per_day"] / DAYS))
    due = sum(len(renewals(row)) for row in contracts)
    close_share(sum(row["ended_on"] is not None for row in contracts), due, f"{segment}_churn_share")

    opened: dict[str, int] = defaultdict(int)
    for row in records["visits"]:
        opened[row["customer_id"]] += 1
    reach = np.concatenate([[0.0], np.cumsum(generator.day_factors(TRUTH, generator.calendar(TRUTH)))])
    exposed = np.array(
        [reach[place(row["ended_on"] or date.max)] - reach[place(row["started_on"])] for row in contracts]
    )
    counts = np.array([opened[row["customer_id"]] for row in contracts])
    rate = counts.sum() / exposed.sum()
    shape, scale_days = NUMBERS[f"{segment}_rate_shape"], NUMBERS[f"{segment}_rate_scale_days"]
    error = math.sqrt(float(((counts - rate * exposed) ** 2).sum())) / exposed.sum()
    assert abs(rate - shape / scale_days) <= 3 * error, (rate, shape / scale_days, error)
    # the Gamma's shape by moments: the variance of counts beyond Poisson's is mean squared over shape
    extra = float(((counts - rate * exposed) ** 2 - counts).sum() / (exposed**2).sum()) / rate**2
    assert extra == pytest.approx(1 / shape, rel=0.35)


def renewals(contract: dict[str, Any]) -> list[date]:
    """The renewals that were due in the period, the one at which it ended included."""
    every = timedelta(days=NUMBERS["renewal_days"])
    last = contract["ended_on"] or TRUTH["last_day"]
    first = contract["started_on"] + every
    due = [first + n * every for n in range(max(0, (last - first) // every + 1))]
    return [day for day in due if day >= TRUTH["first_day"]]


def place(day: date) -> int:
    """A day's place in the period, its ends for those outside."""
    return 0 if day < TRUTH["first_day"] else min(DAYS, (day - TRUTH["first_day"]).days)


def test_days_and_hours_are_as_busy_as_they_truly_are(generator: ModuleType, records: dict[str, Rows]) -> None:
    days = generator.calendar(TRUTH)
    factors = generator.day_factors(TRUTH, days)
    assert factors.mean() == pytest.approx(1.0)
    counts = np.bincount([(row["arrived_at"] - START).days for row in records["visits"]], minlength=DAYS)
    weekday = np.array([day.weekday() for day in days])
    for n in range(7):
        expected = factors[weekday == n].sum() / DAYS * len(records["visits"])
        assert abs(counts[weekday == n].sum() - expected) < 4 * math.sqrt(expected), n
    quiet = np.array([day in TRUTH["days"]["public_holidays"] for day in days])
    expected = factors[quiet].sum() / DAYS * len(records["visits"])
    assert abs(counts[quiet].sum() - expected) < 4 * math.sqrt(expected)
    hours = [row["arrived_at"].hour for row in records["visits"] if row["arrived_at"].weekday() < 5]
    shares = np.array(TRUTH["hours"]["weekday"]) / sum(TRUTH["hours"]["weekday"])
    expected_hours = shares * len(hours)
    chi_squared = (((np.bincount(hours, minlength=24) - expected_hours) ** 2) / expected_hours).sum()
    assert chi_squared < 23 + 4 * math.sqrt(2 * 23)


def test_work_begins_only_in_shifts_and_urgent_tickets_go_first(records: dict[str, Rows]) -> None:
    kinds = {row["visit_id"]: row["kind"] for row in records["visits"]}
    for station, shifts in TRUTH["shifts"].items():
        rows = [row for row in records["visit_steps"] if row["station"] == station]
        for row in rows:
            if row["began_at"]:
                hour = row["began_at"].hour
                assert any(
                    row["began_at"].weekday() in shift["days"] and shift["hours"][0] <= hour < shift["hours"][1]
                    for shift in shifts.values()
                ), row
        for kind in ("urgent", "normal"):
            alike = [row for row in rows if kinds[row["visit_id"]] == kind and row["began_at"]]
            began = [row["began_at"] for row in sorted(alike, key=lambda row: (row["queued_at"], row["began_at"]))]
            assert all(one <= two for one, two in pairwise(began)), "first come, first served"
        waiting = [row for row in rows if kinds[row["visit_id"]] == "urgent" and row["began_at"] and passed(row)]
        normal = np.sort([np.datetime64(row["began_at"]) for row in rows if passed_over(row, kinds)])
        for row in waiting:
            inside = np.searchsorted(normal, np.datetime64(row["began_at"]), "left") - np.searchsorted(
                normal, np.datetime64(row["queued_at"]), "right"
            )
            assert inside <= 0, row


def passed(row: dict[str, Any]) -> bool:
    """Whether it waited at all, told to the second."""
    return bool(minutes(row, "queued_at", "began_at") > 0.1)


def passed_over(row: dict[str, Any], kinds: dict[str, str]) -> bool:
    """Whether work on it, a normal ticket, began."""
    return kinds[row["visit_id"]] == "normal" and row["began_at"] is not None


def test_nobody_works_who_did_not_come(records: dict[str, Rows]) -> None:
    came: dict[tuple[str, date], int] = defaultdict(int)
    for row in records["attendance"]:
        came[row["team"], row["day"]] += row["present"]
    for station in TRUTH["shifts"]:
        done = [row for row in records["visit_steps"] if row["station"] == station and row["began_at"]]
        assert {row["team"] for row in done} == {station}
        changes = sorted(
            [(row["began_at"], 1) for row in done] + [(row["ended_at"], -1) for row in done if row["ended_at"]]
        )
        busy, day = 0, None
        left_over = 0  # work of the day before that is finished after midnight, by people of that day
        for moment, change in changes:
            if moment.date() != day:
                day, left_over = moment.date(), busy
            busy += change
            assert busy <= came[station, day] + left_over, (station, moment)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all four files in it."""
    with Store.open(tmp_path_factory.mktemp("desk") / "twin.duckdb") as store:
        store.create_twin("service-desk", "service-desk", {"currency": "EUR", "time_zone": TRUTH["time_zone"]})
        for table in ("visits", "visit_steps", "contracts", "attendance"):
            report = ingest(store, "service-desk", FOLDER / f"{table}.parquet", table)
            assert report.rows_added == report.rows_kept == report.rows_read
        yield store


def test_the_store_takes_all_of_it(desk: Store, shipped: dict[str, pa.Table]) -> None:
    snapshot = desk.snapshot("service-desk")
    assert snapshot
    assert snapshot.tables == {name: table.num_rows for name, table in shipped.items()}
    assert (snapshot.first_day, snapshot.last_day) == (TRUTH["first_day"], TRUTH["last_day"])
    assert {check.name: check.rows for check in snapshot.checks if check.rows} == {"open_visit": 6}
    days = queries.arrivals_by_day(desk, "service-desk").to_pydict()
    assert len(days["day"]) == DAYS
    assert all(days["open"])
    assert sum(days["visits"]) == shipped["visits"].num_rows
    assert queries.visit_steps_table(desk, "service-desk").num_rows == shipped["visit_steps"].num_rows
