"""How much work an order and each of its pieces is, from the time in which machines ran for it."""

import numpy as np
import pandas as pd
from scipy.stats import binom

from tests.calibrate.small_log import asking, log, states
from tests.calibrate.small_visits import FIRST, TODAY, records, step, visit
from twin.calibrate.joint import fitted
from twin.calibrate.piece_work import PieceWork, piece_work, work
from twin.calibrate.visits import COLUMNS, VisitTables, visit_tables

NAMES = ("minutes", "per_unit", "scatter")
ASKED = asking(*NAMES)


def tables(visits: list, steps: list, units: list[float]) -> VisitTables:
    """Visits with so many pieces each."""
    frames = {"visits": visits, "visit_steps": steps}
    made = {
        name: pd.DataFrame([row[: len(COLUMNS[name])] for row in rows], columns=list(COLUMNS[name]))
        for name, rows in frames.items()
    }
    return visit_tables(made["visits"].assign(units=units), made["visit_steps"], None, None, TODAY)


def test_only_the_time_in_which_the_machine_ran_is_work() -> None:
    """Set-up, a failure, a night and a wait for a hand lie within the step; the second time there is another."""
    rows = [
        (0, "set_up"), (10, "running"), (40, "failed"), (50, "repair"), (90, "idle"), (95, "running"), (105, "off"),
        (1440, "running"), (1445, "running"), (1460, "idle"),
    ]  # fmt: skip
    history = states(*[(minute, state, "usual", "v0001") for minute, state in rows])
    steps = [step(1, 0, 0, 1445), step(1, 1445, 1445, 1460)]
    found = work(tables([visit(1, 0, 1460)], steps, [7]), log(*history))
    assert found[["station", "minutes", "units", "over"]].values.tolist() == [
        ["counter", 45, 7, True],
        ["counter", 15, 7, True],
    ]


def test_clocks_of_machines_and_of_steps_may_differ_by_a_second() -> None:
    history = states((10, "running", "usual", "v0001"), (30, "idle"))
    found = work(tables([visit(1, 10, 30)], [step(1, 10, 10 + 1 / 60, 30)], [1]), log(*history))
    assert found["minutes"].tolist() == [20]


def test_orders_without_a_number_of_pieces_tell_nothing() -> None:
    history = states((10, "running", "usual", "v0001"), (30, "idle"))
    assert len(work(tables([visit(1, 10, 30)], [step(1, 10, 10, 30)], [np.nan]), log(*history))) == 0
    part = piece_work(records(), log(), {"counter": NAMES}, ASKED)
    assert part.reasons["minutes"] == "0 finished steps of orders with a number of pieces, 30 needed"


def planted(seed: int, number: int) -> PieceWork:
    """Orders of 1 to 40 pieces, a tenth of which are not done yet."""
    draws = np.random.default_rng(seed)
    units, variance = draws.integers(1, 41, number).astype(float), np.log1p(0.4**2)
    minutes = (20 + 2.0 * units) * np.exp(np.sqrt(variance) * draws.standard_normal(number) - variance / 2)
    so_far = np.where(draws.random(number) < 0.2, draws.random(number) * 100, np.inf)
    over = minutes < so_far
    return PieceWork(*NAMES, minutes[over], units[over], so_far[~over], units[~over])


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    hits, datasets, truth = np.zeros(3), 60, np.log([20.0, 2.0, 0.4])
    for seed in range(datasets):
        reached = fitted(list(NAMES), [planted(seed, 200)], {})
        hits += np.abs(reached.place - truth) <= 1.645 * np.sqrt(np.diag(reached.covariance))
    least, most = binom.ppf((0.001, 0.999), datasets, 0.9)
    assert least <= hits.min() <= hits.max() <= most, hits


def test_the_whole_way_from_records_to_numbers() -> None:
    draws, now = np.random.default_rng(5), 0.0
    visits, steps, rows, units = [], [], [], draws.integers(1, 41, 300).astype(float)
    for n in range(300):
        length = (20 + 2 * units[n]) * np.exp(0.3 * draws.standard_normal() - 0.045)
        visits.append(visit(n, now, now + length))
        steps.append(step(n, now, now, now + length))
        rows.append((now, "running", "usual", f"v{n:04d}"))
        now += length
    known = tables(visits, steps, units.tolist())
    part = piece_work(known, log(*states(*rows, (now, "idle"))), {"counter": NAMES}, ASKED)
    for name, truth in zip(NAMES, (20, 2, np.sqrt(np.expm1(0.09))), strict=True):
        one = part.estimates[name]
        assert abs(one.value - truth) <= 3 * one.standard_error, name
        assert one.standard_error < 0.15 * truth
    assert part.covariances[0][0] == NAMES
    assert known.year["arrived_at"].min() == FIRST
