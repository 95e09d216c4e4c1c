"""The queue at which people turn round, told by how many were waiting when they came."""

import heapq

import numpy as np
import pytest

from tests.calibrate.small_visits import Row, counter, records, step, visit
from twin.calibrate.balking import Queues, balking, queues
from twin.calibrate.visits import VisitTables

BLUEPRINT = counter(counter={"balk_at": "balk_at"})
PATIENCE = 25.0


def played(seed: int, balk_at: int, minutes: float = 9.0, visits_wanted: int = 400) -> VisitTables:
    """One clerk, first come first served; some give up, and whoever finds `balk_at` waiting turns round."""
    luck, now, free, queue = np.random.default_rng(seed), 0.0, 0.0, list[tuple[float, int, float]]()
    visits, steps = list[Row](), list[Row]()

    def served_until(moment: float) -> None:
        nonlocal free
        while queue:
            came, number, until = queue[0]
            begins = max(free, came)
            if begins > moment:
                return
            heapq.heappop(queue)
            if until < begins:
                visits.append(visit(number, came, until, "abandoned"))
                steps.append(step(number, came, None, until))
                continue
            free = begins + minutes
            visits.append(visit(number, came, free))
            steps.append(step(number, came, begins, free))

    for number in range(visits_wanted):
        now += float(luck.exponential(8.0))
        served_until(now)
        waiting = [one for one in queue if one[2] > now]
        if free > now and len(waiting) >= balk_at:
            visits.append(visit(number, now, now, "balked"))
        else:
            heapq.heappush(queue, (now, number, now + float(luck.exponential(PATIENCE))))
    served_until(np.inf)
    return records(visits, steps)


@pytest.mark.parametrize("balk_at", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_the_length_at_which_they_turned_round_is_found(seed: int, balk_at: int) -> None:
    one = balking(played(seed, balk_at), BLUEPRINT).estimates["balk_at"]
    assert (one.value, one.standard_error) == (balk_at, 0.0)


def test_a_length_that_hardly_ever_comes_is_left_to_the_template() -> None:
    found = balking(played(1, 40), BLUEPRINT)
    assert found.reasons["balk_at"] == "0 visits of the last year turned round, 5 needed"


def test_the_queue_is_counted_as_it_was() -> None:
    visits = [visit(0, 0.0, 10.0), visit(1, 1.0, 20.0), visit(2, 2.0, 6.0, "abandoned"), visit(3, 5.0, 5.0, "balked")]
    visits += [visit(4, 8.0, 8.0, "balked"), visit(5, 9.0, 30.0)]
    steps = [step(0, 0.0, 0.0, 10.0), step(1, 1.0, 10.0, 20.0), step(2, 2.0, None, 6.0), step(5, 9.0, 20.0, 30.0)]
    found = queues(records(visits, steps), BLUEPRINT, "counter")
    assert found.turned.tolist() == [2, 1], "one had given up meanwhile"
    assert sorted(found.stayed.tolist()) == [0, 1, 1]


def test_a_step_of_somebody_who_turned_round_is_no_place_in_the_queue() -> None:
    visits = [visit(0, 0.0, 10.0), visit(1, 1.0, 20.0), visit(2, 5.0, 5.0, "balked")]
    steps = [step(0, 0.0, 0.0, 10.0), step(1, 1.0, 10.0, 20.0), step(2, 5.0, None, 5.0)]
    assert queues(records(visits, steps), BLUEPRINT, "counter").turned.tolist() == [1]


def test_people_of_many_minds_tell_no_length() -> None:
    turned, stayed = np.repeat([1, 2, 3, 4], 5), np.repeat([1, 2, 3, 4], 50)
    assert Queues(turned, stayed).threshold()[1] == 20
    tables = records([visit(n, 60.0 * n, 60.0 * n, "balked") for n in range(10)], [])
    assert "no one length" in balking(tables, BLUEPRINT).reasons["balk_at"], "they turned round before no queue at all"
