"""Service desks whose true numbers are known, because they were made with them, in plain NumPy.

Nobody here queues for a busy agent: how long somebody would have to wait is drawn, which is all that the estimates see.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from twin.calibrate.visits import VisitTables, visit_tables

TODAY = date(2024, 7, 1)
HISTORY = 200
DAY = 1440
TRUTH = {
    "urgent_share": 0.2,
    "normal_share": 0.8,
    "first_line_minutes": 30.0,
    "first_line_scatter": 0.8,
    "second_line_minutes": 300.0,
    "second_line_scatter": 1.2,
    "escalation_share": 0.25,
    "reopen_share": 0.1,
    "patience_minutes": 900.0,
    "absence_share": 0.06,
    "absence_spell_days": 2.5,
    "standard_rate_shape": 0.8,
    "standard_rate_scale_days": 16.0,
    "standard_churn_share": 0.05,
    "standard_new_per_day": 0.6,
    "premium_rate_shape": 1.5,
    "premium_rate_scale_days": 12.0,
    "premium_churn_share": 0.03,
    "premium_new_per_day": 0.2,
}
AT_START = {"standard": 160, "premium": 60}
ROSTER = {
    ("first_line", "early"): ((0, 1, 2, 3, 4), 4),
    ("first_line", "late"): ((0, 1, 2, 3, 4), 3),
    ("first_line", "weekend"): ((5, 6), 2),
    ("second_line", "office"): ((0, 1, 2, 3, 4), 5),
}
Draws = np.random.Generator


def moment(minutes: np.ndarray) -> pd.DatetimeIndex:
    """Minutes since the first day as times, to the second; nan is no time."""
    start = pd.Timestamp(TODAY - timedelta(HISTORY))
    return pd.DatetimeIndex(start + pd.to_timedelta(np.floor(minutes * 60), unit="s"))


def planted_contracts(draws: Draws) -> pd.DataFrame:
    """Contracts by day of the records: those that ran at the start, renewed on a day of their own, and new ones."""
    found = []
    for segment, number in AT_START.items():
        due = draws.integers(0, 30, number)
        old = due - 30 * draws.integers(1, 20, number)
        begun = draws.integers(0, HISTORY, draws.poisson(TRUTH[f"{segment}_new_per_day"] * HISTORY))
        first = np.r_[old, begun]
        refused = draws.geometric(TRUTH[f"{segment}_churn_share"], len(first))
        ended = np.r_[due, begun + 30] + 30 * (refused - 1)
        rate = draws.gamma(TRUTH[f"{segment}_rate_shape"], 1 / TRUTH[f"{segment}_rate_scale_days"], len(first))
        found.append(pd.DataFrame({"segment": segment, "first": first, "end": ended, "rate": rate}))
    table = pd.concat(found, ignore_index=True)
    return table.assign(customer_id=[f"C{number:04d}" for number in draws.permutation(len(table))])


def planted_visits(draws: Draws, contracts: pd.DataFrame) -> pd.DataFrame:
    """Visits of those with a contract, each at their own rate while it runs, and some of people without a name."""
    first, end = contracts["first"].clip(lower=0), contracts["end"].clip(upper=HISTORY)
    who = np.repeat(np.arange(len(contracts)), draws.poisson(contracts["rate"] * (end - first).clip(lower=0)))
    day = first.to_numpy()[who] + draws.random(len(who)) * (end - first).to_numpy()[who]
    nobody = draws.poisson(0.5 * HISTORY)
    arrived = np.r_[day, draws.random(nobody) * HISTORY] * DAY
    customer = np.r_[contracts["customer_id"].to_numpy(object)[who], np.full(nobody, None)]
    urgent = draws.random(len(arrived)) < TRUTH["urgent_share"]
    return pd.DataFrame({"customer_id": customer, "kind": np.where(urgent, "urgent", "normal"), "arrived": arrived})


def log_normal(draws: Draws, mean: float, scatter: float, number: int) -> np.ndarray:
    """Positive values with this mean and this standard deviation over mean."""
    variance = np.log1p(scatter**2)
    return mean * np.exp(np.sqrt(variance) * draws.standard_normal(number) - variance / 2)


def planted_steps(draws: Draws, arrived: np.ndarray) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Each visit's way through the two lines; also when each visit ended and whether it gave up."""
    here, now, station = np.arange(len(arrived)), arrived, np.zeros(len(arrived), int)
    ended, gone, steps = np.zeros(len(arrived)), np.zeros(len(arrived), bool), []
    lines = np.array(["first_line", "second_line"])
    while len(here):
        wait = np.where(draws.random(len(here)) < 0.3, 0.0, draws.exponential(200.0, len(here)))
        patience = np.where(station == 0, draws.exponential(TRUTH["patience_minutes"], len(here)), np.inf)
        lost = patience < wait
        work = np.where(
            station == 0,
            log_normal(draws, TRUTH["first_line_minutes"], TRUTH["first_line_scatter"], len(here)),
            log_normal(draws, TRUTH["second_line_minutes"], TRUTH["second_line_scatter"], len(here)),
        )
        began = np.where(lost, np.nan, now + wait)
        left = np.where(lost, now + patience, now + wait + work)
        steps.append(pd.DataFrame({"visit": here, "station": lines[station], "now": now, "began": began, "left": left}))
        onward = np.where(station == 0, TRUTH["escalation_share"], TRUTH["reopen_share"])
        goes = ~lost & (draws.random(len(here)) < onward)
        ended[here[~goes]], gone[here[lost]] = left[~goes], True
        here, now, station = here[goes], left[goes], 1 - station[goes]
    return pd.concat(steps, ignore_index=True), ended, gone


