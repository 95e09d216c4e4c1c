"""Whether a business can be: names that exist, shares that add up, routes that end, work that somebody can do."""

import math
import re
from collections.abc import Iterator, Mapping

from twin.errors import nearest
from twin.spec import machine_faults, making_faults
from twin.spec import supply_soundness as supply
from twin.spec.loans import named_book_faults, numbered_book_faults
from twin.spec.structure import (
    NAME,
    OUT,
    Station,
    Structure,
    Values,
    days_of,
    kind_shares,
    minute_of,
    number,
    ways_on,
    whole,
)

NEAR = 1e-9
ALWAYS = ("demand", "fixed_costs", "opening_cash")
KNOWN = ("marketing", "marketing_share", "marketing_effect", "satisfaction_memory")
GOODS = (
    "price", "price_effect", "price_effect_on_orders_share", "unit_cost_share", "return_share", "holding_cost_share",
    "ordering_cost", "anonymous_lines_log_mean", "anonymous_lines_log_sd", "anonymous_basket_value", "basket_scatter",
)  # fmt: skip
PURCHASES = (
    "lines_log_mean", "lines_log_sd", "basket_value", "anonymous_orders_per_day", "return_response",
    "dropout_response", "satisfaction_loss_missing",
)  # fmt: skip
COMPANIONS = {
    "price": ("price_effect",),
    "competitor_price": ("competitor_effect",),
    "promotion": ("promotion_effect", "promotion_pull_forward_share", "promotion_pull_forward_days"),
}
SHARES = re.compile(r"(share|sensitivity|specificity|delivers)$|\.next\.")
ENDLESS = re.compile(
    r"(promised_hours|patience_minutes|patience_of\.\w+|balk_at|capacity|room|running|life_hours|maintain_every_\w+"
    r"|capacity_per_day|shelf_life_days)$"
)
SIGNED = re.compile(r"(rate_addition|\.factor|factor_shift)$")  # rates fall as well as rise, and times change
POSITIVE = re.compile(
    r"(rate_shape|rate_scale_days|renewal_days|every_minutes|speed|absence_spell_days|life_hours|maintain_every_\w+"
    r"|review_days|pack|forecast_days)$"
)


def named_faults(structure: Structure) -> Iterator[str]:
    """Names that mean nothing and times that are none, as sentences."""
    yield from (*_halved(structure), *_misnamed(structure), *_unknown(structure), *_mistimed(structure))
    yield from machine_faults.named_faults(structure)
    yield from named_book_faults(structure.books, structure.kinds)
    yield from supply.named_faults(structure.network, structure.items)
    yield from making_faults.named_faults(structure)


def numbered_faults(structure: Structure, values: Values) -> Iterator[str]:
    """Numbers with which the business cannot be, as sentences with place, value and what is allowed."""
    for name in _required(structure):
        if name not in values:
            yield f"the parameter {name} is missing: {_required(structure)[name]}"
            return
    for name, needed in COMPANIONS.items():
        if name in values and (missing := [one for one in needed if one not in values]):
            yield f"the parameter {missing[0]} is missing: {name} needs it"
            return
    for place, one in structure.numbers():
        if isinstance(one, str) and one not in values:
            yield f"{place} is '{one}', and there is no parameter of that name. {nearest(one, values)}"
            return
    for faults in (_out_of_range, machine_faults.numbered_faults, _shares, _endless, _idle):
        yield from faults(structure, values)
    yield from numbered_book_faults(structure.books, values)
    yield from supply.numbered_faults(structure.network, values)
    yield from making_faults.numbered_faults(structure, values)


def moved_faults(structure: Structure, values: Values) -> Iterator[str]:
    """Numbers that a lever may reach and with which work could not be sent on; a roster without people is allowed."""
    for faults in (_out_of_range, machine_faults.numbered_faults, _shares, _endless):
        yield from faults(structure, values)
    yield from numbered_book_faults(structure.books, values)
    yield from supply.moved_faults(structure.network, values)
    yield from making_faults.numbered_faults(structure, values)


def _required(structure: Structure) -> dict[str, str]:
    """Parameters that the parts of a business need under these names, and why."""
    found = dict.fromkeys(ALWAYS, "every business needs it")
    if structure.items:
        found |= dict.fromkeys(GOODS, "a business with items needs it")
    if structure.segments:
        found |= dict.fromkeys(KNOWN, "a business with known customers needs it")
    if any(one.relation == "purchases" for one in structure.segments.values()):
        found |= dict.fromkeys(PURCHASES, "customers who buy need it")
    return found


