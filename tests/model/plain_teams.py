"""The kernels of teams once more, as plain Python that reads like their descriptions."""

import math
from dataclasses import dataclass
from typing import Any

from tests.model.plain import draw, lognormal


@dataclass
class Person:
    """A place on a shift's roster, and who has it."""

    entity: int
    shift: int
    place: int
    generation: int = 0
    experience: float = 0.0
    patience: float = 1.0
    vacant: bool = False
    vacant_until: int = 0
    absent: bool = False
    came: bool = False


@dataclass
class Shift:
    """A shift of one day: its places, whether it begins that day, and who is there."""

    places: int
    begins: bool
    present: int = 0
    absent: int = 0
    vacant: int = 0
    agency: int = 0
    pace: float = 0.0

    def on(self, person: Person) -> bool:
        return person.place < self.places

    @property
    def working(self) -> int:
        return self.present + self.agency


def absence_chances(share: float, spell_days: float) -> tuple[float, float]:
    """After a worked and after a missed day."""
    by_chance = math.inf if share >= 1.0 else 1.0 / (1.0 - share)
    if spell_days <= by_chance:
        return share, share
    return share / (1.0 - share) / spell_days, 1.0 - 1.0 / spell_days


def learned_speed(experience: float, share: float, days: float) -> float:
    return 1.0 - share * 2.0 ** (-experience / days) if share > 0 and days > 0 else 1.0


def quit_hazard(per_year: float, response: float, load: float, bearable: float) -> float:
    points = 100.0 * (load - bearable)
    return per_year / 365.0 * (1.0 + response * max(points, 0.0))


def vacancy_days(key: int, person: Person, mean: float) -> int:
    return math.floor(lognormal(draw(key, person.entity, person.generation, 0), mean, 0.3) + 0.5)


def settled(key_quit: int, key_spell: int, people: list[Person], absence: float) -> None:
    for one in people:
        one.patience = -math.log(draw(key_quit, one.entity, 0, 0))
        one.absent = draw(key_spell, one.entity, 0, 0) < absence


def known(keys: list[int], people: list[Person], worked: list[float], hazard: float, hiring_days: float) -> None:
    """Keys: experience, hiring."""
    for one in people:
        stay = 14600.0
        if hazard > 0:
            stay = min(stay, -math.log(draw(keys[0], one.entity, 0, 0)) // hazard)
        one.experience = stay * worked[one.shift]
        mean_stay = 1.0 / (1.0 - math.exp(-hazard)) if hazard > 0 else math.inf
        if draw(keys[0], one.entity, 0, 1) < hiring_days / (hiring_days + mean_stay):
            one.vacant = True
            whole = vacancy_days(keys[1], one, 1.09 * hiring_days)
            one.vacant_until = math.ceil(draw(keys[1], one.entity, 0, 1) * whole)


def replaced(key_quit: int, day: int, people: list[Person], shifts: list[Shift]) -> int:
    due = [one for one in people if one.vacant and one.vacant_until <= day and shifts[one.shift].on(one)]
    for one in due:
        one.vacant, one.generation, one.experience = False, one.generation + 1, 0.0
        one.patience = -math.log(draw(key_quit, one.entity, one.generation, 0))
    return len(due)


def attended(
    keys: list[int], day: int, people: list[Person], shifts: list[Shift], chances: tuple[float, float],
    agency: tuple[float, float], learning: tuple[float, float],
) -> None:  # fmt: skip
    """Keys: absence, agency. Agency is share and speed; learning is share and days."""
    for shift in shifts:
        shift.present = shift.absent = shift.vacant = shift.agency = 0
        shift.pace = 0.0
    for one in people:
        shift = shifts[one.shift]
        if shift.begins:
            one.absent = draw(keys[0], one.entity, day, 0) < chances[one.absent]
        here = shift.begins and shift.on(one)
        one.came = here and not one.vacant and not one.absent
        if one.came:
            shift.present += 1
            shift.pace += learned_speed(one.experience, *learning)
        elif here:
            shift.vacant += one.vacant
            shift.absent += not one.vacant
            if draw(keys[1], one.entity, day, 0) < agency[0]:
                shift.agency += 1
                shift.pace += agency[1]


def counted(
    today: list[Shift], night: list[Shift], starts: list[float], ends: list[float], afters: list[float]
) -> tuple[float, ...]:
    heads = [sum(getattr(shift, name) for shift in today) for name in ("present", "absent", "vacant", "agency")]
    stretches = [(shift, end - start) for shift, start, end in zip(today, starts, ends, strict=True)]
    stretches += list(zip(night, afters, strict=True))
    return (
        *heads,
        sum(shift.working * minutes for shift, minutes in stretches),
        sum(shift.agency * minutes for shift, minutes in stretches),
        sum((shift.present + shift.absent) * minutes for shift, minutes in stretches),
    )


def stretches(
    today: list[Shift], night: list[Shift], starts: list[float], ends: list[float], afters: list[float],
    slots: int, slot_minutes: float, speed: float, pace: float,
) -> tuple[list[tuple[float, int, float]], float]:  # fmt: skip
    changes: list[tuple[float, int, float]] = []
    for slot in range(slots):
        minute = slot * slot_minutes
        here = [shift for shift, after in zip(night, afters, strict=True) if minute < after]
        here += [shift for shift, start, end in zip(today, starts, ends, strict=True) if start <= minute < end]
        people = sum(shift.working for shift in here)
        total = 0.0
        for shift in here:  # sum() adds floats more exactly than a loop from Python 3.12 on
            total += shift.pace
        pace = max(0.01, total / people) if people else pace
        if not changes or changes[-1][1:] != (people, pace * speed):
            changes.append((minute, people, pace * speed))
    return changes, pace


def parted(
    key_hiring: int, day: int, people: list[Person], shifts: list[Shift], hazard: float, hiring_days: float,
    learning: tuple[float, float],
) -> tuple[int, float]:  # fmt: skip
    here = [one for one in people if not one.vacant and shifts[one.shift].on(one)]
    for one in here:
        one.experience += one.came
        one.patience -= hazard
        if one.patience < 0:
            one.vacant, one.vacant_until = True, day + 1 + vacancy_days(key_hiring, one, hiring_days)
    speeds = [learned_speed(one.experience, *learning) for one in here if not one.vacant]
    return len(here) - len(speeds), sum(speeds) / len(speeds) if speeds else 1.0


def planned(shifts: dict[str, dict[str, Any]], numbers: dict[str, float]) -> list[list[int]]:
    """How many people the roster has in each half-hour of the week, Monday first: hour by hour, shift by shift."""
    week = [[0] * 48 for _ in range(7)]
    for shift in shifts.values():
        people = shift["people"]
        count = int(numbers[people] if isinstance(people, str) else people)
        start, end = (int(text[:2]) * 2 + int(text[3:]) // 30 for text in (shift["start"], shift["end"]))
        first, _, last = shift["days"].partition("-")
        names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        day, stop = names.index(first), names.index(last)
        while True:
            for half_hour in range(start, end if end > start else end + 48):
                week[(day + half_hour // 48) % 7][half_hour % 48] += count
            if day == stop:
                break
            day = (day + 1) % 7
    return week
