"""How long deliveries take: whole days, some still on their way, some that waited before they left."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, lognorm

from tests.calibrate.small_log import asking, day, supplies
from tests.calibrate.small_visits import TODAY
from twin.calibrate.joint import fitted
from twin.calibrate.lead_times import LeadTimes, lead_times
from twin.calibrate.supplies import SupplyTables, supply_tables

DATASETS = 100
LANE = {"mill_depot": ("days", "scatter")}
BOTH = asking("days", "scatter")


def delivery(number: int, ordered: float, received: float | None, left: float | None = None, lane: str = "mill_depot"):
    return f"D{number:03d}", lane, "10001", day(ordered), day(left), day(received), 10, None


def seen(seed: int, mean: float, scatter: float, number: int, days: int) -> LeadTimes:
    """The same without the days: how long each took, and how long those on their way have taken so far."""
    draws = np.random.default_rng(seed)
    variance = np.log1p(scatter**2)
    took = np.floor(mean * np.exp(np.sqrt(variance) * draws.standard_normal(number) - variance / 2) + 0.5)
    so_far = draws.integers(0, days, number)
    came, waits = (
        np.unique(took[took < so_far], return_counts=True),
        np.unique(so_far[took >= so_far], return_counts=True),
    )
    return LeadTimes("days", "scatter", *came, *waits)


def planted(seed: int, mean: float, scatter: float, number: int, days: int) -> SupplyTables:
    """Deliveries ordered on random evenings, each in the stock on the morning after its time has passed."""
    draws = np.random.default_rng(seed)
    variance = np.log1p(scatter**2)
    took = mean * np.exp(np.sqrt(variance) * draws.standard_normal(number) - variance / 2)
    ordered = pd.Series(pd.Timestamp(TODAY) - pd.to_timedelta(draws.integers(1, days + 1, number), unit="D"))
    frame = {"delivery_id": [f"D{n}" for n in range(number)], "lane": "mill_depot", "item_id": "1", "quantity": 1}
    came = ordered + pd.to_timedelta(1 + np.floor(took + 0.5), unit="D")
    return supply_tables(None, pd.DataFrame(frame).assign(ordered_on=ordered, received_on=came), None, TODAY)


def test_the_likelihood_is_that_of_a_rounded_log_normal() -> None:
    one = LeadTimes("days", "scatter", np.array([0, 1, 5]), np.array([2, 3, 1]), np.array([0, 4]), np.array([5, 2]))
    width = np.sqrt(np.log1p(0.6**2))
    law = lognorm(width, scale=2.0 * np.exp(-(width**2) / 2))
    expected = 2 * np.log(law.cdf(0.5)) + 3 * np.log(law.cdf(1.5) - law.cdf(0.5)) + np.log(law.cdf(5.5) - law.cdf(4.5))
    expected += 2 * law.logsf(3.5)
    assert one.log_likelihood({"days": 2.0, "scatter": 0.6}) == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(one.log_likelihood({"days": 1e-3, "scatter": 0.01}))


@pytest.mark.parametrize(
    ("mean", "scatter", "number", "days"), [(12.0, 0.35, 80, 60), (1.1, 0.5, 100, 90), (20.0, 0.3, 50, 45)]
)
def test_the_intervals_hold_the_truth_as_often_as_they_say(mean: float, scatter: float, number: int, days: int) -> None:
    """The second are so short that rounding is most of what is seen; of the third half are still on their way."""
    hits = np.zeros(2)
    for seed in range(DATASETS):
        reached = fitted(["days", "scatter"], [seen(seed, mean, scatter, number, days)], {})
        reach = 1.645 * np.sqrt(np.diag(reached.covariance))
        hits += np.abs(reached.place - np.log([mean, scatter])) <= reach
    least, most = binom.ppf((0.001, 0.999), DATASETS, 0.9)
    assert least <= hits.min() <= hits.max() <= most, hits


def test_what_is_on_its_way_makes_lead_times_longer() -> None:
    """Without it only the fast ones would be known: on average a third too short."""
    naive, whole = [], []
    for seed in range(20):
        tables = planted(seed, 20.0, 0.3, 200, 28)
        came = tables.deliveries.dropna(subset="received_on")
        naive.append((came["received_on"] - came["ordered_on"]).dt.days.mean() - 1)
        whole.append(lead_times(tables, LANE, BOTH).estimates["days"].value)
    assert np.mean(naive) < 17
    assert abs(np.mean(whole) - 20) < 3 * np.std(whole) / np.sqrt(20)


def test_the_way_is_counted_from_where_it_left() -> None:
    sent = [delivery(n, n, n + 9 + n % 2, left=n + 5) for n in range(40)]
    waits = [delivery(90, 66, None), delivery(91, 20, None)]
    found = lead_times(supplies(deliveries=[*sent, *waits]), LANE, BOTH).estimates["days"]
    assert found.value == pytest.approx(3.5, abs=0.05)
    ordered = [delivery(n, n, n + 9 + n % 2) for n in range(40)]
    assert lead_times(supplies(deliveries=ordered), LANE, BOTH).estimates["days"].value == pytest.approx(8.5, abs=0.05)


def test_items_that_came_together_came_once() -> None:
    once = [delivery(n, n, n + 5 + n % 3) for n in range(30)]
    five = [(row[0], row[1], f"1000{item}", *row[3:]) for row in once for item in range(5)]
    one, same = (lead_times(supplies(deliveries=rows), LANE, BOTH).estimates["days"] for rows in (once, five))
    assert (one.value, one.standard_error, one.rows) == (same.value, same.standard_error, same.rows)


def test_lanes_that_share_a_name_are_estimated_together() -> None:
    rows = [delivery(n, n, n + 5 + n % 3, lane="depot_north" if n % 2 else "depot_south") for n in range(60)]
    lanes = dict.fromkeys(("depot_north", "depot_south"), ("days", "scatter"))
    part = lead_times(supplies(deliveries=rows), lanes, BOTH)
    assert part.estimates["days"].rows == 60
    apart = {name: (f"{name}_days", "scatter") for name in lanes}
    part = lead_times(supplies(deliveries=rows), apart, asking("depot_north_days", "depot_south_days", "scatter"))
    assert [names for names, _ in part.covariances] == [("depot_north_days", "scatter", "depot_south_days")]


def test_too_few_deliveries_leave_the_assumption() -> None:
    part = lead_times(supplies(deliveries=[delivery(n, n, n + 5) for n in range(9)]), LANE, BOTH)
    assert part.estimates == {}
    assert part.reasons["days"] == "9 deliveries, 10 needed"
    given = lead_times(planted(1, 12.0, 0.35, 80, 60), {"mill_depot": ("days", 0.35)}, BOTH)
    assert list(given.estimates) == ["days"]


def test_deliveries_that_all_took_the_same_give_a_wide_but_finite_scatter() -> None:
    found = lead_times(supplies(deliveries=[delivery(n, n, n + 6) for n in range(30)]), LANE, BOTH).estimates
    assert found["days"].value == pytest.approx(5, abs=0.3)
    assert 0 < found["scatter"].value < 0.2
    assert np.isfinite(found["scatter"].standard_error)


def test_only_orders_of_the_last_year_count() -> None:
    old = [delivery(n, n - 400, n - 360) for n in range(40)]
    new = [delivery(100 + n, n, n + 5 + n % 3) for n in range(40)]
    both, only = (lead_times(supplies(deliveries=rows), LANE, BOTH).estimates["days"] for rows in ([*old, *new], new))
    assert (both.value, both.rows) == (only.value, only.rows)
