"""Who holds which place on the rosters this morning, what they have worked, and since when places are empty."""

import numpy as np

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Part
from twin.calibrate.staffing import spans
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Number, whole

RECENT = 5  # days of a shift of which most say how many people it has: one thin day is no farewell
FILLED = -1.0
NAMES = ("team", "shift", "worked", "before", "empty_days")


def present(tables: VisitTables, blueprint: Blueprint, rosters: Part) -> Part:
    """The places of every shift as the records leave them, a row each, team by team and shift by shift.

    rosters : how many places each shift has
    Columns, as vectors `place_...`: team, shift; worked, days that its person was seen at work; before, whether the
    person was there when the records begin, and so has worked longer; empty_days, for how many days nobody has had
    the place, -1 where somebody does. None where the records hold no roster.
    """
    rows = [
        (team_number, shift_number, *place)
        for team_number, (name, team) in enumerate(blueprint.structure.teams.items())
        for shift_number, (shift_name, shift) in enumerate(team.shifts.items())
        for place in _places(tables, name, shift_name, _seats(shift.people, rosters, blueprint))
    ]
    columns = np.array(rows, float).reshape(len(rows), len(NAMES)).T
    return Part(vectors={f"place_{name}": column for name, column in zip(NAMES, columns, strict=True)} if rows else {})


def _seats(people: Number, rosters: Part, blueprint: Blueprint) -> int:
    """How many places a shift has."""
    found = rosters.estimates.get(str(people))
    return whole(blueprint.known(people) if found is None else found.value)


def _places(tables: VisitTables, team: str, shift: str, seats: int) -> list[tuple[float, ...]]:
    """Those who are on a shift, the longest there first, then the places that nobody has."""
    days = tables.attendance[(tables.attendance["team"] == team) & (tables.attendance["shift"] == shift)]
    counts = days.groupby("day")["person"].nunique().sort_index()[-RECENT:]
    if not len(counts):
        return []
    known, filled = spans(tables, team), min(seats, int(counts.mode().max()))
    worked = days[days["present"]].groupby("person").size()
    of_shift = known[known["shift"] == shift].sort_values(["last", "first"], ascending=[False, True], kind="stable")
    own, gone = of_shift.index[:filled], of_shift["last"].iloc[filled:]
    found: list[tuple[float, ...]] = [(float(worked.get(one, 0)), float(known["at_start"][one]), FILLED) for one in own]
    empty = [float((tables.morning - last).days - 1) for last in gone.iloc[: seats - filled]]
    empty += [0.0] * (seats - filled - len(empty))  # nobody was ever seen there: since when is not known
    return found + [(0.0, 0.0, since) for since in empty]
