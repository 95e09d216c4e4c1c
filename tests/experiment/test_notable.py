"""Who is said to be worth following: everybody's own life, told event by event, says the same."""

from collections import Counter

import pytest

from tests.model import small, small_desk
from tests.model.small_joinery import joinery
from twin.clock import Horizon
from twin.errors import TwinError
from twin.experiment.inputs import Bundle
from twin.experiment.life import Event, life
from twin.experiment.notable import Notable, notable
from twin.experiment.question import Question
from twin.experiment.replicate import replicate
from twin.spec.scenario import Scenario

DAYS, REPLICATION = 6, 3
DESK = small_desk.desk(
    DAYS, first_line_early=1.0, first_line_late=1.0, patience_minutes=300.0, promised_hours_normal=3.0
)
CLINIC = small_desk.clinic(small_desk.with_stations(small_desk.CLINIC, triage={"balk_at": 2}), DAYS, doctors=1.0)


def question(days: int = DAYS) -> Question:
    return Question(Scenario(), Horizon(small.TODAY, days), 1)


def moment(one: Event) -> float:
    return one.day * 1440.0 + one.minute


def told(events: list[Event]) -> dict[str, float]:
    """What one piece of work was like, from its life alone: how it ended, and its numbers."""
    waited, since = 0.0, 0.0
    for one in events:
        if one.what in ("waits", "is put down"):
            since = moment(one)
        elif one.what in ("is begun", "is given up"):
            waited += moment(one) - since
    begun = sum(one.what == "is begun" for one in events)
    return {"waited": waited, "through": moment(events[-1]) - moment(events[0]), "stations": float(begun)}


def everything(bundle: Bundle) -> dict[str, list[Event]]:
    """The life of each piece of work of all days, by its name."""
    came = replicate(bundle, question(), REPLICATION)["days"][:, bundle.structure.columns["visits"]]
    names = [f"visit {day}/{n}" for day in range(DAYS) for n in range(int(came[day]))]
    return {name: life(bundle, question(), REPLICATION, None, name) for name in names}


def by_reason(bundle: Bundle, days: int = DAYS) -> dict[str, tuple[Notable, float]]:
    found = notable(bundle, question(days), REPLICATION, None)
    assert len({one.who for one in found}) == len(found)
    return {name: (one, value) for one in found for name, value in one.reasons.items()}


@pytest.mark.parametrize("bundle", [DESK, CLINIC], ids=["desk", "clinic"])
def test_work_that_stands_out_does_so_among_all_lives(bundle: Bundle) -> None:
    found, lives = by_reason(bundle), everything(bundle)
    ends = {name: events[-1].what for name, events in lives.items()}
    done = {name: told(lives[name]) for name, end in ends.items() if end == "is finished"}
    gone = {name: told(lives[name]) for name, end in ends.items() if end == "is given up"}
    for reason, among, number in (
        ("waited", done, "waited"),
        ("stations", done, "stations"),
        ("abandoned", gone, "waited"),
    ):
        one, value = found[reason]
        assert among[one.who][number] == pytest.approx(value, abs=1e-5)
        assert value == pytest.approx(max(each[number] for each in among.values()), abs=1e-5)
        assert one.day == lives[one.who][0].day
    ordinary, minutes = found["ordinary"]
    assert done[ordinary.who]["through"] == pytest.approx(minutes, abs=1e-5)
    longer = sum(each["through"] > minutes + 1e-5 for each in done.values())
    assert abs(longer - len(done) / 2) <= 1
    assert ("balked" in found) == ("turns round at the sight of the queue" in ends.values())


def test_somebody_turns_round_at_the_clinic() -> None:
    one, _ = by_reason(CLINIC)["balked"]
    assert life(CLINIC, question(), REPLICATION, None, one.who)[-1].what == "turns round at the sight of the queue"


def test_the_latest_is_as_late_as_its_life_says() -> None:
    one, late = by_reason(DESK)["late"]
    events = life(DESK, question(), REPLICATION, None, one.who)
    kind = next(kind for kind in DESK.structure.kinds.values() if kind.label.lower() == events[0].detail)
    promised = float(DESK.values[str(kind.promised_hours)]) * 60.0
    assert told(events)["through"] - promised == pytest.approx(late, abs=1e-5)


@pytest.mark.parametrize(
    "bundle", [small_desk.desk(), small.small(dropout_a=4.0, rate_scale_days=20.0)], ids=["desk", "shop"]
)
def test_customers_who_stand_out_do_so_in_their_own_lives(bundle: Bundle) -> None:
    days = len(bundle.open_days)
    found = by_reason(bundle, days)
    for reason in ("visits", "left"):
        one, visits = found[reason]
        events = life(bundle, question(days), REPLICATION, None, one.who)
        assert sum(event.what == "comes" for event in events) == visits
        assert any(event.what == "leaves for good" for event in events) == ("left" in one.reasons)
        assert one.day is None
    one, share = found["satisfaction"]
    memories = [event.detail for event in life(bundle, question(days), REPLICATION, None, one.who) if event.detail]
    assert [text for text in memories if text.startswith("satisfaction")][-1].endswith(f"to {share:.0%}")


def test_looking_at_them_changes_nothing_and_names_nobody_twice() -> None:
    before = replicate(DESK, question(), REPLICATION)["days"].tobytes()
    counted = Counter(name for one in notable(DESK, question(), REPLICATION, None) for name in one.reasons)
    assert set(counted.values()) == {1}
    assert replicate(DESK, question(), REPLICATION)["days"].tobytes() == before


def test_without_stations_there_is_nothing_to_follow() -> None:
    bare = small_desk.without(DESK.structure, "stations", "teams", "kinds")
    with pytest.raises(TwinError, match="no stations"):
        notable(small_desk.changed(DESK, structure=bare), question(), REPLICATION, None)


@pytest.mark.parametrize(("reason", "delivers"), [("materials", 0.5), ("materials_missing", 0.0)])
def test_orders_that_wait_longest_for_materials_do_so_among_all_lives(reason: str, delivers: float) -> None:
    short, waits = joinery(DAYS, lead_time_days=5.0, mill_delivers=delivers), dict[str, dict[str, float]]()
    for name, events in everything(short).items():
        at = {one.what: moment(one) for one in events}
        if "gets its materials" in at:
            waits.setdefault("materials", {})[name] = at["gets its materials"] - at["comes"]
        elif "waits for materials" in at:
            waits.setdefault("materials_missing", {})[name] = DAYS * 1440.0 - at["comes"]
    one, minutes = by_reason(short)[reason]
    assert waits[reason][one.who] == pytest.approx(minutes, abs=1e-5)
    assert minutes == pytest.approx(max(waits[reason].values()), abs=1e-5)


def test_the_machine_that_stood_longest_did_so_among_all_machines() -> None:
    plant = joinery(DAYS)
    one, minutes = by_reason(plant)["down"]
    names = ("machine saws 1", "machine saws 2")
    stood = {name: stands(life(plant, question(), REPLICATION, None, name)) for name in names}
    assert stood[one.who] == pytest.approx(minutes, abs=1e-5)
    assert minutes == pytest.approx(max(stood.values()), abs=1e-5)


def stands(events: list[Event]) -> float:
    """How long a machine stood at most from a failure until it was as good as new."""
    longest, since = 0.0, None
    for one in events:
        if one.what == "fails":
            since = moment(one)
        elif one.what == "is as good as new" and since is not None:
            longest, since = max(longest, moment(one) - since), None
    return max(longest, DAYS * 1440.0 - since if since is not None else 0.0)
