"""What a figure says of its runs, and what is written."""

from pathlib import Path

import pytest

from bench.figures import Figure, Section, memory_now, memory_peak, write
from bench.growth import Growth, Taken, slope


def test_a_figure_is_the_median_of_its_runs() -> None:
    assert Figure("work", 2.0, [1.0, 9.0, 2.0]).row == "| work | 2 s | 2.00 s | 1.00 to 9.00 | 3 | reached |  |"


def test_a_figure_that_is_missed_says_by_how_much() -> None:
    assert "missed by 50%" in Figure("memory", 2.0, [3.0], unit="GB").row
    assert "3.00 GB" in Figure("memory", 2.0, [3.0], unit="GB").row


def test_timing_adds_a_run() -> None:
    figure = Figure("work", 1.0).repeat(3, lambda: None)
    assert len(figure.runs) == 3
    assert all(run >= 0.0 for run in figure.runs)


@pytest.mark.parametrize("exponent", [0.0, 1.0, 1.5])
def test_the_exponent_of_growth_is_found_again(exponent: float) -> None:
    sizes = [1, 10, 50, 1_000]
    assert slope(sizes, [3.0 * size**exponent for size in sizes]) == pytest.approx(exponent, abs=1e-9)


def test_growth_is_judged_by_the_median_of_its_last_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round in which the machine was busy elsewhere says nothing; the first step is never judged."""
    largest = iter([9.0, 30.0, 9.5, 30.0, 9.0, 31.0])
    seconds = {1: lambda: 1.0, 100: lambda: 1.1, 1_000: lambda: next(largest)}
    monkeypatch.setattr("bench.growth.took", lambda work, size: Taken(seconds[size](), 5.0))
    fixed, worse = Growth("things", (1, 100, 1_000)), Growth("things", (1, 100, 1_000))
    fixed.measure()
    assert "1.00, 1.10, 9.50" in fixed.row
    assert "| 0.94 (0.91 to 1.44) | linear |" in fixed.row
    worse.measure()
    assert "| MORE THAN LINEAR |" in worse.row


def test_memory_that_was_held_shows_in_the_peak() -> None:
    before = memory_now()
    held = b"x" * 100_000_000
    assert memory_now() > before + 80.0
    del held
    assert memory_peak() > before + 80.0


def test_what_is_written_holds_every_section_and_the_machine(tmp_path: Path) -> None:
    sections = [Section("One", "Of this.", ("a", "b"), ["| 1 | 2 |"]), Section("Two", "Of that.", ("c",), ["| 3 |"])]
    write(sections, tmp_path / "found.md", "2024-01-02")
    text = (tmp_path / "found.md").read_text(encoding="utf-8")
    assert "Measured on 2024-01-02" in text
    assert "## One\n\nOf this.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Two" in text
