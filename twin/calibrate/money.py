"""What the records say about money: the share of sales that is paid back later."""

import numpy as np
import pandas as pd

from twin.calibrate.estimate import Estimate, Part, clustered_covariance
from twin.calibrate.tables import YEAR_DAYS, Tables, weeks_before

WEEKS_TOGETHER = 4
FEWEST_BLOCKS = 3


def return_share(tables: Tables) -> Part:
    """Which share of the last year's revenue was paid back for goods that came back; error from four-week blocks."""
    orders, returns = tables.year, tables.returns
    returns = returns[(tables.morning - returns["day"]).dt.days <= YEAR_DAYS]
    revenue = float(orders["revenue"].sum())
    if not len(returns) or revenue <= 0:
        return Part()
    share = float(returns["returned"].sum()) / revenue
    days = pd.concat([returns["day"], orders["day"]])
    pulls = np.r_[returns["returned"].to_numpy(float), -share * orders["revenue"].to_numpy(float)]
    blocks = weeks_before(days, tables.morning) // WEEKS_TOGETHER
    if len(np.unique(blocks)) < FEWEST_BLOCKS:
        return Part()
    error = float(np.sqrt(clustered_covariance(pulls[:, None], blocks)[0, 0]) * len(pulls) / revenue)
    method = f"value of cancellations over revenue, last {tables.year_days} days; error clustered by four weeks"
    return Part({"return_share": Estimate(share, error, len(returns), method)})
