"""Which numbers of a business its records are asked for: those that its structure names and that are no plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from twin.spec.parameter import Declaration
from twin.spec.structure import Number, Structure, number

SAME = {"minutes_of": "minutes", "patience_of": "patience_minutes"}


@dataclass(frozen=True)
class Blueprint:
    """A structure with the template's declarations of the numbers that it names, and what its work is called."""

    structure: Structure
    declarations: Mapping[str, Declaration]
    work: str = "visits"

    @cached_property
    def values(self) -> dict[str, float]:
        """Every number as the template declares it."""
        return {name: float(declared.value) for name, declared in self.declarations.items()}

    @property
    def walk_in(self) -> list[str]:
        """The kinds of work that come by themselves, without an appointment, and are asked for by customers."""
        kinds, produced = self.structure.kinds, self.structure.produced
        return [name for name, kind in kinds.items() if kind.booked is None and name not in produced]

    @cached_property
    def meanings(self) -> dict[str, list[str]]:
        """What each name stands for, such as ['stations.minutes']; more than one is one too many to estimate it."""
        found: dict[str, list[str]] = {}
        for place, of in self.structure.numbers():
            if isinstance(of, str):
                found.setdefault(of, [])
                found[of] += [meaning for meaning in [_meaning(place)] if meaning not in found[of]]
        return found

    def asks(self, of: Number) -> bool:
        """Whether the records are asked for a number: it is a name, no plan of the business, and means one thing."""
        if not isinstance(of, str) or of not in self.declarations:
            return False
        return not self.declarations[of].plan and len(self.meanings.get(of, ())) <= 1

    def asked(self, numbers: Iterable[Number]) -> list[str]:
        """The names among them that the records are asked for, each once, in order."""
        return list(dict.fromkeys(str(of) for of in numbers if self.asks(of)))

    def known(self, of: Number) -> float:
        """A number that is not estimated, as the template has it."""
        return number(of, self.values)

    @property
    def ambiguous(self) -> dict[str, str]:
        """Why a name that stands for two different things is not estimated."""
        return {
            name: f"it stands for different things ({', '.join(meanings)})"
            for name, meanings in self.meanings.items()
            if len(meanings) > 1
        }


def _meaning(place: str) -> str:
    """What a place in the structure is about, whichever station, team or kind it belongs to.

    >>> _meaning("stations.first_line.minutes_of.urgent")
    'stations.minutes'
    """
    parts = place.split(".")
    if len(parts) < 3:
        return place
    if parts[0] == "books":
        return f"books.{parts[-1]}"  # however far behind
    if parts[2] == "shifts":
        return "teams.people"
    return f"{parts[0]}.{SAME.get(parts[2], parts[2])}"


def by_number(kinds: Iterable[str], special: Mapping[str, Number], usual: Number) -> dict[Number, list[str]]:
    """The kinds of work that each number holds for, where some kinds have one of their own.

    >>> by_number(["urgent", "normal", "gift"], {"urgent": 5.0}, "minutes")
    {5.0: ['urgent'], 'minutes': ['normal', 'gift']}
    """
    found: dict[Number, list[str]] = {}
    for kind in kinds:
        found.setdefault(special.get(kind, usual), []).append(kind)
    return found


def families(sets: Iterable[Iterable[str]]) -> list[list[str]]:
    """Names that have to be estimated together, because one set of records tells of both.

    >>> families([["a", "b"], ["c"], ["b", "d"]])
    [['a', 'b', 'd'], ['c']]
    """
    found: list[list[str]] = []
    for names in sets:
        joined, apart = list(dict.fromkeys(names)), []
        for family in found:
            if set(family) & set(joined):
                joined = list(dict.fromkeys([*family, *joined]))
            else:
                apart.append(family)
        found = [*apart, joined] if joined else apart
    return sorted(found)
