"""Who turned up: how much of the roster is missed, how long people stay away, and how many are on each shift."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from twin.calibrate.blueprint import Blueprint, families
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.likelihood import peak
from twin.calibrate.visits import VisitTables

Floats = NDArray[np.float64]
FEWEST_DAYS = 100
FEWEST_SPELLS = 10
ROSTER_DAYS = 28


@dataclass(frozen=True)
class Runs:
    """What followed what on the rostered days of a team's people, one person's days in order.

    began_well, began_away  people who were there, or not, on their first day in the records
    stayed, fell            days after one of being there: there again, or away
    back, away              days after one of being away: there again, or still away
    """

    began_well: int
    began_away: int
    stayed: int
    fell: int
    back: int
    away: int

    @property
    def days(self) -> int:
        """All rostered days."""
        return self.began_well + self.began_away + self.stayed + self.fell + self.back + self.away

    @property
    def missed(self) -> int:
        """Rostered days on which the person was away."""
        return self.began_away + self.fell + self.away

    @property
    def spells(self) -> int:
        """Stretches of being away."""
        return self.began_away + self.fell

    def log_likelihood(self, share_logit: float, longer: float) -> float:
        """How likely the days are with a share missed and spells of 1 + exp(longer) days on average.

        A chain of two states. The first day comes from the long run, so that a spell which the records cut off at
        their edge counts for what it is. Half a spell of each sort keeps a length of 1 from being certain.
        """
        ends, goes_on = log_expit(-longer), log_expit(longer)
        falls = min(share_logit + ends, -1e-12)
        return float(
            self.began_away * log_expit(share_logit)
            + self.began_well * log_expit(-share_logit)
            + self.fell * falls
            + self.stayed * np.log(-np.expm1(falls))
            + (self.back + 0.5) * ends
            + (self.away + 0.5) * goes_on
        )


def attendance(tables: VisitTables, blueprint: Blueprint) -> Part:
    """The share of the roster that is missed and the length of a spell, jointly, over the last year."""
    days = tables.attendance[tables.attendance["day"] >= tables.morning - pd.Timedelta(days=365)]
    whole = Part()
    teams = blueprint.structure.teams
    found = {name: runs(days[days["team"] == name]) for name in teams}
    wanted = {name: blueprint.asked([team.absence_share, team.absence_spell_days]) for name, team in teams.items()}
    for family in families(wanted.values()):
        theirs = {name: found[name] for name in teams if set(wanted[name]) & set(family)}
        _family(family, theirs, blueprint, whole)
    return whole


def runs(days: pd.DataFrame) -> Runs:
    """How the days of each person on each shift followed each other."""
    present = days.groupby(["shift", "person", "day"])["present"].max()  # sorted by these
    who = present.groupby(["shift", "person"]).ngroup().to_numpy()
    here = present.to_numpy(bool)
    first = np.r_[np.ones(min(len(who), 1), dtype=bool), who[1:] != who[:-1]]
    before = np.r_[np.zeros(min(len(who), 1), dtype=bool), here[:-1]]
    count = [
        (first & here),
        (first & ~here),
        (~first & before & here),
        (~first & before & ~here),
        (~first & ~before & here),
        (~first & ~before & ~here),
    ]
    return Runs(*(int(one.sum()) for one in count))


def _family(names: list[str], found: dict[str, Runs], blueprint: Blueprint, whole: Part) -> None:
    """Estimate the names that these teams share; where few days were missed, only the share, from plain counts."""
    days, missed, spells = (sum(getattr(one, what) for one in found.values()) for what in ("days", "missed", "spells"))
    if days < FEWEST_DAYS:
        whole.reasons.update(dict.fromkeys(names, f"{days:,} rostered days, {FEWEST_DAYS} needed"))
        return
    if spells >= FEWEST_SPELLS:
        _as_chain(names, found, blueprint, whole)
        return
    share = (missed + 0.5) / (days + 1)
    error = float(np.sqrt(share * (1 - share) / (days + 2) * max(missed / max(spells, 1), 1.0)))
    for name in names:
        if any(blueprint.structure.teams[team].absence_share == name for team in found):
            method = f"share of {days:,} rostered days, half a day added to each side; {spells:,} spells"
            whole.estimates[name] = Estimate(share, error, days, method)
        else:
            whole.reasons[name] = f"{spells} spells of absence, {FEWEST_SPELLS} needed"


def _as_chain(names: list[str], found: dict[str, Runs], blueprint: Blueprint, whole: Part) -> None:
    """Share and length of spells by maximum likelihood; one that is given is still left free in the fit."""
    given = {team: _places(team, blueprint) for team in found}
    free = list(dict.fromkeys([*names, *(name for pair in given.values() for name in pair)]))
    is_share = np.array([any(pair[0] == name for pair in given.values()) for name in free])

    def log_likelihood(place: Floats) -> float:
        at = dict(zip(free, place.tolist(), strict=True))
        return sum(one.log_likelihood(at[given[team][0]], at[given[team][1]]) for team, one in found.items())

    reached = peak(log_likelihood, np.where(is_share, -3.0, 0.0))
    values = np.where(is_share, expit(reached.place), 1 + np.exp(reached.place))
    slope = np.where(is_share, values * (1 - values), values - 1)
    covariance = reached.covariance * np.outer(slope, slope)
    doubt = "" if reached.settled else "; the records hardly decide it"
    for place, name in enumerate(names):
        theirs = [one for team, one in found.items() if name in given[team]]
        days, spells = sum(one.days for one in theirs), sum(one.spells for one in theirs)
        method = (
            f"chain of days there and away by maximum likelihood: {days:,} rostered days of the last year, {spells:,} "
            f"spells of absence, those cut off by the edge of the records as such{doubt}"
        )
        error = float(np.sqrt(covariance[place, place]))
        whole.estimates[name] = Estimate(float(values[place]), error, days, method)
    if len(names) > 1:
        whole.covariances.append((tuple(names), covariance[: len(names), : len(names)]))


def _places(team: str, blueprint: Blueprint) -> tuple[str, str]:
    """The names of a team's share and length; a place of its own where the template gives a number or a plan."""
    there = blueprint.structure.teams[team]
    share = str(there.absence_share) if blueprint.asks(there.absence_share) else f"{team}: share"
    spell = str(there.absence_spell_days) if blueprint.asks(there.absence_spell_days) else f"{team}: spell"
    return share, spell


def rosters(tables: VisitTables, blueprint: Blueprint) -> Part:
    """How many people are on each shift: the most usual number of the last four weeks, a fact and not an estimate."""
    days = tables.attendance[tables.attendance["day"] >= tables.morning - pd.Timedelta(days=ROSTER_DAYS)]
    found: dict[str, list[pd.Series]] = {}
    for team_name, team in blueprint.structure.teams.items():
        for shift_name, shift in team.shifts.items():
            if isinstance(shift.people, str) and len(blueprint.meanings[shift.people]) == 1:
                own = days[(days["team"] == team_name) & (days["shift"] == shift_name)]
                found.setdefault(shift.people, []).append(own.groupby("day")["person"].nunique())
    whole = Part()
    for name, people in found.items():
        counts = pd.concat(people)
        if len(counts) and name in blueprint.declarations:
            usual = float(counts.mode().max())
            method = f"most usual number of people on the roster, {len(counts)} days of the last {ROSTER_DAYS}"
            whole.estimates[name] = Estimate(usual, 0.0, int(counts.sum()), method)
    return whole
