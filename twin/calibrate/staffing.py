"""Who leaves for good and how long a place stays empty, told by who is on the roster; and how fast beginners are."""

import numpy as np
import pandas as pd

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Team

FEWEST = 5
GONE_DAYS = 28  # who was not on the roster for so long has left
YEAR = 365.0
WORKERS = "the records do not say who did which piece of work"
LOADS = "too few people leave to tell what the load has to do with it"


def staffing(tables: VisitTables, blueprint: Blueprint) -> Part:
    """People who leave in a year and days until a place is filled again, from all of the rosters, by name."""
    whole, teams = Part(), blueprint.structure.teams
    known = {name: spans(tables, name) for name in teams}
    for name in blueprint.asked(team.attrition_per_year for team in teams.values()):
        found = pd.concat([known[team] for team, one in teams.items() if one.attrition_per_year == name])
        _attrition(name, found, whole)
    for name in blueprint.asked(team.hiring_days for team in teams.values()):
        days = [gap for team, one in teams.items() if one.hiring_days == name for gap in vacancies(known[team])]
        _hiring(name, days, whole)
    learning = (of for team in teams.values() for of in (team.learning_share, team.learning_days))
    whole.reasons.update(dict.fromkeys(blueprint.asked(learning), WORKERS))
    response = (of for team in teams.values() for of in (team.attrition_response, team.attrition_load))
    whole.reasons.update(dict.fromkeys(blueprint.asked(response), LOADS))
    return whole


def spans(tables: VisitTables, team: str) -> pd.DataFrame:
    """Each person of a team: shift, first and last day on the roster, days there, and whether they have left."""
    days = tables.attendance[tables.attendance["team"] == team]
    found = days.groupby("person", sort=True).agg(shift=("shift", "last"), first=("day", "min"), last=("day", "max"))
    sure = days["day"].max() - pd.Timedelta(days=GONE_DAYS)  # who leaves later is not known to have left yet
    until = found["last"].clip(upper=sure)
    worked = ((until - found["first"]).dt.days + 1).clip(lower=0)
    at_start = (found["first"] - days["day"].min()).dt.days <= 7
    return found.assign(left=found["last"] < sure, days=worked, at_start=at_start)


def _attrition(name: str, found: pd.DataFrame, whole: Part) -> None:
    left, years = int(found["left"].sum()), float(found["days"].sum()) / YEAR
    if left < FEWEST:
        whole.reasons[name] = f"{left} people left the roster, {FEWEST} needed"
        return
    method = f"{left} of {len(found)} people left the roster in {years:.1f} years of work together, whatever the load"
    whole.estimates[name] = Estimate(left / years, float(np.sqrt(left)) / years, left, method)


def vacancies(found: pd.DataFrame) -> list[float]:
    """Days between somebody's last day on a shift and the first of who came next to it."""
    gaps = []
    for _, shift in found.groupby("shift"):
        starts = sorted(shift.loc[~shift["at_start"], "first"])
        for last in sorted(shift.loc[shift["left"], "last"]):
            following = next((first for first in starts if first > last), None)
            if following is not None:
                starts.remove(following)
                gaps.append(float((following - last).days - 1))
    return gaps


def _hiring(name: str, days: list[float], whole: Part) -> None:
    if len(days) < FEWEST:
        whole.reasons[name] = f"{len(days)} places were filled again, {FEWEST} needed"
        return
    error = float(np.std(days, ddof=1) / np.sqrt(len(days)))
    method = f"average of {len(days)} places that were filled again, from the last day on the roster to the first"
    whole.estimates[name] = Estimate(round(float(np.mean(days)), 1), error, len(days), method)


def pace(tables: VisitTables, blueprint: Blueprint, name: str, team: Team) -> float:
    """How fast a team's people were on an average day of the last year, against experienced ones.

    Experience is days of work before, as the rosters tell; who was there when they begin knows the work. Agency staff
    stand in for the template's share of those who are missing, at their own speed.
    """
    share, half_days = (blueprint.known(of) for of in (team.learning_share, team.learning_days))
    days = tables.attendance[(tables.attendance["team"] == name) & tables.attendance["present"]]
    if share <= 0.0 or half_days <= 0.0 or not len(days):
        return 1.0
    new = ~spans(tables, name)["at_start"]
    worked = days.groupby("person").cumcount().to_numpy(float)
    lacks = np.where(days["person"].map(new).to_numpy(bool), share * 2.0 ** (-worked / half_days), 0.0)
    own = 1.0 - lacks[(days["day"] >= tables.since).to_numpy()]
    agency = blueprint.known(team.agency_share) * missing(tables, blueprint, name, team)
    return float((own.sum() + agency * blueprint.known(team.agency_speed)) / max(len(own) + agency, 1.0))


def missing(tables: VisitTables, blueprint: Blueprint, name: str, team: Team) -> float:
    """Rostered days of the last year on which a place was empty or its person away."""
    days = tables.attendance[(tables.attendance["team"] == name) & (tables.attendance["day"] >= tables.since)]
    away = float((~days["present"]).sum())
    for shift_name, shift in team.shifts.items():
        own = days[days["shift"] == shift_name]
        away += max(0.0, blueprint.known(shift.people) * own["day"].nunique() - len(own))
    return away
