"""Machines that cannot be are refused when a template is loaded, with the place, the value and what is allowed."""

from copy import deepcopy
from typing import Any

import pytest

from tests.model.small_plant import NUMBERS, PLANT
from twin.records import BY_MACHINES, DAY_FIELDS, SCRAP_FIELDS
from twin.spec.measures import measure
from twin.spec.soundness import moved_faults, named_faults, numbered_faults
from twin.spec.structure import Structure

VALUES = NUMBERS | dict.fromkeys(
    (
        "demand",
        "marketing",
        "marketing_share",
        "marketing_effect",
        "fixed_costs",
        "opening_cash",
        "satisfaction_memory",
    ),
    1.0,
)


def with_change(path: str, value: Any) -> Structure:
    """The works with one entry changed or added."""
    content = deepcopy(PLANT.model_dump())
    *way, last = path.split("/")
    place = content
    for step in way:
        place = place[step]
    place[last] = value
    return Structure.model_validate(content)


def faults(structure: Structure, values: dict[str, float] | None = None) -> list[str]:
    """All that is wrong with it."""
    return list(named_faults(structure)) or list(numbered_faults(structure, VALUES | (values or {})))


def test_the_works_can_be() -> None:
    assert faults(PLANT) == []
    assert not list(moved_faults(PLANT, VALUES | {"mills_running": 0.0}))
    assert Structure.model_validate(PLANT.model_dump()) == PLANT


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("stations/baking/machines", None, "stations.baking has neither teams nor machines"),
        ("stations/baking/machines", "oven", "stations.baking.machines names 'oven', which is not there. Did you mean"),
        ("machines/mills/count", -1.0, "machines.mills.count is -1; it cannot be negative"),
        ("machines/mills/count", float("inf"), "machines.mills.count is inf; a number is needed"),
        ("machines/mills/life_hours", 0.0, "machines.mills.life_hours is 0; it must be more than zero"),
        ("machines/mills/life_shape", 0.0, "machines.mills.life_shape is 0; it lies between 0.1 and 100"),
        ("machines/mills/maintain_every_days", 0.0, "maintain_every_days is 0; it must be more than zero"),
        ("machines/mills/setup_minutes", -2.0, "machines.mills.setup_minutes is -2; it cannot be negative"),
        ("machines/mills/setup_minutes_of", {"odd": 1.0}, "machines.mills.setup_minutes_of names 'odd'"),
        ("machines/mills/repair", {"kind": "brake"}, "machines.mills.repair.kind is 'brake', which is no kind of work"),
        ("machines/mills/repair", {"kind": "bolt"}, "mills are repaired or maintained at a station that"),
        ("machines/ovens/maintenance", {"kind": "nut"}, "machines.ovens are repaired or maintained at a station that"),
        ("machines/mills/running", 0.0, "stations.milling has work, but no machine of mills may run; it needs one"),
        ("machines/Mills", {"count": 1}, "machines has 'Mills'; a name is small letters"),
        ("stations/milling/scrap_share", 1.2, "stations.milling.scrap_share is 1.2; a share lies between 0 and 1"),
        ("stations/milling/scrap_share", 0.06, "milling.next sum to 0.95, with scrap_share 0.06 to 1.01; at most 1"),
        ("stations/workshop/room", 3, "stations.workshop.room is 3.0, but repairs of mills pass there"),
        ("stations/workshop/teams", [], "stations.workshop has neither teams nor machines"),
        ("stations/baking/room", -1.0, "stations.baking.room is -1; it cannot be negative"),
        ("stations/baking/next", {"milling": 0.1}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_sentence(path: str, value: Any, words: str) -> None:
    found = faults(with_change(path, value))
    assert any(words in fault for fault in found) if words else found == []


@pytest.mark.parametrize(
    ("stations", "locked"),
    [
        # work that comes back to a full queue waits for itself
        ({"a": {"next": {"b": 1.0}}, "b": {"room": 1, "next": {"a": 0.1}}}, False),
        ({"a": {"room": 1, "next": {"b": 1.0}}, "b": {"room": 1, "next": {"a": 0.1}}}, True),
        ({"a": {"room": 1, "next": {"a": 0.1}}}, True),
        # people who are blocked cannot do the work that would let them go on
        ({"a": {"next": {"b": 1.0}}, "b": {"room": 1, "teams": ["a"]}}, True),
        ({"a": {"next": {"b": 1.0}, "machines": "m"}, "b": {"room": 1, "teams": ["a"]}}, False),
        ({"a": {"next": {"b": 1.0}, "machines": "m"}, "b": {"room": 1, "machines": "m"}}, True),
        # nor those who would repair the machine
        ({"a": {"next": {"b": 1.0}, "teams": ["fix"]}, "b": {"room": 1, "machines": "crewed"}}, True),
        ({"a": {"next": {"b": 1.0}}, "b": {"room": 1, "machines": "crewed"}}, False),
    ],
)
def test_queues_that_could_wait_for_each_other_for_ever_are_refused(stations: dict[str, Any], locked: bool) -> None:
    people = {"shifts": {"all": {"start": "00:00", "end": "24:00", "people": 1}}}
    structure = Structure.model_validate(
        {
            "kinds": {"all": {"start": "a"}, "breakdown": {"start": "shop", "share": 0.0}},
            "teams": {"a": people, "b": people, "fix": people},
            "machines": {"m": {"count": 1}, "crewed": {"count": 1, "repair": {"kind": "breakdown"}}},
            "stations": {
                name: {"minutes": 1.0, "teams": [name], **station} for name, station in stations.items()
            } | {"shop": {"minutes": 1.0, "teams": ["fix"]}},
        }
    )  # fmt: skip
    found = [fault for fault in named_faults(structure) if "may wait for room" in fault]
    assert bool(found) == locked, found


def test_a_business_without_machines_has_no_fields_of_machines() -> None:
    columns = PLANT.columns
    assert set(columns) >= {*BY_MACHINES, *(f"{field}[ovens]" for field in BY_MACHINES), SCRAP_FIELDS[0].name}
    plain = PLANT.model_copy(update={"machines": {}, "stations": {}, "teams": {}, "kinds": {}})
    assert len(Structure.model_validate(plain.model_dump()).columns) == len(DAY_FIELDS)
    assert list(columns.values()) == list(range(len(columns)))


def test_measures_of_machines_are_there_all_together_and_by_group() -> None:
    for name in ("oee_share", "availability_share", "performance_share", "quality_share"):
        assert measure(name, PLANT.targets, PLANT.columns).places[0] > 0
        assert measure(f"{name}[mills]", PLANT.targets, PLANT.columns).label.endswith(": mills")
