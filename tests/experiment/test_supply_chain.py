"""The supply chain played from its records: exact zeros, pairs, pieces that balance, no trend of its own."""

from datetime import timedelta

import numpy as np
import pytest

from tests.supply_chain import TODAY, bundle, calibrated, played
from twin.clock import Horizon
from twin.experiment.inputs import Bundle
from twin.experiment.order_life import OrderFollowed
from twin.experiment.outcome import RunOutcome
from twin.experiment.question import Question
from twin.experiment.replicate import set_up
from twin.model.business import Business
from twin.model.kernels import supply_layout as at
from twin.model.kernels.worth import REVENUE
from twin.model.orders import Orders
from twin.model.supply import Sale
from twin.spec.scenario import Scenario, scenario
from twin.spec.template import template

KIND = template("supply-chain")
COLUMNS = KIND.structure.columns
DAYS, LEVEL = 60, 251.0
LATER = 20
MOVES = {
    "demand": "+20%", "price": "+10%", "village_share": "+0.05", "outlet_reorder_point": "+2",
    "outlet_order_up_to_level": "+5", "depot_reorder_point": "-14", "depot_order_up_to_level": "-7",
    "mill_lead_time_days": "+7", "importer_delay_days": "21", "importer_delivers": "0", "depot_delivers": "0",
    "transport_delay_days": "3", "pack_factor": "2", "minimum_order_factor": "3", "transport_cost_per_piece": "+0.1",
    "depot_allocation": "priority",
}  # fmt: skip
NOT_THE_CUSTOMERS = [name for name in MOVES if name not in ("demand", "price", "village_share")]


@pytest.fixture(scope="module")
def chain() -> Bundle:
    return bundle(calibrated(), DAYS, LEVEL)


@pytest.fixture(scope="module")
def before(chain: Bundle) -> RunOutcome:
    return played(chain)


@pytest.mark.parametrize("lever", list(KIND.levers))
def test_a_change_by_nothing_changes_no_record(chain: Bundle, before: RunOutcome, lever: str) -> None:
    for written in ("+0", repr(chain.values[lever])):
        after = played(chain, f"{lever}={written}", replications=1, before=before)
        assert after.sha256 == before.first(1).sha256, written


@pytest.mark.parametrize("lever", MOVES)
def test_no_byte_before_the_first_day_of_a_change_and_some_after(chain: Bundle, before: RunOutcome, lever: str) -> None:
    when = f"@{TODAY + timedelta(days=LATER)}"
    after = played(chain, f"{lever}={MOVES[lever]}{when}", replications=2, before=before)
    assert after.days[:, :LATER].tobytes() == before.days[:2, :LATER].tobytes()
    assert after.days[:, LATER:].tobytes() != before.days[:2, LATER:].tobytes()
    if lever in NOT_THE_CUSTOMERS:
        for name in ("orders", "order_lines", "units_demanded"):
            assert after.days[:, :, COLUMNS[name]].tobytes() == before.days[:2, :, COLUMNS[name]].tobytes()


def test_both_sides_share_their_luck(chain: Bundle) -> None:
    one = played(chain, replications=16)
    after = played(chain, "importer_lead_time_days=+7", replications=16, before=one)
    other = after.days[[*range(1, 16), 0]]  # the same plays, each beside another's baseline
    for name in ("revenue", "profit"):
        sums = [days[:, :, COLUMNS[name]].sum(axis=1) for days in (one.days, after.days, other)]
        assert np.var(sums[1] - sums[0], ddof=1) < 0.1 * np.var(sums[2] - sums[0], ddof=1), name


def test_pieces_are_neither_made_from_nothing_nor_lost(chain: Bundle, before: RunOutcome) -> None:
    """At each place and in all: what was there and came in is what is there, was sold, and was sent on."""

    def field(name: str) -> np.ndarray:
        return before.days[:, :, COLUMNS[name]]

    outlets = KIND.structure.network.selling
    for place in outlets:
        stock, moved = field(f"stock_units[{place}]"), field(f"units_moved[{place}]")
        assert (np.diff(stock) == (moved - field(f"units_shipped[{place}]"))[:, 1:]).all(), place
        lost = field(f"units_demanded[{place}]") - field(f"units_shipped[{place}]")
        assert (field(f"units_lost[{place}]") == lost).all()
    whole, way = field("stock_units"), field("units_on_the_way")
    outside = way - sum(field(f"units_on_the_way[{place}]") for place in outlets)
    inside = whole + way - outside
    assert (np.diff(inside) == (field("units_received") - field("units_shipped"))[:, 1:]).all()
    assert chain.vectors["opening_stock"][2:].sum() == pytest.approx(
        (inside - field("units_received") + field("units_shipped"))[0, 0]
        - inside_way(chain), abs=1e-9
    )  # fmt: skip


