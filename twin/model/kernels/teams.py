"""A team's day: who comes, who stays at home, who leaves for good and who follows.

Each place on a shift's roster is a row of columns, and luck belongs to the place: one more place moves nobody else's.
"""

import math

import numpy as np
from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import exponential, logarithm, lognormal

LN2 = 0.6931471805599453
YEAR = 365.0
HIRING_SCATTER = 0.3  # standard deviation over mean of the days until somebody is replaced
VETERAN = 40.0 * YEAR  # days in the place where nobody ever leaves: long enough for any learning curve
SLOWEST = 0.01  # against the usual; a team of beginners who can do nothing at all would never finish
TEAMS, SHIFTS = 1 << 40, 1 << 20  # entity of a place: team * TEAMS + shift * SHIFTS + place

PERSON = np.dtype(
    [
        ("entity", "i8"),  # of the place, for its luck
        ("shift", "i8"),
        ("place", "i8"),  # on the shift's roster, 0 first
        ("generation", "i8"),  # how many people had the place before
        ("experience", "f8"),  # worked days
        ("patience", "f8"),  # how much hazard is borne before leaving: a standard exponential value
        ("vacant", "i8"),  # whether nobody has the place
        ("vacant_until", "i8"),  # the day on which somebody new comes
        ("absent", "i8"),  # whether the last day of the shift was missed
        ("came", "i8"),  # whether today was worked
    ]
)
SHIFT = np.dtype(
    [
        ("places", "i8"),  # on the roster, by today's numbers
        ("begins", "i8"),  # whether the shift begins today
        ("present", "i8"),
        ("absent", "i8"),
        ("vacant", "i8"),
        ("agency", "i8"),  # who stand in for the absent and the vacant
        ("pace", "f8"),  # sum of the speeds of those who work, agency included
    ]
)


@njit(cache=True)
def absence_chances(share, spell_days):
    """How likely a day is missed after a day that was worked, and after one that was missed.

    Days of a shift form a chain of two states. A spell lasts 1 / (1 - staying) days on average, and in the long
    run a share `starting / (starting + 1 - staying)` is missed; solved for both:

        staying = 1 - 1 / spell_days,   starting = share / (spell_days * (1 - share))

    Days missed by pure chance already come in spells of 1 / (1 - share) days; up to that length (so for
    spell_days = 1) days are independent, and both chances are `share`. starting <= staying always, so that
    with the same draws nobody who was absent comes because absence_share rose.
    Source: Gabriel and Neumann (1962), a Markov chain model for daily rainfall occurrence (wet and dry spells).
    """
    if spell_days * (1.0 - share) <= 1.0:
        return share, share
    return share / (spell_days * (1.0 - share)), 1.0 - 1.0 / spell_days


@njit(cache=True)
def learned_speed(experience, learning_share, learning_days):
    """How fast somebody with so many worked days is: half of what a beginner lacks is made up in learning_days."""
    if learning_share <= 0.0 or learning_days <= 0.0:
        return 1.0
    return 1.0 - learning_share * exponential(-LN2 * experience / learning_days)


@njit(cache=True)
def quit_hazard(per_year, response, load, bearable):
    """The chance of leaving, a day: higher by `response` for each percentage point of load above what is bearable.

    That it is linear is an assumption, not measured.
    """
    return per_year / YEAR * (1.0 + response * 100.0 * max(0.0, load - bearable))


@njit(cache=True)
def vacancy_days(key, entity, generation, hiring_days):
    """How many days the place of somebody who left stays empty; whole days, log-normal around their mean."""
    return int(math.floor(lognormal(draw(key, entity, generation, 0), hiring_days, HIRING_SCATTER) + 0.5))


@njit(cache=True)
def settled(key_quit, key_spell, people, absence):
    """Give places their first person: patience of their own, and at home or not as on any other day."""
    for n in range(len(people)):
        person = people[n]
        person.patience = -logarithm(draw(key_quit, person.entity, 0, 0))
        person.absent = 1 if draw(key_spell, person.entity, 0, 0) < absence else 0


