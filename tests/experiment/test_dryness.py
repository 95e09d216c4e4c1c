"""A supplier that never delivers is played, and the result says which shelf ran dry and when."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.model.small import baseline, small
from twin.advise.dryness import dry_words
from twin.experiment.dryness import Dry, ran_dry
from twin.records import COLUMN


def test_a_supplier_that_never_delivers_leaves_every_shelf_empty() -> None:
    shop = small(reorder_point=2.0, order_up_to_level=6.0)
    supplier = shop.structure.nodes["supplier"].model_copy(update={"delivers": 0.0})
    never = replace(shop, structure=shop.structure.model_copy(
        update={"nodes": shop.structure.nodes | {"supplier": supplier}}
    ))  # fmt: skip
    outcome = baseline(never, 4)
    stock = outcome.days[:, :, COLUMN["stock_units"]]
    assert (stock[:, -1] == 0.0).all()
    found = ran_dry(outcome.days, COLUMN, shop.structure.network.stocking)
    assert [dry.node for dry in found] == [""]
    day = found[0].day
    assert (stock[:, day:] == 0.0).mean() > 0.5
    assert found[0].lost == pytest.approx(outcome.days[:, day:, COLUMN["units_demanded"]].mean())
    assert "runs dry" in dry_words(found, {}, date(2024, 1, 1))
    assert not outcome.days[:, :, COLUMN["units_received"]].any()


def test_a_shop_that_is_supplied_is_not_dry() -> None:
    assert ran_dry(baseline(small(), 4).days, COLUMN, ["stock_room"]) == []


def test_each_place_is_told_apart_and_the_first_comes_first() -> None:
    columns = {f"{field}[{node}]": 3 * k + n for k, node in enumerate(("a", "b", "c"))
               for n, field in enumerate(("stock_units", "units_demanded", "units_shipped"))}  # fmt: skip
    days = np.ones((4, 20, 9))
    days[:, 15:, columns["stock_units[a]"]] = 0.0
    days[:, 5:, columns["stock_units[b]"]] = 0.0
    days[:, 5:, columns["units_shipped[b]"]] = 0.0
    days[:, 3:19, columns["stock_units[c]"]] = 0.0  # filled again on the last day
    assert ran_dry(days, columns, ["a", "b", "c"]) == [Dry("b", 5, 1.0), Dry("a", 15, 0.0)]
