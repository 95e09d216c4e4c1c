"""Whether things can be made, to order and for a shelf: goods with a price and materials, and work that makes them."""

from collections.abc import Iterator

from twin.errors import nearest
from twin.spec.structure import Kind, Structure, Values, number
from twin.spec.supply import Node


def named_faults(structure: Structure) -> Iterator[str]:
    """Orders for what is not there, or at a node that does not make it, as sentences."""
    for name, kind in structure.kinds.items():
        yield from _made(structure, f"kinds.{name}", kind) if kind.makes else _not_made(structure, name, kind)
        yield from _taken(structure, f"kinds.{name}", kind) if kind.takes else _not_taken(f"kinds.{name}", kind)
    for name, node in structure.nodes.items():
        yield from _at_stations(structure, f"nodes.{name}", name, node) if node.station else ()
    if structure.makes and structure.items:
        how = "orders are made when they come" if structure.to_order else "kinds take goods, or nodes have a station"
        yield f"items is true and {how}; where goods are sold from shelves, nothing is made so"
    for maker, goods in structure.to_order.items():
        for lane, way in structure.lanes.items():
            for good in sorted(goods & set(way.items)) if way.from_node == maker else ():
                yield f"lanes.{lane} brings '{good}', which {maker} makes to order; it is sold when it is finished"


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


def _not_made(structure: Structure, name: str, kind: Kind) -> Iterator[str]:
    for field in ("maker", "scrap_share"):
        if getattr(kind, field) and not (field == "scrap_share" and name in structure.produced):
            yield f"kinds.{name}.{field} is {getattr(kind, field)} and the kind makes nothing; say what, with makes"


def _taken(structure: Structure, place: str, kind: Kind) -> Iterator[str]:
    """Orders for what does not lie where they would take it."""
    if kind.makes:
        yield f"{place} makes '{kind.makes}' and takes '{kind.takes}'; an order is for one thing"
    if kind.takes not in structure.goods:
        yield f"{place}.takes is '{kind.takes}', which is no good. {nearest(kind.takes, structure.goods)}"
    elif structure.goods[kind.takes].price is None:
        yield f"{place} takes '{kind.takes}', and goods.{kind.takes} has no price; it is sold when it is delivered"
    if kind.shelf not in structure.nodes:
        yield f"{place}.shelf is '{kind.shelf}', which is no node. {nearest(kind.shelf, structure.nodes)}"
    elif kind.shelf not in structure.network.stocking:
        yield f"{place}.shelf is '{kind.shelf}', a supplier; name the node of its own on whose shelf the good lies"
    elif kind.takes in structure.goods and kind.takes not in structure.network.held(structure.goods)[kind.shelf]:
        yield (
            f"{place} takes '{kind.takes}' from {kind.shelf}, where it does not lie; let a lane bring it there, or "
            f"nodes.{kind.shelf}.makes make it"
        )


def _not_taken(place: str, kind: Kind) -> Iterator[str]:
    if kind.shelf:
        yield f"{place}.shelf is {kind.shelf} and the kind takes nothing from it; say what, with takes"


def _at_stations(structure: Structure, place: str, name: str, node: Node) -> Iterator[str]:
    """Work that is to make what lies on a shelf, and cannot."""
    kept = sorted(structure.network.kept(name))
    if len(kept) != 1:
        found = ", ".join(kept) or "nothing"
        yield (
            f"{place} has station = '{node.station}' and keeps {found}; one kind of work makes one good for a shelf: "
            "give each good a node of its own"
        )
    if node.station not in structure.kinds:
        near = nearest(node.station, structure.kinds)
        yield f"{place}.station is '{node.station}', which is no kind of work. {near}"
        return
    kind, others = (
        structure.kinds[node.station],
        [one for one, n in structure.nodes.items() if n.station == node.station],
    )
    if kind.makes or kind.takes or kind.booked or not kind.start:
        yield f"{place}.station is '{node.station}', which customers ask for or which starts nowhere; give it its own"
    if kind.share != 0.0:
        yield f"kinds.{node.station}.share is {kind.share} and it makes what lies at {name}; such work has share = 0"
    if others[0] != name:
        yield f"{place}.station is '{node.station}', which works for {others[0]} already; give each a kind of work"
