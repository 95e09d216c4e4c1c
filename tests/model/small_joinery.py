"""A small joinery for the tests: chairs and tables made to order from wood and board, at saws and benches."""

from dataclasses import replace
from typing import Any

from tests.model.desks import always
from tests.model.small_desk import clinic
from twin.experiment.inputs import Bundle
from twin.spec.structure import Structure

JOINERY = Structure.model_validate({
    "kinds": {
        "chair": {"start": "sawing", "share": 0.6, "makes": "seat", "maker": "works", "units": "chair_units",
                  "scrap_share": "scrap_share", "promised_hours": 48.0},
        "table": {"start": "sawing", "share": "rest", "makes": "desk", "maker": "works", "units": 3.0,
                  "scrap_share": "scrap_share", "promised_hours": 48.0},
        "repair": {"start": "workshop", "share": 0.0},
    },
    "teams": {"joiners": always(3, wage=20.0), "fitters": always(1, wage=30.0)},
    "machines": {"saws": {"count": "saws", "life_hours": 30.0, "life_shape": 1.5, "repair": {"kind": "repair"},
                          "setup_minutes": 10.0, "maintain_every_hours": 40.0, "maintenance": {"kind": "repair"}}},
    "stations": {
        "sawing": {"teams": ["joiners"], "machines": "saws", "minutes": 10.0, "minutes_per_unit": 2.0,
                   "next": {"bench": 1.0}},
        "bench": {"teams": ["joiners"], "minutes": 20.0, "minutes_per_unit": 3.0, "next": {"bench": 0.1}},
        "workshop": {"teams": ["fitters"], "minutes": 60.0},
    },
    "nodes": {
        "mill": {"role": "supplier", "delivers": "mill_delivers"},
        "works": {"role": "maker", "makes": ["seat", "desk"], "reorder_point": "reorder_point",
                  "order_up_to_level": "order_up_to_level"},
    },
    "lanes": {"road": {"from_node": "mill", "to_node": "works", "lead_time_days": "lead_time_days",
                       "lead_time_scatter": 0.4}},
    "goods": {
        "wood": {"unit_cost": 4.0}, "board": {"unit_cost": 6.5},
        "seat": {"of": {"wood": 3, "board": 1}, "price": "seat_price"},
        "desk": {"of": {"wood": 8, "board": 2}, "price": 300.0},
    },
})  # fmt: skip
PARTS = JOINERY.model_dump(exclude_defaults=True)
# The same joinery with stools: they are made for a shelf, from which dealers take them at once, and shops by van.
WITH_STOOLS = Structure.model_validate(PARTS | {
    "kinds": PARTS["kinds"] | {
        "table": PARTS["kinds"]["table"] | {"share": 0.15},
        "dealer": {"label": "Dealer", "share": 0.15, "takes": "stool", "shelf": "finished", "units": "stool_units"},
        "shop": {"label": "Shop", "share": "rest", "takes": "stool", "shelf": "finished", "units": 4.0,
                 "start": "loading"},
        "stools": {"start": "sawing", "share": 0.0, "rank": 1, "scrap_share": "scrap_share"},
    },
    "teams": PARTS["teams"] | {"drivers": always(1, wage=25.0)},
    "stations": PARTS["stations"] | {"loading": {"teams": ["drivers"], "minutes": 15.0, "minutes_per_unit": 1.0}},
    "nodes": PARTS["nodes"] | {"finished": {
        "role": "maker", "makes": ["stool"], "materials": "works", "station": "stools", "unmet": "backordered",
        "reorder_point": "shelf_reorder_point", "order_up_to_level": "shelf_order_up_to_level"}},
    "goods": PARTS["goods"] | {"stool": {"of": {"wood": 2, "board": 0.5}, "price": 35.0}},
})  # fmt: skip
NUMBERS = {
    "saws": 2.0, "chair_units": 6.0, "scrap_share": 0.05, "mill_delivers": 1.0, "reorder_point": 6.0,
    "order_up_to_level": 10.0, "lead_time_days": 4.0, "seat_price": 80.0, "price": 1.0, "price_effect": -1.0,
    "holding_cost_share": 0.1, "ordering_cost": 25.0, "stool_units": 5.0, "shelf_reorder_point": 2.0,
    "shelf_order_up_to_level": 5.0,
}  # fmt: skip
LEVERS = ("demand", "marketing", "price", "saws", "chair_units", "scrap_share", "mill_delivers", "lead_time_days")
SHELF_LEVERS = (*LEVERS, "stool_units", "shelf_reorder_point", "shelf_order_up_to_level")


def joinery(days: int = 30, structure: Structure = JOINERY, **changed: Any) -> Bundle:
    """The joinery as a business of its own."""
    bundle = clinic(structure, days, **(NUMBERS | changed))
    return replace(bundle, levers=SHELF_LEVERS if structure.produced else LEVERS)


def without_waiting(structure: Structure = WITH_STOOLS) -> Structure:
    """The same where whoever finds too few stools goes without."""
    parts = structure.model_dump(exclude_defaults=True)
    shelf = parts["nodes"]["finished"] | {"unmet": "lost"}
    return Structure.model_validate(parts | {"nodes": parts["nodes"] | {"finished": shelf}})
