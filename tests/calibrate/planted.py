"""Shops whose true numbers are known, because they were made with them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from twin.calibrate.tables import Tables, tables_from

TODAY = date(2024, 7, 1)
HISTORY = 720
TRUTH = {
    "rate_shape": 0.8,
    "rate_scale_days": 40.0,
    "dropout_a": 0.7,
    "dropout_b": 2.0,
    "new_customers_per_day": 3.0,
    "anonymous_orders_per_day": 2.0,
    "lines_log_mean": 2.5,
    "lines_log_sd": 0.6,
    "anonymous_lines_log_mean": 3.0,
    "anonymous_lines_log_sd": 0.8,
    "basket_scatter": 0.5,
}
SPEND_SD = 0.4


def purchase_times(chance: np.random.Generator, born: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who bought and when, by the story of BG/NBD told literally: buy, toss a coin whether to stay, wait, buy again.

    BG/NBD counts days with an order, so the next order comes on a later day.
    """
    rate = chance.gamma(TRUTH["rate_shape"], 1 / TRUTH["rate_scale_days"], len(born))
    leaving = chance.beta(TRUTH["dropout_a"], TRUTH["dropout_b"], len(born))
    who, when = [np.arange(len(born))], [born]
    here, now = np.arange(len(born)), born
    while len(here):
        now = np.maximum(now + chance.exponential(1 / rate[here]), np.floor(now) + 1)
        here, now = here[now < HISTORY], now[now < HISTORY]
        who.append(here)
        when.append(now)
        stays = chance.random(len(here)) >= leaving[here]
        here, now = here[stays], now[stays]
    return np.concatenate(who), np.concatenate(when)


def rounded_lines(chance: np.random.Generator, prefix: str, count: int) -> np.ndarray:
    logs = chance.normal(TRUTH[f"{prefix}lines_log_mean"], TRUTH[f"{prefix}lines_log_sd"], count)
    return np.maximum(np.rint(np.exp(logs)), 1).astype(int)


def planted_orders(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Orders of a shop with these true numbers, and each customer's true size of order."""
    chance = np.random.default_rng(seed)
    born = np.sort(chance.uniform(0, HISTORY, chance.poisson(TRUTH["new_customers_per_day"] * HISTORY)))
    who, when = purchase_times(chance, born)
    unknown = chance.poisson(TRUTH["anonymous_orders_per_day"] * HISTORY)
    size = np.exp(chance.normal(0, SPEND_SD, len(born)) - SPEND_SD**2 / 2)
    lines = np.concatenate([rounded_lines(chance, "", len(who)), rounded_lines(chance, "anonymous_", unknown)])
    scatter = np.exp(TRUTH["basket_scatter"] * chance.normal(size=len(lines)) - TRUTH["basket_scatter"] ** 2 / 2)
    value = 20 * lines * scatter * np.concatenate([size[who], np.ones(unknown)])
    at = np.concatenate([when, chance.uniform(0, HISTORY, unknown)])
    ordered_at = pd.Timestamp(TODAY - timedelta(HISTORY)) + pd.to_timedelta(np.floor(at * 1440), unit="min")
    frame = pd.DataFrame({"order_id": [f"o{number}" for number in range(len(at))], "ordered_at": ordered_at})
    customer = pd.array(np.concatenate([who + 1, np.zeros(unknown, dtype=int)]), dtype="Int64")
    customer[len(who) :] = pd.NA
    frame = frame.assign(customer_id=customer, day=frame["ordered_at"].dt.normalize(), lines=lines, revenue=value)
    return frame.assign(units=10 * lines), size


def planted_lines(orders: pd.DataFrame, items: int = 20, seed: int = 0) -> pd.DataFrame:
    """One line an order, of items that are equally liked."""
    chance = np.random.default_rng(seed)
    names = np.array([f"{10000 + number}" for number in range(items)])
    return pd.DataFrame(
        {
            "order_id": orders["order_id"],
            "item_id": names[chance.integers(items, size=len(orders))],
            "quantity": chance.integers(1, 9, len(orders)),
            "price": 2.5,
        }
    )


def planted_shop(seed: int, items: int = 20) -> Tables:
    orders, _ = planted_orders(seed)
    returns = pd.DataFrame({"day": orders["day"][::50], "returned": 0.5 * orders["revenue"][::50]})
    return tables_from(orders, planted_lines(orders, items, seed), TODAY, returns)


def planted_prices(
    seed: int, on_lines: float, on_quantity: float = 0.0, items: int = 70, weeks: int = 100
) -> pd.DataFrame:
    """Order lines of items whose list price steps, with known effects of price on lines and on quantity a line."""
    chance = np.random.default_rng(seed)
    step_week = chance.integers(30, 75, items)
    log_step = chance.choice([-1, 1], items) * chance.uniform(0.1, 0.3, items)
    first = np.round(chance.uniform(2, 12, items), 2)
    second = np.round(first * np.exp(log_step), 2)
    week = np.arange(weeks)
    price = np.where(week < step_week[:, None], first[:, None], second[:, None])
    log_ratio = np.log(price / first[:, None])
    season = 0.3 * np.sin(week / 8)
    mean = np.exp(np.log(25) + chance.normal(0, 0.4, items)[:, None] + season + on_lines * log_ratio)
    count = chance.poisson(mean * chance.gamma(8, 1 / 8, mean.shape))
    cell = np.repeat(np.arange(items * weeks), count.ravel())
    item, at = cell // weeks, cell % weeks
    quantity = np.rint(12 * np.exp(on_quantity * log_ratio[item, at] + chance.normal(0, 0.4, len(cell))))
    day = pd.Timestamp(TODAY) - pd.to_timedelta(7 * (weeks - at) - chance.integers(0, 7, len(cell)), unit="D")
    names = np.array([f"{10000 + number}" for number in range(items)])
    return pd.DataFrame(
        {
            "item_id": names[item],
            "day": day,
            "quantity": np.maximum(quantity, 1),
            "price": price[item, at],
            "known": True,
        }
    )
