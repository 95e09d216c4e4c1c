"""What a worker process can be asked to do. Heavy packages load here, inside the functions, never in the app."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.experiment.inputs import Bundle
from twin.experiment.question import Question
from twin.spec.measures import Measure
from twin.spec.scenario import Scenario

if TYPE_CHECKING:
    from twin.experiment.replicate import Arrays

KEPT_BUNDLES = 6
_bundles: OrderedDict[str, Bundle] = OrderedDict()


@dataclass(frozen=True)
class Missing:
    """The worker's answer when it has never seen this bundle: ask again and send it along."""

    bundle: str


def warm() -> bool:
    """Load the model and compile its kernels, so that nobody waits for it later."""
    from twin.experiment.warming import warm_up

    warm_up()
    return True


def play(
    bundle: str, content: bytes | None, question: Question, replications: tuple[int, ...], factors: np.ndarray | None
) -> "list[Arrays] | Missing":
    """Play some replications, in order.

    bundle   the bundle's name; content: its bytes, or None if the worker should have it already
    factors  of the baseline, one row for each of these replications; None plays the baseline
    """
    from twin.experiment.replicate import replicate

    known = _bundle(bundle, content)
    if known is None:
        return Missing(bundle)
    return [replicate(known, question, r, None if factors is None else factors[n]) for n, r in enumerate(replications)]


def probe(
    bundle: str, content: bytes | None, question: Question, replication: int, measure: Measure
) -> float | Missing:
    """The paired difference of one measure in one replication, both sides played with the question's pins."""
    from twin.experiment.outcome import factors_of
    from twin.experiment.replicate import replicate

    known = _bundle(bundle, content)
    if known is None:
        return Missing(bundle)
    before = replicate(known, replace(question, scenario=Scenario()), replication)["days"]
    after = replicate(known, question, replication, factors_of(before))["days"]
    return float(measure.compute(after[None])[0] - measure.compute(before[None])[0])


def _bundle(name: str, content: bytes | None) -> Bundle | None:
    if name not in _bundles:
        if content is None:
            return None
        _bundles[name] = Bundle.from_bytes(content)
        while len(_bundles) > KEPT_BUNDLES:
            _bundles.popitem(last=False)
    _bundles.move_to_end(name)
    return _bundles[name]


def scales(values: dict[str, float], vectors: dict[str, np.ndarray]) -> np.ndarray:
    """By how much quantities are scaled so that orders are worth what records say."""
    from twin.experiment.replicate import basket_scales

    return basket_scales(values, vectors)


def call(function: Any, *arguments: Any) -> Any:
    """Anything else that is too heavy for the app: `function` is 'module:name'."""
    from importlib import import_module

    module, name = function.split(":")
    return getattr(import_module(module), name)(*arguments)
