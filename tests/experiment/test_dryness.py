"""A supplier that never delivers is played, and the result says which shelf ran dry and when."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.model.small import baseline, pair, small
from twin.advise.dryness import dry_words, items_words
from twin.experiment.dryness import Dry, ItemsDry, items_dry, ran_dry
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


def test_items_that_a_supplier_who_is_out_leaves_empty_are_named_with_their_day() -> None:
    """Three weeks without deliveries empty single shelves, and not the whole place: nothing said so before."""
    shop = small(reorder_point=5.0, order_up_to_level=10.0, lead_time_days=2.0)
    before, after = pair(shop, "supplier_delivers=0@2024-01-08:2024-01-28", replications=8)
    assert ran_dry(after.days, COLUMN, shop.structure.network.stocking) == []
    found = items_dry(after, shop.structure, before)
    assert [one.node for one in found] == ["stock_room"]
    one, usual = found[0], items_dry(before, shop.structure)
    assert one.kept == 11
    assert len(one.items) > sum(len(told.items) for told in usual) == one.usual
    assert all(day >= 7 for _, day in one.items), "nothing is out before it could be"
    assert [day for _, day in one.items] == sorted(day for _, day in one.items)
    lost = (after.days[:, :, COLUMN["units_demanded"]] - after.days[:, :, COLUMN["units_shipped"]]).sum(axis=1)
    assert one.lost == pytest.approx(lost.mean())
    assert one.usual_lost < one.lost
    words = items_words(found, {"stock_room": "Stock room"}, "item {}".format, date(2024, 1, 1))
    first = one.items[0]
    assert words.startswith(
        f"Out for a week or longer: {len(one.items)} of 11 items ({one.usual or 'none'} as today) at"
    )
    assert f"first item {first[0]} from {8 + first[1] - 7} January 2024" in words
    assert "pieces are lost there" in words


def test_an_item_is_named_by_the_first_evening_of_a_week_without_it_in_most_plays() -> None:
    shop = small()
    outcome = baseline(shop, 4)
    when = np.zeros_like(outcome.dry_from)
    place = list(shop.structure.nodes).index("stock_room")
    when[:, place, 3], when[:3, place, 5], when[:2, place, 7] = 12, 3, 9
    found = items_dry(replace(outcome, dry_from=when), shop.structure)
    assert found == [ItemsDry("stock_room", 11, ((5, 2), (3, 11)), found[0].lost)]
    again = items_dry(replace(outcome, dry_from=when), shop.structure, replace(outcome, dry_from=when))
    assert again == [], "what is out on both sides from the same day on is none of the change's doing"


def test_few_items_are_not_worth_a_sentence() -> None:
    assert items_words([ItemsDry("shop", 500, ((1, 2),), 3.0)], {}, str, date(2024, 1, 1)) == ""
