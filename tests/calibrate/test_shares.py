"""Where work goes and of which kind it is: shares with errors that hold also where a way is hardly ever taken."""

import numpy as np
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import counter, records, step, visit
from twin.calibrate.shares import Split, jeffreys, kinds, routes, shares

DATASETS = 400
ONWARD = {"desk": "to_desk", "office": "to_office"}


def way(number: int, *stations: str, outcome: str = "done") -> tuple[list, list]:
    """A visit that is served for five minutes at each station in turn."""
    start, length = 20.0 * number, 5.0
    steps = [
        step(number, start + length * n, start + length * n, start + length * (n + 1), station)
        for n, station in enumerate(stations)
    ]
    ended = None if outcome == "open" else start + length * len(stations)
    return [visit(number, start, ended, outcome)], steps


def ways(*stations_of_visits: tuple[str, ...]) -> tuple[list, list]:
    found = [way(number, *stations) for number, stations in enumerate(stations_of_visits)]
    return [row for visits, _ in found for row in visits], [row for _, steps in found for row in steps]


def test_finished_steps_are_followed_to_where_they_went() -> None:
    tables = records(*ways(*[("counter",)] * 50, *[("counter", "desk")] * 30, *[("counter", "office")] * 20))
    found = routes(tables, counter(counter={"next": ONWARD}, desk={}, office={}))
    assert found.estimates["to_desk"].value == pytest.approx(30.5 / 101.5)
    assert found.estimates["to_office"].value == pytest.approx(20.5 / 101.5)
    assert found.estimates["to_desk"].rows == 100
    ((names, matrix),) = found.covariances
    assert names == ("to_desk", "to_office")
    assert matrix[0, 1] == pytest.approx(-30.5 * 20.5 / 101.5**2 / 102.5)
    assert np.sqrt(matrix[0, 0]) == pytest.approx(found.estimates["to_desk"].standard_error)


def test_coming_back_to_the_same_station_is_a_way_too() -> None:
    tables = records(*ways(*[("counter", "counter")] * 20, *[("counter",)] * 20))
    found = routes(tables, counter(counter={"next": {"counter": "again"}})).estimates["again"]
    assert (found.rows, found.value) == (60, pytest.approx(20.5 / 61))


def test_where_an_open_visit_goes_next_is_not_known_yet() -> None:
    visits, steps = ways(*[("counter",)] * 30, *[("counter", "desk")] * 10)
    open_visit, open_steps = way(99, "counter", "desk", outcome="open")
    found = routes(
        records([*visits, *open_visit], [*steps, *open_steps]), counter(counter={"next": ONWARD}, desk={}, office={})
    )
    assert found.estimates["to_desk"].rows == 41
    assert found.estimates["to_desk"].value == pytest.approx(11.5 / 42.5)


def test_a_name_at_two_stations_takes_both_into_account() -> None:
    tables = records(*ways(*[("counter", "office")] * 10, *[("counter",)] * 30, *[("desk", "office")] * 30))
    blueprint = counter(counter={"next": {"office": "on"}}, desk={"next": {"office": "on"}}, office={})
    found = routes(tables, blueprint).estimates["on"]
    assert (found.rows, found.value) == (70, pytest.approx(41 / 72))


def test_results_of_tests_are_not_in_the_records() -> None:
    content = {"next": ONWARD, "test": {"sensitivity": 0.9, "specificity": 0.9}}
    tables = records(*ways(*[("counter", "desk")] * 40))
    assert routes(tables, counter(counter=content, desk={}, office={})).estimates == {}


def test_too_few_cases_leave_the_assumption() -> None:
    found = routes(records(*ways(*[("counter", "desk")] * 9)), counter(counter={"next": ONWARD}, desk={}, office={}))
    assert found.estimates == {}
    assert found.reasons["to_desk"] == "9 finished steps of visits of the last year, 20 needed"


def test_shares_of_kinds_sum_to_one_however_they_are_drawn() -> None:
    blueprint = counter(
        kinds={
            "usual": {"start": "counter", "share": "usual_share"},
            "hard": {"start": "counter", "share": "hard_share"},
            "fixed": {
                "start": "counter",
                "booked": {"start": "09:00", "end": "12:00", "every_minutes": 30},
            },
        },
        counter={},
    )
    rows = [visit(n, 10.0 * n, 10.0 * n + 5, kind="hard" if n % 4 == 0 else "usual") for n in range(80)]
    booked = [visit(200 + n, 10.0 * n, 10.0 * n + 5, kind="fixed") for n in range(50)]
    found = kinds(records([*rows, *booked]), blueprint)
    assert found.estimates["hard_share"].value == pytest.approx(20.5 / 81)
    assert sum(one.value for one in found.estimates.values()) == pytest.approx(1)
    ((_, matrix),) = found.covariances
    assert np.ones(2) @ matrix @ np.ones(2) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("share", "cases"), [(0.04, 150), (0.3, 40), (0.9, 60)])
def test_the_interval_of_a_share_holds_it_as_often_as_it_says(share: float, cases: int) -> None:
    """Over what can happen, exactly: the nominal 90 % is met on average, not by each share and number of cases."""
    held = 0.0
    for count in range(cases + 1):
        values, covariance, _ = jeffreys(["share"], [Split([("share", count)], cases, 2)])
        reach = 1.645 * np.sqrt(covariance[0, 0])
        held += float(binom.pmf(count, cases, share)) * (abs(values[0] - share) <= reach)
    assert 0.85 < held < 0.95


def test_several_ways_hold_the_truth_together() -> None:
    """The squared distance in units of the joint error follows chi-square with as many degrees as names."""
    draws, truth = np.random.default_rng(5), np.array([0.2, 0.1, 0.3])
    names = ["a", "b", "c"]
    inside = 0
    for counts in draws.multinomial(300, [*truth, 0.4], DATASETS):
        values, covariance, _ = jeffreys(names, [Split(list(zip(names, counts[:3], strict=True)), 300, 4)])
        inside += (values - truth) @ np.linalg.solve(covariance, values - truth) <= 6.251  # 90 % of chi-square, 3
    assert binom.ppf(0.001, DATASETS, 0.9) <= inside <= binom.ppf(0.999, DATASETS, 0.9)


def test_a_plan_is_not_estimated() -> None:
    blueprint = counter(counter={"next": {"desk": 0.2}}, desk={})
    assert shares([Split([(0.2, 30)], 100, 2)], blueprint, "cases").estimates == {}
