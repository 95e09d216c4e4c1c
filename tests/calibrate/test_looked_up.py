"""Records that are read in one file after the other: what is not known yet is empty, and nothing falls over it."""

import pandas as pd

from tests.calibrate.small_visits import records, visit
from twin.calibrate.making import first_queued
from twin.calibrate.visits import looked_up


def test_orders_of_a_factory_whose_steps_were_not_read_in_have_not_begun() -> None:
    begun = first_queued(records([visit(1, 0, 30), visit(2, 5, None)]))
    assert begun.isna().all()
    assert begun.dtype == "datetime64[us]"


def test_what_is_known_is_told_in_the_order_of_the_asking() -> None:
    known = pd.Series([pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-06")], index=["a", "b"])
    asked = pd.Series(["b", "x", "b", "a"], index=[7, 3, 5, 1])
    assert looked_up(asked, known).equals(asked.map(known))
    assert looked_up(asked, known.head(0)).isna().all()
