"""The stations once more, as plain Python that reads like their description: lists, slow, and easy to trust."""

import math
from dataclasses import dataclass, field

from tests.model.plain import draw, lognormal
from tests.model.plain_visits import Group, Sums, Visit
from twin.spec.structure import Station, Structure, Team, number

WAITING, SERVED, DONE, GONE, BALKED, FINISHED, PUT_DOWN = 1, 2, 3, 4, 5, 6, 7
POSITIVE, NEGATIVE = 40, 41
STAY = 15.0


@dataclass
class Floor:
    """All queues: `queue` and `serving` are lists by station, `agenda` is what is due, in the order it was noted."""

    structure: Structure
    keys: list[int]  # service, patience, onward, result
    clock: float = 0.0
    coming: list[Visit] = field(default_factory=list)
    changes: list[tuple[float, int, int, float]] = field(default_factory=list)
    agenda: list[tuple[float, str, Visit | Group]] = field(default_factory=list)
    ended: list[Visit] = field(default_factory=list)
    log: list[tuple[float, int, int, int, int]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    begun: int = 0

    def __post_init__(self) -> None:
        self.stations: list[Station] = list(self.structure.stations.values())
        self.teams: list[Team] = list(self.structure.teams.values())
        self.names, self.team_names = list(self.structure.stations), list(self.structure.teams)
        self.kinds = list(self.structure.kinds.values())
        self.queue: list[list[Visit]] = [[] for _ in self.stations]
        self.serving: list[list[Visit]] = [[] for _ in self.stations]
        self.staff, self.speed = [0] * len(self.teams), [1.0] * len(self.teams)
        self.sums, self.labour = [Sums() for _ in self.stations], [Sums() for _ in self.teams]

    # ---------------------------------------------------------------- looking around

    def number_there(self, team: int) -> int:
        return self.staff[team] + sum(group.people for group in self.groups if group.team == team)

    def busy(self, team: int) -> int:
        return sum(visit.team == team for serving in self.serving for visit in serving)

    def is_free(self, team: int) -> bool:
        return self.busy(team) < self.number_there(team)

    def has_place(self, station: int) -> bool:
        return len(self.serving[station]) < number(self.stations[station].capacity, {})

    def skill(self, team: int, station: int) -> float:
        return number(self.teams[team].skills.get(self.names[station], 1.0), {})

    def able(self, team: int, station: int) -> bool:
        return self.team_names[team] in self.stations[station].teams and self.skill(team, station) > 0.0

    def inside(self) -> int:
        return sum(len(some) for some in (*self.queue, *self.serving))

    def work_waits(self, team: int, people: int) -> bool:
        """Whether so many people of a team would leave work behind: in a queue, or put down."""
        puts_down = self.teams[team].shift_end == "pause" and self.busy(team) > people
        return puts_down or any(self.queue[n] and self.able(team, n) for n in range(len(self.stations)))

    # ---------------------------------------------------------------- what happens

    def advance(self, until: float) -> None:
        """Play what happens before `until`: of one moment, first staff, then the agenda as noted, then arrivals."""
        while True:
            change = min(self.changes, key=lambda one: one[:2], default=None)
            due = min(self.agenda, key=lambda one: one[0], default=None)
            visit = min(self.coming, key=lambda one: one.arrived, default=None)
            time = min(
                change[0] if change else math.inf, due[0] if due else math.inf, visit.arrived if visit else math.inf
            )
            if time >= until:
                break
            self.pass_time(time)
            if change and change[0] == time:
                self.changes.remove(change)
                self.change_staff(*change[1:])
            elif due and due[0] == time:
                self.agenda.remove(due)
                self.happen(*due[1:])
            elif visit:
                self.coming.remove(visit)
                visit.station = self.names.index(self.kinds[visit.kind].start)
                self.arrive(visit)
        if until < math.inf:
            self.pass_time(until)

    def pass_time(self, time: float) -> None:
        passed, self.clock = time - self.clock, time
        for n, sums in enumerate(self.sums):
            sums.queue_minutes += passed * len(self.queue[n])
            sums.busy_minutes += passed * len(self.serving[n])
        for n, sums in enumerate(self.labour):
            sums.busy_minutes += passed * self.busy(n)
            sums.overtime_minutes += passed * (self.number_there(n) - self.staff[n])

    def happen(self, what: str, whom: Visit | Group) -> None:
        if isinstance(whom, Group):
            self.stay_on(whom)
        elif what == "gives up":
            self.give_up(whom)
        else:
            self.finish(whom)

    def note(self, visit: Visit, what: int, team: int = -1) -> None:
        self.log.append((self.clock, visit.tag, visit.station, what, team))

    # ---------------------------------------------------------------- visits

    def arrive(self, visit: Visit) -> None:
        here = visit.station
        visit.left, visit.since, visit.turn = None, self.clock, self.clock
        self.sums[here].arrivals += 1
        self.note(visit, WAITING)
        by_preference = [self.team_names.index(name) for name in self.stations[here].teams]
        free = [team for team in by_preference if self.able(team, here) and self.is_free(team)]
        if free and self.has_place(here):
            self.begin(visit, free[0])
        elif len(self.queue[here]) >= number(self.stations[here].balk_at, {}):
            self.sums[here].balks += 1
            self.leave(visit, BALKED)
        else:
            self.queue[here].append(visit)
            kind = list(self.structure.kinds)[visit.kind]
            station = self.stations[here]
            patience = number(station.patience_of.get(kind, station.patience_minutes), {})
            if patience < math.inf:
                u = draw(self.keys[1], visit.entity, here, visit.steps)
                self.agenda.append((self.clock - patience * math.log(u), "gives up", visit))

    def service(self, visit: Visit) -> float:
        station, kind = self.stations[visit.station], list(self.structure.kinds)[visit.kind]
        mean = number(station.minutes_of.get(kind, station.minutes), {})
        mean += number(station.minutes_per_unit, {}) * visit.units
        u = draw(self.keys[0], visit.entity, visit.station, visit.steps)
        if station.times == "exponential":
            return -mean * math.log(u)
        return lognormal(u, mean, number(station.scatter, {})) if station.times == "lognormal" else mean

    def begin(self, visit: Visit, team: int) -> None:
        wait, sums = self.clock - visit.since, self.sums[visit.station]
        visit.waited += wait
        if visit.left is None:
            sums.begins, sums.wait_sum = sums.begins + 1, sums.wait_sum + wait
            visit.left = self.service(visit)
            visit.steps += 1
        else:
            sums.down_sum, visit.down = sums.down_sum + wait, visit.down + wait
        self.begun += 1
        visit.began, visit.begun_as, visit.team = self.clock, self.begun, team
        visit.pace = self.speed[team] * self.skill(team, visit.station)
        self.serving[visit.station].append(visit)
        self.agenda = [one for one in self.agenda if one[2] is not visit]  # it no longer gives up
        self.agenda.append((self.clock + visit.left / visit.pace, "finishes", visit))
        self.note(visit, SERVED, team)

    def call_next(self, team: int) -> None:
        """Free members take whoever has the lowest rank, of these who came first, of these at the first station."""
        while self.is_free(team):
            waiting = [
                (self.kinds[visit.kind].rank, visit.turn, here, place, visit)
                for here, queue in enumerate(self.queue)
                if self.able(team, here) and self.has_place(here)
                for place, visit in enumerate(queue)
            ]
            if not waiting:
                return
            first = {}  # only the head of each queue of a rank can be called
            for rank, turn, here, place, visit in sorted(waiting, key=lambda one: one[3]):
                first.setdefault((here, rank), (rank, turn, here, place, visit))
            visit = min(first.values(), key=lambda one: one[:3])[4]
            self.queue[visit.station].remove(visit)
            self.begin(visit, team)

    def call_all(self) -> None:
        for team in range(len(self.teams)):
            self.call_next(team)

    def give_up(self, visit: Visit) -> None:
        self.queue[visit.station].remove(visit)
        self.sums[visit.station].abandons += 1
        self.sums[visit.station].gone_sum += self.clock - visit.since
        visit.waited += self.clock - visit.since
        self.leave(visit, GONE)

    def finish(self, visit: Visit) -> None:
        here, team = visit.station, visit.team
        target = self.sent_to(visit)
        self.serving[here].remove(visit)
        self.sums[here].finished += 1
        self.note(visit, self.finished_as(visit), team)
        if target is None:
            self.leave(visit, DONE)
        self.call_next(team)
        if number(self.stations[here].capacity, {}) < math.inf:
            self.call_all()
        if target is not None:
            visit.station = target
            self.arrive(visit)

    def finished_as(self, visit: Visit) -> int:
        """What the log says of it: where there is a test, what it found."""
        return (NEGATIVE, POSITIVE)[visit.result] if self.stations[visit.station].test is not None else FINISHED

    def sent_to(self, visit: Visit) -> int | None:
        station, shares = self.stations[visit.station], self.stations[visit.station].next
        if station.test:
            finds, right = number(station.test.sensitivity, {}), number(station.test.specificity, {})
            positive = finds if visit.condition else 1.0 - right
            visit.result = int(draw(self.keys[3], visit.entity, visit.station, visit.steps) < positive)
            shares = station.test.next if visit.result else shares
        u, total = draw(self.keys[2], visit.entity, visit.station, visit.steps), 0.0
        for n, name in enumerate(self.names):
            total += number(shares.get(name, 0.0), {})
            if u < total:
                return n
        return None

    def leave(self, visit: Visit, how: int) -> None:
        visit.ended, visit.how = self.clock, how
        self.ended.append(visit)
        self.note(visit, how)

    # ---------------------------------------------------------------- staff

    def change_staff(self, team: int, people: int, speed: float) -> None:
        leaving = self.staff[team] - people
        self.staff[team], self.speed[team] = people, speed
        overtime = number(self.teams[team].overtime_hours, {}) * 60.0
        if leaving > 0 and overtime > 0.0 and self.work_waits(team, self.number_there(team)):
            group = Group(team, leaving, self.clock + overtime)
            self.groups.append(group)
            self.agenda.append((min(self.clock + STAY, group.deadline), "looks again", group))
        self.put_down(team)
        self.call_all()

    def stay_on(self, group: Group) -> None:
        if self.clock < group.deadline and self.work_waits(group.team, self.number_there(group.team) - group.people):
            self.agenda.append((min(self.clock + STAY, group.deadline), "looks again", group))
            return
        self.groups.remove(group)
        self.put_down(group.team)
        self.call_all()

    def put_down(self, team: int) -> None:
        """What a team has begun beyond its number goes back to the front of its queue, the latest begun first."""
        while self.teams[team].shift_end == "pause" and self.busy(team) > self.number_there(team):
            mine = [visit for serving in self.serving for visit in serving if visit.team == team]
            visit = max(mine, key=lambda one: one.begun_as)
            self.agenda = [one for one in self.agenda if one[2] is not visit]
            self.serving[visit.station].remove(visit)
            assert visit.left is not None
            visit.left = max(0.0, visit.left - (self.clock - visit.began) * visit.pace)
            visit.since = self.clock
            self.queue[visit.station].insert(0, visit)
            self.note(visit, PUT_DOWN, team)
