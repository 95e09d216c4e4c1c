"""What an address says: read with our own parser, so that what it does not understand can be named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from twin.clock import DAYS_MOST
from twin.desk import Twin
from twin.desk.twin import DAYS, REPLICATIONS, REPLICATIONS_MOST, SEED
from twin.errors import TwinError
from twin.spec.scenario import Change, Scenario

Pairs = Sequence[tuple[str, str]]
SIZES = {
    "days": (1, DAYS_MOST, DAYS),
    "replications": (2, REPLICATIONS_MOST, REPLICATIONS),
    "seed": (0, 2**63 - 1, SEED),
}
PASSED_BY = ("twin", "embed", "embed_options")


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and sentences on what it says that cannot be understood."""

    scenario: Scenario = field(default_factory=Scenario)
    days: int = DAYS
    replications: int = REPLICATIONS
    seed: int = SEED
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def changes(self) -> tuple[str, ...]:
        """The changes as they are written."""
        return tuple(self.scenario.texts)

    def address(self, twin: str) -> dict[str, list[str]]:
        """The same as it stands in an address; what is as usual is left out."""
        written: dict[str, list[str]] = {"twin": [twin]}
        for change in self.scenario.changes:
            written.setdefault(change.key, []).append(change.written)
        for name, (_, _, usual) in SIZES.items():
            if getattr(self, name) != usual:
                written[name] = [str(getattr(self, name))]
        return written

    def with_change(self, change: Change) -> "Asked":
        """The same with this change in the place of all others of the same lever and target."""
        kept = [one for one in self.scenario.changes if one.key != change.key]
        place = next((n for n, one in enumerate(self.scenario.changes) if one.key == change.key), len(kept))
        return replace(self, scenario=Scenario((*kept[:place], change, *kept[place:])))

    def without(self, key: str) -> "Asked":
        """The same without any change of this lever."""
        return replace(self, scenario=Scenario(tuple(one for one in self.scenario.changes if one.key != key)))


def read(twin: Twin, pairs: Pairs) -> Asked:
    """What the pairs of an address ask of a twin; whatever cannot be understood becomes a sentence, the rest works."""
    sizes, problems = numbers(pairs)
    texts = [f"{name}={plus(value)}" for name, value in pairs if name not in SIZES and name not in PASSED_BY]
    good, bad = understood(twin, texts, sizes["days"])
    return Asked(good, sizes["days"], sizes["replications"], sizes["seed"], tuple(problems + bad))


def plus(value: str) -> str:
    """The value with the plus sign that an address typed by hand turns into a space.

    >>> plus(" 5%"), plus("5%")
    ('+5%', '5%')
    """
    return "+" + value.lstrip() if value.startswith(" ") else value


def numbers(pairs: Pairs) -> tuple[dict[str, int], list[str]]:
    """How many days, plays, and which seed; a number that cannot be is named and the usual one taken."""
    found = {name: usual for name, (_, _, usual) in SIZES.items()}
    problems = []
    for name, value in pairs:
        if name in SIZES:
            low, high, usual = SIZES[name]
            if value.strip().isdecimal() and low <= int(value) <= high:
                found[name] = int(value)
            else:
                problems.append(
                    f"'{name}={value}' was left out: {name} is a whole number from {low} to {high}. It is {usual} here."
                )
    return found, problems


def understood(twin: Twin, texts: Iterable[str], days: int) -> tuple[Scenario, list[str]]:
    """The changes that can be read, one after the other, and a sentence for each that cannot."""
    good: list[str] = []
    problems = []
    for text in texts:
        try:
            twin.scenario([*good, text], days)
            good.append(text)
        except TwinError as error:
            problems.append(f"'{text}' was left out: {error}")
    return twin.scenario(good, days), problems
