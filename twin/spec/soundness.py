"""Whether a business can be: names that exist, shares that add up, routes that end, work that somebody can do."""

import math
import re
from collections.abc import Iterator, Mapping

from twin.errors import nearest
from twin.spec.structure import NAME, OUT, Station, Structure, Values, days_of, kind_shares, minute_of, number

NEAR = 1e-9
ALWAYS = (
    "demand",
    "marketing",
    "marketing_share",
    "marketing_effect",
    "fixed_costs",
    "opening_cash",
    "satisfaction_memory",
)
GOODS = (
    "price", "price_effect", "price_effect_on_orders_share", "unit_cost_share", "return_share", "holding_cost_share",
    "ordering_cost", "reorder_point", "order_up_to_level", "lead_time_days", "lead_time_scatter",
    "satisfaction_loss_missing",
)  # fmt: skip
PURCHASES = (
    "lines_log_mean", "lines_log_sd", "anonymous_lines_log_mean", "anonymous_lines_log_sd", "basket_value",
    "anonymous_basket_value", "basket_scatter", "anonymous_orders_per_day", "return_response", "dropout_response",
)  # fmt: skip
SHARES = re.compile(r"(share|sensitivity|specificity)$|\.next\.")
POSITIVE = re.compile(r"(rate_shape|rate_scale_days|renewal_days|every_minutes|speed|absence_spell_days)$")


def named_faults(whole: Structure) -> Iterator[str]:
    """Names that mean nothing and times that are none, as sentences."""
    yield from (*_halved(whole), *_misnamed(whole), *_unknown(whole), *_mistimed(whole))


def numbered_faults(whole: Structure, values: Values) -> Iterator[str]:
    """Numbers with which the business cannot be, as sentences with place, value and what is allowed."""
    for name in _required(whole):
        if name not in values:
            yield f"the parameter {name} is missing: {_required(whole)[name]}"
            return
    for place, one in whole.numbers():
        if isinstance(one, str) and one not in values:
            yield f"{place} is '{one}', and there is no parameter of that name. {nearest(one, values)}"
            return
    for faults in (_out_of_range, _shares, _endless, _idle):
        yield from faults(whole, values)


def _required(whole: Structure) -> dict[str, str]:
    """Parameters that the parts of a business need under these names, and why."""
    found = dict.fromkeys(ALWAYS, "every business needs it")
    if whole.items:
        found |= dict.fromkeys(GOODS, "a business with items needs it")
    if any(one.relation == "purchases" for one in whole.segments.values()):
        found |= dict.fromkeys(PURCHASES, "customers who buy need it")
    return found


def _halved(whole: Structure) -> Iterator[str]:
    missing = [part for part in ("kinds", "teams", "stations") if not getattr(whole, part)]
    if 0 < len(missing) < 3:
        yield f"{' and '.join(missing)} are missing; kinds of work, teams and stations come together or not at all"
    if whole.items and not any(one.relation == "purchases" for one in whole.segments.values()):
        yield "items is true, but no segment of customers buys; one needs relation = 'purchases'"


def _misnamed(whole: Structure) -> Iterator[str]:
    for group in ("segments", "kinds", "teams", "stations"):
        for name in getattr(whole, group):
            if not NAME.fullmatch(name) or name == OUT:
                yield f"{group} has '{name}'; a name is small letters, figures and _, and not '{OUT}'"


def _unknown(whole: Structure) -> Iterator[str]:
    def missing(place: str, name: str, known: Mapping[str, object]) -> Iterator[str]:
        if name not in known:
            yield f"{place} names '{name}', which is not there. {nearest(name, known)}"

    for name, kind in whole.kinds.items():
        yield from missing(f"kinds.{name}.start", kind.start, whole.stations)
    for name, team in whole.teams.items():
        for station in team.skills:
            yield from missing(f"teams.{name}.skills", station, whole.stations)
    for name, place in whole.stations.items():
        for team_name in place.teams:
            yield from missing(f"stations.{name}.teams", team_name, whole.teams)
        for kind_name in (*place.minutes_of, *place.patience_of):
            yield from missing(f"stations.{name}", kind_name, whole.kinds)
        for target in (*place.next, *(place.test.next if place.test else ())):
            yield from missing(f"stations.{name}.next", target, {**whole.stations, OUT: None})


