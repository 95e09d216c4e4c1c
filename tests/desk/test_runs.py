"""A run is played once, stored for good, found again by its name, and can be checked by anyone."""

import json
import threading
import zlib
from concurrent.futures import BrokenExecutor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.desk.conftest import NAME, Here, orders
from tests.model.small import baseline, scenario_of, small
from twin.desk import Comparison, Desk, Twin
from twin.desk.desk import UnknownRun
from twin.desk.runs import made_by
from twin.errors import TwinError, UnknownName
from twin.experiment.inputs import RunInputs
from twin.experiment.outcome import RunOutcome
from twin.spec.template import template

DAYS = 40
PRICE = ("price=+10%@2024-01-10",)


def calls(desk: Desk) -> int:
    """How much the workers have been asked so far."""
    assert isinstance(desk.executor, Here)
    return desk.executor.calls


def counted(desk: Desk, table: str) -> int:
    return int(desk.store.rows(f"select count(*) from {table}")[0][0])


def test_what_the_desk_plays_is_what_the_model_plays(shop: Twin) -> None:
    answer = shop.compare(PRICE, DAYS, 4)
    before = baseline(small(), 4)
    assert answer.baseline.outcome.sha256 == before.sha256
    assert answer.scenario.outcome.sha256 == scenario_of(small(), before, *PRICE).sha256


