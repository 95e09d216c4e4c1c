"""Who turned up: the share missed, the length of spells, and people who are away when the records begin or end."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import FIRST, Row, counter, records
from twin.calibrate.attendance import Runs, attendance, rosters, runs
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Part
from twin.calibrate.visits import VisitTables

DATASETS = 100
SHIFT = {"day": {"start": "09:00", "end": "17:00", "people": "clerks_day"}}
EMPTY = records()
ASKED = {"absence_share": "absence", "absence_spell_days": "spell"}


def desk(**team: object) -> Blueprint:
    return counter(teams={"clerks": {"shifts": SHIFT} | team}, counter={})


def days(*people: str, shift: str = "day") -> list[Row]:
    """A row for each letter: x came, o did not; a space is no day on the roster."""
    return [
        ("clerks", shift, f"person {who}", FIRST + pd.Timedelta(days=n), int(letter == "x"))
        for who, letters in enumerate(people)
        for n, letter in enumerate(letters)
        if letter != " "
    ]


def chain(seed: int, share: float, spell: float, people: int, length: int) -> VisitTables:
    """Days of people that follow each other as the model of absence says."""
    draws = np.random.default_rng(seed)
    away = np.empty((length, people), dtype=bool)
    away[0] = draws.random(people) < share
    for n in range(1, length):
        away[n] = draws.random(people) < np.where(away[n - 1], 1 - 1 / spell, share / (1 - share) / spell)
    day = FIRST + pd.to_timedelta(np.arange(length).repeat(people), unit="D")
    person = np.tile(np.arange(people), length)
    table = {"team": "clerks", "shift": "day", "person": person, "day": day, "present": ~away.ravel()}
    return replace(EMPTY, attendance=pd.DataFrame(table))


def found(people: list[str], **team: object) -> Part:
    return attendance(records(attendance=days(*people)), desk(**(ASKED | team)))


def test_what_followed_what_is_counted_person_by_person() -> None:
    rows = pd.DataFrame(days("xxoox", "oxx", "x o x"), columns=["team", "shift", "person", "day", "present"])
    assert runs(rows.assign(present=rows["present"] > 0)) == Runs(
        began_well=2, began_away=1, stayed=2, fell=2, back=3, away=1
    )


def test_in_long_records_shares_and_lengths_are_those_that_can_be_counted() -> None:
    part = found(["xxxxxxxxxooxxxxxxxxx" * 3] * 20)
    assert part.estimates["absence"].value == pytest.approx(0.1, abs=0.005)
    assert part.estimates["spell"].value == pytest.approx(2.0, abs=0.05)
    assert part.estimates["absence"].rows == 1200
    assert "60 spells" in part.estimates["spell"].method


@pytest.mark.parametrize(("share", "spell", "length"), [(0.08, 2.5, 60), (0.05, 1.0 / 0.95, 60), (0.15, 6.0, 25)])
def test_the_intervals_hold_the_truth_as_often_as_they_say(share: float, spell: float, length: int) -> None:
    """The last case has spells of six days in records of 25: many are cut off at an edge."""
    hits = {"absence": 0, "spell": 0}
    for seed in range(DATASETS):
        estimates = attendance(chain(seed, share, spell, 1500 // length, length), desk(**ASKED)).estimates
        for (name, one), truth in zip(estimates.items(), (share, spell), strict=True):
            low, high = one.interval(log=False)
            hits[name] += low <= truth <= high
    assert all(binom.ppf(0.0005, DATASETS, 0.9) <= hit <= 99 for hit in hits.values()), hits


def test_two_teams_with_one_name_are_estimated_together() -> None:
    other = [("helpers", *row[1:]) for row in days("xoxx" * 15, "xxxx" * 15)]
    teams = {name: {"shifts": SHIFT} | ASKED for name in ("clerks", "helpers")}
    blueprint = counter(teams=teams, counter={})
    tables = records(attendance=[*days("xxxx" * 15, "xoxx" * 15), *other])
    part = attendance(tables, blueprint)
    assert part.estimates["absence"].rows == 240
    assert part.estimates["absence"].value == pytest.approx(0.125, abs=0.01)
    assert [names for names, _ in part.covariances] == [("absence", "spell")]


def test_where_the_length_is_given_only_the_share_is_estimated() -> None:
    part = found(["xxxxxxxxoo" * 6] * 10, absence_spell_days=1.0)
    assert list(part.estimates) == ["absence"]
    assert part.covariances == []


def test_days_away_that_hang_together_make_the_share_less_certain() -> None:
    long, short = ("xxxxxxxxxxxxxxxxoooo" * 3, "xxxxoxxxxoxxxxoxxxxo" * 3)
    errors = [found([letters] * 10).estimates["absence"].standard_error for letters in (long, short)]
    assert errors[0] > 1.5 * errors[1]


def test_hardly_anybody_missing_gives_a_share_but_no_length() -> None:
    part = found(["x" * 59 + "o"] * 3 + ["x" * 60] * 7)
    assert part.estimates["absence"].value == pytest.approx(3.5 / 601)
    assert part.reasons["spell"] == "3 spells of absence, 10 needed"


def test_few_days_leave_the_assumption() -> None:
    part = found(["xxxxo" * 3] * 2)
    assert part.estimates == {}
    assert part.reasons["absence"] == "30 rostered days, 100 needed"


def test_the_roster_is_the_most_usual_number_of_the_last_four_weeks() -> None:
    people = ["x" * 70] * 3 + ["x" * 30] * 4 + [" " * 66 + "xxxx"]
    part = rosters(records(attendance=days(*people)), desk())
    assert (part.estimates["clerks_day"].value, part.estimates["clerks_day"].standard_error) == (3, 0)
    assert rosters(records(), desk()).estimates == {}