@njit(cache=True)
def known(key_experience, key_hiring, people, worked, hazard, hiring_days):
    """Let the team begin as it would stand on any day, so that a team that nothing happens to shows no trend.

    worked : worked days a calendar day, by shift
    With a constant hazard h a day, somebody who has a place today has had it for n days or more with chance
    exp(-h n), whatever is to come; and a place is vacant for V of V + T days, where V = hiring_days and T is the mean
    stay, 1 / (1 - exp(-h)). A vacancy found on some day is met the likelier the longer it is: log-normal again, its
    mean (1 + cv^2) times as long, and today is any of its days. Nobody leaves: everybody knows the work.
    Source: Cox (1962), Renewal Theory, chapters on recurrence times and on alternating processes.
    """
    leaving = 1.0 - exponential(-hazard)
    empty = hiring_days * leaving / (1.0 + hiring_days * leaving)
    for n in range(len(people)):
        person = people[n]
        stay = VETERAN
        if hazard > 0.0:
            stay = min(VETERAN, math.floor(-logarithm(draw(key_experience, person.entity, 0, 0)) / hazard))
        person.experience = stay * worked[person.shift]
        if draw(key_experience, person.entity, 0, 1) < empty:
            met = (1.0 + HIRING_SCATTER * HIRING_SCATTER) * hiring_days
            whole = vacancy_days(key_hiring, person.entity, 0, met)
            person.vacant = 1
            person.vacant_until = int(math.ceil(draw(key_hiring, person.entity, 0, 1) * whole))


@njit(cache=True)
def replaced(key_quit, day, people, shifts):
    """Let new people without experience take the vacant places that are due; returns how many begin today.

    Nobody is hired for a place that the roster does not have today.
    """
    hires = 0
    for n in range(len(people)):
        person = people[n]
        if person.vacant == 1 and person.vacant_until <= day and person.place < shifts[person.shift].places:
            person.generation += 1
            person.experience = 0.0
            person.patience = -logarithm(draw(key_quit, person.entity, person.generation, 0))
            person.vacant = 0
            hires += 1
    return hires


@njit(cache=True)
def attended(
    key_absence, key_agency, day, people, shifts, starting, staying, agency_share, agency_speed, learning_share,
    learning_days,
):  # fmt: skip
    """Who turns up today: fills in the sums of each shift that begins.

    Places that a change took off the roster keep their spells of absence going, so that they return as if nothing had
    been; agency staff stand in for a place by a luck of that place and day.
    """
    for n in range(len(shifts)):
        shift = shifts[n]
        shift.present, shift.absent, shift.vacant, shift.agency, shift.pace = 0, 0, 0, 0, 0.0
    for n in range(len(people)):
        person = people[n]
        shift = shifts[person.shift]
        person.came = 0
        if shift.begins == 0:
            continue
        chance = staying if person.absent == 1 else starting
        person.absent = 0 if draw(key_absence, person.entity, day, 0) >= chance else 1
        if person.place >= shift.places:
            continue
        if person.vacant == 0 and person.absent == 0:
            person.came = 1
            shift.present += 1
            shift.pace += learned_speed(person.experience, learning_share, learning_days)
            continue
        if person.vacant == 1:
            shift.vacant += 1
        else:
            shift.absent += 1
        if draw(key_agency, person.entity, day, 0) < agency_share:
            shift.agency += 1
            shift.pace += agency_speed


@njit(cache=True)
def counted(today, night, starts, ends, afters):
    """People of the shifts that begin today, and minutes of this calendar day, the rest of last night included.

    Returns the present, absent, vacant and agency, then minutes worked, of them by agency staff, and minutes to pay to
    the team's own.
    """
    present, absent, vacant, agency = 0, 0, 0, 0
    worked, stood_in, paid = 0.0, 0.0, 0.0
    for n in range(len(today)):
        now, then = today[n], night[n]
        own, rest = ends[n] - starts[n], afters[n]
        present += now.present
        absent += now.absent
        vacant += now.vacant
        agency += now.agency
        worked += (now.present + now.agency) * own + (then.present + then.agency) * rest
        stood_in += now.agency * own + then.agency * rest
        paid += (now.present + now.absent) * own + (then.present + then.absent) * rest
    return present, absent, vacant, agency, worked, stood_in, paid


@njit(cache=True)
def stretches(today, night, starts, ends, afters, slots, slot_minutes, speed, pace, minutes, people, speeds):
    """The day as stretches with the same people: how many work, and how fast they are on average.

    today, night : the shifts that begin today, and yesterday's, whose part after midnight is today's
    starts, ends, afters : minutes at which each shift begins and ends today, and ends tomorrow
    pace : average speed of those who worked last; an empty stretch keeps it, for whoever still works overtime
    Returns how many stretches there are, and the pace at the end.
    """
    number = 0
    for slot in range(slots):
        minute, count, total = slot * slot_minutes, 0, 0.0
        for n in range(len(night)):
            if minute < afters[n]:
                count += night[n].present + night[n].agency
                total += night[n].pace
        for n in range(len(today)):
            if starts[n] <= minute < ends[n]:
                count += today[n].present + today[n].agency
                total += today[n].pace
        if count > 0:
            pace = max(SLOWEST, total / count)
        if number == 0 or people[number - 1] != count or speeds[number - 1] != pace * speed:
            minutes[number], people[number], speeds[number] = minute, count, pace * speed
            number += 1
    return number, pace