def test_a_worker_that_is_killed_costs_time_and_no_answer(
    shop: Twin, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, lost = Here.submit, list[object]()

    def killed_once(here: Here, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        if lost or here.calls < 1:
            return usual(here, function, *arguments, **named)
        lost.append(function)
        broken: Future[Any] = Future()
        broken.set_exception(BrokenExecutor("a worker was killed"))
        return broken

    monkeypatch.setattr(Here, "submit", killed_once)
    assert shop.run(DAYS, 4).outcome.sha256 == baseline(small(), 4).sha256
    assert lost, "a worker was lost on the way"


def test_asked_again_the_stored_run_is_the_answer(desk: Desk, shop: Twin, original: Path) -> None:
    first = shop.run(DAYS, 4)
    played = calls(desk)
    again = shop.run(DAYS, 4)
    shop.runs._cache.clear()
    read = shop.run(DAYS, 4)
    assert calls(desk) == played
    assert counted(desk, "runs") == 1
    for other in (again, read):
        assert (other.name, other.created, other.maker) == (first.name, first.created, first.maker)
        assert other.outcome.sha256 == first.outcome.sha256


@pytest.mark.parametrize(("few", "many"), [(16, 20), (8, 16), (16, 34)])
def test_more_replications_take_over_the_first_ones(desk: Desk, shop: Twin, few: int, many: int) -> None:
    first = shop.compare(PRICE, DAYS, few)
    before = calls(desk)
    more = shop.compare(PRICE, DAYS, many)
    assert calls(desk) - before == 2 * -(-(many - few) // 2)  # both sides, two replications a portion
    for side in ("baseline", "scenario"):
        one, other = getattr(first, side), getattr(more, side)
        assert one.name != other.name
        assert other.outcome.first(few).sha256 == one.outcome.sha256
        assert other.outcome.replications == many
    fresh = scenario_of(small(), baseline(small(), many), *PRICE)
    assert more.scenario.outcome.sha256 == fresh.sha256


def test_answers_come_in_and_only_the_last_is_stored(desk: Desk, shop: Twin) -> None:
    sizes = []
    for answer in shop.rehearse(PRICE, DAYS, 20):
        sizes.append(answer.replications)
        assert counted(desk, "comparisons") == (1 if answer.replications == 20 else 0)
        assert answer.baseline.outcome.replications == answer.replications
    assert sizes == [16, 20]


def test_first_numbers_come_before_all_of_as_today_is_played(desk: Desk, shop: Twin) -> None:
    before = calls(desk)
    answers = shop.rehearse(PRICE, DAYS, 64)
    assert next(answers).replications == 16
    assert calls(desk) - before == 2 * 8  # both sides, two replications a portion
    *_, last = answers
    assert last.baseline.outcome.sha256 == baseline(small(), 64).sha256


def test_a_comparison_is_stored_once_under_its_first_makers_name(desk: Desk, shop: Twin) -> None:
    made_by("Ada")
    first = shop.compare(PRICE, DAYS, 4)
    made_by("Bob")
    again = shop.compare(PRICE, DAYS, 4)
    made_by("")
    assert counted(desk, "comparisons") == 1
    assert (first.maker, again.maker, again.scenario.maker) == ("Ada", "Ada", "Ada")
    assert again.created == first.created


def test_a_stored_comparison_opens_as_it_was_made(desk: Desk, shop: Twin) -> None:
    made = shop.compare([*PRICE, "pickers_weekday=+1"], DAYS, 16)
    shop.keep(made)
    opened = desk.comparison(made.name)
    assert json.dumps(opened.contract()) == json.dumps(made.contract())
    assert (opened.created, opened.maker, opened.headline) == (made.created, made.maker, made.headline)
    assert opened.scenario.scenario == made.scenario.scenario
    assert opened.scenario.outcome.sha256 == made.scenario.outcome.sha256
    assert desk.run(made.scenario.name).scenario.texts == [*PRICE, "pickers_weekday=+1"]
    differs = opened.baseline.outcome.days != opened.scenario.outcome.days
    assert np.flatnonzero(differs.any(axis=(0, 2)))[0] == 0
    assert json.loads(desk.comparison_row(made.name).summary)["measures"] == opened.contract()["measures"]


def test_a_stored_comparison_opens_after_new_data_and_with_levers_that_stand_elsewhere(
    desk: Desk, shop: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shop.compare(["pickers_weekday=-2"], DAYS, 16)
    shop.ingest(orders(tmp_path / "more.csv", 40), "order_lines")
    assert shop.snapshot.snapshot != made.scenario.inputs.snapshot
    before = calls(desk)
    monkeypatch.setattr(Twin, "today_values", lambda self: dict.fromkeys(self.levers(), 0.0))
    opened = desk.comparison(made.name)
    assert json.dumps(opened.contract()) == json.dumps(made.contract())
    assert calls(desk) == before  # opening a link estimates nothing


def with_other_fields(content: bytes) -> bytes:
    """The stored bytes as an engine would have written them whose records began with a field of its own, told of
    no stock, and had the others the other way round."""
    columns = template("shop").structure.columns
    outcome = RunOutcome.from_bytes(content, columns)
    names = [name for name in reversed(columns) if name != "stock_value"]
    days = outcome.days[:, :, [columns[name] for name in names]]
    own = np.full((*days.shape[:2], 1), 7.0)
    return replace(outcome, days=np.concatenate([own, days], axis=2)).to_bytes(["lanterns_lit", *names])


def test_a_link_to_an_engine_with_other_fields_shows_what_both_know(desk: Desk, shop: Twin) -> None:
    made = shop.compare(PRICE, DAYS, 4)
    for run in (made.baseline, made.scenario):
        tampered(desk, run.name, with_other_fields)
    opened = desk.comparison(made.name)
    before, now = made.contract()["measures"], opened.contract()["measures"]
    of_stock = {name for name, one in opened.measured.items() if "stock_value" in (one.top, one.bottom)}
    assert of_stock
    assert opened.scenario.contract()["measures"][min(of_stock)]["mean"] is None
    assert {name: one for name, one in now.items() if name not in of_stock} == {
        name: one for name, one in before.items() if name not in of_stock
    }


def test_a_run_whose_fields_are_not_named_gets_a_sentence_where_they_are_others(desk: Desk, shop: Twin) -> None:
    made = shop.run(DAYS, 4)

    def narrower(content: bytes) -> bytes:
        outcome = RunOutcome.from_bytes(content)
        return replace(outcome, days=outcome.days[:, :, 1:]).to_bytes()

    tampered(desk, made.name, narrower)
    with pytest.raises(TwinError, match=r"had other columns .* Ask the same question again"):
        desk.run(made.name)


def test_an_old_run_can_still_be_verified_after_new_data(desk: Desk, shop: Twin, tmp_path: Path) -> None:
    made = shop.run(DAYS, 4)
    shop.ingest(orders(tmp_path / "more.csv", 40), "order_lines")
    before = calls(desk)
    assert shop.verify(desk.run(made.name)) == (True, "")
    assert calls(desk) - before <= 4  # its two portions, perhaps sent again with the bundle; nothing is estimated anew
    assert shop._knowledge is None or "bundle" not in shop._knowledge.__dict__


def test_a_true_run_is_verified(desk: Desk, shop: Twin) -> None:
    made = shop.compare(PRICE, DAYS, 4)
    for name in (made.baseline.name, made.scenario.name):
        assert shop.verify(desk.run(name)) == (True, "")


def tampered(desk: Desk, run: str, change: Any) -> None:
    """Change the stored bytes of a run, under the name that they have."""
    row = desk.store.run(run)
    assert row is not None
    content = change(desk.store.blob(row.outcome))
    with desk.store.transaction() as cursor:
        cursor.execute("update blobs set content = ? where hash = ?", [content, row.outcome])


def bit_flipped(content: bytes) -> bytes:
    outcome = RunOutcome.from_bytes(content)
    outcome.days[1, 3, 5] = np.nextafter(outcome.days[1, 3, 5], np.inf)
    return outcome.to_bytes()


@pytest.mark.parametrize("side", ["baseline", "scenario"])
def test_stored_bytes_that_someone_changed_are_found_out(desk: Desk, shop: Twin, side: str) -> None:
    run = getattr(shop.compare(PRICE, DAYS, 4), side)
    tampered(desk, run.name, bit_flipped)
    assert shop.verify(desk.run(run.name)) == (False, "")


def test_repacked_bytes_of_the_same_outcome_are_still_the_same(desk: Desk, shop: Twin) -> None:
    run = shop.run(DAYS, 4)
    tampered(desk, run.name, lambda content: zlib.compress(zlib.decompress(content), 9))
    assert shop.verify(desk.run(run.name)) == (True, "")


def test_bytes_that_are_no_outcome_are_told_in_a_sentence(desk: Desk, shop: Twin) -> None:
    run = shop.run(DAYS, 4)
    tampered(desk, run.name, lambda content: b"nothing")
    with pytest.raises(TwinError, match=r"stored result of run .* cannot be read"):
        desk.run(run.name)


def test_a_run_of_another_engine_is_neither_true_nor_false(shop: Twin) -> None:
    run = shop.run(DAYS, 4)
    other = replace(run, inputs=replace(run.inputs, engine="0123456789ab"))
    found, reason = shop.verify(other)
    assert found is None
    assert "made by engine 0123456789ab" in reason


def test_a_scenario_whose_baseline_is_gone_is_neither_true_nor_false(desk: Desk, shop: Twin) -> None:
    made = shop.compare(PRICE, DAYS, 4)
    with desk.store.transaction() as cursor:
        cursor.execute("delete from runs where run = ?", [made.baseline.name])
    found, reason = shop.verify(desk.run(made.scenario.name))
    assert (found, reason) == (None, "The baseline that this run stands on is no longer stored.")


@pytest.mark.parametrize("door", ["run", "comparison", "comparison_row"])
def test_an_unknown_run_says_what_may_have_happened(desk: Desk, door: str) -> None:
    with pytest.raises(
        UnknownRun, match=r"There is no run 'feedbeef' in this store\. It may have been made in another"
    ):
        getattr(desk, door)("feedbeef")


def test_changing_nothing_is_a_comparison_too(shop: Twin) -> None:
    answer = shop.compare([], DAYS, 16)
    assert all(one.difference == 0.0 for one in answer.differences.values())
    assert answer.scenario.outcome.sha256 == answer.baseline.outcome.sha256
    assert answer.scenario.name != answer.baseline.name


def test_versus_adds_to_the_runs_own_changes(shop: Twin) -> None:
    answer = shop.run(DAYS, 4, changes=PRICE).versus("demand=*1.1")
    assert answer.scenario.scenario.texts == [*PRICE, "demand=+10%"]
    assert answer.baseline.scenario.changes == ()


def test_two_ways_of_writing_the_same_change_are_one_run(shop: Twin) -> None:
    one, other = (shop.compare([text], DAYS, 4).scenario for text in ("price=*1.05", " price=+5.0%"))
    assert one.name == other.name


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"replications": 1}, "A run has 2 to 512 replications; 1 were asked for"),
        ({"replications": 513}, "513 were asked for"),
        ({"seed": -1}, "A seed is a whole number from 0 to 9223372036854775807; found -1"),
        ({"seed": 2**63}, "A seed is a whole number"),
        ({"days": 0}, "1 to 366 days"),
        ({"days": 41}, "The forecast reaches 40 days; 41 were asked for"),
        ({"changes": ["price[nothing]=+5%"]}, "There is no item 'nothing'"),
        ({"changes": ["wage=+5%"]}, "There is no lever 'wage'"),
    ],
)
def test_what_cannot_be_played_is_told_before_anything_is_stored(
    desk: Desk, shop: Twin, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(TwinError, match=words):
        shop.run(**({"days": DAYS, "replications": 2} | asked))
    assert counted(desk, "runs") == 0


def test_seed_zero_and_the_largest_seed_can_be_played(shop: Twin) -> None:
    names = {shop.run(3, 2, seed=seed).outcome.sha256 for seed in (0, 2**63 - 1)}
    assert len(names) == 2


def test_an_item_that_was_sold_long_ago_can_have_a_price_and_nobody_notices(shop: Twin) -> None:
    """The shop's file has items 10000 to 10012, its estimates others: nobody has bought them for a year."""
    answer = shop.compare(["price[10003]=+50%"], DAYS, 16)
    assert {one.difference for one in answer.differences.values()} == {0.0}


def test_a_refusal_in_a_worker_comes_back_as_it_was() -> None:
    import pickle

    for error in (UnknownName("item", "x", ["xy"]), UnknownRun("feed"), TwinError("no")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.__dict__) == (type(error), str(error), error.__dict__)


def test_two_people_may_ask_at_once(desk: Desk, shop: Twin) -> None:
    found: dict[int, Comparison] = {}

    def asking(n: int) -> None:
        changes = [PRICE, ("demand=*1.1",), ()][n % 3]
        found[n] = desk.twin(NAME).compare(changes, DAYS, 6)

    threads = [threading.Thread(target=asking, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    for n in range(3):
        assert found[n].name == found[n + 3].name
        assert found[n].scenario.outcome.sha256 == found[n + 3].scenario.outcome.sha256
    assert len({one.baseline.outcome.sha256 for one in found.values()}) == 1
    assert (counted(desk, "runs"), counted(desk, "comparisons")) == (4, 3)


def test_a_run_keeps_everything_that_it_needs(desk: Desk, shop: Twin) -> None:
    row = desk.store.run(shop.run(DAYS, 4, seed=3).name)
    assert row is not None
    inputs = RunInputs.parsed(row.inputs)
    assert (inputs.name, inputs.twin, inputs.days, inputs.replications, inputs.seed) == (row.run, NAME, DAYS, 4, 3)
    assert desk.store.blob(inputs.bundle) == small().to_bytes()
    assert row.outcome_sha256 == RunOutcome.from_bytes(desk.store.blob(row.outcome)).sha256


def test_the_contract_of_a_run_has_no_number_that_json_cannot_say(shop: Twin) -> None:
    nobody = shop.compare(["pickers_weekday=0", "pickers_weekend=0"], DAYS, 16)
    for answer in (nobody.scenario.contract(), nobody.contract()):
        json.dumps(answer, allow_nan=False)
    assert nobody.contract()["measures"]["cash"]["unit"] == "EUR"
    utilisation = nobody.scenario.contract()["measures"]["staff_utilisation_share"]
    assert (utilisation["mean"], utilisation["period"]) == (None, "total")
    assert nobody.contract()["measures"]["staff_utilisation_share"]["verdict"] is None
