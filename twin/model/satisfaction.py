"""What an order or a visit was like for its customer: 1 is prompt and complete, 0 could not be worse."""

import numpy as np

from twin.model.inputs import Values

Each = np.ndarray | float
LOST_BY = ("late", "missing", "abandoned", "wait")


def losses(values: Values) -> np.ndarray:
    """What each thing that may go wrong costs, in the order of LOST_BY; what is not declared costs nothing."""
    return np.array([values.get(f"satisfaction_loss_{name}", 0.0) for name in LOST_BY])


def experience(
    values: Values, late: Each = 0.0, missing: Each = 0.0, abandoned: Each = 0.0, wait_ratio: Each = 0.0
) -> np.ndarray:
    """How satisfied each order or visit leaves its customer, between 0 and 1.

    late, abandoned : whether it was finished later than promised, whether the customer gave up, shape (visits,)
    missing    : the share of what was asked for that could not be given
    wait_ratio : time in queues against the promised time; a wait of the promised time or longer counts in full
    Each costs what its number says: satisfaction_loss_late, _missing, _abandoned, _wait; one that the
    template does not declare costs nothing.

    >>> experience({"satisfaction_loss_late": 0.5}, late=np.array([0.0, 1.0])).tolist()
    [1.0, 0.5]
    """
    for_late, for_missing, for_abandoned, for_wait = losses(values).tolist()
    outcome = 1.0 - for_late * late - for_missing * missing - for_abandoned * abandoned
    return np.maximum(outcome - for_wait * np.minimum(wait_ratio, 1.0), 0.0)
