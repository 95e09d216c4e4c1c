"""What an order or a visit was like: each loss by its own number, and never below nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.model.satisfaction import experience

LOSSES = {
    f"satisfaction_loss_{name}": loss
    for name, loss in zip(("late", "missing", "abandoned", "wait"), (0.5, 0.6, 0.9, 0.2), strict=True)
}
SHARE = st.floats(0.0, 1.0)


def test_each_loss_costs_what_its_number_says() -> None:
    assert experience(LOSSES, late=np.array([False, True])).tolist() == [1.0, 0.5]
    assert experience(LOSSES, missing=np.array([0.0, 0.5, 1.0])).tolist() == [1.0, 0.7, 0.4]
    assert experience(LOSSES, abandoned=np.array([True])).tolist() == [1.0 - 0.9]
    assert experience(LOSSES, wait_ratio=np.array([0.0, 0.5, 1.0, 9.0])).tolist() == [1.0, 0.9, 0.8, 0.8]


def test_what_a_template_does_not_declare_costs_nothing() -> None:
    assert experience({}, late=np.ones(2), missing=1.0, abandoned=1.0, wait_ratio=3.0).tolist() == [1.0, 1.0]


@given(SHARE, SHARE, SHARE, st.floats(0.0, 1e9))
def test_satisfaction_is_a_share(late: float, missing: float, abandoned: float, wait: float) -> None:
    found = float(experience(LOSSES, late, missing, abandoned, wait))
    assert 0.0 <= found <= 1.0
    assert found <= float(experience(LOSSES, late, missing))