@njit(cache=True)
def morning(
    key_quit, key_absence, key_agency, day, hires, people, today, night, places, begins, starts, ends, afters, terms,
    slots, length, pace, minutes, numbers, speeds,
):  # fmt: skip
    """A team's morning in one go: yesterday's shifts are last night's, vacant places are filled, and who comes, comes.

    hires  : whether vacant places that are due are filled;  places, begins : of each shift, by today's numbers
    terms  : the two chances of absence (see `absence_chances`), agency_share, agency_speed, learning_share,
             learning_days and speed
    length : of the day in minutes, in so many slots;  minutes, numbers, speeds : get the stretches
    Returns how many stretches there are, the pace at the end, how many begin, and what `counted` tells.
    """
    for n in range(len(today)):
        night[n] = today[n]
        today[n].places, today[n].begins = places[n], begins[n]
    found = replaced(key_quit, day, people, today) if hires else 0
    attended(key_absence, key_agency, day, people, today, terms[0], terms[1], terms[2], terms[3], terms[4], terms[5])
    count, pace = stretches(
        today, night, starts, ends, afters, slots, length / max(slots, 1), terms[6], pace, minutes, numbers, speeds
    )
    return count, pace, found, counted(today, night, starts, ends, afters)


@njit(cache=True)
def mornings(
    key_quit, key_absence, key_agency, day, hires, people, people_from, today, night, shifts_from, places, begins,
    starts, ends, afters, terms, slots, length, paces, stretches, counts, told,
):  # fmt: skip
    """The mornings of all teams, see `morning`; their people and shifts lie one team after the other.

    people_from, shifts_from : where those of each team begin, and behind the last team the end
    terms, paces : by team;  stretches : minutes, people and speeds by team;  counts : get how many stretches there are
    told : gets what `counted` tells of each team, and how many begin
    """
    for n in range(len(counts)):
        own, first, last = people[people_from[n] : people_from[n + 1]], shifts_from[n], shifts_from[n + 1]
        counts[n], paces[n], began, sums = morning(
            key_quit, key_absence, key_agency, day, hires, own, today[first:last], night[first:last],
            places[first:last], begins[first:last], starts[first:last], ends[first:last], afters[first:last], terms[n],
            slots, length, paces[n], stretches[n, 0], stretches[n, 1], stretches[n, 2],
        )  # fmt: skip
        told[n, 0], told[n, 1], told[n, 2], told[n, 3] = sums[0], sums[1], sums[2], sums[3]
        told[n, 4], told[n, 5], told[n, 6], told[n, 7] = sums[4], sums[5], sums[6], began


@njit(cache=True)
def parted(key_hiring, day, people, shifts, hazard, hiring_days, learning_share, learning_days):
    """The evening: whoever came knows the work better, and whose patience is used up leaves for good.

    The hazard uses up a patience that is the person's own, so that more load makes people leave earlier and changes
    nobody's luck. Places off the roster stand still.
    Returns how many left, and how fast those who stay are by experience on average.
    """
    quits, stay, total = 0, 0, 0.0
    for n in range(len(people)):
        person = people[n]
        if person.vacant == 1 or person.place >= shifts[person.shift].places:
            continue
        person.experience += person.came
        person.patience -= hazard
        if person.patience < 0.0:
            person.vacant = 1
            empty = vacancy_days(key_hiring, person.entity, person.generation, hiring_days)
            person.vacant_until = day + 1 + empty
            quits += 1
        else:
            stay += 1
            total += learned_speed(person.experience, learning_share, learning_days)
    return quits, (total / stay if stay > 0 else 1.0)


@njit(cache=True)
def evening(key_hiring, day, people, shifts, load, terms):
    """The same with the hazard that this load makes.

    terms : attrition_per_year, attrition_response, attrition_load, hiring_days, learning_share and learning_days
    """
    hazard = quit_hazard(terms[0], terms[1], load, terms[2])
    return parted(key_hiring, day, people, shifts, hazard, terms[3], terms[4], terms[5])


@njit(cache=True)
def evenings(key_hiring, day, people, people_from, shifts, shifts_from, loads, terms, told):
    """The evenings of all teams, see `evening`; told : gets how many left and how fast those are who stay, by team."""
    for n in range(len(loads)):
        own, first, last = people[people_from[n] : people_from[n + 1]], shifts_from[n], shifts_from[n + 1]
        told[n, 0], told[n, 1] = evening(key_hiring, day, own, shifts[first:last], loads[n], terms[n])
