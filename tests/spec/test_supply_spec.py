"""A supply network that cannot be is refused when it is loaded, with the place, the value and what is allowed."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest

from twin.errors import TwinError
from twin.records import BY_NODE, DAY_FIELDS
from twin.spec.template import FOLDER, parsed, template

SHOP = tomllib.loads((FOLDER / "shop.toml").read_text())
OUTLET = {"role": "outlet", "reorder_point": 2.0, "order_up_to_level": 5.0}
WAREHOUSE = OUTLET | {"role": "warehouse"}


def shop(**parts: Any) -> dict[str, Any]:
    """The shop's file with other entries; a path is written with double underscores, and None takes something out."""
    content = deepcopy(SHOP)
    for path, value in parts.items():
        *way, last = path.split("__")
        place = content
        for step in way:
            place = place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    return content


def lane(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"from_node": start, "to_node": end, **more}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        # loops
        (
            {
                "nodes__a": WAREHOUSE, "nodes__b": WAREHOUSE, "lanes__x": lane("a", "b"), "lanes__y": lane("b", "a"),
                "lanes__z": lane("a", "stock_room", share=0.0),
            },
            r"the lanes between .*a, b.* go round in a loop",
        ),
        ({"nodes__a": WAREHOUSE, "lanes__x": lane("a", "a")}, r"the lanes between a go round in a loop"),
        # levels
        ({"nodes__stock_room__reorder_point": 60.0}, r"stock_room\.reorder_point is 60 and order_up_to_level 49"),
        ({"nodes__stock_room__policy": "(R,Q)"}, r"nodes\.stock_room\.order_quantity is 0; .*more than zero"),
        ({"nodes__stock_room__policy": "(Q,q)"}, r"nodes\.stock_room\.policy: Input should be '\(s,S\)', "),
        ({"nodes__stock_room__allocation": "lottery"},
         r"stock_room\.allocation is 'lottery'; it is first come, proportional, priority, or the name of a parameter"),
        ({"nodes__stock_room__allocation": "reorder_point"},
         r"stock_room\.allocation is the parameter reorder_point, which is no choice; give it choice = 'allocation'"),
        # sources
        ({"nodes__a": WAREHOUSE}, r"nodes\.a has no source; it needs a lane"),
        ({"lanes__deliveries__rush": True}, r"nodes\.stock_room has no source; .*not only for the rush"),
        ({"goods__chair": {"of": {"wood": 2}}, "goods__wood": {}, "lanes__deliveries__items": ["chair"]},
         r"goods\.wood has no source; no lane brings it"),
        ({"nodes": {"supplier": {"role": "supplier"}}, "lanes": {}}, r"items is true and no node has role = 'outlet'"),
        # costs and other numbers
        ({"lanes__deliveries__transport_cost_per_unit": -1.0}, r"transport_cost_per_unit is -1; it cannot be negative"),
        ({"nodes__stock_room__holding_cost": -0.5}, r"holding_cost is -0\.5; it cannot be negative"),
        ({"lanes__deliveries__lead_time_days": "lead_days"}, r"is 'lead_days', and there is no parameter of that name"),
        ({"nodes__supplier__delivers": 1.5}, r"nodes\.supplier\.delivers is 1\.5; a share lies between 0 and 1"),
        ({"lanes__deliveries__pack": 0.0}, r"lanes\.deliveries\.pack is 0; it must be more than zero"),
        ({"lanes__deliveries__lead_time_days": float("inf")}, r"lead_time_days is inf; a number is needed here"),
        # bills of materials
        ({"goods__a": {"of": {"b": 1}}, "goods__b": {"of": {"a": 1}}}, r"goods\.a contains itself, by its bill"),
        ({"goods__a": {"of": {"a": 1}}}, r"goods\.a contains itself"),
        ({"goods__a": {"of": {"woood": 1}}, "goods__wood": {}}, r"names 'woood', .*Did you mean 'wood'"),
        # names
        ({"lanes__x": lane("suplier", "stock_room")}, r"from_node names 'suplier', .*Did you mean 'supplier'"),
        ({"lanes__x": lane("supplier", "shop")}, r"lanes\.x\.to_node names 'shop', which is not there"),
        ({"lanes__x": lane("stock_room", "supplier")}, r"lanes\.x leads to supplier, a supplier"),
        ({"nodes__stock_room__by_item": {"price": "v"}}, r"by_item has 'price'; by item there can be reorder_point"),
        ({"nodes__Big": OUTLET}, r"nodes has 'Big'; a name is small letters"),
        # shares
        ({"lanes__x": lane("supplier", "stock_room", share=0.5)},
         r"the shares of the lanes to stock_room are deliveries 1, x 0\.5; together they are 1"),
        ({"nodes__stall": OUTLET, "lanes__x": lane("supplier", "stall")}, r"demand_share of the outlets is .*together"),
        # parts that do not go together
        ({"nodes__stock_room__role": "maker"}, r"has role = 'maker' and makes nothing"),
        ({"nodes__stock_room__forecast": "moving average", "nodes__stock_room__levels_in": "pieces"},
         r"levels in pieces and a moving average"),
        ({"nodes__a": WAREHOUSE, "lanes__x": lane("supplier", "a"), "lanes__deliveries__from_node": "a",
          "nodes__stock_room__returns": True}, r"only suppliers take goods back"),
    ],
)  # fmt: skip
def test_a_network_that_cannot_be_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(TwinError, match=words):
        parsed(shop(**parts), "shop.toml")


def test_what_can_be_is_taken() -> None:
    more = {
        "nodes__depot": WAREHOUSE | {"allocation": "priority"}, "lanes__in": lane("supplier", "depot"),
        "lanes__onward": lane("depot", "stock_room", share=0.4), "lanes__deliveries__share": 0.6,
        "lanes__quick": lane("supplier", "stock_room", rush=True, rush_below_days=3.0),
    }  # fmt: skip
    taken = parsed(shop(**more), "shop.toml").structure
    assert taken.network.stocking == ["stock_room", "depot"]
    apart = [name for name in taken.columns if name.endswith("[depot]")]
    assert apart == [f"{field}[depot]" for field in BY_NODE]
    assert min(taken.columns[name] for name in apart) >= len(DAY_FIELDS)


def test_one_stocking_node_has_no_records_apart() -> None:
    assert not [name for name in template("shop").structure.columns if "stock_room" in name]