def _mistimed(whole: Structure) -> Iterator[str]:
    for name, team in whole.teams.items():
        for shift_name, shift in team.shifts.items():
            place = f"teams.{name}.shifts.{shift_name}"
            yield from _times(place, shift.days, shift.start, shift.end)
            if whole.hours == "open" and shift.start is not None:
                yield f"{place} has times of its own; with hours = 'open' a shift lasts as long as the business is open"
            if whole.hours == "calendar" and (shift.start is None or shift.end is None):
                yield f"{place} needs start and end; with hours = 'calendar' a shift has times of its own"
    for name, kind in whole.kinds.items():
        if kind.booked:
            yield from _times(f"kinds.{name}.booked", kind.booked.days, kind.booked.start, kind.booked.end)


def _times(place: str, days: str, *times: str | None) -> Iterator[str]:
    try:
        days_of(days)
        for time in times:
            if time is not None:
                minute_of(time)
    except ValueError as error:
        yield f"{place}: {error}"


def _out_of_range(whole: Structure, values: Values) -> Iterator[str]:
    for place, one in whole.numbers():
        found = number(one, values)
        named = f" (parameter {one})" if isinstance(one, str) else ""
        if math.isnan(found) or found < 0.0:
            yield f"{place} is {found:g}{named}; it cannot be negative"
        elif SHARES.search(place) and found > 1.0 + NEAR:
            yield f"{place} is {found:g}{named}; a share lies between 0 and 1"
        elif POSITIVE.search(place) and found == 0.0:
            yield f"{place} is 0{named}; it must be more than zero"


def _shares(whole: Structure, values: Values) -> Iterator[str]:
    shares = kind_shares(whole, values)
    total = math.fsum(shares.values())
    if shares and (abs(total - 1.0) > 1e-6 or min(shares.values()) < -NEAR):
        found = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        yield f"the shares of kinds are {found}; each lies between 0 and 1, and together they are 1"
    for name, station in whole.stations.items():
        branches = {"next": station.next} | ({"test.next": station.test.next} if station.test else {})
        for branch, onward in branches.items():
            total = math.fsum(number(share, values) for share in onward.values())
            if total > 1.0 + NEAR:
                yield f"the shares of stations.{name}.{branch} sum to {total:g}; at most 1 of the work can go on"


def _ways(station: Station, values: Values) -> list[dict[str, float]]:
    """Where work goes from a station within the business, and by which share: one way for each result of a test."""
    branches = [station.next, *([station.test.next] if station.test else [])]
    return [{target: number(share, values) for target, share in one.items() if target != OUT} for one in branches]


def _targets(whole: Structure, name: str, values: Values) -> set[str]:
    return {target for goes in _ways(whole.stations[name], values) for target, share in goes.items() if share > 0.0}


def _endless(whole: Structure, values: Values) -> Iterator[str]:
    """Stations that work can reach but never leave."""
    ending = {
        name
        for name, station in whole.stations.items()
        if any(math.fsum(goes.values()) < 1.0 - NEAR for goes in _ways(station, values))
    }
    while more := {name for name in whole.stations if name not in ending and _targets(whole, name, values) & ending}:
        ending |= more
    for name in whole.stations:
        if name not in ending:
            yield f"work that reaches stations.{name} never leaves: its route has no end. Let a share go to '{OUT}'"


def _idle(whole: Structure, values: Values) -> Iterator[str]:
    """Stations where work arrives and nobody can ever do it."""
    shares = kind_shares(whole, values)
    reached = {kind.start for name, kind in whole.kinds.items() if shares.get(name, 1.0) > 0.0}
    while more := {target for name in reached for target in _targets(whole, name, values)} - reached:
        reached |= more
    for name in sorted(reached):
        station = whole.stations[name]
        places = number(station.capacity, values)
        if places < 1.0:
            yield f"stations.{name}.capacity is {places:g} and work arrives there; it must be at least 1"
        if sum(_people(whole, team, values) for team in station.teams) <= 0.0:
            yield f"stations.{name} has work, but the shifts of {', '.join(station.teams)} have no people; it needs one"


def _people(whole: Structure, team: str, values: Values) -> float:
    return math.fsum(number(shift.people, values) for shift in whole.teams[team].shifts.values())
