"""How long work takes at the stations, and how much that varies."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_ndtr

from twin.calibrate.blueprint import Blueprint, by_number, families
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.likelihood import Peak, peak
from twin.calibrate.staffing import pace
from twin.calibrate.visits import VisitTables
from twin.calibrate.worktime import WorkTime
from twin.spec.structure import Number, Station, Values, number

Floats = NDArray[np.float64]
FEWEST_STEPS = 30
SHORTEST = 0.5 / 60  # half of the second to which times are kept


@dataclass(frozen=True)
class Times:
    """Minutes of work of one kind at one station: of steps that are finished, and so far of those that are not."""

    mean: Number
    scatter: Number | None
    law: str
    finished: Floats
    unfinished: Floats

    def log_likelihood(self, values: Values) -> float:
        """How likely these times are with a mean and a scatter (standard deviation over mean)."""
        mean = number(self.mean, values)
        if self.law == "exponential":
            return float(-len(self.finished) * np.log(mean) - self._total / mean)
        if self.law == "fixed":
            return float(-((self._mean - mean) ** 2) / (2 * self._error_of_mean**2))
        assert self.scatter is not None
        variance = float(np.log1p(number(self.scatter, values) ** 2))
        middle, spread = np.log(mean) - variance / 2, np.sqrt(variance)
        count, logs, squares = self._logs
        ended = -count * np.log(spread) - (squares - 2 * middle * logs + count * middle**2) / (2 * variance)
        return float(ended + log_ndtr((middle - np.log(self.unfinished)) / spread).sum())

    @cached_property
    def _logs(self) -> tuple[int, float, float]:
        """All that a normal likelihood needs of the logarithms: how many, their sum, and that of their squares."""
        logs = np.log(self.finished)
        return len(logs), float(logs.sum()), float((logs**2).sum())

    @cached_property
    def _total(self) -> float:
        return float(self.finished.sum() + self.unfinished.sum())

    @cached_property
    def _error_of_mean(self) -> float:
        return float(max(self.finished.std(), SHORTEST) / np.sqrt(len(self.finished)))

    @cached_property
    def _mean(self) -> float:
        return float(self.finished.mean())

    @property
    def names(self) -> list[str]:
        """The names that these times tell of, asked for or not."""
        return [of for of in (self.mean, self.scatter) if isinstance(of, str)]


def service(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Mean minutes and scatter of the work, for each name of a parameter from all places where it stands."""
    found = [times for times in _times(tables, blueprint) if blueprint.asked(times.names)]
    whole = Part()
    for family in families(blueprint.asked(times.names) for times in found):
        _family(family, [times for times in found if set(times.names) & set(family)], blueprint, whole)
    return whole


def _family(names: list[str], found: list[Times], blueprint: Blueprint, whole: Part) -> None:
    """Estimate names that share records; a name with few finished steps stays as the template has it."""
    rows = {name: sum(len(times.finished) for times in found if name in times.names) for name in names}
    poor = [name for name in names if rows[name] < FEWEST_STEPS]
    whole.reasons.update({name: f"{rows[name]:,} finished steps, {FEWEST_STEPS} needed" for name in poor})
    names = [name for name in names if name not in poor]
    found = [times for times in found if len(times.finished)]
    if not names:
        return
    reached = fitted(names, found, blueprint.values)
    values = np.exp(reached.place)
    covariance = reached.covariance * np.outer(values, values)
    for place, name in enumerate(names):
        method = _method([times for times in found if name in times.names], reached.settled, blueprint.work)
        error = float(np.sqrt(covariance[place, place]))
        whole.estimates[name] = Estimate(float(values[place]), error, rows[name], method)
    whole.covariances.append((tuple(names), covariance))


def fitted(names: list[str], found: list[Times], known: Values) -> Peak:
    """The logarithms of the numbers that make all these times most likely."""

    def log_likelihood(logs: Floats) -> float:
        values = {**known, **dict(zip(names, np.exp(logs).tolist(), strict=True))}
        return sum(times.log_likelihood(values) for times in found)

    return peak(log_likelihood, np.log([_first_guess(name, found) for name in names]))


def _first_guess(name: str, found: list[Times]) -> float:
    minutes = np.concatenate([times.finished for times in found if name in times.names])
    if any(times.mean == name for times in found):
        return float(minutes.mean())
    return float(np.sqrt(np.expm1(np.clip(np.log(minutes).var(), 1e-4, 9.0))))


def _method(found: list[Times], settled: bool, work: str) -> str:
    minutes = np.concatenate([times.finished for times in found])
    unfinished = sum(len(times.unfinished) for times in found)
    laws = " and ".join(dict.fromkeys({"lognormal": "log-normal"}.get(times.law, times.law) for times in found))
    doubt = "" if settled else "; the records hardly decide it, so the range is wide"
    return (
        f"{laws} times by maximum likelihood: {len(minutes):,} finished steps of {work} of the last year (plain "
        f"average {minutes.mean():.3g} minutes), {unfinished:,} unfinished ones counted as longer than so far{doubt}"
    )


def _times(tables: VisitTables, blueprint: Blueprint) -> list[Times]:
    """The minutes of work by station and by the name of their mean."""
    structure, steps = blueprint.structure, tables.steps
    begun = steps[steps["began_at"].notna()]
    minutes = _minutes(begun, tables, blueprint)
    finished = begun["ended_at"].notna().to_numpy()
    found = []
    for name, station in structure.stations.items():
        if station.minutes_per_unit != 0.0:
            continue  # the records do not say how many units a visit has
        here = (begun["station"] == name).to_numpy()
        for mean, kinds in by_number(structure.kinds, station.minutes_of, station.minutes).items():
            chosen = here & begun["kind"].isin(kinds).to_numpy()
            found.append(_of(station, mean, minutes[chosen & finished], minutes[chosen & ~finished]))
    return found


def _of(station: Station, mean: Number, finished: Floats, unfinished: Floats) -> Times:
    scatter = station.scatter if station.times == "lognormal" else None
    return Times(mean, scatter, station.times, finished, unfinished)


def _minutes(begun: pd.DataFrame, tables: VisitTables, blueprint: Blueprint) -> Floats:
    """How much work each step took for experienced people: its minutes at the team's usual speed, beginners counted."""
    minutes = np.zeros(len(begun))
    until = begun["ended_at"].fillna(tables.morning)
    for name, team in blueprint.structure.teams.items():
        theirs = (begun["team"] == name).to_numpy()
        worked = WorkTime.of_team(team, tables, blueprint).between(begun["began_at"][theirs], until[theirs])
        speed = begun["station"][theirs].map(
            {station: blueprint.known(skill) for station, skill in team.skills.items()}
        )
        usual = blueprint.known(team.speed) * pace(tables, blueprint, name, team)
        minutes[theirs] = worked * usual * speed.fillna(1.0).to_numpy(float)
    nobody = begun["team"].isna().to_numpy()
    whole = WorkTime.of_business(tables, blueprint)
    minutes[nobody] = whole.between(begun["began_at"][nobody], until[nobody])
    return np.maximum(minutes, SHORTEST)
