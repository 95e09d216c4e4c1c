"""docs/proof.md: what was compared, written from the figures that make proof collected."""

import math
from collections.abc import Iterator
from pathlib import Path

from tests import theory
from tests.proof import collected
from tests.proof.customers import (
    AHEAD,
    COHORT,
    IMITATION,
    INNOVATION,
    PUBLISHED,
    SPREAD_DAYS,
    WEEK,
    bought_after,
    buyers,
    buyers_after,
    fitted_in_weeks,
    repeats_by,
)
from tests.proof.little import LARGEST_DIFFERENCE, Queue
from tests.proof.studies import STUDIES
from tests.proof.study import LARGEST_ERROR_SHARE, LARGEST_ERRORS, SEEDS, Figure, Study
from tests.proof.supply import departures

PAGE = Path(__file__).parents[2] / "docs" / "proof.md"
TEXT = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")


def write() -> list[Figure]:
    """Write the page from what was collected; returns the figures that miss a limit."""
    figures = {name: collected.figures(study) for name, study in STUDIES.items()}
    every = [figure for several in figures.values() for figure in several]
    page = TEXT.format(
        seeds=", ".join(map(str, SEEDS)),
        largest_share=f"{LARGEST_ERROR_SHARE:.1%}".replace("%", " %"),
        largest_errors=f"{LARGEST_ERRORS:g}",
        largest_difference=f"{LARGEST_DIFFERENCE:.0e}".replace("e-0", "e-"),
        studies="\n".join(section(study, figures[name]) for name, study in STUDIES.items()),
        spread="\n".join(spread(every)),
        bullwhip="\n".join(bullwhip()),
        little="\n".join(little(collected.queues())),
        fit="\n".join(fit()),
        cdnow="\n".join(cdnow({figure.name: figure for figure in every if figure.seed == SEEDS[0]})),
        **buyers(),
        bought=buyers_after(39 * WEEK),
        bass_by_days=", ".join(f"{100 * by_days(day):+.2f} %" for day in SPREAD_DAYS.values()),
    )
    PAGE.write_text(page, encoding="utf-8")
    return [figure for figure in every if not figure.holds]


def shown(value: float) -> str:
    """A figure with five significant digits, thousands apart."""
    digits = max(0, 4 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{digits}f}"


def section(study: Study, figures: list[Figure]) -> str:
    """One study with its figures on all seeds."""
    size = study.full
    lines = [
        f"### {study.name}",
        "",
        f"{study.about} Formula: {study.formula}. Source: {study.source}. {size.replications:,} replications a seed"
        + (f" of {size.length:,} visits each." if study.floor else "."),
        "",
        "| figure | theory | seed | simulated | standard error | error in standard errors |",
        "|---|---|---|---|---|---|",
    ]
    for name, value in study.theory.items():
        lines += [row(value, figure) for figure in figures if figure.name == name]
    return "\n".join([*lines, ""])


def row(value: float, figure: Figure) -> str:
    """One figure of one seed."""
    cells = (
        figure.name,
        shown(value),
        figure.seed,
        shown(figure.simulated),
        f"{100 * figure.error_share:.2f} %",
        f"{figure.errors:+.2f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def spread(figures: list[Figure]) -> Iterator[str]:
    """How many of all errors lie how far out, beside what chance alone would give."""
    yield "| error beyond | figures | expected by chance |"
    yield "|---|---|---|"
    for bound in (1.0, 2.0, 3.0):
        found = sum(abs(figure.errors) > bound for figure in figures)
        expected = len(figures) * math.erfc(bound / math.sqrt(2.0))
        yield f"| {bound:g} standard error{'s' * (bound > 1.0)} | {found} of {len(figures)} | {expected:.1f} |"


def little(queues: list[Queue]) -> Iterator[str]:
    """Each queue, on the seed that is furthest off."""
    worst: dict[tuple[str, str], Queue] = {}
    for queue in queues:
        place = (queue.floor, queue.station)
        if place not in worst or abs(queue.difference) > abs(worst[place].difference):
            worst[place] = queue
    yield "| run | queue | mean length | rate x mean wait | difference |"
    yield "|---|---|---|---|---|"
    for one in worst.values():
        product = shown(one.rate * one.wait)
        apart = f"{abs(one.difference):.0e}" if one.difference else "none"
        yield f"| {one.floor} | {one.station} | {shown(one.length)} | {product} | {apart} |"


def bullwhip() -> Iterator[str]:
    """Where the formula of the bullwhip does not hold, by how much."""
    yield "| what is different | formula | simulated | standard error |"
    yield "|---|---|---|---|"
    for name, formula, simulated, error in departures():
        yield f"| {name} | {formula:.3f} | {simulated:.3f} | {100 * error / simulated:.2f} % |"


def by_days(day: int) -> float:
    """By how much the step of a day moves the Bass curve, as a share."""
    return theory.bass_by_days(INNOVATION, IMITATION, day) / theory.bass(INNOVATION, IMITATION, day) - 1.0


def fit() -> Iterator[str]:
    """The four numbers as published and as the app fits them."""
    yield "| | published | fitted here |"
    yield "|---|---|---|"
    for (name, published), value in zip(PUBLISHED.items(), fitted_in_weeks().values.tolist(), strict=True):
        yield f"| {name} | {published:.3f} | {value:.3f} |"
    yield f"| log-likelihood | -9,582.4 | {fitted_in_weeks().log_likelihood:,.1f} |"


def cdnow(figures: dict[str, Figure]) -> Iterator[str]:
    """What the formula expects, the model plays and the customers really did."""
    yield "| repeat purchases | expected by the formula | simulated | really bought |"
    yield "|---|---|---|---|"
    for name, weeks in COHORT.items():
        yield _beside(f"new customers, to week {weeks}", figures[name], repeats_by(weeks * WEEK))
    for name, weeks in AHEAD.items():
        yield _beside(f"known customers, weeks 40-{39 + weeks}", figures[name], bought_after(weeks * WEEK))


def _beside(name: str, figure: Figure, really: int) -> str:
    return f"| {name} | {figure.theory:,.0f} | {figure.simulated:,.0f} | {really:,} |"
