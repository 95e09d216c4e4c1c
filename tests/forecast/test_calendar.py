from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from twin.errors import TwinError
from twin.forecast.calendar import Calendar, learned_calendar, public_holidays


def planted(first: date, last: date, closed) -> tuple[np.ndarray, np.ndarray]:
    days = np.arange(first, last + timedelta(days=1), dtype="datetime64[D]")
    return days, np.array([not closed(day) for day in days.tolist()])


def learned(first: date, last: date, closed, country: str = "GB") -> Calendar:
    return learned_calendar(*planted(first, last, closed), country)


def test_a_weekday_that_is_almost_never_open_stays_closed() -> None:
    once_open = date(2023, 9, 17)
    calendar = learned(date(2023, 1, 1), date(2023, 12, 20), lambda d: d.weekday() == 6 and d != once_open)
    assert calendar.weekdays == {6}
    assert calendar.closing_reason(date(2024, 2, 4)) == "closed on Sundays"
    assert calendar.closing_reason(date(2024, 2, 5)) is None


def test_a_weekday_given_up_long_ago_does_not_count() -> None:
    calendar = learned(date(2022, 1, 1), date(2023, 12, 20), lambda d: d.weekday() == 6 and d < date(2023, 1, 1))
    assert calendar.weekdays == frozenset()


def test_only_holidays_that_were_kept_are_expected_closed() -> None:
    holidays = {day for year in (2022, 2023) for day in public_holidays("DE", year)}
    kept = [day for day in holidays if day.month != 5]
    calendar = learned(date(2022, 1, 3), date(2023, 12, 20), lambda d: d in kept, "DE")
    assert calendar.closing_reason(date(2024, 10, 3)) is not None
    assert calendar.closing_reason(date(2024, 5, 1)) is None


def test_a_holiday_of_a_part_of_the_country_is_told_from_the_same_day_elsewhere() -> None:
    august_holidays = (date(2022, 8, 29), date(2023, 8, 28))
    calendar = learned(date(2022, 1, 10), date(2023, 11, 20), lambda d: d in august_holidays)
    assert calendar.closing_reason(date(2024, 8, 26)) is not None
    assert calendar.closing_reason(date(2024, 8, 5)) is None


def test_christmas_week_is_expected_again_after_it_was_seen_once() -> None:
    calendar = learned(date(2022, 6, 1), date(2023, 6, 1), lambda d: date(2022, 12, 22) <= d <= date(2023, 1, 4))
    assert not calendar.open_on(np.arange("2023-12-22", "2024-01-05", dtype="datetime64[D]")).any()
    assert calendar.open_on(np.array(["2023-12-21", "2024-01-05"], dtype="datetime64[D]")).all()
    assert "Closed each year from 22 December to 4 January." in calendar.sentences()


def test_a_summer_break_is_expected_only_once_it_came_back() -> None:
    once = learned(date(2022, 1, 1), date(2022, 12, 1), lambda d: date(2022, 7, 11) <= d <= date(2022, 7, 17))
    twice = learned(date(2022, 1, 1), date(2023, 12, 1), lambda d: d.month == 7 and 18 <= d.day <= 24)
    assert once.yearly == frozenset()
    assert twice.closing_reason(date(2024, 7, 20)) == "closed at this time of each year"


def test_easter_does_not_become_a_fixed_date() -> None:
    easter = {date(2022, 4, 15) + timedelta(days=n) for n in range(4)} | {
        date(2023, 4, 7) + timedelta(days=n) for n in range(4)
    }
    calendar = learned(date(2022, 1, 10), date(2023, 11, 20), lambda d: d in easter)
    days = np.arange("2024-03-27", "2024-04-20", dtype="datetime64[D]")
    closed = days[~calendar.open_on(days)].astype(str).tolist()
    assert [day for day in closed if day != "2024-03-30"] == ["2024-03-29", "2024-03-31", "2024-04-01"]


def test_a_single_closed_day_is_not_made_a_rule() -> None:
    calendar = learned(date(2023, 1, 10), date(2023, 12, 1), lambda d: d == date(2023, 6, 14))
    assert calendar.sentences() == []


def test_the_demo_shop_is_read_as_its_owner_would_tell_it(shop_days: pd.DataFrame) -> None:
    days, opened = shop_days["day"].to_numpy().astype("datetime64[D]"), shop_days["open"].to_numpy()
    calendar = learned_calendar(days, opened, "GB")
    assert "Closed each year from 24 December to 3 January." in calendar.sentences()
    assert calendar.closing_reason(date(2012, 6, 5)) == "Diamond Jubilee of Elizabeth II"  # never seen before
    cut = days < np.datetime64("2011-05-01")
    later = learned_calendar(days[cut], opened[cut], "GB").open_on(days[~cut])
    assert (later == opened[~cut]).all()


def test_an_unknown_country_is_an_error_that_says_what_to_give() -> None:
    with pytest.raises(TwinError, match=r"'XX'.*ISO code"):
        learned(date(2023, 1, 1), date(2023, 2, 1), lambda d: False, "XX")
