"""A question that the model can be asked."""

from dataclasses import dataclass, field

from twin.clock import Horizon
from twin.experiment.inputs import Uncertainties
from twin.spec.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """What is to be played: a scenario over a horizon with a seed, and which uncertainties are on.

    pinned : numbers held at a value instead of drawn
    """

    scenario: Scenario
    horizon: Horizon
    seed: int
    uncertainties: Uncertainties = field(default_factory=Uncertainties)
    pinned: tuple[tuple[str, float], ...] = ()
