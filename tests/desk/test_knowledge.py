"""What a twin reckons with for the weeks ahead."""

import numpy as np
import pytest

from twin.desk.start import demand_ahead


def test_a_steady_shop_reckons_with_the_year() -> None:
    ahead = demand_ahead(np.full(400, 7.0), np.full(366, 7.0), 60)
    assert ahead == pytest.approx(np.ones(426))


def test_the_buyer_sees_the_four_weeks_ahead_and_no_further() -> None:
    forecast = np.full(366, 7.0)
    forecast[100:] = 14.0
    ahead = demand_ahead(np.full(400, 7.0), forecast, 60)
    assert ahead[60 + 72] == pytest.approx(1.0)
    assert ahead[60 + 86] == pytest.approx(1.5)
    assert ahead[60 + 100] == pytest.approx(2.0)


def test_a_young_shop_is_reckoned_with_from_its_first_day() -> None:
    ahead = demand_ahead(np.full(20, 5.0), np.full(90, 5.0), 60)
    assert len(ahead) == 150
    assert ahead[40:] == pytest.approx(np.ones(110))
