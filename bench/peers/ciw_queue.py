"""The desk and the route in Ciw: a network of nodes, read from its data records, as in its documentation."""

import ciw

from bench.route import Book, Desk, Route, Stop, Visited


def desk_waits(desk: Desk, seed: int) -> list[float]:
    """The waits of one replication's customers in order of leaving."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=1.0 / desk.minutes_between)],
        service_distributions=[ciw.dists.Exponential(rate=1.0 / desk.minutes)],
        number_of_servers=[desk.people],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(desk.customers)
    return [record.waiting_time for record in simulation.get_all_records()]


def route_visits(route: Route, seed: int) -> Visited:
    """One replication of the route."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network(route))
    simulation.simulate_until_max_time(route.end)
    book, ranks = Book(route), {kind: rank for rank, kind in enumerate(route.shares)}
    for person in simulation.nodes[-1].all_individuals:
        steps = person.data_records
        first, last = steps[0], steps[-1]
        waited = sum([step.waiting_time for step in steps])
        rank, gave_up = ranks[first.customer_class], last.record_type == "renege"
        book.enter(rank, first.arrival_date, last.exit_date, waited, gave_up)
    return book.close()


def network(route: Route) -> ciw.network.Network:
    """The route as Ciw wants it told: a list over nodes for each class of customers."""
    names, stops = list(route.stops), list(route.stops.values())
    by_class = {
        kind: [ciw.dists.Exponential(share * route.visits_a_minute) if name == route.start else None for name in names]
        for kind, share in route.shares.items()
    }
    return ciw.create_network(
        arrival_distributions=by_class,
        service_distributions={kind: [work_minutes(stop) for stop in stops] for kind in route.shares},
        reneging_time_distributions={kind: [patience(stop) for stop in stops] for kind in route.shares},
        routing={kind: [[stop.onward.get(name, 0.0) for name in names] for stop in stops] for kind in route.shares},
        number_of_servers=[stop.people for stop in stops],
        priority_classes={kind: rank for rank, kind in enumerate(route.shares)},
    )


def work_minutes(stop: Stop) -> ciw.dists.Distribution:
    """How long a visit is worked on at a station."""
    return ciw.dists.Exponential(1.0 / stop.minutes) if stop.exponential else ciw.dists.Lognormal(*stop.log_mean_and_sd)


def patience(stop: Stop) -> ciw.dists.Distribution | None:
    """How long a visit waits before it goes home; None is for ever."""
    return ciw.dists.Exponential(1.0 / stop.patience) if stop.patience < float("inf") else None
