"""Orders that cannot be made are refused with a sentence."""

from typing import Any

import pytest

from tests.model.small_desk import CLINIC_VALUES
from tests.model.small_joinery import JOINERY, NUMBERS
from twin.spec.soundness import moved_faults, named_faults, numbered_faults
from twin.spec.structure import Structure

VALUES = CLINIC_VALUES | NUMBERS


def faults(*place: str, value: Any = None) -> list[str]:
    """What is wrong with the joinery where one of its parts is another."""
    content = JOINERY.model_dump()
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
