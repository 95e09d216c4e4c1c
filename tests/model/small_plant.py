"""A small works for the tests: mills and ovens in a line, fitters who repair them, scrap and little room between."""

from dataclasses import replace
from typing import Any

from tests.model.desks import always
from tests.model.small_desk import clinic
from twin.experiment.inputs import Bundle
from twin.model.chance import Chance
from twin.model.floor import Floor
from twin.spec.structure import Structure

PLANT = Structure.model_validate({
    "kinds": {"bolt": {"start": "milling", "share": 0.5}, "nut": {"start": "milling", "share": "rest"},
              "breakdown": {"start": "workshop", "share": 0.0, "rank": 0}},
    "teams": {"crew": always(3, wage=20.0), "fitters": always("fitters", wage=30.0)},
    "machines": {
        "mills": {"label": "Mills", "count": 3, "running": "mills_running", "life_hours": "mill_life",
                  "life_shape": 1.5, "repair": {"kind": "breakdown"}, "setup_minutes": 15.0,
                  "maintain_every_days": 7.0, "maintenance_minutes": 60.0},
        "ovens": {"label": "Ovens", "count": 1, "life_hours": 40.0, "repair_minutes": 90.0},
    },
    "stations": {
        "milling": {"teams": ["crew"], "machines": "mills", "minutes": 60.0, "scrap_share": 0.05,
                    "next": {"baking": 0.95}},
        "baking": {"teams": [], "machines": "ovens", "minutes": 30.0, "times": "fixed", "room": 2, "scrap_share": 0.02},
        "workshop": {"teams": ["fitters"], "minutes": 120.0},
    },
})  # fmt: skip
NUMBERS = {"mills_running": 3.0, "mill_life": 30.0, "fitters": 1.0}
ONE = {"count": 1, "life_hours": 1000.0}


def plant(days: int = 30, **changed: float) -> Bundle:
    """The works as a business of its own."""
    bundle = clinic(PLANT, days, **(NUMBERS | changed))
    return replace(bundle, levers=("demand", "marketing", "mills_running", "mill_life"))


def works(machines: dict[str, Any], people: int = 1, **parts: Any) -> Structure:
    """One station with machines and a team, all of it fixed; `station` differs from that, `stations` come besides."""
    station = {"teams": ["crew"], "machines": "mills", "times": "fixed", "minutes": 10.0, **parts.pop("station", {})}
    return Structure.model_validate(
        {
            "kinds": {"all": {"start": "milling"}, **parts.pop("kinds", {})},
            "teams": {"crew": always(people), **parts.pop("teams", {})},
            "machines": {"mills": machines, **parts.pop("machines", {})},
            "stations": {"milling": station, **parts.pop("stations", {})},
        }
    )


def shop_floor(structure: Structure, arrivals: list[float], people: tuple[int, ...] = (1,), **more: Any) -> Floor:
    """A floor with so many people in each team, and visits at these minutes."""
    floor = Floor(structure, more.pop("values", {}), Chance(1, 0), log=10_000)
    for team, count in enumerate(people):
        floor.staff(team, 0.0, count)
    floor.accept(arrivals, range(len(arrivals)), more.pop("kind", [0] * len(arrivals)))
    return floor