def _halved(structure: Structure) -> Iterator[str]:
    missing = [part for part in ("kinds", "teams", "stations") if not getattr(structure, part)]
    alone = missing == ["teams"] and not any(station.teams for station in structure.stations.values())
    if 0 < len(missing) < 3 and not alone:
        yield f"{' and '.join(missing)} are missing; kinds of work, teams and stations come together or not at all"
    yield from _unrelated(structure)


def _unrelated(structure: Structure) -> Iterator[str]:
    """Parts that do not go together."""
    relations = [one.relation for one in structure.segments.values()]
    if structure.driven == "orders" and not (structure.items and relations in ([], ["purchases"])):
        yield (
            "driven is 'orders'; that needs items = true, and one segment with relation = 'purchases' or, where nobody "
            "is known, none"
        )
    if structure.driven == "visits" and (structure.items or "purchases" in relations):
        yield "driven is 'visits'; then nobody buys: items is false and each segment has relation = 'contract'"
    if structure.kinds and all(kind.booked for kind in structure.kinds.values()):
        yield "every kind of work is booked; at least one must come by itself, for the forecast to drive it"
    for name, team in structure.teams.items():
        if structure.hours == "open" and team.overtime_hours != 0.0:
            yield f"teams.{name}.overtime_hours needs hours = 'calendar'; with 'open' the day ends with the shift"


def _misnamed(structure: Structure) -> Iterator[str]:
    for group in ("segments", "kinds", "teams", "stations", "machines", "books", "nodes", "lanes", "goods"):
        for name in getattr(structure, group):
            if not NAME.fullmatch(name) or name == OUT:
                yield f"{group} has '{name}'; a name is small letters, figures and _, and not '{OUT}'"


def _unknown(structure: Structure) -> Iterator[str]:
    def missing(place: str, name: str, known: Mapping[str, object]) -> Iterator[str]:
        if name not in known:
            yield f"{place} names '{name}', which is not there. {nearest(name, known)}"

    at_once = {name for name, kind in structure.kinds.items() if kind.takes and not kind.start}
    for name in structure.kinds.keys() - at_once:
        yield from missing(f"kinds.{name}.start", structure.kinds[name].start, structure.stations)
    for name, team in structure.teams.items():
        for station in team.skills:
            yield from missing(f"teams.{name}.skills", station, structure.stations)
    for name, place in structure.stations.items():
        for team_name in place.teams:
            yield from missing(f"stations.{name}.teams", team_name, structure.teams)
        for kind_name in (*place.minutes_of, *place.patience_of):
            yield from missing(f"stations.{name}", kind_name, structure.kinds)
        for target in (*place.next, *(place.test.next if place.test else ())):
            yield from missing(f"stations.{name}.next", target, {**structure.stations, OUT: None})


def _mistimed(structure: Structure) -> Iterator[str]:
    for name, team in structure.teams.items():
        for shift_name, shift in team.shifts.items():
            place = f"teams.{name}.shifts.{shift_name}"
            yield from _times(place, shift.days, shift.start, shift.end)
            if structure.hours == "open" and shift.start is not None:
                yield f"{place} has times of its own; with hours = 'open' a shift lasts as long as the business is open"
            if structure.hours == "calendar" and (shift.start is None or shift.end is None):
                yield f"{place} needs start and end; with hours = 'calendar' a shift has times of its own"
            elif shift.start is not None and shift.start == shift.end:
                yield f"{place} begins and ends at {shift.start}; write 00:00 to 24:00 for day and night"
    for name, kind in structure.kinds.items():
        if kind.booked:
            place = f"kinds.{name}.booked"
            faults = list(_times(place, kind.booked.days, kind.booked.start, kind.booked.end))
            yield from faults
            if not faults and minute_of(kind.booked.start) >= minute_of(kind.booked.end):
                yield f"{place} is from {kind.booked.start} to {kind.booked.end}; the end must come after the start"


def _times(place: str, days: str, *times: str | None) -> Iterator[str]:
    try:
        days_of(days)
        for time in times:
            if time is not None:
                minute_of(time)
    except ValueError as error:
        yield f"{place}: {error}"


