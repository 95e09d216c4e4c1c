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


def test_growth_is_judged_by_its_last_step() -> None:
    fixed = Growth("things", [1, 100, 1_000], [Taken(1.0, 5.0), Taken(1.1, 5.0), Taken(9.0, 50.0)])
    worse = Growth("things", [1, 100, 1_000], [Taken(1.0, 5.0), Taken(1.1, 5.0), Taken(30.0, 50.0)])
    assert "| linear |" in fixed.row
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
