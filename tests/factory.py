"""The fictional factory for tests: its first ten weeks."""

from tests.data.generator import generator
from tests.fictional import Fictional, truth
from twin.desk.demo import FACTORY as DEMO

DAYS = 72  # until 11 November 2025, a Tuesday
FACTORY = Fictional(DEMO, "ovens=+1", lambda: generator("factory").made(truth("factory"), DAYS))
