"""Customers against marketing science: how a product spreads, and who comes back to buy CDs."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from tests import theory
from tests.proof.study import SEEDS, Size, Study
from twin.calibrate.customers import Fit, Histories, alive_share, fit, histories
from twin.model.acquisition import Acquisition
from twin.model.chance import Chance, Purpose
from twin.model.customers import until_noon
from twin.model.kernels import customers as kernel
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import poisson
from twin.spec.structure import Segment

SAMPLE = Path(__file__).parents[1] / "data" / "cdnow_sample.parquet"
FITTED_TO = pd.Timestamp("1997-09-30")
FIRST_DAY = pd.Timestamp("1997-01-01")
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
WEEK = 7
START = 1.0  # satisfaction plays no part here: everyone as satisfied as ever

# A day; the yearly ones are averages over many products: Sultan, Farley and Lehmann (1990).
INNOVATION, IMITATION, MARKET = 0.03 / 365, 0.38 / 365, 200_000


@cache
def purchases() -> pd.DataFrame:
    """The days on which each customer of the sample bought; a day counts once, as in the paper."""
    return pd.read_parquet(SAMPLE, columns=["customer_id", "date"]).drop_duplicates()


@cache
def known() -> Histories:
    """What each customer had done by the day the model is fitted to, in days."""
    bought = purchases()[purchases()["date"] <= FITTED_TO]
    days = bought.groupby("customer_id")["date"].agg(first_order="min", last_order="max", purchase_days="nunique")
    return histories(days, FITTED_TO)


@cache
def fitted_in_weeks() -> Fit:
    """The app's own fit, in weeks as the paper has it."""
    days = known()
    return fit(Histories(days.repeats, days.recency / WEEK, days.age / WEEK))


@cache
def fitted() -> tuple[float, float, float, float]:
    """The same in days: r, alpha, a and b."""
    r, alpha, a, b = fitted_in_weeks().values.tolist()
    return r, alpha * WEEK, a, b


def bought_after(days: int) -> int:
    """How many purchases the sample really made in the days after the fit."""
    dates = purchases()["date"]
    return int(((dates > FITTED_TO) & (dates <= FITTED_TO + pd.Timedelta(days=days))).sum())


def buyers_after(days: int) -> int:
    """How many customers really bought in the days after the fit."""
    bought = purchases()
    later = bought[(bought["date"] > FITTED_TO) & (bought["date"] <= FITTED_TO + pd.Timedelta(days=days))]
    return int(later["customer_id"].nunique())


def repeats_by(day: int) -> int:
    """How many repeat purchases the sample really had made within the first days of 1997."""
    bought = purchases()[purchases()["date"] < FIRST_DAY + pd.Timedelta(days=day)]
    return len(bought) - int(bought["customer_id"].nunique())


class People:
    """Customers of the model alone: columns as its customers have them, advanced day by day by its own kernels."""

    def __init__(self, count: int, chance: Chance) -> None:
        self.count, self.chance = count, chance
        self.satisfaction, self.entity = np.full(count, START), np.arange(count)
        self.buyers, self.luck = np.empty(20 * count, np.int64), np.empty(count, np.uint64)
        self.alive, self.rate = np.zeros(count, np.bool_), np.zeros(count)
        self.hazard, self.patience = np.zeros(count), np.zeros(count)

    def remembered_from(self, past: Histories) -> None:
        """Draw everyone from what their history leaves open."""
        purposes = (Purpose.ALIVE, Purpose.RATE, Purpose.DROPOUT_A, Purpose.DROPOUT_B, Purpose.DROPOUT_TIME)
        self.alive, self.rate, self.hazard, self.patience = kernel.posterior(
            past.repeats.astype(np.int64), past.recency, past.age, *fitted(), *(self.chance[one] for one in purposes)
        )
        until_noon(self.alive, self.hazard, self.patience)

    def join(self, first: int, joined: int, day: int) -> None:
        """Let new customers in, as the model does with those who order for the first time."""
        purposes = (Purpose.RATE, Purpose.DROPOUT_A, Purpose.DROPOUT_B, Purpose.DROPOUT_TIME, Purpose.SPEND)
        keys = np.array([self.chance[one] for one in purposes], dtype=np.uint64)
        kernel.joining(
            first, joined, day, *fitted(), keys, np.ones(1), self.alive, self.rate, self.hazard, self.patience,
            self.satisfaction, START, np.ones(self.count), self.entity,
        )  # fmt: skip

    def bought(self, day: int, count: int) -> np.ndarray:
        """Who orders today, a row for each order."""
        kernel.lucks(self.chance[Purpose.BUYING], self.entity[:count], self.luck)
        orders = kernel.returning_orders(
            self.luck, day, count, self.alive, self.rate, self.satisfaction, START, 0.0, 1.0, self.buyers
        )
        assert orders <= len(self.buyers)
        return self.buyers[:orders]

    def leave(self, count: int) -> None:
        """The evening: whose patience is used up is gone."""
        kernel.leaving(count, self.alive, self.hazard, self.patience, self.satisfaction, START, 0.0, 1.0)


AHEAD = {"repeat purchases, weeks 40-52": 13, "repeat purchases, weeks 40-65": 26, "repeat purchases, weeks 40-78": 39}


