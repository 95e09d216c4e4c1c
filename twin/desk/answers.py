"""Answers: a run, and two runs side by side, as everyone sees them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from twin.clock import Horizon
from twin.experiment.dryness import ALL, Dry, ItemsDry, items_dry, ran_dry
from twin.experiment.growth import Growth, growth
from twin.experiment.inputs import Bundle, RunInputs
from twin.experiment.liquidity import Shortfall, shortfall
from twin.experiment.outcome import Band, RunOutcome, band, daily
from twin.experiment.statistics import FEWEST, Difference, Summary, differences, sharp_enough, summary
from twin.spec.measures import Measure
from twin.spec.scenario import Scenario

if TYPE_CHECKING:
    from twin.desk.twin import Twin


@dataclass(frozen=True)
class Run:
    """One scenario played many times, with everything that determined it."""

    inputs: RunInputs
    horizon: Horizon
    scenario: Scenario
    outcome: RunOutcome
    currency: str
    twin: "Twin"
    created: datetime | None = None
    maker: str = ""

    @property
    def name(self) -> str:
        """The run's name, the hash of its inputs."""
        return self.inputs.name

    @property
    def measured(self) -> Mapping[str, Measure]:
        """What is measured in a business of this kind, by name, in the order in which it is shown."""
        return self.twin.template.measures

    def measures(self) -> dict[str, Summary | None]:
        """Every measure: its mean and the range of the middle 80 % of replications."""
        return {name: summary(values) for name, values in self.outcome.measured(self.measured).items()}

    @property
    def growth(self) -> Growth | None:
        """How open work grows where it comes in faster than it can be done; None where it does not."""
        return growth(self.outcome.days)

    @property
    def shortfall(self) -> Shortfall | None:
        """In how many plays the business runs out of cash, and when; None where it does not."""
        return shortfall(self.outcome.days)

    @property
    def dry(self) -> list[Dry]:
        """Which places with shelves run empty and stay so, and from when on."""
        structure = self.twin.template.structure
        return ran_dry(self.outcome.days, structure.columns, structure.network.stocking) if structure.items else []

    @cached_property
    def items_dry(self) -> list[ItemsDry]:
        """Which items are out for a week or longer, by place; none of places that run dry as a whole."""
        return self.single(items_dry(self.outcome, self.twin.template.structure))

    def single(self, found: list[ItemsDry]) -> list[ItemsDry]:
        """Those of places that do not run dry as a whole."""
        dry = {one.node for one in self.dry}
        return [one for one in found if ALL not in dry and one.node not in dry]

    def item_name(self, place: int) -> str:
        """What an item is called, by its place among the goods with shelves."""
        code = self._item_codes[place]
        return self.twin.knowledge.items.get(code) or code

    @cached_property
    def _item_codes(self) -> list[str]:
        vectors = Bundle.from_bytes(self.twin.runs.content(self.inputs.bundle)).vectors
        codes = [str(one) for one in vectors["item_id"][:-1].tolist()] if "item_id" in vectors else []
        return codes + [one for one in self.twin.template.structure.goods if one not in set(codes)]

    def by_day(self, measure: str) -> Band:
        """One measure by day: mean and 80 % range."""
        return band(daily(self.outcome, self.measured[measure]))

    def versus(self, *changes: str) -> "Comparison":
        """This run beside one that also has these changes."""
        inputs = self.inputs
        return self.twin.compare([*inputs.changes, *changes], inputs.days, inputs.replications, inputs.seed)

    def contract(self) -> dict[str, Any]:
        """The run as the command line prints it."""
        return {
            "run": self.name,
            "twin": self.inputs.twin,
            "snapshot": self.inputs.snapshot,
            "seed": self.inputs.seed,
            "days": self.inputs.days,
            "replications": self.inputs.replications,
            "measures": {
                name: summary_contract(self.measured[name], one, self.currency) for name, one in self.measures().items()
            },
        }


@dataclass(frozen=True)
class Comparison:
    """Two runs that shared their luck: the baseline, as today, and the scenario, what if."""

    baseline: Run
    scenario: Run
    differences: dict[str, Difference]
    headline: str
    created: datetime | None = None
    maker: str = ""

    @classmethod
    def of(cls, baseline: Run, scenario: Run, headline: str) -> "Comparison":
        """The comparison of two runs."""
        measures = scenario.measured
        before, after = baseline.outcome.measured(measures), scenario.outcome.measured(measures)
        return cls(baseline, scenario, differences(measures, before, after, headline), headline)

    @property
    def name(self) -> str:
        """What a link opens: the first 12 hexadecimal digits of the hash of both runs' names."""
        return comparison_name(self.baseline.name, self.scenario.name)

    @property
    def measured(self) -> Mapping[str, Measure]:
        """What is measured in a business of this kind, by name, in the order in which it is shown."""
        return self.scenario.measured

    @property
    def replications(self) -> int:
        """How many pairs were played."""
        return self.scenario.outcome.replications

    @cached_property
    def items_dry(self) -> list[ItemsDry]:
        """Which items the changes leave out for a week or longer, by place, beside how many are so as today."""
        found = items_dry(self.scenario.outcome, self.scenario.twin.template.structure, self.baseline.outcome)
        return self.scenario.single(found)

    @property
    def sharp(self) -> bool | None:
        """Whether more replications would add little to the headline's range; None with fewer than 16."""
        return sharp_enough(self.differences, self.headline) if self.replications >= FEWEST else None

    def by_day(self, measure: str) -> Band:
        """The difference by day with the range of the middle 80 % of the pairs."""
        found = self.measured[measure]
        return band(daily(self.scenario.outcome, found) - daily(self.baseline.outcome, found))

    def contract(self) -> dict[str, Any]:
        """The comparison as the command line prints it."""
        currency = self.scenario.currency
        return {
            "comparison": self.name,
            "baseline": self.baseline.name,
            "scenario": self.scenario.name,
            "replications": self.replications,
            "measures": {
                name: difference_contract(measure, self.differences.get(name), currency)
                for name, measure in self.measured.items()
            },
        }


def comparison_name(baseline: str, scenario: str) -> str:
    """The name of two runs side by side."""
    return sha256(f"{baseline}:{scenario}".encode()).hexdigest()[:12]


def unit_of(measure: Measure, currency: str) -> str:
    """A measure's unit with the twin's own currency."""
    return currency if measure.unit == "currency" else measure.unit


def summary_contract(measure: Measure, one: Summary | None, currency: str) -> dict[str, Any]:
    """One measure of a run as the command line prints it; undefined is null."""
    shown: dict[str, Any] = asdict(one) if one else {"mean": None, "low": None, "high": None, "level": None}
    return shown | {"period": measure.period, "unit": unit_of(measure, currency)}


DIFFERENCE_KEYS = ("baseline", "scenario", "difference", "low", "high", "level", "simulation_error", "verdict")


def difference_contract(measure: Measure, one: Difference | None, currency: str) -> dict[str, Any]:
    """One measure of a comparison as the command line prints it; undefined is null."""
    shown = {key: getattr(one, key) if one else None for key in DIFFERENCE_KEYS}
    return shown | {"period": measure.period, "unit": unit_of(measure, currency)}
