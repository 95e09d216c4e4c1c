"""Visits before they reach a station: each gets a number of its own, a kind, and what nobody sees yet."""

import numpy as np
from numba import njit

from twin.model.kernels.chance import draw, mixed
from twin.model.kernels.queues import BALKED, DONE, GONE

FINISHED, LATE, ABANDONED, TURNED_ROUND, WAITED, THROUGH = 0, 1, 2, 3, 4, 5
BOOKED = 1 << 61  # entities of those who come by appointment: BOOKED + kind, day and place in the day's list


@njit(cache=True)
def numbered(entity, day, nth, numbers):
    """A number for each visit that is the customer's, the day's and the visit's own: the same in every scenario."""
    for n in range(len(entity)):
        key = mixed(mixed(mixed(np.uint64(0), entity[n]), day), nth[n])
        numbers[n] = np.int64(key >> np.uint64(1))


@njit(cache=True)
def sorted_into_kinds(key, entity, weights, kind):
    """Draw each visit's kind by share; the weights sum to one."""
    for n in range(len(entity)):
        u, place, low = draw(key, entity[n], 0, 0), 0, 0.0
        while place < len(weights) - 1 and u >= low + weights[place]:
            low += weights[place]
            place += 1
        kind[n] = place


@njit(cache=True)
def conditions_drawn(key, entity, kind, shares, condition):
    """Draw of each visit, by the share of its kind, whether it has what a station may test for."""
    for n in range(len(entity)):
        condition[n] = 1 if draw(key, entity[n], 0, 0) < shares[kind[n]] else 0


@njit(cache=True)
def noted(free, used, segment, row, fill, worth, tags, book_segment, book_row, book_fill, book_worth, standing):
    """Give each visit a number, the free ones first, and note whose it is, what it lacks and what it is worth.

    standing : what all that is open is worth together, see kernels/worth.py
    """
    again = min(len(tags), len(free))
    for n in range(len(tags)):
        tag = free[n] if n < again else used + n - again
        tags[n] = tag
        book_segment[tag], book_row[tag], book_fill[tag] = segment[n], row[n], fill[n]
        for part in range(len(standing)):
            book_worth[tag, part] = worth[n, part]
            standing[part] += worth[n, part]


@njit(cache=True)
def lived(ended, late, lost, promised, fill, segment, row, losses, one, rows, outcomes):
    """What the work that ended was like for the customers of one segment, as `satisfaction.experience` says it.

    ended, late, lost : as in `reckoned`;  fill, segment, row : by tag
    losses : for being late, for what was missing, for giving up, for waiting
    rows, outcomes : get whose it was and what it was like, in order of ending. Returns how many.
    """
    count = 0
    for n in range(len(ended)):
        visit = ended[n]
        tag = visit.tag
        if segment[tag] != one or row[tag] < 0:
            continue
        minutes = promised[visit.kind]
        waited = visit.waited / minutes if minutes > 0.0 else 0.0
        outcome = 1.0 - losses[0] * late[n] - losses[1] * (1.0 - fill[tag]) - losses[2] * lost[n]
        rows[count], outcomes[count] = row[tag], max(outcome - losses[3] * min(waited, 1.0), 0.0)
        count += 1
    return count


@njit(cache=True)
def reckoned(ended, promised, edges, sums, late, lost, histogram):
    """Add up by kind how the visits of a day ended, say of each whether it was late or lost, and count waits by length.

    ended    : kernels.queues.ENDED; promised : minutes by kind
    sums     : by kind, the columns FINISHED to THROUGH; histogram : of the waits of finished visits
    """
    for n in range(len(ended)):
        visit = ended[n]
        row = sums[visit.kind]
        late[n], lost[n] = False, visit.how != DONE
        if visit.how == GONE:
            row[ABANDONED] += 1.0
        elif visit.how == BALKED:
            row[TURNED_ROUND] += 1.0
        elif visit.how == DONE:
            through = visit.ended - visit.arrived
            late[n] = through > promised[visit.kind]
            row[FINISHED] += 1.0
            row[LATE] += 1.0 if late[n] else 0.0
            row[WAITED] += visit.waited
            row[THROUGH] += through
            place = 0
            if visit.waited > edges[0]:  # most do not wait; the others without branches that nobody could guess
                for edge in range(len(edges)):
                    place += visit.waited > edges[edge]
            histogram[place] += 1.0
