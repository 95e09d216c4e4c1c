"""Who falls behind, pays up and defaults, and the luck that all of them share: planted truths come back."""

from dataclasses import replace

import numpy as np
import pytest

from tests.calibrate.planted_loans import BLUEPRINT, BOOK, TRUTH, factors, planted, shares
from twin.calibrate.arrears import Steps, arrears
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.shared_luck import likelihood
from twin.spec.parameter import Declaration

PLANTS = 80
Z90 = 1.6448536269514722


def declared(name: str) -> Declaration:
    return BLUEPRINT.declarations[name]


@pytest.fixture(scope="module")
def studies() -> list[dict[str, tuple[float, float, bool]]]:
    """Of many books of 24 months: each number's distance in standard errors, its value, whether its interval held."""
    found = []
    for seed in range(PLANTS):
        part, one = arrears(planted(seed), BLUEPRINT), {}
        for name, true in TRUTH.items():
            got = part.estimates[name]
            low, high = got.interval(declared(name).scale == "log")
            one[name] = ((got.value - true) / got.standard_error, got.value, low <= true <= high)
        found.append(one)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_number_comes_back_within_three_standard_errors(seed: int) -> None:
    part = arrears(planted(seed, months=60), BLUEPRINT)
    for name, true in TRUTH.items():
        found = part.estimates[name]
        assert abs(found.value - true) <= 3 * found.standard_error, (name, found)
        assert found.standard_error < (0.35 if name == "correlation" else 0.3) * true, (name, found)


@pytest.mark.parametrize("name", list(TRUTH))
def test_intervals_of_24_months_hold_the_truth_as_often_as_they_say(
    studies: list[dict[str, tuple[float, float, bool]]], name: str
) -> None:
    held = sum(one[name][2] for one in studies) / PLANTS
    assert held >= 0.9 - 3 * np.sqrt(0.9 * 0.1 / PLANTS)


def test_all_intervals_together_are_not_much_too_wide(studies: list[dict[str, tuple[float, float, bool]]]) -> None:
    away = np.array([[one[name][0] for name in TRUTH] for one in studies])
    assert 0.6 < float(np.sqrt((away**2).mean())) < 1.1


def test_a_longer_past_makes_surer() -> None:
    short, long = (arrears(planted(3, months), BLUEPRINT).estimates for months in (24, 240))
    for name in ("late_share_month", "correlation", "persistence", "cure_response"):
        assert long[name].standard_error < 0.6 * short[name].standard_error


def test_months_without_shared_luck_show_none() -> None:
    alone = TRUTH | {"correlation": 1e-9}
    part = arrears(planted(5, 48, alone), BLUEPRINT)
    assert part.estimates["correlation"].value < 0.003


def test_without_a_factor_shares_are_those_of_the_counts() -> None:
    """With next to no shared luck the shares are plain ones, and their errors those of a share."""
    counts = planted(5, 48, TRUTH | {"correlation": 1e-9})
    found = arrears(counts, BLUEPRINT).estimates["late_share_month"]
    own = counts.counts[:, 0].sum(axis=(0, 1))
    share = own[1] / own.sum()
    assert found.value == pytest.approx(share, rel=0.02)
    assert found.standard_error > np.sqrt(share * (1 - share) / own.sum())


def test_the_months_tell_how_good_the_times_are_today() -> None:
    luck = np.random.default_rng(11)
    away = []
    for _ in range(40):
        true = factors(luck, 24, TRUTH["persistence"])
        counts = np.zeros((24, 4, 2, 4))
        for month, factor in enumerate(true):
            for behind, loans in enumerate((3000, 140, 65, 45)):
                counts[month, behind, 0] = luck.multinomial(loans, shares(behind, 0, float(factor)))
        found = arrears(Steps(counts, BOOK), BLUEPRINT).estimates["times_today"]
        away.append((true[-1] - found.value) / found.standard_error)
    assert 0.5 < float(np.sqrt(np.mean(np.square(away)))) < 1.4


