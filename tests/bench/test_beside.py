"""The arithmetic of ratios and agreement, with made-up engines."""

import math

import pytest

from bench.beside import AGREED, Engine, Estimate, Played, Race


def engine(name: str, values: list[float], at_least: float = 0.0) -> Engine:
    """An engine that has been played."""
    return Engine(name, 1, lambda part: Played(1, {}), at_least, [1.0] * len(values), {"wait": values})


def test_an_estimate_is_a_mean_and_its_standard_error() -> None:
    found = Estimate.of([1.0, 2.0, 3.0, 6.0])
    assert found.mean == 3.0
    assert found.error == pytest.approx(math.sqrt((4 + 1 + 0 + 9) / 3) / 2.0)


def test_a_known_value_has_no_error_of_its_own() -> None:
    assert Estimate(3.0, 0.5).apart(Estimate(2.0)) == 2.0


def test_the_ratio_is_taken_within_each_round() -> None:
    ours, peer = engine("ours", [1.0, 2.0, 3.0]), engine("peer", [1.0, 2.0, 3.0], at_least=2.0)
    ours.rates, peer.rates = [10.0, 60.0, 20.0], [5.0, 20.0, 20.0]
    race = Race("work", "units", [ours, peer])
    assert race.ratios(peer) == [2.0, 3.0, 1.0]
    assert "| 2 times | 1 to 3 | 3 | reached |" in next(iter(race.rows()))


def test_a_ratio_below_what_was_asked_is_called_missed() -> None:
    ours, peer = engine("ours", [1.0]), engine("peer", [1.0], at_least=4.0)
    ours.rates, peer.rates = [30.0], [10.0]
    assert "missed by 25%" in next(iter(Race("work", "units", [ours, peer]).rows()))


@pytest.mark.parametrize(("away", "word"), [(0.9 * AGREED, "agree"), (1.1 * AGREED, "DIFFER")])
def test_engines_agree_up_to_three_standard_errors_of_the_difference(away: float, word: str) -> None:
    values = [-1.0, 0.0, 1.0]
    error = Estimate.of(values).error * math.sqrt(2.0)
    race = Race("work", "units", [engine("ours", values), engine("peer", [value + away * error for value in values])])
    (row,) = race.agreement()
    assert row.endswith(f"| {word} |")


def test_theory_is_one_of_those_to_agree_with() -> None:
    race = Race("work", "units", [engine("ours", [-1.0, 0.0, 1.0]), engine("peer", [-1.0, 0.0, 1.0])], {"wait": 9.0})
    (row,) = race.agreement()
    assert "theory 9" in row
    assert row.endswith("| DIFFER |")


@pytest.mark.parametrize(("at_most", "word"), [(0.11, "reached"), (0.05, "missed by 15%")])
def test_our_standard_error_is_held_against_what_was_asked(at_most: float, word: str) -> None:
    values = [9.9, 10.0, 10.1]
    engines = [engine("ours", values), engine("peer", values)]
    (row,) = Race("work", "units", engines, {"wait": 1.0}, at_most).agreement()
    assert Estimate.of(values).error == pytest.approx(0.0577, abs=1e-4)
    assert row.endswith(f"{word} |")


def test_every_engine_plays_every_round_and_begins_in_turn() -> None:
    played: list[tuple[str, range]] = []

    def engine_of(name: str, replications: int) -> Engine:
        def play(part: range) -> Played:
            played.append((name, part))
            return Played(len(part), {"number": [float(n) for n in part]})

        return Engine(name, replications, play)

    race = Race("work", "units", [engine_of("a", 2), engine_of("b", 1)]).run(2)
    assert played[:2] == [("a", range(1)), ("b", range(1))]  # to warm up
    assert played[2:] == [("a", range(2)), ("b", range(1)), ("b", range(1, 2)), ("a", range(2, 4))]
    assert [engine.measures["number"] for engine in race.engines] == [[0.0, 1.0, 2.0, 3.0], [0.0, 1.0]]
    assert all(len(engine.rates) == 2 for engine in race.engines)