def purchases_ahead(seed: int, replication: int, length: int) -> dict[str, float]:
    """Repeat purchases of the sample in the 39 weeks after the fit, each customer drawn from their own history."""
    people = People(len(known()), Chance(seed, replication))
    people.remembered_from(known())
    total, found = 0, {}
    for day in range(length * WEEK):
        total += len(people.bought(day, people.count))
        people.leave(people.count)
        found |= {name: float(total) for name, weeks in AHEAD.items() if weeks * WEEK == day + 1}
    return found


def buyers() -> dict[str, str]:
    """How many different customers buy in the 39 weeks after the fit: in the model, and as BG/NBD expects it.

    Whoever is there at the start buys within t with chance 1 - ((alpha + T) / (alpha + T + t)) ** (r + x).
    """
    counts, days = [], 39 * WEEK
    for replication in range(400):
        people, seen = People(len(known()), Chance(SEEDS[0], replication)), np.zeros(len(known()), np.bool_)
        people.remembered_from(known())
        for day in range(days):
            seen[people.bought(day, people.count)] = True
            people.leave(people.count)
        counts.append(int(seen.sum()))
    (r, alpha, _, _), past = fitted(), known()
    buys = 1.0 - ((alpha + past.age) / (alpha + past.age + days)) ** (r + past.repeats)
    return {
        "model_buyers": f"{np.mean(counts):.0f}",
        "model_error": f"{np.std(counts, ddof=1) / math.sqrt(len(counts)):.1f}",
        "paper_buyers": f"{(alive_share(np.array(fitted()), past) * buys).sum():.0f}",
    }


COHORT = {"repeat purchases to week 39": 39, "repeat purchases to week 78": 78}


@cache
def joined() -> np.ndarray:
    """How many customers of the sample bought for the first time on each day from 1997-01-01."""
    return np.bincount((FITTED_TO - FIRST_DAY).days - known().age.astype(np.int64))


def purchases_since_joining(seed: int, replication: int, length: int) -> dict[str, float]:
    """Repeat purchases of as many new customers, joining when those of the sample did; nobody's history is used."""
    people, count, total, found = People(len(known()), Chance(seed, replication)), 0, 0, {}
    for day in range(length * WEEK):
        total += len(people.bought(day, count))
        if day < len(joined()):
            people.join(count, int(joined()[day]), day)
            count += int(joined()[day])
        people.leave(count)
        found |= {name: float(total) for name, weeks in COHORT.items() if weeks * WEEK == day + 1}
    return found


def expected_since_joining(weeks: int) -> float:
    """What the paper's formula says for that cohort."""
    ages = weeks * WEEK - 1.0 - np.repeat(np.arange(len(joined())), joined())
    return float(theory.repeats_since_joining(fitted(), ages).sum())


def expected_ahead(weeks: int) -> float:
    """What the paper's formula says of the known customers."""
    past = known()
    return float(theory.repeats_ahead(fitted(), past.repeats, past.recency, past.age, weeks * WEEK).sum())


SPREAD_DAYS = {"won after 3 years": 1095, "won at the peak": 2260, "won after 10 years": 3650}


def spread(seed: int, replication: int, length: int) -> dict[str, float]:
    """How many of a market have been won, by themselves and by word of mouth, where nobody ever leaves."""
    segment = Segment(new_per_day=INNOVATION * MARKET, imitation=IMITATION, market=MARKET)
    acquisition, luck = Acquisition(segment, {}), Chance(seed, replication)[Purpose.NEW_CUSTOMERS]
    acquisition.begin(0, START)
    won, found = 0, {}
    for day in range(length):
        won += int(poisson(draw(luck, 0, day, 0), acquisition.expected({}, won, START)))
        found |= {name: float(won) for name, last in SPREAD_DAYS.items() if last == day + 1}
    return found


def customer_studies() -> list[Study]:
    """The studies of customers."""
    return [
        Study(
            "Bass diffusion",
            f"A market of {MARKET:,} is won day by day with innovation 0.03 and imitation 0.38 a year; nobody leaves.",
            "`N(t) = m (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t)`",
            "Bass (1969)",
            {name: MARKET * theory.bass(INNOVATION, IMITATION, day) for name, day in SPREAD_DAYS.items()},
            spread,
            Size(100, max(SPREAD_DAYS.values())),
            Size(10, max(SPREAD_DAYS.values())),
        ),
        Study(
            "Repeat purchases of known customers",
            "2,357 buyers of CDs, each with their own history up to 1997-09-30; the 39 weeks after it.",
            "sum over customers of E[Y(t) | x, t_x, T]",
            "Fader, Hardie and Lee (2005), equation 10",
            {name: expected_ahead(weeks) for name, weeks in AHEAD.items()},
            purchases_ahead,
            Size(2_400, max(AHEAD.values())),
            Size(100, max(AHEAD.values())),
        ),
        Study(
            "Repeat purchases of new customers",
            "As many customers join on the same days; nothing of their later histories is used.",
            "sum over customers of E[X(t)]",
            "Fader, Hardie and Lee (2005), equation 9",
            {name: expected_since_joining(weeks) for name, weeks in COHORT.items()},
            purchases_since_joining,
            Size(600, max(COHORT.values())),
            Size(60, max(COHORT.values())),
        ),
    ]
