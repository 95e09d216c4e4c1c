"""Who holds which place this morning, as the rosters leave it, and how a team begins from that."""

import numpy as np
import pytest

from tests.calibrate.test_staffing import LAST, of, rostered, staffed
from tests.model.firm import Firm
from twin.calibrate.attendance import rosters
from twin.calibrate.present import FILLED, present
from twin.model.teams import Team

TERMS = {"people": 3.0, "attrition_per_year": 0.5, "attrition_response": 0.0, "hiring_days": 40.0}
SHIFTS = {"day": {"start": "09:00", "end": "17:00", "days": "mon-sun", "people": 3}}


def places(*spans: tuple[str, int, int], people: int = 3) -> dict[str, list[float]]:
    """The vectors of a team of so many places, and people who are on its roster for these days."""
    shifts = {"day": SHIFTS["day"] | {"people": people}}
    blueprint, tables = staffed(shifts=shifts), of(rostered(*spans))  # type: ignore[arg-type]
    found = present(tables, blueprint, rosters(tables, blueprint))
    return {name.removeprefix("place_"): column.tolist() for name, column in found.vectors.items()}


def test_everybody_who_is_there_holds_a_place_and_is_known_by_what_they_worked() -> None:
    found = places(("old", 0, LAST), ("new", LAST - 30, LAST), ("newer", LAST - 10, LAST))
    assert found["worked"] == [LAST, 30.0, 10.0]
    assert found["before"] == [1.0, 0.0, 0.0]
    assert found["empty_days"] == [FILLED] * 3
    assert found["team"] == found["shift"] == [0.0] * 3


def test_a_place_that_somebody_left_is_empty_since_then() -> None:
    found = places(("old", 0, LAST), ("other", 0, LAST), ("gone", 0, LAST - 12))
    assert found["empty_days"] == [FILLED, FILLED, 12.0]


def test_one_thin_day_is_no_farewell() -> None:
    found = places(("old", 0, LAST), ("other", 0, LAST), ("away today", 0, LAST - 1))
    assert found["empty_days"] == [FILLED] * 3


def test_without_rosters_nothing_is_told() -> None:
    assert places() == {}


def team(vectors: dict[str, list[float]], seed: int = 1) -> Team:
    """A team that begins as the records leave it."""
    structure = staffed(shifts=SHIFTS).structure  # type: ignore[arg-type]
    told = {f"place_{name}": np.array(column) for name, column in vectors.items()}
    return Team(Firm(seed), "clerks", 0, structure, TERMS, told)


def test_a_full_team_begins_full_and_a_gap_is_filled_as_long_ones_are() -> None:
    full = places(("old", 0, LAST), ("other", 0, LAST), ("third", LAST - 20, LAST))
    gap = places(("old", 0, LAST), ("other", 0, LAST), ("gone", 0, LAST - 12))
    waits = []
    for seed in range(200):
        people = team(full, seed).people
        assert not people["vacant"].any()
        assert people["experience"][2] == 20.0
        assert people["experience"][0] >= LAST
        there = team(gap, seed).people
        assert there["vacant"].tolist() == [0, 0, 1]
        waits.append(int(there["vacant_until"][2]))
    assert min(waits) >= 0
    assert np.mean(waits) == pytest.approx(
        40.0 - 12.0, abs=3 * 12.0 / np.sqrt(200)
    )  # a vacancy is 40 days, 12 about it


def test_without_records_places_are_empty_as_on_any_day() -> None:
    empty = [int(Team(Firm(seed), "clerks", 0, staffed(shifts=SHIFTS).structure, TERMS).people["vacant"].sum())  # type: ignore[arg-type]
             for seed in range(300)]  # fmt: skip
    share = 40.0 / (40.0 + 365.0 / 0.5)
    assert np.mean(empty) / 3 == pytest.approx(share, abs=3 * np.sqrt(share / 900))


def test_places_that_a_change_adds_are_nobody_s_yet() -> None:
    told = places(("old", 0, LAST), ("other", 0, LAST), ("third", 0, LAST))
    begun = team({name: column[:2] for name, column in told.items()})
    assert len(begun.people) == 3
