"""Something else instead: who takes it, what, how many, at which price, and what still counts as missing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_stock
from tests.model.small import CERTAIN, baseline, field, pair, small, with_values
from twin.model.kernels import baskets
from twin.model.kernels.chance import stem
from twin.model.kernels.elementary import running_sums

KEYS = [np.uint64(stem(5, 0, purpose)) for purpose in (13, 14, 37)]
SHARES, PRICES = np.array([0.4, 0.1, 0.2, 0.3]), np.array([1.0, 10.0, 100.0, 1000.0])
ORDERS = 20_000
LEAN = {"reorder_point": 2.0, "order_up_to_level": 6.0}


class Shelves:
    """Orders of one line and one piece each, and what they got."""

    def __init__(self, stock: list[float], share: float, tracked: int = 4, orders: int = ORDERS) -> None:
        self.stock, n = np.array(stock, float), orders
        worth, self.fill, self.totals, self.sold = np.zeros((n, 3)), np.ones(n), np.zeros(4), np.zeros(4)
        nothing = np.empty(0, np.int64)
        baskets.filled(
            *KEYS, 3, np.arange(n), np.zeros(n, np.int64), np.ones(n, np.int64), np.full(n, 1e-9),
            running_sums(SHARES), baskets.guide(running_sums(SHARES)), np.ones(4), np.ones(4), PRICES, PRICES, tracked,
            share, self.stock, worth, self.fill, self.totals, self.sold, nothing, nothing, np.empty(0),
        )  # fmt: skip
        self.revenue = worth[:, 0] / 100.0


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.01, 1.0, 300.0]), st.integers(0, 1)), min_size=1, max_size=6),
    st.floats(0.0, 1.0),
    st.integers(0, 6),
)
def test_what_somebody_takes_is_the_plain_one(items: list[tuple[float, int]], share: float, tracked: int) -> None:
    sums = running_sums(np.array([weight for weight, _ in items]) + 1e-9)
    stock = np.array([float(there) for _, there in items])
    for entity in range(20):
        found = baskets.substitute(KEYS[2], share, entity, 3, 7, sums, tracked, stock)
        told = plain_stock.substitute(int(KEYS[2]), share, entity, 3, 7, sums.tolist(), tracked, stock.tolist())
        assert found == (-1 if told is None else told)


def test_rare_items_are_found_when_all_others_are_out() -> None:
    """Draws by line share miss them nearly always; then they are chosen among what is there, by line share too."""
    sums, n = running_sums(np.array([1000.0, 1.0, 3.0])), 4_000
    stock = np.array([0.0, 5.0, 5.0])
    taken = [baskets.substitute(KEYS[2], 1.0, entity, 0, 0, sums, 3, stock) for entity in range(n)]
    assert set(taken) == {1, 2}
    assert abs(taken.count(2) - 0.75 * n) < 3.0 * np.sqrt(n * 0.75 * 0.25)


def test_so_many_take_something_else_as_the_share_says() -> None:
    shelves = Shelves([0.0, 1e9, 1e9, 1e9], 0.3)
    missed = ORDERS - shelves.totals[1]
    assert abs(shelves.totals[3] - 0.3 * missed) < 3.0 * np.sqrt(missed * 0.3 * 0.7)


def test_what_they_take_is_what_others_buy() -> None:
    shelves, without = Shelves([0.0, 1e9, 1e9, 1e9], 1.0), Shelves([0.0, 1e9, 1e9, 1e9], 0.0)
    more, missed = shelves.sold - without.sold, ORDERS - without.totals[1]
    assert more.sum() == missed == shelves.totals[3]
    for item, share in ((1, 1 / 6), (2, 2 / 6), (3, 3 / 6)):
        assert abs(more[item] - missed * share) < 3.0 * np.sqrt(missed * share * (1 - share))


def test_they_pay_the_price_of_what_they_take() -> None:
    shelves = Shelves([0.0, 1e9, 0.0, 0.0], 1.0)
    assert shelves.sold.tolist() == [0.0, ORDERS, 0.0, 0.0]
    assert set(shelves.revenue.tolist()) == {10.0}


def test_items_without_a_shelf_of_their_own_can_be_taken_instead() -> None:
    shelves = Shelves([0.0, 0.0, 0.0, 0.0], 1.0, tracked=3)
    assert shelves.sold.tolist() == [0.0, 0.0, 0.0, ORDERS]


def test_where_nothing_is_left_nobody_takes_anything() -> None:
    shelves = Shelves([0.0] * 4, 1.0)
    assert shelves.totals.tolist() == [ORDERS, 0.0, ORDERS, 0.0]
    assert not shelves.fill.any()


def test_no_shelf_gives_more_than_it_has() -> None:
    shelves = Shelves([900.0, 50.0, 700.0, 20.0], 0.8)
    assert shelves.stock.min() == 0.0
    assert shelves.sold.tolist() == [900.0, 50.0, 700.0, 20.0]
    assert shelves.totals[1] + shelves.totals[3] == shelves.sold.sum()


def test_asked_for_is_what_was_asked_for_first() -> None:
    """The fill rate tells what the shelves had of what people came for; somebody who took another lacks nothing."""
    shelves = Shelves([0.0, 1e9, 1e9, 1e9], 1.0)
    assert shelves.totals[0] == ORDERS
    assert shelves.totals[1] < ORDERS
    assert shelves.fill.min() == 1.0


def test_one_persons_choice_is_nobody_elses() -> None:
    """Another order before does not change who takes what, as long as shelves are full enough."""
    few, many = Shelves([0.0, 1e9, 1e9, 1e9], 0.5, orders=500), Shelves([0.0, 1e9, 1e9, 1e9], 0.5, orders=900)
    assert np.array_equal(few.revenue, many.revenue[:500])


@pytest.fixture(scope="module")
def sold() -> list[dict[str, float]]:
    """A shop with lean shelves, without and with substitution."""
    names = ("revenue", "units_demanded", "units_shipped", "units_substituted", "satisfaction_share", "orders")
    shops = (with_values(small(**LEAN), substitution_share=share) for share in (0.0, 0.6))
    played = [baseline(shop, 6, on=CERTAIN) for shop in shops]
    return [{name: float(field(one, name).sum()) for name in names} for one in played]


def test_substitution_saves_sales(sold: list[dict[str, float]]) -> None:
    without, with_it = sold
    assert without["units_substituted"] == 0.0 < with_it["units_substituted"]
    assert with_it["revenue"] > without["revenue"]
    assert with_it["satisfaction_share"] > without["satisfaction_share"]


def test_a_shop_that_never_runs_out_has_no_use_for_it() -> None:
    shop = small(reorder_point=200.0, order_up_to_level=400.0)
    one, other = (baseline(with_values(shop, substitution_share=share), 2, on=CERTAIN) for share in (0.0, 1.0))
    assert one.sha256 == other.sha256


def test_a_change_by_nothing_changes_nothing_with_empty_shelves() -> None:
    before, after = pair(with_values(small(**LEAN), substitution_share=0.6), "price=*1", replications=2)
    assert field(before, "units_substituted").sum() > 0.0
    assert before.sha256 == after.sha256
