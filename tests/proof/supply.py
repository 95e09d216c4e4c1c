"""Supply networks against inventory theory: levels, lead times that cross, two echelons, and the bullwhip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests import inventory
from tests.proof.study import SEEDS, Size, Study
from twin.model.chain import Played, alone
from twin.model.kernels import supply_layout as at
from twin.model.network import OWED, UNITS
from twin.spec.supply import Good, Lane, Network, Node

Figures = Mapping[str, float]
MET, SHELF, OWES, ORDERS = "share met at once", "pieces on the shelf", "pieces owed", "orders a day"
COST = "cost a day"


@dataclass(frozen=True)
class Chain:
    """A network with demand at its outlets; each replication plays many items at once, which have luck of their own.

    means : pieces a day at each outlet;  edge : days until it has forgotten how it began
    """

    network: Network
    means: list[float]
    edge: int
    goods: bool = False
    demand: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray] | None = None
    placed: bool = False
    usual: float | None = None
    items: int = 500
    costs: Mapping[str, float] = field(default_factory=dict)

    def played(self, seed: int, replication: int, days: int) -> Played:
        """One replication: so many days after the edge."""
        luck, shape = np.random.default_rng([seed, replication]), (self.edge + days, len(self.means), self.items)
        asked = self.demand(luck, shape) if self.demand else luck.poisson(np.array(self.means)[None, :, None], shape)
        names = [f"item {n}" for n in range(self.items)]
        network = self.network
        if self.goods:
            network = Network(network.nodes, network.lanes, {name: Good(shelf_life_days=1.0) for name in names})
        usual = np.full(self.items, sum(self.means))
        return alone(network, {}, asked, seed, replication, names, usual, placed=self.placed)

    def each(self, played: Played, column: int, node: int) -> float:
        """A column of the book, of an item and a day."""
        return played.total(column, node, self.edge) / (len(played.book) - self.edge) / self.items

    def night(self, played: Played, column: int, node: int) -> float:
        """How a node stands on an average evening, for an item."""
        return float(played.state[self.edge :, node, column].mean()) / self.items

    def study(
        self, name: str, about: str, formula: str, source: str, measure: Callable[["Chain", Played], Figures],
        values: Figures, full: Size, small: Size,
    ) -> Study:  # fmt: skip
        """This chain as a study."""

        def simulate(seed: int, replication: int, length: int) -> Figures:
            return measure(self, self.played(seed, replication, length))

        return Study(name, f"{about} {self.items} items a replication.", formula, source, values, simulate, full, small)


def one_outlet(lead: float = 0.0, scatter: float = 0.0, **node: Any) -> Network:
    """A supplier and an outlet."""
    nodes = {"supplier": Node(role="supplier"), "outlet": Node(role="outlet", levels_in="pieces", **node)}
    lane = Lane(from_node="supplier", to_node="outlet", lead_time_days=lead, lead_time_scatter=scatter)
    return Network(nodes, {"lane": lane}, {})


def standing(chain: Chain, played: Played) -> dict[str, float]:
    """Share met, shelf, owed and orders at the only outlet."""
    met = played.total(at.MET, 1, chain.edge) / played.total(at.DEMANDED, 1, chain.edge)
    return {
        MET: met,
        SHELF: chain.night(played, UNITS, 1),
        OWES: chain.night(played, OWED, 1),
        ORDERS: chain.each(played, at.BOUGHT_ORDERS, 1),
    }


def costed(hold: float, owe: float, order: float) -> Callable[[Chain, Played], Figures]:
    """The same, and what it costs."""

    def measure(chain: Chain, played: Played) -> Figures:
        found = standing(chain, played)
        return found | {COST: hold * found[SHELF] + owe * found[OWES] + order * found[ORDERS]}

    return measure


def newsvendor() -> Study:
    """Bread: what is left in the evening is thrown away."""
    mean, waste, short = 20.0, 1.0, 3.0
    level = inventory.best_level(mean, waste, short)
    chain = Chain(one_outlet(policy="base stock", order_up_to_level=level), [mean], edge=3, goods=True)
    wasted, lost, cost = inventory.newsvendor(mean, level, waste, short)

    def measure(chain: Chain, played: Played) -> Figures:
        wasted, lost = chain.each(played, at.WASTED, 1), chain.each(played, at.LOST, 1)
        return {"wasted a day": wasted, "lost a day": lost, COST: waste * wasted + short * lost}

    return chain.study(
        "Newsvendor",
        f"Goods that keep for a day, Poisson demand of 20, {level} pieces each morning: the level that is "
        "enough with chance 3 / (3 + 1); a piece lost costing 3 and a piece wasted 1.",
        "`lost = E[(D - S)+]`, `wasted = S - E[D] + lost`",
        "Arrow, Harris and Marschak (1951)",
        measure,
        {"wasted a day": wasted, "lost a day": lost, COST: cost},
        Size(40, 100),
        Size(10, 60),
    )


def base_stock() -> Study:
    """Order what was sold, every evening."""
    mean, lead, level = 3.0, 4, 17
    chain = Chain(one_outlet(lead, policy="base stock", order_up_to_level=level, unmet="backordered"), [mean], edge=30)
    met, shelf, owed = inventory.base_stock(mean, lead, level)
    return chain.study(
        "Base stock",
        "Poisson demand of 3 a day, orders take 4 days, level 17, customers wait; holding costs 1, owing 9.",
        "`met = 1 - (L(S, 5 days) - L(S, 4 days)) / 3`, `owed = L(S, 5 days)`, `L(S, t) = E[(D(t) - S)+]`",
        "Zipkin (2000)",
        lambda chain, played: {k: v for k, v in costed(1.0, 9.0, 0.0)(chain, played).items() if k != ORDERS},
        {MET: met, SHELF: shelf, OWES: owed, COST: shelf + 9.0 * owed},
        Size(40, 200),
        Size(10, 100),
    )


def overtaking() -> Study:
    """Lead times that are drawn for each order."""
    mean, lead, scatter, level = 3.0, 5.0, 0.6, 20
    node = {"policy": "base stock", "order_up_to_level": level, "unmet": "backordered"}
    chain = Chain(one_outlet(lead, scatter, **node), [mean], edge=120)
    met, owed = inventory.crossing(mean, lead, scatter, level)
    return chain.study(
        "Orders that overtake each other",
        "Base stock of 20, Poisson demand of 3 a day, log-normal lead times of 5 days with scatter 0.6 for each order.",
        "on order = sum over k of that day's demand, if its lead time is at least k; convolved exactly",
        "Palm (1938), by days",
        lambda chain, played: {k: v for k, v in standing(chain, played).items() if k in (MET, OWES)},
        {MET: met, OWES: owed},
        Size(40, 250),
        Size(10, 150),
    )


def waiting() -> Study:
    """(s,S) where customers wait."""
    mean, lead, low, high = 4.0, 3, 14, 34
    node = {"reorder_point": low, "order_up_to_level": high, "unmet": "backordered"}
    chain = Chain(one_outlet(lead, **node), [mean], edge=60)
    exact = inventory.reorder_up_to(mean, lead, low, high)
    cost = 1.0 * exact["shelf"] + 9.0 * exact["owed"] + 20.0 * exact["orders"]
    return chain.study(
        "(s,S), customers wait",
        "s = 14, S = 34, Poisson demand of 4 a day, orders take 3 days; holding costs 1, owing 9, an order 20.",
        "Markov chain of the position, solved exactly; `owed = sum of p(y) E[(D(4 days) - y)+]`",
        "Veinott and Wagner (1965)",
        costed(1.0, 9.0, 20.0),
        {MET: exact["met"], SHELF: exact["shelf"], OWES: exact["owed"], ORDERS: exact["orders"], COST: cost},
        Size(40, 300),
        Size(10, 100),
    )


def going_without() -> Study:
    """(s,S) where customers do not wait."""
    mean, lead, low, high = 4.0, 2, 10, 30
    chain = Chain(one_outlet(lead, reorder_point=low, order_up_to_level=high), [mean], edge=60)
    exact = inventory.reorder_up_to_lost(mean, lead, low, high)
    cost = exact["shelf"] + 20.0 * exact["orders"] + 9.0 * (1.0 - exact["met"]) * mean

    def measure(chain: Chain, played: Played) -> Figures:
        found = standing(chain, played)
        lost = chain.each(played, at.LOST, 1)
        return found | {COST: found[SHELF] + 20.0 * found[ORDERS] + 9.0 * lost}

    return chain.study(
        "(s,S), lost sales",
        "s = 10, S = 30, Poisson demand of 4 a day, orders take 2 days; holding costs 1, a piece lost 9, an order 20.",
        "Markov chain of shelf, days until the order comes and its pieces, solved exactly",
        "Hadley and Whitin (1963)",
        measure,
        {MET: exact["met"], SHELF: exact["shelf"], ORDERS: exact["orders"], COST: cost},
        Size(30, 200),
        Size(10, 100),
    )


MEANS, DEPOT, OUTLETS = [1.5, 3.0, 0.5], (6, 33), [(1, 4), (2, 10), (0, 1)]


def depot_and_outlets() -> Study:
    """Base stock at a depot and at three outlets."""
    names = ["first", "second", "third"]
    nodes = {"supplier": Node(role="supplier")} | {
        "depot": Node(role="warehouse", levels_in="pieces", policy="base stock", order_up_to_level=DEPOT[1])
    }
    lanes = {"in": Lane(from_node="supplier", to_node="depot", lead_time_days=DEPOT[0])}
    for name, mean, (lead, level) in zip(names, MEANS, OUTLETS, strict=True):
        nodes[name] = Node(
            role="outlet", levels_in="pieces", policy="base stock", order_up_to_level=level, unmet="backordered",
            demand_share=mean / sum(MEANS),
        )  # fmt: skip
        lanes[f"to {name}"] = Lane(from_node="depot", to_node=name, lead_time_days=lead)
    chain = Chain(Network(nodes, lanes, {}), MEANS, edge=60)
    found = inventory.two_echelons(MEANS, DEPOT, OUTLETS)
    return chain.study(
        "A depot and three outlets",
        "Base stock everywhere, Poisson demand of 1.5, 3 and 0.5 a day, first come first served at the depot "
        "(33 pieces, 6 days); outlets 1, 2 and 0 days away with levels 4, 10 and 1. METRIC's approximation: "
        + ", ".join(f"{metric:.4f}" for _, metric in found) + ".",
        "what the depot owes, thinned to the outlet, and the demand of its own lead time, convolved exactly",
        "Simon (1971), Graves (1985); METRIC: Sherbrooke (1968)",
        lambda chain, played: {
            f"owed at the {name} outlet": chain.night(played, OWED, 2 + n) for n, name in enumerate(names)
        },
        {f"owed at the {name} outlet": exact for name, (exact, _) in zip(names, found, strict=True)},
        Size(60, 200),
        Size(10, 100),
    )  # fmt: skip


def swinging(
    luck: np.random.Generator, shape: tuple[int, ...], mean: float = 2_000.0, spread: float = 0.2
) -> np.ndarray:
    """Demand that swings around its mean, in whole pieces."""
    return np.maximum(0.0, np.floor(luck.normal(mean, spread * mean, shape) + 0.5))


def moving(days: float, window: int, safety: float = 0.0, returns: bool = True, spread: float = 0.2) -> Chain:
    """An outlet that orders up to so many days of a moving average."""
    network = Network(
        {
            "supplier": Node(role="supplier"),
            "outlet": Node(
                role="outlet", policy="base stock", order_up_to_level=days, forecast="moving average",
                forecast_days=window, safety_factor=safety, returns=returns, unmet="backordered",
            ),
        },
        {"lane": Lane(from_node="supplier", to_node="outlet", lead_time_days=days - 1.0)},
        {},
    )  # fmt: skip
    return Chain(
        network, [2_000.0], edge=3 * window + 10, placed=True, items=100,
        demand=lambda luck, shape: swinging(luck, shape, spread=spread),
    )  # fmt: skip


def amplified(chain: Chain, played: Played, seed: int, replication: int) -> float:
    """Variance of orders over that of demand, of the same days."""
    luck = np.random.default_rng([seed, replication])
    demand = chain.demand(luck, (len(played.book), 1, chain.items)) if chain.demand else np.zeros(0)
    return float(played.placed[chain.edge :, 1].var() / demand[chain.edge :, 0].var())


def whip(days: float, window: int) -> Study:
    """How much wilder orders are than demand."""
    chain, name = moving(days, window), f"variance of orders over demand, L = {days:g}, p = {window}"

    def simulate(seed: int, replication: int, length: int) -> Figures:
        return {name: amplified(chain, chain.played(seed, replication, length), seed, replication)}

    return Study(
        f"Bullwhip, {days:g} days of an average over {window}",
        f"Order up to {days:g} days of the average of the last {window} days, no safety stock, returns allowed; demand "
        f"independent from day to day. {chain.items} items a replication.",
        "`1 + 2 L / p + 2 L^2 / p^2`",
        "Chen, Drezner, Ryan and Simchi-Levi (2000)",
        {name: inventory.bullwhip(days, window)},
        simulate,
        Size(40, 400),
        Size(10, 200),
    )


def departures() -> list[tuple[str, float, float, float]]:
    """Where the formula of the bullwhip does not hold: what is changed, its value, simulated, standard error."""
    cases = {
        "returns allowed, no safety factor (the formula's case)": moving(3, 5),
        "no returns, demand varies by 20 %": moving(3, 5, returns=False),
        "no returns, demand varies by 50 %": moving(3, 5, returns=False, spread=0.5),
        "returns allowed, safety factor 1": moving(3, 5, safety=1.0),
        "returns allowed, safety factor 2": moving(3, 5, safety=2.0),
    }
    rows = []
    for name, chain in cases.items():
        found = [amplified(chain, chain.played(SEEDS[0], n, 400), SEEDS[0], n) for n in range(20)]
        rows.append((name, inventory.bullwhip(3, 5), float(np.mean(found)), float(np.std(found, ddof=1)) / 20**0.5))
    return rows


def supply_studies() -> list[Study]:
    """The studies of supply."""
    return [
        newsvendor(), base_stock(), overtaking(), waiting(), going_without(), depot_and_outlets(), whip(3, 5),
        whip(5, 5), whip(4, 20),
    ]  # fmt: skip
