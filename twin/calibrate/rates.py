"""How often customers come: each at a rate of their own, the rates spread as a Gamma."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from twin.calibrate.blueprint import Blueprint, families
from twin.calibrate.contracts import active
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.likelihood import Peak, peak
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Number, Values, number

Floats = NDArray[np.float64]
FEWEST_CUSTOMERS = 50
FEWEST_VISITS = 50


@dataclass(frozen=True)
class Counts:
    """How often each customer came, over how many days with a contract, and the numbers that their rates follow."""

    shape: Number
    scale_days: Number
    visits: Floats
    days: Floats

    def log_likelihood(self, values: Values) -> float:
        """How likely these visits are: Poisson at a rate that is Gamma among customers, so negative binomial.

        Source: Greenwood and Yule (1920); here with days that differ from customer to customer.
        """
        r, alpha = number(self.shape, values), number(self.scale_days, values)
        came = gammaln(r + self.visits) - gammaln(r)
        return float((came + r * np.log(alpha) - (r + self.visits) * np.log(alpha + self.days)).sum())

    @property
    def names(self) -> list[str]:
        """The names that these counts tell of, asked for or not."""
        return [of for of in (self.shape, self.scale_days) if isinstance(of, str)]


def rates(tables: VisitTables, blueprint: Blueprint) -> Part:
    """The spread of the rates of each segment, and each running contract's own visits and days of the last year."""
    exposed = exposures(tables, blueprint)
    segments = {name: one for name, one in blueprint.structure.segments.items() if one.relation == "contract"}
    found = []
    for name, segment in segments.items():
        own = exposed[(exposed["segment"] == name) & (exposed["days"] > 0)]
        visits, days = own["visits"].to_numpy(float), own["days"].to_numpy(float)
        found.append(Counts(segment.rate_shape, segment.rate_scale_days, visits, days))
    whole = Part()
    for family in families(blueprint.asked(counts.names) for counts in found):
        _family(family, [counts for counts in found if set(counts.names) & set(family)], blueprint, whole)
    whole.vectors.update(_customers(exposed, tables, blueprint))
    return whole


def exposures(tables: VisitTables, blueprint: Blueprint) -> pd.DataFrame:
    """Each contract of the last year with its days in that year and the visits on them; appointments do not count."""
    contracts = tables.contracts
    first = contracts["started_on"].dt.normalize().clip(lower=tables.since)
    last = contracts["ended_on"].fillna(tables.morning)
    came = tables.year[tables.year["customer_id"].notna() & tables.year["kind"].isin(blueprint.walk_in)]
    spans = contracts[["customer_id"]].assign(row=contracts.index, first=first, last=last)
    met = came[["customer_id", "day"]].merge(spans, on="customer_id")
    met = met[(met["first"] <= met["day"]) & (met["day"] < met["last"])]
    visits = np.bincount(met["row"].to_numpy(np.int64), minlength=len(contracts))
    return contracts.assign(days=(last - first).dt.days.clip(lower=0), visits=visits)


def _family(names: list[str], found: list[Counts], blueprint: Blueprint, whole: Part) -> None:
    customers, visits = sum(len(one.visits) for one in found), int(sum(one.visits.sum() for one in found))
    work = blueprint.work
    if customers < FEWEST_CUSTOMERS or visits < FEWEST_VISITS:
        reason = f"{customers:,} customers with {visits:,} {work}, {FEWEST_CUSTOMERS} with {FEWEST_VISITS} needed"
        whole.reasons.update(dict.fromkeys(names, reason))
        return
    reached = fitted(names, found, blueprint.values)
    values = np.exp(reached.place)
    covariance = reached.covariance * np.outer(values, values)
    doubt = "" if reached.settled else "; the records hardly decide it, so the range is wide"
    for place, name in enumerate(names):
        theirs = [one for one in found if name in one.names]
        method = (
            f"negative binomial (Poisson at Gamma rates) by maximum likelihood: {sum(len(o.visits) for o in theirs):,} "
            f"customers, {sum(o.visits.sum() for o in theirs):,.0f} {work} of the last year, each over the days of "
            f"their contract{doubt}"
        )
        error = float(np.sqrt(covariance[place, place]))
        rows = sum(len(one.visits) for one in theirs)
        whole.estimates[name] = Estimate(float(values[place]), error, rows, method)
    if len(names) > 1:
        whole.covariances.append((tuple(names), covariance))


def fitted(names: list[str], found: list[Counts], known: Values) -> Peak:
    """The logarithms of the numbers that make all these counts most likely."""

    def log_likelihood(logs: Floats) -> float:
        values = {**known, **dict(zip(names, np.exp(logs).tolist(), strict=True))}
        return sum(one.log_likelihood(values) for one in found)

    return peak(log_likelihood, np.array([_first_guess(name, found) for name in names]))


def _first_guess(name: str, found: list[Counts]) -> float:
    """A shape of 1, and the scale that fits the average rate with it."""
    if any(one.shape == name for one in found):
        return 0.0
    days, visits = sum(one.days.sum() for one in found), sum(one.visits.sum() for one in found)
    return float(np.log(days / max(visits, 1.0)))


def _customers(exposed: pd.DataFrame, tables: VisitTables, blueprint: Blueprint) -> dict[str, NDArray]:
    """The running contracts as the model takes them over."""
    running = active(tables, blueprint)
    own = exposed.loc[running.index]
    code = {name: place for place, name in enumerate(blueprint.structure.segments)}
    return {
        "customer_id": np.array([str(name) for name in running["customer_id"]], dtype=None if len(running) else "U1"),
        "customer_segment": running["segment"].map(code).to_numpy(np.int64),
        "customer_visits": own["visits"].to_numpy(np.int64),
        "customer_days": own["days"].to_numpy(float),
        "customer_renews_in_days": running["renews_in_days"].to_numpy(np.int64),
    }
