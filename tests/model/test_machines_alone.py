"""Works in which machines do everything by themselves, over days of any step."""

import math

import numpy as np
import pytest

from twin.errors import TwinError
from twin.model.stations import Played, alone, poisson_visits
from twin.spec.soundness import named_faults
from twin.spec.structure import Structure

LINE = Structure.model_validate(
    {
        "kinds": {"piece": {"start": "mill"}},
        "machines": {
            "mills": {"count": 2, "life_hours": "life", "life_shape": 2.0, "repair_minutes": 30.0},
            "drills": {"count": 2, "life_hours": 6.0, "repair_minutes": 20.0, "maintain_every_days": 1.0},
        },
        "stations": {
            "mill": {"machines": "mills", "minutes": 10.0, "next": {"drill": 1.0}},
            "drill": {"machines": "drills", "minutes": 9.0, "room": 3, "scrap_share": 0.03},
        },
    }
)
VALUES = {"life": 8.0}
VISITS = poisson_visits(0.15, days=10, seed=2)


def bytes_of(played: Played) -> tuple[bytes, ...]:
    return played.visits.tobytes(), played.stations.tobytes(), played.open.tobytes(), played.log.tobytes()


def test_a_works_without_people_can_be() -> None:
    assert list(named_faults(LINE)) == []
    played = alone(LINE, VALUES, VISITS, 10)
    assert played.teams.shape == (10, 0)
    assert len(played.visits) + played.open[-1] == len(VISITS)
    assert len(played.visits) > 1500


def test_days_are_the_same_for_any_step() -> None:
    whole = bytes_of(alone(LINE, VALUES, VISITS, 10, log=100_000))
    for step in (60.0, 77.0, 1e9):
        assert bytes_of(alone(LINE, VALUES, VISITS, 10, log=100_000, step_minutes=step)) == whole


def test_machines_that_are_maintained_by_the_day_need_an_end() -> None:
    with pytest.raises(TwinError, match="say until when to play"):
        alone(LINE, VALUES, VISITS, math.inf)


def test_longer_lives_make_more() -> None:
    waits = [alone(LINE, {"life": life}, VISITS, 10).visits["waited"].mean() for life in (4.0, 40.0)]
    assert np.diff(waits)[0] < 0.0
