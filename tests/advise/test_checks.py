"""Every check that the store makes has words of its own, in the words of the trade."""

import re
from pathlib import Path

import pytest

import twin.store
from twin.advise.checks import CHECKS, OF_VISITS, check_words

STORE = Path(twin.store.__file__).parent
MADE = {name for file in STORE.glob("*.py") for name in re.findall(r'Check\(\s*"(\w+)"', file.read_text())}


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_check_is_told_in_words(name: str) -> None:
    assert MADE
    assert name in CHECKS | OF_VISITS


@pytest.mark.parametrize("name", OF_VISITS)
def test_a_check_of_tickets_speaks_of_tickets(name: str) -> None:
    told = check_words(name, "tickets")
    assert "{" not in told.label + told.meaning
    assert not re.search("order|visit", told.label + told.meaning)


def test_a_check_without_words_is_at_least_readable() -> None:
    assert check_words("odd_thing", "tickets").label == "Odd thing"


def test_a_check_of_visits_calls_people_as_their_trade_does() -> None:
    told = check_words("customer_missing", "visits", "visits", ("patient", "patients"))
    assert told.label == "Visits without a patient"
    assert "any patient" in told.meaning
    assert check_words("customer_unknown", "visits", "visits", ("patient", "patients")).label.startswith(
        "Visits of pat"
    )
