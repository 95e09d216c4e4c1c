"""Measures: the numbers shown to a person, each worked out from the records of days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from twin.clock import MONTH_DAYS
from twin.errors import TwinError, UnknownName
from twin.records import COLUMN

Good = Literal["up", "down", "neither"]
Period = Literal["total", "per_day", "per_month", "end"]
Form = Literal["mean", "end", "lowest", "ratio"]
Records = np.ndarray


@dataclass(frozen=True)
class Measure:
    """A number that is shown: what it is called, how it is counted, which direction is good.

    form     'mean' of the field `top` over all days (times a month's days where the period is one), 'end': as it
             was on the last day, 'lowest': of all days, 'ratio': all of `top` over all of `bottom`, undefined (NaN)
             where that is zero
    noun     the measure within a sentence
    chart    its title above a chart by day
    matters  the smallest difference worth speaking of: in points for a share, else as a share of the baseline
    against  the measure whose baseline `matters` is a share of, where it is not this one's own (profit may be zero)
    places   of the two fields in the record
    """

    name: str
    label: str
    noun: str
    unit: str
    period: Period
    good: Good
    help: str
    form: Form
    top: str
    bottom: str = ""
    matters: float = 0.005
    chart: str = ""
    against: str = ""
    places: tuple[int, int] = (-1, -1)

    @property
    def finest(self) -> float:
        """The place to which a share is rounded: a tenth of a point, a hundredth where less than that matters."""
        return 0.0001 if self.matters < 0.001 else 0.001

    def compute(self, records: Records) -> np.ndarray:
        """One number a replication, from records of shape (replications, days, fields)."""
        if self.form == "ratio":
            return self._share(records.sum(axis=1))
        top = records[:, :, self.places[0]]
        if self.form == "end":
            return top[:, -1]
        if self.form == "lowest":
            return np.asarray(top.min(axis=1))
        return top.mean(axis=1) * (MONTH_DAYS if self.period == "per_month" else 1.0)

    def daily(self, records: Records) -> np.ndarray:
        """One number a replication and day, from the same records."""
        return self._share(records) if self.form == "ratio" else records[:, :, self.places[0]]

    def _share(self, records: Records) -> np.ndarray:
        above, below = (records[..., place] for place in self.places)
        return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)

    def at(self, columns: Mapping[str, int]) -> "Measure":
        """The same measure, knowing where its fields stand in the record."""
        missing = [field for field in (self.top, self.bottom) if field and field not in columns]
        if missing:
            raise TwinError(f"The measure {self.name} needs the field {missing[0]}, which these records do not have.")
        return replace(self, places=(columns[self.top], columns.get(self.bottom, -1)))

    def only(self, target: str, words: str) -> "Measure":
        """The same measure of a single kind of work, team, station or group of machines; `words` say which."""
        return replace(
            self,
            name=f"{self.name}[{target}]",
            label=f"{self.label}: {words}",
            noun=f"{self.noun}, {words}",
            chart=f"{self.chart}: {words}" if self.chart else "",
            top=f"{self.top}[{target}]",
            bottom=f"{self.bottom}[{target}]" if self.bottom else "",
        )


def _mean(
    name: str, label: str, noun: str, unit: str, period: Period, good: Good, help: str, **more: object
) -> Measure:
    return Measure(name, label, noun, unit, period, good, help, "mean", name, **more)  # type: ignore[arg-type]


def _end(name: str, label: str, noun: str, unit: str, good: Good, help: str, **more: object) -> Measure:
    return Measure(name, label, noun, unit, "end", good, help, "end", name, **more)  # type: ignore[arg-type]


def _ratio(
    name: str, label: str, noun: str, unit: str, good: Good, help: str, top: str, bottom: str, **more: object
) -> Measure:
    return Measure(name, label, noun, unit, "total", good, help, "ratio", top, bottom, **more)  # type: ignore[arg-type]


CATALOGUE: tuple[Measure, ...] = (
    _mean(
        "profit", "Profit", "profit", "currency", "per_month", "up",
        "What is left of the revenue after returns, goods, wages, marketing, stock and fixed costs, in a month.",
        matters=0.001, chart="Profit a day", against="revenue",
    ),
    _mean(
        "revenue", "Revenue", "revenue", "currency", "per_month", "up",
        "What goods were sold for, before returns, and fees, in an average month. An order is sold when it leaves.",
        chart="Revenue a day",
    ),
    _mean(
        "orders", "Orders", "the number of orders", "orders", "per_day", "up",
        "How many orders come in on an average calendar day, days on which the shop is closed included.",
        chart="Orders a day",
    ),
    _mean(
        "visits", "Visits", "the number of visits", "visits", "per_day", "neither",
        "How much work comes in on an average calendar day.", chart="Visits a day",
    ),
    _ratio(
        "late_share", "Late work", "the share of late work", "share", "down",
        "Which share of the finished work was finished later than promised.",
        "visits_late", "visits_finished", chart="Share of work finished late",
    ),
    _ratio(
        "wait_minutes", "Wait", "the wait", "minutes", "down",
        "How long finished work had waited in queues on average, in minutes.",
        "wait_minutes_sum", "visits_finished", matters=0.05, chart="Wait, minutes",
    ),
    _ratio(
        "through_minutes", "Time from door to end", "the time from door to end", "minutes", "down",
        "How long it takes on average from coming in until the work is finished, in minutes.",
        "through_minutes_sum", "visits_finished", matters=0.03, chart="Time from door to end, minutes",
    ),
    _ratio(
        "abandoned_share", "Given up", "the share of those who give up", "share", "down",
        "Which share of the work that came in was given up because its customer waited too long.",
        "visits_abandoned", "visits", matters=0.002, chart="Share given up",
    ),
    _ratio(
        "balked_share", "Turned round", "the share of those who turn round", "share", "down",
        "Which share of the work that came in turned round at the sight of the queue.",
        "visits_balked", "visits", matters=0.002, chart="Share turned round",
    ),
    _ratio(
        "positive_share", "Positive results", "the share of positive results", "share", "neither",
        "Which share of the tested work had a positive last test.",
        "visits_positive", "visits_tested", chart="Share of positive results",
    ),
    _ratio(
        "missed_share", "Missed cases", "the share of cases that are missed", "share", "down",
        "Of the tested work that truly has the condition, the share whose last test was negative (1 - sensitivity).",
        "cases_missed", "cases_tested", chart="Share of cases missed",
    ),
    _ratio(
        "false_alarm_share", "False alarms", "the share of false alarms", "share", "down",
        "Of the work whose last test was positive, the share that does not have the condition.",
        "false_alarms", "visits_positive", chart="Share of positive results that are false",
    ),
    _end(
        "visits_open", "Open work", "the open work", "visits", "down",
        "How much work is open on the last evening.", matters=0.03, chart="Open work in the evening",
    ),
    _ratio(
        "staff_utilisation_share", "Staff busy", "the share of time that staff are busy", "share", "neither",
        "Which share of the working time the people who turned up spend on work.",
        "staff_busy_minutes", "staff_present_minutes", chart="Share of working time spent on work",
    ),
    _ratio(
        "station_wait_minutes", "Wait at a station", "the wait at a station", "minutes", "down",
        "How long work waits on average before somebody begins it at a station, in minutes.",
        "station_wait_minutes_sum", "station_begun", matters=0.05, chart="Wait at a station, minutes",
    ),
    _ratio(
        "oee_share", "Overall equipment effectiveness", "the overall equipment effectiveness", "share", "up",
        "Which share of the time that machines were loaded went into good pieces at the usual speed: availability "
        "times performance times quality. Source: Nakajima (1988).",
        "machine_good_minutes", "machine_loading_minutes", chart="Overall equipment effectiveness",
    ),
    _ratio(
        "availability_share", "Availability of machines", "the availability of machines", "share", "up",
        "Which share of the planned time less maintenance machines were neither failed nor being set up. "
        "Source: Nakajima (1988).",
        "machine_operating_minutes", "machine_loading_minutes", chart="Availability of machines",
    ),
    _ratio(
        "performance_share", "Performance of machines", "the performance of machines", "share", "up",
        "How much was made against what machines could have made at the usual speed while they were available; "
        "blocked and idle time is lost here. Source: Nakajima (1988).",
        "machine_ideal_minutes", "machine_operating_minutes", chart="Performance of machines",
    ),
    _ratio(
        "quality_share", "Quality", "the share of good pieces", "share", "up",
        "Which share of the pieces that machines finished was not scrapped, each weighed by what it takes at the usual "
        "speed. Source: Nakajima (1988).",
        "machine_good_minutes", "machine_ideal_minutes", matters=0.002, chart="Share of good pieces",
    ),
    _mean(
        "units_made", "Good pieces", "the number of good pieces", "units", "per_day", "up",
        "How many pieces that are not scrap are finished on an average calendar day.", chart="Good pieces a day",
    ),
    _ratio(
        "scrap_share", "Scrap", "the share of scrap", "share", "down",
        "Which share of the finished pieces is scrap.",
        "units_scrapped", "units_finished", matters=0.001, chart="Share of finished pieces that is scrap",
    ),
    _ratio(
        "short_share", "Waited for materials", "the share of orders that wait for materials", "share", "down",
        "Which share of the orders finds a material missing when it comes, and waits until it is delivered.",
        "visits_short", "visits_released", matters=0.002, chart="Share of orders that waited for materials",
    ),
    _ratio(
        "short_minutes", "Wait for materials", "the wait for materials", "minutes", "down",
        "How long an order waits for its materials on average, those that do not wait included, in minutes.",
        "short_minutes_sum", "visits_released", matters=0.05, chart="Wait for materials, minutes",
    ),
    Measure(
        "production_orders_open", "Orders for stock", "the number of open orders for stock", "orders", "total",
        "neither", "How many orders to make something for stock are open, on an average evening.", "mean",
        "production_orders_open", matters=0.02, chart="Open orders for stock in the evening",
    ),
    Measure(
        "work_in_process", "Work in process", "the work in process", "currency", "total", "neither",
        "What the materials of the orders in work cost, on an average evening.", "mean", "work_in_process",
        matters=0.01, chart="Value of work in process in the evening",
    ),
    _mean(
        "staff_left", "People who leave", "the number of people who leave", "leavers", "per_month", "down",
        "How many people leave the business for good in an average month.",
        matters=0.05, chart="People who leave, by day",
    ),
    _mean(
        "wages", "Wages", "the wage bill", "currency", "per_month", "down",
        "What staff cost in an average month: the roster, overtime and agency.",
        matters=0.001, chart="Wages a day", against="revenue",
    ),
    _ratio(
        "fill_rate_share", "Goods delivered", "the share of goods delivered", "share", "up",
        "Which share of the pieces asked for the shelf could give when the order came, among the best-selling items.",
        "units_shipped", "units_demanded", matters=0.002, chart="Share of pieces delivered from the shelf",
    ),
    Measure(
        "stock_value", "Stock", "the stock", "currency", "total", "neither",
        "What the goods on the shelves cost, on an average evening; those of open orders are not among them.",
        "mean", "stock_value",
        matters=0.01, chart="Value of stock in the evening",
    ),
    _mean(
        "units_lost", "Pieces lost", "the number of pieces lost", "units", "per_day", "down",
        "How many pieces customers asked for on an average day, did not find and did not wait for.",
        matters=0.02, chart="Pieces lost a day",
    ),
    _end(
        "units_backordered", "Pieces owed", "the pieces owed to customers", "units", "down",
        "How many pieces customers wait for on the last evening.", matters=0.02, chart="Pieces owed in the evening",
    ),
    Measure(
        "units_on_the_way", "Pieces on the way", "the pieces on the way", "units", "total", "neither",
        "How many pieces have left a supplier or a place of the business and not arrived, on an average evening.",
        "mean", "units_on_the_way", matters=0.02, chart="Pieces on the way in the evening",
    ),
    _ratio(
        "days_of_cover", "Days of cover", "the days that stock lasts", "days", "neither",
        "How many days the pieces on the shelves would last if as many were asked for as on average.",
        "stock_units", "units_demanded", matters=0.02, chart="Days that stock lasts",
    ),
    *(
        _mean(
            name, label, noun, "currency", "per_month", "down", help, matters=0.0005, chart=f"{label} a day",
            against="revenue",
        )
        for name, label, noun, help in (
            (
                "transport_cost", "Cost of transport", "the cost of transport",
                "What sending goods costs in an average month.",
            ),
            (
                "holding_cost", "Cost of holding stock", "the cost of holding stock",
                "What holding stock costs in an average month: capital, space, spoilage.",
            ),
            (
                "ordering_cost", "Cost of ordering", "the cost of ordering",
                "What placing and receiving orders costs in an average month.",
            ),
            (
                "waste_cost", "Cost of waste", "the cost of waste",
                "What pieces cost that went off and were thrown away, in an average month.",
            ),
        )
    ),
    _end(
        "active_customers", "Active customers", "the number of active customers", "customers", "up",
        "How many known customers have not left for good, on the last evening.",
        chart="Active customers in the evening",
    ),
    _end(
        "satisfaction_share", "Satisfaction", "customers' satisfaction", "share", "up",
        "How satisfied the active customers are on the last evening: 1 is everything prompt and complete.",
        matters=0.002, chart="Satisfaction of active customers",
    ),
    _end(
        "cash", "Cash", "cash on the last evening", "currency", "up",
        "What is in the bank on the last evening.", matters=0.01, chart="Cash in the evening", against="revenue",
    ),
    Measure(
        "cash_lowest", "Lowest cash", "the lowest cash", "currency", "total", "up",
        "What is in the bank on the evening on which it is least; below zero the business needs a credit.",
        "lowest", "cash", matters=0.01, chart="Cash in the evening", against="revenue",
    ),
    _end(
        "receivables", "Owed by customers", "what customers owe", "currency", "down",
        "What customers owe on the last evening: sold or earned, and not yet paid. An order is sold when it leaves.",
        matters=0.01, chart="Owed by customers in the evening", against="revenue",
    ),
    _end(
        "payables", "Owed to suppliers", "what is owed to suppliers", "currency", "neither",
        "What is owed to suppliers and carriers on the last evening.",
        matters=0.01, chart="Owed to suppliers in the evening", against="revenue",
    ),
    _end(
        "equity", "Equity", "the equity", "currency", "up",
        "What the business owns less what it owes, on the last evening.",
        matters=0.01, chart="Equity in the evening", against="revenue",
    ),
    _end(
        "loan_balance", "Loans", "the loans", "currency", "neither",
        "What borrowers owe on the last evening, loans in default left out.",
        matters=0.005, chart="Owed by borrowers in the evening",
    ),
    _mean(
        "interest_income", "Interest earned", "the interest earned", "currency", "per_month", "up",
        "Interest that borrowers are charged in an average month.", chart="Interest a day",
    ),
    _mean(
        "loan_losses", "Loan losses", "the loan losses", "currency", "per_month", "down",
        "What is lost with loans that go into default in an average month, after what is expected to come back.",
        matters=0.001, chart="Loan losses a day", against="revenue",
    ),
    _ratio(
        "late_loans_share", "Loans behind", "the share of loans behind", "share", "down",
        "Which share of the open loans is one to three months behind.",
        "loans_late", "loans_open", matters=0.002, chart="Share of loans behind",
    ),
    _ratio(
        "default_share", "Defaults", "the share of defaults", "share", "down",
        "Which share of the loans that are due goes into default: the monthly rate of default.",
        "loans_defaulted", "loans_due", matters=0.0005, chart="Share of loans due that default",
    ),
    _ratio(
        "loss_share", "Loss rate", "the loss rate", "share", "down",
        "Which share of the balance that is due is lost: the monthly rate of loss, after what comes back.",
        "loan_losses", "loan_balance_due", matters=0.0005, chart="Share of balances due that is lost",
    ),
)  # fmt: skip
BY_NAME: dict[str, Measure] = {measure.name: measure.at(COLUMN) for measure in CATALOGUE if measure.top in COLUMN}
TARGETED: dict[str, Measure] = {measure.name: measure for measure in CATALOGUE}


def measure(name: str, targets: Mapping[str, str], columns: Mapping[str, int]) -> Measure:
    """The measure of this name, such as late_share or late_share[urgent].

    targets : kinds of work, teams, stations, machines and places with their labels. Raises UnknownName for another.
    """
    plain, _, rest = name.partition("[")
    if plain not in TARGETED:
        raise UnknownName("measure", plain, TARGETED)
    if not rest:
        return TARGETED[plain].at(columns)
    target = rest.removesuffix("]")
    if target not in targets:
        raise UnknownName("kind of work, team, station, group of machines or place", target, targets)
    return TARGETED[plain].only(target, targets[target]).at(columns)