def planted_attendance(draws: Draws) -> pd.DataFrame:
    """Who came on which day: days there and away follow each other as a chain of two states."""
    share, ends = TRUTH["absence_share"], 1 / TRUTH["absence_spell_days"]
    begins = ends * share / (1 - share)
    days = pd.date_range(end=pd.Timestamp(TODAY) - pd.Timedelta(days=1), periods=HISTORY)
    found = []
    for (team, shift), (weekdays, people) in ROSTER.items():
        own = days[days.day_of_week.isin(weekdays)]
        away = np.empty((len(own), people), dtype=bool)
        away[0] = draws.random(people) < share
        for n in range(1, len(own)):
            away[n] = draws.random(people) < np.where(away[n - 1], 1 - ends, begins)
        person = np.tile([f"{team} {shift} {n}" for n in range(people)], len(own))
        table = {"team": team, "shift": shift, "person": person, "day": own.repeat(people), "present": ~away.ravel()}
        found.append(pd.DataFrame(table))
    return pd.concat(found, ignore_index=True)


def planted_frames(seed: int) -> dict[str, pd.DataFrame]:
    """The four tables of a desk, some of it after today."""
    draws = np.random.default_rng(seed)
    contracts = planted_contracts(draws)
    visits = planted_visits(draws, contracts)
    steps, ended, gone = planted_steps(draws, visits["arrived"].to_numpy())
    name = np.array([f"V{number:05d}" for number in range(len(visits))])
    start = pd.Timestamp(TODAY - timedelta(HISTORY))
    return {
        "visits": pd.DataFrame(
            {
                "visit_id": name,
                "customer_id": visits["customer_id"],
                "kind": visits["kind"],
                "arrived_at": moment(visits["arrived"].to_numpy()),
                "ended_at": moment(ended),
                "outcome": np.where(gone, "abandoned", "done"),
            }
        ),
        "visit_steps": pd.DataFrame(
            {
                "visit_id": name[steps["visit"]],
                "station": steps["station"],
                "queued_at": moment(steps["now"].to_numpy()),
                "began_at": moment(steps["began"].to_numpy()),
                "ended_at": moment(steps["left"].to_numpy()),
                "team": steps["station"].where(steps["began"].notna(), None),
            }
        ),
        "contracts": pd.DataFrame(
            {
                "customer_id": contracts["customer_id"],
                "segment": contracts["segment"],
                "started_on": start + pd.to_timedelta(contracts["first"], unit="D"),
                "ended_on": start + pd.to_timedelta(contracts["end"], unit="D"),
            }
        ),
        "attendance": planted_attendance(draws),
    }


def planted_desk(seed: int) -> VisitTables:
    """Such a desk as it stood on the morning of TODAY."""
    return visit_tables(**planted_frames(seed), today=TODAY)
