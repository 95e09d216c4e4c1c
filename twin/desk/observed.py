"""The days of a business with visits as they were: what came in, what became of it, and who was a customer."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from twin.spec.structure import Structure, number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from twin.calibrate.supplies import SupplyTables


def with_outcomes(
    days: "pd.DataFrame", visits: "pd.DataFrame", structure: Structure, values: Mapping[str, float]
) -> "pd.DataFrame":
    """The same days with visits_finished and visits_late, counted on the day on which they ended.

    Where somebody may give up or turn round at the sight of a queue, with visits_abandoned and visits_balked, too;
    where orders are made, with the pieces that were finished, those that were good, and scrap; where they are served
    from a shelf, with those asked for and delivered at once. What is made for a shelf is no visit.

    days   : every calendar day: day, visits, open; visits: kind, arrived_at, ended_at, outcome
    values : the promised hours and, where time counts only then, the opening hours by name
    """
    import pandas as pd

    days = without_production(days, visits, structure)
    every, visits = visits, visits[~visits["kind"].isin(structure.produced)]
    promised = {name: number(kind.promised_hours, values) for name, kind in structure.kinds.items()}
    ended_at, arrived_at = (hours_gone(visits[name], days, structure, values) for name in ("ended_at", "arrived_at"))
    taken = ended_at - arrived_at
    done = visits["outcome"] == "done"
    late = done & (taken > visits["kind"].map(promised).astype(float))
    ended = visits["ended_at"].dt.normalize()
    counted = {"visits_finished": done, "visits_late": late}
    counted |= {"visits_abandoned": visits["outcome"] == "abandoned"} if can_give_up(structure) else {}
    counted |= {"visits_balked": visits["outcome"] == "balked"} if can_balk(structure) else {}
    index = pd.to_datetime(days["day"])
    found = {name: flag.groupby(ended).sum().reindex(index, fill_value=0).to_numpy() for name, flag in counted.items()}
    return days.assign(**found, **pieces(every, structure, index))


def without_production(days: "pd.DataFrame", visits: "pd.DataFrame", structure: Structure) -> "pd.DataFrame":
    """The same days without what was made for a shelf among their visits: nobody has asked for it."""
    import pandas as pd

    own = visits[visits["kind"].isin(structure.produced)]
    if own.empty:
        return days
    index = pd.to_datetime(days["day"])
    came, went = (
        own.groupby(own[name].dt.normalize()).size().reindex(index, fill_value=0).to_numpy()
        for name in ("arrived_at", "ended_at")
    )
    return days.assign(visits=days["visits"] - came, visits_open=days["visits_open"] - (came - went).cumsum())


def pieces(visits: "pd.DataFrame", structure: Structure, index: "pd.Series[pd.Timestamp]") -> "dict[str, np.ndarray]":
    """Pieces of each day: finished ones, and those of orders from a shelf, where there are such."""
    if not structure.makes:
        return {}
    sold = visits["kind"].isin([name for name, kind in structure.kinds.items() if kind.takes])
    found = {"ended_at": made(visits, (visits["outcome"] == "done") & ~sold)}
    if sold.any():
        found["arrived_at"] = asked(visits[sold])
    return {
        name: amount.groupby(visits[when].dt.normalize()).sum().reindex(index, fill_value=0).to_numpy()
        for when, counted in found.items()
        for name, amount in counted.items()
    }


def asked(visits: "pd.DataFrame") -> "dict[str, pd.Series]":
    """Pieces that were asked for, and those of orders that were filled at once."""
    units = visits["units"].fillna(0.0).astype(float)
    return {"units_demanded": units, "units_shipped": units.where(visits["ended_at"] == visits["arrived_at"], 0.0)}


def hours_gone(
    times: "pd.Series", days: "pd.DataFrame", structure: Structure, values: Mapping[str, float]
) -> "pd.Series":
    """Hours from the first day until each time, by the clock of the model: all of them, or only those of opening."""
    import numpy as np
    import pandas as pd

    hours = (times - pd.to_datetime(days["day"]).min()).dt.total_seconds() / 3600.0
    if structure.hours == "calendar":
        return hours
    opens, length = number(structure.opens_at_hour, values), number(structure.opening_hours, values)
    is_open = days["open"].to_numpy(bool)
    before = np.concatenate([[0.0], np.cumsum(is_open * length)])
    day = hours.fillna(0.0).floordiv(24.0).clip(0, len(is_open) - 1).astype(int).to_numpy()
    today = (hours - 24.0 * day - opens).clip(0.0, length) * is_open[day]
    return before[day] + today


def made(visits: "pd.DataFrame", done: "pd.Series") -> "dict[str, pd.Series]":
    """Pieces of finished orders: all, scrap, and the good ones."""
    units, scrap = (visits[name].where(done).fillna(0.0).astype(float) for name in ("units", "scrapped"))
    return {"units_finished": units, "units_scrapped": scrap, "units_made": units - scrap}


def can_give_up(structure: Structure) -> bool:
    """Whether there is a station at which somebody may wait too long."""
    stations = structure.stations.values()
    return any(one.patience_minutes != math.inf or one.patience_of for one in stations)


def can_balk(structure: Structure) -> bool:
    """Whether there is a station at which somebody may turn round, or a shelf that may hold too little for them."""
    shelves = [kind.shelf for kind in structure.kinds.values() if kind.takes]
    loses = any(structure.nodes[name].unmet == "lost" for name in shelves)
    return loses or any(station.balk_at != math.inf for station in structure.stations.values())


def with_pieces(days: "pd.DataFrame", tables: "SupplyTables | None") -> "pd.DataFrame":
    """The same days with units_demanded and units_shipped, where records tell how much could be delivered."""
    import pandas as pd

    if tables is None or not tables.shipments["shipped"].notna().any():
        return days
    told = tables.shipments[tables.shipments["shipped"].notna()]
    by_day = told.groupby("day")[["quantity", "shipped"]].sum().reindex(pd.to_datetime(days["day"]), fill_value=0)
    return days.assign(units_demanded=by_day["quantity"].to_numpy(), units_shipped=by_day["shipped"].to_numpy())


def with_customers(days: "pd.DataFrame", contracts: "pd.DataFrame") -> "pd.DataFrame":
    """The same days with active_customers, whose contract ran on that day; unchanged where there are no contracts.

    contracts : started_on, ended_on (the first day without; empty while it runs)
    """
    import numpy as np
    import pandas as pd

    if not len(contracts):
        return days
    day = pd.to_datetime(days["day"]).to_numpy()
    begun, over = (np.sort(pd.to_datetime(contracts[name]).dropna().to_numpy()) for name in ("started_on", "ended_on"))
    running = np.searchsorted(begun, day, side="right") - np.searchsorted(over, day, side="right")
    return days.assign(active_customers=running)
