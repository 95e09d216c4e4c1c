"""Which items are bought, how often, how many at a time and at what price."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Part
from twin.errors import TwinError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BEST_SELLING = 500
OTHER = "other items"
CAP_QUANTILE = 0.995
PRICE_DAYS = 90


def items(sold: pd.DataFrame, today: pd.Timestamp, days: int) -> Part:
    """The best-selling items of the last year one by one and all others together: price, share of lines, quantity.

    sold : one row for each order line, columns item_id, day, quantity, price
    """
    recent = sold[(today - sold["day"]).dt.days <= days]
    if recent.empty:
        raise TwinError(
            f"No order line was found in the {days} days before {today.date()}; calibration needs sales of that time."
        )
    code, names = pd.factorize(recent["item_id"], sort=True)
    lines = np.bincount(code)
    rank = np.lexsort((np.arange(len(names)), -lines))
    best = rank[:BEST_SELLING]
    place = np.full(len(names), len(best))
    place[best] = np.arange(len(best))
    vectors, errors, cut_off = _sales(recent, code, place, len(best) + 1, days)
    vectors["item_id"] = np.array([str(names[index]) for index in best] + [OTHER])
    vectors["item_price"] = _prices(recent, code, place, best, today)
    vectors |= _others(recent, code, place, names)
    return Part(
        vectors=vectors,
        errors=errors,
        evidence={"items": {"catalogue": len(names), "lines": len(recent), "units_cut_off_share": cut_off}},
    )


def _sales(
    recent: pd.DataFrame, code: Ints, place: Ints, size: int, days: int
) -> tuple[dict[str, NDArray], dict[str, Floats], float]:
    """Lines, quantities and units a day; quantities above an item's 99.5th percentile count as that percentile."""
    quantity = recent["quantity"].to_numpy(float)
    capped = np.minimum(quantity, quantiles(code, quantity, CAP_QUANTILE)[code])
    where = place[code]
    lines, units, squares = (np.bincount(where, weight, size) for weight in (np.ones_like(capped), capped, capped**2))
    many = np.maximum(lines, 1)
    mean = np.where(lines > 0, units / many, capped.mean())
    share = lines / lines.sum()
    vectors = {"item_line_share": share, "item_quantity": mean, "item_units_per_day": units / days}
    errors = {
        "item_line_share": np.sqrt(share * (1 - share) / lines.sum()),
        "item_quantity": np.sqrt(np.maximum(squares / many - mean**2, 0) / many),
    }
    return vectors, errors, float(1 - capped.sum() / quantity.sum())


def quantiles(code: Ints, values: Floats, level: float) -> Floats:
    """For each code the value below which that share of its values lies (one that occurred)."""
    order = np.lexsort((values, code))
    counts = np.bincount(code)
    place = np.cumsum(counts) - counts + np.floor((counts - 1) * level).astype(int)
    return np.asarray(values[order][place])


def _prices(recent: pd.DataFrame, code: Ints, place: Ints, best: Ints, today: pd.Timestamp) -> Floats:
    """The most usual price of the last 90 days it sold, the newer one of two; for the others the mean a unit."""
    price, quantity = recent["price"].to_numpy(float), recent["quantity"].to_numpy(float)
    ago = (today - recent["day"]).dt.days.to_numpy()
    newest = np.full(len(place), np.iinfo(np.int64).max)
    np.minimum.at(newest, code, ago)
    late = ago < newest[code] + PRICE_DAYS
    counted = (
        pd.DataFrame({"code": code[late], "price": price[late], "ago": ago[late]})
        .groupby(["code", "price"])["ago"]
        .agg(["size", "min"])
    )
    usual = (
        counted.reset_index()
        .sort_values(["code", "size", "min", "price"], ascending=[True, False, True, True])
        .drop_duplicates("code")
    )
    by_code = usual.set_index("code")["price"]
    other = place[code] == len(best)
    rest = other if other.any() else np.ones_like(other)
    return np.r_[by_code.reindex(best).to_numpy(float), (price * quantity)[rest].sum() / quantity[rest].sum()]


def _others(recent: pd.DataFrame, code: Ints, place: Ints, names: pd.Index) -> dict[str, NDArray]:
    revenue = np.bincount(code, recent["price"].to_numpy(float) * recent["quantity"].to_numpy(float), len(names))
    rest = place == place.max() if (place == min(BEST_SELLING, len(names))).any() else np.zeros(len(names), dtype=bool)
    total = revenue[rest].sum()
    share = revenue[rest] / total if total > 0 else revenue[rest]
    return {
        "other_item_id": np.array([str(name) for name in names[rest]], dtype="U16" if not rest.any() else None),
        "other_item_revenue_share": share,
    }
