"""Appointments: work that comes because a time was agreed, early or late, or not at all."""

import numpy as np

from twin.model.chance import Chance, Purpose
from twin.model.inputs import Values
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import normal
from twin.spec.structure import Booked, days_of, minute_of, number

DAY_MINUTES = 1440.0


def agreed(booked: Booked, weekday: int, values: Values) -> list[float]:
    """The minutes of the day for which appointments are agreed."""
    if weekday not in days_of(booked.days):
        return []
    first, last, every = minute_of(booked.start), minute_of(booked.end), number(booked.every_minutes, values)
    return [first + n * every for n in range(int(-((first - last) // every)))] if last > first else []


def coming(
    booked: Booked, kind: int, day: int, weekday: int, chance: Chance, values: Values
) -> list[tuple[float, int]]:
    """When those who keep an appointment of this kind come today, each with its place in the day's list."""
    found = []
    for place, minute in enumerate(agreed(booked, weekday, values)):
        entity = (kind << 32) | place
        if draw(chance[Purpose.NO_SHOW], entity, day, 0) >= number(booked.no_show_share, values):
            off = number(booked.punctuality_minutes, values) * normal(draw(chance[Purpose.PUNCTUALITY], entity, day, 0))
            found.append((float(np.clip(minute + off, 0.0, DAY_MINUTES - 1e-6)), place))
    return found
