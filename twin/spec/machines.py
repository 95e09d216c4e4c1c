"""Machines as a template declares them: how many, how long they last, who repairs and maintains them."""

import math
from typing import Literal

from pydantic import Field

from twin.spec.parts import Number, Part

TEXTS = {"machines", "repair_times", "kind"}  # fields that are words, not numbers


class Errand(Part):
    """Who is sent for when a machine is out of use: work of this kind comes to the station where the kind begins."""

    kind: str


class MachineGroup(Part):
    """Machines that can stand in for one another.

    count    how many there are;  running: how many of them may run at most
    life_hours   running time until a machine fails, on average; inf is never. Weibull with life_shape: above 1
                 machines wear out, at 1 they fail by chance alone
    repair       the kind of work that a repair is, for a crew; without it a repair takes repair_minutes by itself
                 (repair_times and repair_scatter say how they vary, as for the minutes of a station)
    maintain_every_hours   maintenance after so much running since a machine was as good as new
    maintain_every_days    maintenance every so many days, whatever happened in between
    maintenance  the kind of work that it is, for a crew; without it maintenance takes maintenance_minutes by itself
    setup_minutes   until a machine is ready for another kind of work or station than the last; setup_minutes_of: by
                    the kind that is to come
    Repair and maintenance make a machine as good as new. Work in hand is finished before maintenance begins; a
    failure interrupts it, and it stays on the machine.
    """

    count: Number = 1
    running: Number = math.inf
    life_hours: Number = math.inf
    life_shape: Number = 1.0
    repair: Errand | None = None
    repair_minutes: Number = 0.0
    repair_times: Literal["fixed", "exponential", "lognormal"] = "lognormal"
    repair_scatter: Number = 1.0
    maintain_every_hours: Number = math.inf
    maintain_every_days: Number = math.inf
    maintenance: Errand | None = None
    maintenance_minutes: Number = 0.0
    setup_minutes: Number = 0.0
    setup_minutes_of: dict[str, Number] = Field(default_factory=dict)
