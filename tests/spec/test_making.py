"""Orders that cannot be made are refused with a sentence."""

from typing import Any

import pytest

from tests.model.small_desk import CLINIC_VALUES
from tests.model.small_joinery import JOINERY, NUMBERS, WITH_STOOLS
from twin.spec.soundness import moved_faults, named_faults, numbered_faults
from twin.spec.structure import Structure

VALUES = CLINIC_VALUES | NUMBERS


def faults(*place: str, value: Any = None, of: Structure = JOINERY) -> list[str]:
    """What is wrong with the joinery where one of its parts is another."""
    content = of.model_dump()
    part = content
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    changed = Structure.model_validate(content)
    return [*named_faults(changed), *numbered_faults(changed, VALUES)]


def test_the_joinery_can_be() -> None:
    assert not [*named_faults(JOINERY), *numbered_faults(JOINERY, VALUES), *moved_faults(JOINERY, VALUES)]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("kinds", "chair", "makes"), "seta", "kinds.chair.makes is 'seta', which is no good. "),
        (("kinds", "chair", "maker"), "work", "kinds.chair.maker is 'work', which is no node. "),
        (("kinds", "chair", "maker"), "mill", "kinds.chair is made at mill, which makes nothing; put 'seat' into"),
        (("kinds", "chair", "units"), 0.5, "kinds.chair.units is 0.5; an order has at least one piece"),
        (("kinds", "repair", "scrap_share"), 0.5, "kinds.repair.scrap_share is 0.5 and the kind makes nothing"),
        (("goods", "seat", "price"), None, "kinds.chair makes 'seat', and goods.seat has no price"),
        (("items",), True, "items is true and orders are made when they come"),
        (("kinds", "chair", "scrap_share"), 1.5, "kinds.chair.scrap_share is 1.5; a share lies between 0 and 1"),
        (("lanes", "road", "items"), ["wood"], "goods.board has no source at nodes.works"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_said(place: tuple[str, ...], value: Any, said: str) -> None:
    assert any(one.startswith(said) for one in faults(*place, value=value)), faults(*place, value=value)


def test_what_is_made_to_order_is_not_sent_on() -> None:
    content = JOINERY.model_dump()
    content["nodes"]["depot"] = content["nodes"]["works"] | {"role": "warehouse", "makes": []}
    content["lanes"]["van"] = {"from_node": "works", "to_node": "depot", "items": ["seat"]}
    assert any("which works makes to order" in one for one in named_faults(Structure.model_validate(content)))


def test_the_joinery_with_a_shelf_can_be() -> None:
    for found in (named_faults(WITH_STOOLS), numbered_faults(WITH_STOOLS, VALUES), moved_faults(WITH_STOOLS, VALUES)):
        assert not list(found)
    assert WITH_STOOLS.produced == {"stools": "finished"}
    assert WITH_STOOLS.network.held(WITH_STOOLS.goods)["finished"] == {"stool"}


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("kinds", "dealer", "takes"), "stol", "kinds.dealer.takes is 'stol', which is no good. Did you mean 'stool'"),
        (("kinds", "dealer", "takes"), "wood", "kinds.dealer takes 'wood', and goods.wood has no price"),
        (("kinds", "dealer", "takes"), "", "kinds.dealer.shelf is finished and the kind takes nothing from it"),
        (("kinds", "dealer", "makes"), "seat", "kinds.dealer makes 'seat' and takes 'stool'; an order is for"),
        (("kinds", "dealer", "shelf"), "finish", "kinds.dealer.shelf is 'finish', which is no node. Did you mean"),
        (("kinds", "dealer", "shelf"), "mill", "kinds.dealer.shelf is 'mill', a supplier; name the node of its own"),
        (("kinds", "dealer", "shelf"), "works", "kinds.dealer takes 'stool' from works, where it does not lie; let a"),
        (("kinds", "chair", "start"), "", "kinds.chair.start names '', which is not there"),
        (("nodes", "finished", "station"), "stool", "nodes.finished.station is 'stool', which is no kind of work. Did"),
        (("nodes", "finished", "station"), "dealer", "nodes.finished.station is 'dealer', which customers ask for or"),
        (("nodes", "finished", "materials"), "store", "nodes.finished.materials names 'store', which is not there"),
        (("nodes", "finished", "materials"), "mill", "nodes.finished has materials = 'mill', a supplier; name the"),
        (("nodes", "finished", "materials"), "", "nodes.finished has no source; it needs a lane that leads to it"),
        (("nodes", "works", "station"), "stools", "nodes.works has station = 'stools' and keeps nothing; one kind of"),
        (("nodes", "works", "role"), "warehouse", "nodes.works has role = 'warehouse' and makes seat, desk; makers"),
        (("kinds", "stools", "share"), 0.1, "kinds.stools.share is 0.1 and it makes what lies at finished; such work"),
        (("lanes", "road", "items"), ["wood"], "goods.board has no source at nodes.works, where things are made of it"),
        (("goods", "stool", "price"), None, "kinds.dealer takes 'stool', and goods.stool has no price; it is sold"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_for_a_shelf_is_said(place: tuple[str, ...], value: Any, said: str) -> None:
    found = faults(*place, value=value, of=WITH_STOOLS)
    assert any(one.startswith(said) for one in found), found
