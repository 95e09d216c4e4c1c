"""The fictional lender for tests: seven months of a smaller one."""

from datetime import date
from functools import cache

import pyarrow as pa

from tests.data.generator import generator
from tests.fictional import Fictional, truth
from twin.desk.demo import LENDER as DEMO

LAST_DAY = date(2025, 6, 10)  # in the middle of a month


@cache
def small() -> dict[str, pa.Table]:
    """The records of a third of the lender, up to the middle of a month."""
    told = truth("lender")
    fewer = {"loans_new_per_month": 40, "desk_office": 2}
    return generator("lender").made(
        told
        | {"last_day": LAST_DAY, "book_begins": date(2021, 6, 1)}
        | {"parameters": told["parameters"] | fewer, "enquiries": told["enquiries"] | {"per_day": 35}}
    )


LENDER = Fictional(DEMO, "times_shift=-2", small)
