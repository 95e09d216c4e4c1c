"""Whether things can be made to order: goods that have a price and materials, at a node that makes them."""

from collections.abc import Iterator

from twin.errors import nearest
from twin.spec.structure import Kind, Structure, Values, number


def named_faults(structure: Structure) -> Iterator[str]:
    """Orders for what is not there, or at a node that does not make it, as sentences."""
    for name, kind in structure.kinds.items():
        yield from _made(structure, f"kinds.{name}", kind) if kind.makes else _not_made(f"kinds.{name}", kind)
    if structure.makes and structure.items:
        yield "items is true and orders are made when they come; where goods are sold from shelves, nothing is made so"
    for node, goods in structure.to_order.items():
        for lane, way in structure.lanes.items():
            for good in sorted(goods & set(way.items)) if way.from_node == node else ():
                yield f"lanes.{lane} brings '{good}', which {node} makes to order; it is sold when it is finished"


def numbered_faults(structure: Structure, values: Values) -> Iterator[str]:
    """Orders of less than a piece."""
    for name, kind in structure.kinds.items():
        units = 1.0 if kind.units is None else number(kind.units, values)
        if units < 1.0:
            yield f"kinds.{name}.units is {units:g}; an order has at least one piece"


def _made(structure: Structure, place: str, kind: Kind) -> Iterator[str]:
    if kind.makes not in structure.goods:
        yield f"{place}.makes is '{kind.makes}', which is no good. {nearest(kind.makes, structure.goods)}"
    elif structure.goods[kind.makes].price is None:
        yield f"{place} makes '{kind.makes}', and goods.{kind.makes} has no price; it is sold when it is finished"
    if kind.maker not in structure.nodes:
        yield f"{place}.maker is '{kind.maker}', which is no node. {nearest(kind.maker, structure.nodes)}"
    elif kind.makes not in structure.nodes[kind.maker].makes:
        made = ", ".join(structure.nodes[kind.maker].makes) or "nothing"
        yield f"{place} is made at {kind.maker}, which makes {made}; put '{kind.makes}' into nodes.{kind.maker}.makes"


def _not_made(place: str, kind: Kind) -> Iterator[str]:
    for field in ("maker", "scrap_share"):
        if getattr(kind, field):
            yield f"{place}.{field} is {getattr(kind, field)} and the kind makes nothing; say what, with makes"