def inside_way(chain: Bundle) -> float:
    """Pieces that were on their way between own places on the first morning."""
    lanes = list(KIND.structure.lanes.values())
    own = np.array([one.from_node == "depot" for one in lanes])[chain.vectors["opening_lane"]]
    return float(chain.vectors["opening_pieces"][own & (chain.vectors["opening_left"] < 0)].sum())


def test_a_chain_in_balance_shows_no_trend() -> None:
    """Eight chains without a season, each on records with a luck of its own; each starts where its records end."""
    flat = {"weekday": [1.0] * 7, "season_amplitude": 0.0, "season_peak_day_of_year": 1, "trend_per_year": 0.0,
            "public_holiday": 1.0, "public_holidays": []}  # fmt: skip
    found = []
    for seed in range(8):
        made = calibrated.__wrapped__(seed=100 + seed, days_told=flat, days=150)
        found.append(played(bundle(made, 90, 250.0), replications=1, seed=seed).days[0])
    days, number = np.stack(found), np.arange(90) - 44.5
    for name in ("stock_units", "items_out", "units_on_the_way", "units_lost", "stock_units[depot]", "revenue"):
        slope = (days[:, :, COLUMNS[name]] * number).sum(axis=1) / (number**2).sum()
        assert abs(slope.mean()) <= 3 * slope.std(ddof=1) / np.sqrt(len(slope)), name


def levels(chain: Bundle, *changes: str) -> np.ndarray:
    """Order-up-to levels in the evening of the last of thirty days, by place and item."""
    horizon = Horizon(TODAY, 30)
    read = scenario(list(changes), KIND.levers, horizon, chain.values)
    play = set_up(chain, Question(read, horizon, 1), 0, None, Business)
    for _ in range(30):
        play.step()
    places = list(KIND.structure.nodes)
    found = play.supply.network.cells[at.HIGH].copy()
    play.close()
    return found[[places.index(name) for name in ("depot", *KIND.structure.network.selling)]]


def test_levels_in_days_follow_the_share_of_an_outlet(chain: Bundle) -> None:
    """A planner keeps days of cover: an outlet that sells twice as much holds twice as much, and the others less."""
    share, village = chain.values["village_share"], 1 + KIND.structure.network.selling.index("village")
    usual, moved = levels(chain), levels(chain, f"village_share={2 * share}")
    assert np.abs(moved[village] - 2 * usual[village]).max() <= 1.0, "rounded up to whole pieces"
    others = [row for row in range(1, len(usual)) if row != village]
    ratio = moved[others].sum(axis=1) / usual[others].sum(axis=1)
    assert np.abs(ratio - (1 - 2 * share) / (1 - share)).max() < 0.02
    assert moved[0].sum() == pytest.approx(usual[0].sum(), rel=0.03), "the depot sends as much in all"
    until = levels(chain, f"village_share={2 * share}@{TODAY}:{TODAY + timedelta(days=19)}")
    assert until.tobytes() == usual.tobytes(), "when it is over they are as before"


def test_an_outlet_that_sells_more_still_delivers(chain: Bundle, before: RunOutcome) -> None:
    after = played(chain, "village_share=*2", replications=4, before=before)
    asked, given = (after.days[:, 30:, COLUMNS[f"units_{one}[village]"]].sum() for one in ("demanded", "shipped"))
    usual = [before.days[:, 30:, COLUMNS[f"units_{one}[village]"]].sum() for one in ("demanded", "shipped")]
    assert given / asked > usual[1] / usual[0] - 0.01


class Watched(Business):
    """A business of which every sale is kept."""

    def __init__(self, *inputs: object) -> None:
        self.sales: list[Sale] = []
        super().__init__(*inputs)  # type: ignore[arg-type]

    def sell(self, day: int, orders: Orders, levers: dict[str, float]) -> Sale | None:
        sale = super().sell(day, orders, levers)
        assert sale is not None
        self.sales.append(sale)
        return sale


@pytest.mark.parametrize("nth", [0, 7, 120])
def test_an_order_that_is_followed_gets_what_it_gets_and_changes_nothing(chain: Bundle, nth: int) -> None:
    question = Question(Scenario(), Horizon(TODAY, 6), 1)
    watched = set_up(chain, question, 2, None, Watched)
    usual = watched.play()
    follow = set_up(chain, question, 2, None, lambda *one: OrderFollowed(3, nth, *one))
    assert follow.play().days.tobytes() == usual.days.tobytes()
    paid = next(one for one in follow.events if one.what == "is paid")
    assert float(paid.detail.replace(",", "")) == pytest.approx(watched.sales[3].worth[nth, REVENUE] / 100.0, abs=0.005)
    complete = all("all" in one.what or "the one" in one.what for one in follow.events[1:] if "finds" in one.what)
    assert complete == (watched.sales[3].fill[nth] == 1.0)
