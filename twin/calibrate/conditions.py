"""Hidden conditions: how many visits have what a test looks for, told from how many tests are positive."""

from dataclasses import dataclass

import numpy as np

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.visits import NEGATIVE, POSITIVE, VisitTables
from twin.spec.structure import Number, Test

FEWEST = 50
LEAST_POWER = 0.1  # sensitivity + specificity - 1 of a test that tells anything at all
GOLD = "records tell what tests found, not who truly has the condition; that needs a gold standard"


@dataclass(frozen=True)
class Results:
    """How many visits had their first test at a station, and how many of these tests were positive."""

    test: Test
    tests: int
    positive: int

    def prevalence(self, blueprint: Blueprint) -> tuple[float, float] | None:
        """The true share and its standard error; None where the test hardly tells.

        With a share p positive it is (p + specificity - 1) / (sensitivity + specificity - 1). The error counts chance
        and how wide the ranges of sensitivity and specificity are. Source: Rogan and Gladen (1978).
        """
        sensitivity, specificity = (blueprint.known(of) for of in (self.test.sensitivity, self.test.specificity))
        power = sensitivity + specificity - 1.0
        if power < LEAST_POWER:
            return None
        share = (self.positive + 0.5) / (self.tests + 1.0)
        value = float(np.clip((share + specificity - 1.0) / power, 0.0, 1.0))
        chance = share * (1.0 - share) / self.tests
        doubt = (value * spread(self.test.sensitivity, blueprint)) ** 2
        doubt += ((1.0 - value) * spread(self.test.specificity, blueprint)) ** 2
        return value, float(np.sqrt(chance + doubt)) / power


def spread(of: Number, blueprint: Blueprint) -> float:
    """The standard deviation of an assumption over its range, as it is drawn: triangular."""
    declared = blueprint.declarations.get(of) if isinstance(of, str) else None
    if declared is None or declared.range is None:
        return 0.0
    low, mode, high = declared.range[0], float(declared.value), declared.range[1]
    return float(np.sqrt((low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18.0))


def conditions(tables: VisitTables, blueprint: Blueprint) -> Part:
    """The share of the visits that have the condition, by name, from the first test of each visit of the last year."""
    whole, structure = Part(), blueprint.structure
    tests = {name: station.test for name, station in structure.stations.items() if station.test is not None}
    asked = (of for test in tests.values() for of in (test.sensitivity, test.specificity))
    whole.reasons.update(dict.fromkeys(blueprint.asked(asked), GOLD))
    told = tables.steps[tables.steps["result"].isin((POSITIVE, NEGATIVE))]
    first = told[told["station"].isin(list(tests))].drop_duplicates("visit")
    for name in blueprint.asked(kind.condition_share for kind in structure.kinds.values()):
        kinds = [kind for kind, one in structure.kinds.items() if one.condition_share == name]
        own = first[first["kind"].isin(kinds)]
        found = []
        for station, test in tests.items():
            here = own.loc[own["station"] == station, "result"]
            if len(here):
                found.append(Results(test, len(here), int((here == POSITIVE).sum())))
        _prevalence(name, found, blueprint, whole)
    return whole


def _prevalence(name: str, found: list[Results], blueprint: Blueprint, whole: Part) -> None:
    """One name from all stations that test, each weighed by its tests."""
    tests, positive = sum(one.tests for one in found), sum(one.positive for one in found)
    told = [(one.tests, one.prevalence(blueprint)) for one in found]
    if tests < FEWEST or any(one is None for _, one in told):
        too_few = f"{tests} visits of the last year with the result of a test, {FEWEST} needed"
        whole.reasons[name] = too_few if tests < FEWEST else "a test that finds hardly more than chance tells nothing"
        return
    value = sum(count * one[0] for count, one in told if one) / tests
    error = sum(count * one[1] for count, one in told if one) / tests  # one range for all: the doubts go together
    method = (
        f"{positive / tests:.1%} of {tests:,} first tests of the last year were positive; the true share by Rogan and "
        "Gladen (1978) with the assumed sensitivity and specificity, whose ranges its error counts in"
    )
    whole.estimates[name] = Estimate(value, error, tests, method)
