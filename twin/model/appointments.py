"""Appointments: work that comes because a time was agreed, early or late, or not at all."""

import numpy as np

from twin.model.chance import Chance, Purpose
from twin.model.inputs import Values
from twin.model.kernels.arrivals import kept
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
    minutes = np.array(agreed(booked, weekday, values), float)
    places = np.empty(len(minutes), np.int64)
    luck = (chance[Purpose.NO_SHOW], chance[Purpose.PUNCTUALITY])
    missed, scatter = number(booked.no_show_share, values), number(booked.punctuality_minutes, values)
    count = kept(*luck, kind << 32, day, missed, scatter, DAY_MINUTES - 1e-6, minutes, places)
    return list(zip(minutes[:count].tolist(), places[:count].tolist(), strict=True))
