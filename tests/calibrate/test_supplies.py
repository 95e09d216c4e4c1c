"""Records of a supply chain as they stood on a morning."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.small_log import day, supplies
from twin.calibrate.supplies import supply_tables
from twin.errors import TwinError

SENT = [
    ("D1", "mill_depot", "a", day(0), day(1), day(9), 10, 9),
    ("D2", "mill_depot", "a", day(5), None, None, 4, None),
]
ASKED = [("1", day(3), "north", "a", 2, 1), ("2", day(8), "north", "a", 1, 1)]


def test_on_an_earlier_morning_less_was_known() -> None:
    tables = supplies(ASKED, SENT)
    early = tables.cut(day(4).date())
    assert early.shipments["order_id"].tolist() == ["1"]
    assert early.deliveries[["delivery_id", "quantity"]].values.tolist() == [["D1", 10]]
    assert early.deliveries[["received_on", "received"]].isna().all(axis=None)
    assert early.deliveries["shipped_on"].tolist() == [day(1)]
    assert tables.cut(day(9).date()).deliveries["received_on"].isna().all()
    assert tables.cut(day(10).date()).deliveries["received"].tolist()[:1] == [9]
    with pytest.raises(TwinError, match="cannot be cut"):
        tables.cut(date(2200, 1, 1))


def test_the_order_of_rows_does_not_matter() -> None:
    one, two = supplies(ASKED, SENT), supplies(ASKED[::-1], SENT[::-1])
    assert one.shipments.equals(two.shipments)
    assert one.deliveries.equals(two.deliveries)


def test_columns_that_may_be_left_out_are_empty() -> None:
    bare = pd.DataFrame({"order_id": ["1"], "day": ["2024-01-01"], "item_id": ["a"], "quantity": [2]})
    tables = supply_tables(bare, None, None, date(2024, 2, 1))
    assert tables.shipments["site"].tolist() == [None]
    assert np.isnan(tables.shipments["shipped"].tolist()[0])
    with pytest.raises(TwinError, match="shipments has no column quantity"):
        supply_tables(bare.drop(columns="quantity"), None, None, date(2024, 2, 1))


def test_a_young_business_has_a_short_year() -> None:
    tables = supplies(ASKED, SENT, today=day(20).date())
    assert (tables.year_days, tables.since) == (17, day(3))
    assert supplies(today=day(20).date()).year_days == 0
