"""What an answer hangs on: only what moves it away from the middle counts, around the answer itself."""

from collections.abc import Sequence

import pytest

from twin.advise.reasons import Pin, reasons
from twin.experiment.inputs import Uncertain
from twin.experiment.statistics import Difference
from twin.spec.measures import BY_NAME

HEADLINE = Difference(BY_NAME["profit"], 100.0, 120.0, 20.0, 12.0, 28.0, 1.0, 0.001, 32, "better", matters=1.0)
NUMBERS = [Uncertain(name, 1.0, 0.5, 1.5, None, "linear") for name in ("wage", "price_effect", "absence_share", "idle")]
LABELS = {one.name: (one.name.title(), "x") for one in NUMBERS}
SLOPES = {"wage": 4.0, "price_effect": 50.0, "absence_share": -9.0, "idle": 0.0}


def probe(pins: Sequence[tuple[Pin, ...]], plays: Sequence[int]) -> list[list[float]]:
    """A world in which the few plays of a probe happen to lie 7 below the answer, the first even 10."""
    moved = [sum(SLOPES[name] * (value - 1.0) for name, value in pinned) for pinned in pins]
    return [[(10.0 if play == 0 else 14.0) + one for play in plays] for one in moved]


def test_the_answer_lies_inside_what_moves_it() -> None:
    found = reasons(HEADLINE, NUMBERS, LABELS, probe)
    assert [one.parameter for one in found.top] == ["price_effect", "absence_share", "wage"]
    for one in found.top:
        assert (one.difference_low + one.difference_high) / 2 == pytest.approx(HEADLINE.difference)


def test_a_verdict_that_turns_at_one_end_does_not_survive() -> None:
    found = reasons(HEADLINE, NUMBERS, LABELS, probe)
    assert found.top[0].difference_low == pytest.approx(-5.0)
    assert [one.survives for one in found.top] == [False, True, True]
    assert not found.survives


def test_a_number_that_moves_nothing_is_not_named() -> None:
    found = reasons(HEADLINE, [NUMBERS[3]], LABELS, probe)
    assert found.top == ()


def test_only_what_moves_it_most_is_played_again() -> None:
    numbers = [Uncertain(f"number_{n}", 1.0, 0.5, 1.5, None, "linear") for n in range(20)]
    asked: list[tuple[int, Sequence[int]]] = []

    def counted(pins: Sequence[tuple[Pin, ...]], plays: Sequence[int]) -> list[list[float]]:
        asked.append((len(pins), plays))
        moved = [sum(int(name[7:]) * (value - 1.0) for name, value in pinned) for pinned in pins]
        return [[one] * len(plays) for one in moved]

    found = reasons(HEADLINE, numbers, {one.name: (one.name, "x") for one in numbers}, counted)
    assert [one.parameter for one in found.top] == ["number_19", "number_18", "number_17"]
    assert asked == [(41, (0,)), (17, (1, 2, 3))]
