"""Who leaves, how long a place stays empty, and how much slower a team with beginners is, from rosters alone."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import FIRST, TODAY, Row, counter, records, step, visit
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Z90
from twin.calibrate.service import service
from twin.calibrate.staffing import LOADS, WORKERS, pace, staffing
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Team

SHIFTS = {"day": {"start": "09:00", "end": "17:00", "days": "mon-sun", "people": 2}}
NUMBERS = {
    "attrition_per_year": "attrition_per_year",
    "attrition_response": "attrition_response",
    "hiring_days": "hiring_days",
}
LAST = (pd.Timestamp(TODAY) - FIRST).days
LEVEL, UNLIKELY = 0.9, 0.001


def staffed(**numbers: str | float) -> Blueprint:
    """A counter with a team of clerks of these numbers."""
    return counter(
        teams={"clerks": {"shifts": SHIFTS} | NUMBERS | numbers}, counter={"minutes": "minutes", "times": "fixed"}
    )


def rostered(*spans: tuple[str, int, int], shift: str = "day", away: tuple[int, ...] = ()) -> list[Row]:
    """Rows for people who are on the roster from one day up to another, which is not among them."""
    return [
        ("clerks", shift, name, FIRST + pd.Timedelta(days=day), day not in away)
        for name, first, last in spans
        for day in range(first, last)
    ]


def of(rows: list[Row]) -> VisitTables:
    return records([visit(0, 5.0, 9.0)], attendance=rows)


def test_leaving_is_counted_against_the_years_worked() -> None:
    gone = [(f"gone {n}", 0, 20 + n) for n in range(5)]
    found = staffing(of(rostered(*gone, ("stays", 0, LAST), ("new", 30, LAST))), staffed()).estimates
    sure = LAST - 28  # who leaves later is not known to have left
    years = (sum(20 + n for n in range(5)) + sure + sure - 30) / 365
    assert found["attrition_per_year"].value == pytest.approx(5 / years)
    assert found["attrition_per_year"].standard_error == pytest.approx(np.sqrt(5) / years)


def test_a_holiday_is_no_farewell() -> None:
    found = staffing(of(rostered(*[(f"p{n}", 0, LAST - 20) for n in range(9)], ("stays", 0, LAST))), staffed())
    assert found.reasons["attrition_per_year"] == "0 people left the roster, 5 needed"
    assert found.reasons["attrition_response"] == LOADS


def test_empty_places_are_those_between_one_and_the_next_on_a_shift() -> None:
    spans, gaps = [("stays", 0, LAST)], [3, 5, 7, 9, 11]
    rows = rostered(*spans)
    for n, gap in enumerate(gaps):
        rows += rostered((f"old {n}", 0, 10), (f"new {n}", 10 + gap, LAST), shift=f"shift {n}")
    found = staffing(of(rows), staffed()).estimates["hiring_days"]
    assert (found.value, found.rows) == (7.0, 5)
    assert found.standard_error == pytest.approx(np.std(gaps, ddof=1) / np.sqrt(5))


def test_who_comes_before_anybody_leaves_fills_no_empty_place() -> None:
    rows = rostered(("stays", 0, LAST), ("new", 12, LAST), ("old", 0, 25))
    assert staffing(of(rows), staffed()).reasons["hiring_days"] == "0 places were filled again, 5 needed"


def test_the_interval_of_leaving_holds_the_truth_as_often_as_it_says() -> None:
    luck, truth, people, hits, datasets = np.random.default_rng(4), 12.0, 12, 0, 20
    for _ in range(datasets):
        spans: list[tuple[str, int, int]] = []
        for place in range(people):
            first = 0
            while first < LAST:
                stay = max(1, round(float(luck.exponential(365 / truth))))
                spans.append((f"{place} from {first}", first, min(first + stay, LAST)))
                first += stay
        one = staffing(of(rostered(*spans)), staffed()).estimates["attrition_per_year"]
        hits += abs(one.value - truth) <= Z90 * one.standard_error
    low, high = (int(binom.ppf(share, datasets, LEVEL)) for share in (UNLIKELY, 1 - UNLIKELY))
    assert low <= hits <= high, hits


def test_beginners_slow_a_team_by_what_they_lack() -> None:
    blueprint = staffed(learning_share=0.4, learning_days=2.0)
    assert pace(of(rostered(("a", 0, LAST), ("b", 3, LAST))), blueprint, "clerks", team(blueprint)) == 1.0
    rows = rostered(("a", 0, LAST), ("b", LAST - 4, LAST))
    lacks = [0.4 * 2.0 ** (-n / 2.0) for n in range(4)]
    mean = 1.0 - sum(lacks) / (LAST + 4)
    assert pace(of(rows), blueprint, "clerks", team(blueprint)) == pytest.approx(mean)
    missed = rostered(("a", 0, LAST)) + rostered(("b", LAST - 4, LAST), away=(LAST - 3,))
    mean = 1.0 - sum(lacks[:3]) / (LAST + 3)
    assert pace(of(missed), blueprint, "clerks", team(blueprint)) == pytest.approx(mean), "only days worked teach"
    assert pace(of(rows), staffed(learning_share=0.0), "clerks", team(staffed())) == 1.0


def test_agency_staff_stand_in_at_their_own_speed() -> None:
    blueprint = staffed(learning_share=0.4, learning_days=2.0, agency_share=0.5, agency_speed=0.8)
    away = tuple(range(LAST - 20, LAST - 10))
    tables = of(rostered(("a", 0, LAST)) + rostered(("b", 0, LAST - 6), away=away))
    own, agency = 2 * LAST - 6 - 10, 0.5 * (10 + 6)
    assert pace(tables, blueprint, "clerks", team(blueprint)) == pytest.approx((own + 0.8 * agency) / (own + agency))


def test_minutes_of_work_are_those_of_experienced_people() -> None:
    blueprint = staffed(learning_share=0.4, learning_days=1000.0)
    rows = rostered(("a", 0, LAST)) + rostered(("b", LAST - 10, LAST))
    visits = [visit(n, 10.0 * n, 10.0 * n + 8) for n in range(50)]
    steps = [step(n, 10.0 * n, 10.0 * n, 10.0 * n + 8) for n in range(50)]
    tables = records(visits, steps, attendance=rows)
    usual = pace(tables, blueprint, "clerks", team(blueprint))
    assert usual < 0.96
    assert service(tables, blueprint).estimates["minutes"].value == pytest.approx(8.0 * usual, rel=1e-3)


def test_what_rosters_cannot_tell_says_why() -> None:
    found = staffing(of(rostered(("a", 0, LAST))), staffed(learning_share="learning_share"))
    assert found.reasons["learning_share"] == WORKERS


def team(blueprint: Blueprint) -> Team:
    return blueprint.structure.teams["clerks"]
