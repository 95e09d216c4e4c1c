"""Records that are read in one file after the other: what is not known yet is empty, and nothing falls over it."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.calibrate.small_log import day, supplies
from tests.calibrate.small_visits import records, visit
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.making import first_queued, in_goods
from twin.calibrate.visits import looked_up
from twin.errors import TwinError
from twin.spec.template import template


def test_orders_of_a_factory_whose_steps_were_not_read_in_have_not_begun() -> None:
    begun = first_queued(records([visit(1, 0, 30), visit(2, 5, None)]))
    assert begun.isna().all()
    assert begun.dtype == "datetime64[us]"


def test_what_is_known_is_told_in_the_order_of_the_asking() -> None:
    known = pd.Series([pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-06")], index=["a", "b"])
    asked = pd.Series(["b", "x", "b", "a"], index=[7, 3, 5, 1])
    assert looked_up(asked, known).equals(asked.map(known))
    assert looked_up(asked, known.head(0)).isna().all()


def test_a_code_that_no_item_file_explains_is_named_with_what_to_do() -> None:
    kind = template("factory")
    blueprint = Blueprint(kind.structure, kind.declarations)
    sent = [("D1", "sawmill_stores", "70008", day(0), day(1), day(9), 10, 9)]
    with pytest.raises(TwinError, match=r"item '70008', and nothing says .* board, chair, .* Read in the items first"):
        in_goods(supplies(deliveries=sent), records(), blueprint)
    items = pd.DataFrame({"item_id": ["70008"], "description": ["Board"]})
    known = in_goods(supplies(deliveries=sent), replace(records(), items=items), blueprint)
    assert known.deliveries["item_id"].tolist() == ["board"]
