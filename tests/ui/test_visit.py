"""A visitor's controls: what goes wrong in them is left to the page, which says it in a sentence."""

import pytest

from twin.errors import TwinError
from twin.ui.visit import told_by_page


def test_a_control_of_a_twin_that_is_gone_leaves_the_sentence_to_the_page() -> None:
    @told_by_page
    def moved(name: str) -> None:
        raise TwinError(f"There is no twin '{name}'.")

    moved("gone")


def test_a_mistake_of_our_own_in_a_control_is_not_hidden() -> None:
    @told_by_page
    def moved() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        moved()