def test_what_the_last_month_tells_fades() -> None:
    counts = planted(7, 48)
    now, soon, late = (arrears(counts, BLUEPRINT, later).estimates["times_today"] for later in (0, 1, 30))
    assert abs(late.value) < abs(soon.value) < abs(now.value)
    assert now.standard_error < soon.standard_error < late.standard_error < 1.05


def test_bad_times_today_and_a_low_average_hang_together() -> None:
    part = arrears(planted(7), BLUEPRINT)
    ((names, matrix),) = part.covariances
    error = np.sqrt(np.diag(matrix))
    both = names.index("late_share_month"), names.index("times_today")
    assert matrix[both] / (error[both[0]] * error[both[1]]) > 0.2
    assert np.linalg.eigvalsh(matrix).min() > -1e-12


def test_without_calls_nobody_knows_what_a_call_does() -> None:
    counts = planted(1).counts
    counts[:, :, 0] += counts[:, :, 1]
    counts[:, :, 1] = 0.0
    part = arrears(Steps(counts, BOOK), BLUEPRINT)
    assert "cure_response" not in part.estimates
    assert "called" in part.reasons["cure_response"] or "call" in part.reasons["cure_response"]
    assert part.estimates["cure_share_1"].value > TRUTH["cure_share_1"]


def test_where_everybody_is_called_no_cure_is_estimated() -> None:
    counts = planted(1).counts
    counts[:, 1:, 1] += counts[:, 1:, 0]
    counts[:, 1:, 0] = 0.0
    part = arrears(Steps(counts, BOOK), BLUEPRINT)
    assert {"cure_share_1", "cure_share_2", "cure_share_3", "cure_response"} <= set(part.reasons)
    assert "worse_share_1" in part.estimates


def test_few_months_tell_no_shared_luck_and_few_cases_no_share() -> None:
    part = arrears(planted(1, months=4), BLUEPRINT)
    assert {"correlation", "persistence", "times_today"} <= set(part.reasons)
    assert part.reasons["correlation"] == "4 months of loans, 6 needed"
    assert "late_share_month" in part.estimates
    none = arrears(Steps(np.zeros((0, 4, 2, 4)), BOOK), BLUEPRINT)
    assert not none.estimates
    assert "late_share_month" in none.reasons


def test_a_number_that_stands_twice_is_read_from_both() -> None:
    same = BOOK.late_1.model_copy(update={"worse_share": "worse_share_2"})
    book = BOOK.model_copy(update={"late_1": same})
    structure = BLUEPRINT.structure.model_copy(update={"books": {"loans": book}})
    equal = TRUTH | {"worse_share_1": TRUTH["worse_share_2"]}
    counts = replace(planted(2, 60, equal), book=book)
    found = arrears(counts, Blueprint(structure, BLUEPRINT.declarations)).estimates["worse_share_2"]
    alone = arrears(planted(2, 60, equal), BLUEPRINT).estimates["worse_share_2"]
    assert abs(found.value - TRUTH["worse_share_2"]) <= 3 * found.standard_error
    assert found.standard_error < alone.standard_error
    assert found.rows > alone.rows


def test_the_slope_is_that_of_the_likelihood() -> None:
    """Against differences of the likelihood itself, written out here."""
    counts = planted(4, 5)
    cuts = counts.cuts
    cells = counts.cells(cuts)
    place = np.r_[np.linspace(-1.8, 1.2, len(cuts)), np.linspace(-0.3, 0.3, 5)]
    for behind in range(4):  # the cuts of each state in their order
        own = [n for n, cut in enumerate(cuts) if cut.behind == behind]
        place[own] = np.sort(place[own])

    def height(at: np.ndarray) -> float:
        from scipy.special import ndtr

        total = 0.0
        for cell in cells:
            for month in range(5):
                below = np.r_[0.0, ndtr(at[list(cell.cuts)] - at[len(cuts) + month]), 1.0]
                total += float(cell.counts[month] @ np.log(np.diff(below)))
        return total

    slope, _ = likelihood(cells, place, len(cuts))
    for n in range(len(place)):
        away = np.eye(len(place))[n] * 1e-5
        assert slope[n] == pytest.approx((height(place + away) - height(place - away)) / 2e-5, rel=1e-4, abs=1e-3)