def _out_of_range(structure: Structure, values: Values) -> Iterator[str]:
    for place, one in structure.numbers():
        found = number(one, values)
        named = f" (parameter {one})" if isinstance(one, str) else ""
        if math.isnan(found) or (found < 0.0 and not SIGNED.search(place)):
            yield f"{place} is {found:g}{named}; it cannot be negative"
        elif math.isinf(found) and not ENDLESS.search(place):
            yield f"{place} is inf{named}; a number is needed here"
        elif place.endswith("every_minutes") and found < 1.0:
            yield f"{place} is {found:g}{named}; appointments are at least a minute apart"
        elif SHARES.search(place) and found > 1.0 + NEAR:
            yield f"{place} is {found:g}{named}; a share lies between 0 and 1"
        elif POSITIVE.search(place) and found == 0.0:
            yield f"{place} is 0{named}; it must be more than zero"


def _shares(structure: Structure, values: Values) -> Iterator[str]:
    shares = kind_shares(structure, values)
    total = math.fsum(shares.values())
    if shares and (abs(total - 1.0) > 1e-6 or min(shares.values()) < -NEAR):
        found = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        yield f"the shares of kinds are {found}; each lies between 0 and 1, and together they are 1"
    for name, station in structure.stations.items():
        branches = {"next": station.next} | ({"test.next": station.test.next} if station.test else {})
        for branch, onward in branches.items():
            total = math.fsum(ways_on(onward, values).values())
            scrap = number(station.scrap_share, values)
            if total + scrap > 1.0 + NEAR:
                more = f", with scrap_share {scrap:g} to {total + scrap:g}" if scrap else ""
                yield f"the shares of stations.{name}.{branch} sum to {total:g}{more}; at most 1 of the work can go on"


def _ways(station: Station, values: Values) -> list[dict[str, float]]:
    """Where work goes from a station within the business, and by which share: one way for each result of a test."""
    branches = [station.next, *([station.test.next] if station.test else [])]
    return [{target: share for target, share in ways_on(one, values).items() if target != OUT} for one in branches]


def _targets(structure: Structure, name: str, values: Values) -> set[str]:
    return {target for goes in _ways(structure.stations[name], values) for target, share in goes.items() if share > 0.0}


def _endless(structure: Structure, values: Values) -> Iterator[str]:
    """Stations that work can reach but never leave."""
    ending = {
        name
        for name, station in structure.stations.items()
        if any(math.fsum(goes.values()) < 1.0 - NEAR for goes in _ways(station, values))
    }
    while more := {
        name for name in structure.stations if name not in ending and _targets(structure, name, values) & ending
    }:
        ending |= more
    for name in structure.stations:
        if name not in ending:
            yield f"work that reaches stations.{name} never leaves: its route has no end. Let a share go to '{OUT}'"


def _idle(structure: Structure, values: Values) -> Iterator[str]:
    """Stations where work arrives and nobody can ever do it."""
    shares = kind_shares(structure, values)
    called = {book.collections.kind for book in structure.books.values() if book.collections}
    reached = {kind.start for name, kind in structure.kinds.items() if name in called or shares.get(name, 1.0) > 0.0}
    reached |= {structure.kinds[name].start for name in (*machine_faults.errands(structure), *structure.produced)}
    reached -= {""}  # what is handed over at once
    while more := {target for name in reached for target in _targets(structure, name, values)} - reached:
        reached |= more
    for name in sorted(reached):
        station = structure.stations[name]
        places = number(station.capacity, values)
        if places < 1.0:
            yield f"stations.{name}.capacity is {places:g} and work arrives there; it must be at least 1"
        if station.machines and machine_faults.number_running(structure.machines[station.machines], values) < 1:
            yield f"stations.{name} has work, but no machine of {station.machines} may run; it needs one"
        if station.teams and sum(_people(structure, team, name, values) for team in station.teams) <= 0:
            yield f"stations.{name} has work, but the shifts of {', '.join(station.teams)} have no people; it needs one"


def _people(structure: Structure, team: str, station: str, values: Values) -> int:
    """How many whole people of a team can work at a station."""
    if number(structure.teams[team].skills.get(station, 1.0), values) <= 0.0:
        return 0
    return sum(whole(number(shift.people, values)) for shift in structure.teams[team].shifts.values())
