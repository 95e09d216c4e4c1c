"""What luck is for: one number for each purpose, so that no two purposes share a draw."""

from enum import IntEnum
from hashlib import sha256

import numpy as np

from twin.model.kernels.chance import stem


class Purpose(IntEnum):
    """A kind of decision that chance takes. Numbers are never reused; new ones go to the end."""

    ESTIMATE = 1
    ALIVE = 2
    RATE = 3
    DROPOUT_A = 4
    DROPOUT_B = 5
    DROPOUT_TIME = 6
    BUYING = 7
    NEW_CUSTOMERS = 8
    ANONYMOUS = 9
    ARRIVAL_TIME = 10
    LINES = 11
    ORDER_SIZE = 12
    ITEM = 13
    QUANTITY = 14
    PICKING_TIME = 15
    ABSENCE = 16
    LEAD_TIME = 17
    OPENING_STOCK = 18
    SPEND = 19
    SERVICE = 20
    PATIENCE = 21
    ONWARD = 22
    RESULT = 23
    CONDITION = 24
    KIND = 25
    SPELL_START = 26
    QUIT = 28
    HIRING_TIME = 29
    EXPERIENCE = 30
    AGENCY = 31
    NO_SHOW = 32
    PUNCTUALITY = 33
    CHURN = 34
    SUBSTITUTE = 37
    VISIT_RATE = 39
    ALLOCATION = 45
    LANE = 46
    OUTLET = 47
    MACHINE_LIFE = 55
    REPAIR_TIME = 56
    MAINTENANCE_TIME = 57
    LOAN_MONTH = 63
    LOAN_FACTOR = 64
    LOANS_NEW = 65
    LOAN_AMOUNT = 66
    LOAN_AGE = 67
    LOAN_DUE_DAY = 68
    LOAN_CALL = 69
    ORDER_UNITS = 75
    PIECE_SCRAP = 76
    UNDER_WAY = 77


def key(seed: int, replication: int, purpose: Purpose) -> np.uint64:
    """The common start of all draws of one purpose in one replication."""
    return np.uint64(stem(seed, replication, int(purpose)))


class Chance:
    """The luck of one replication: stems of keys, one a purpose."""

    def __init__(self, seed: int, replication: int) -> None:
        self.stems = [np.uint64(stem(seed, replication, number)) for number in range(max(Purpose) + 1)]

    def __getitem__(self, purpose: Purpose) -> np.uint64:
        return self.stems[purpose]


def entity(name: str) -> int:
    """A stable number for a named entity, the same on every machine."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "little") >> 1
