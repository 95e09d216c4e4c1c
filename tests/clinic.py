"""The fictional clinic for tests: its first seven weeks."""

from datetime import date

from tests.data.generator import generator
from tests.fictional import Fictional, truth
from twin.desk.demo import CLINIC as DEMO

LAST_DAY = date(2024, 12, 19)
CLINIC = Fictional(
    DEMO, "appointments_every_minutes=8", lambda: generator("clinic").made(truth("clinic") | {"last_day": LAST_DAY})
)
