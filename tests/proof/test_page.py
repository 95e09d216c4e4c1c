"""docs/proof.md says what the present studies are, and nothing in it misses its limits."""

import re
from pathlib import Path

import pytest

from tests.proof.page import PAGE, shown
from tests.proof.studies import STUDIES
from tests.proof.study import LARGEST_ERROR_SHARE, LARGEST_ERRORS, SEEDS

TEXT = PAGE.read_text(encoding="utf-8")


def section(name: str) -> str:
    """What the page says of one study."""
    found = re.search(rf"^### {re.escape(name)}\n(.*?)(?=^##|\Z)", TEXT, re.S | re.M)
    assert found, name
    return found[1]


@pytest.mark.parametrize("name", STUDIES)
def test_each_study_stands_on_the_page(name: str) -> None:
    study, text = STUDIES[name], section(name)
    assert study.about in text
    assert study.formula in text
    assert study.source in text
    rows = re.findall(r"^\| (.+?) \| (\S+) \| (\d) \| (\S+) \| (\S+) % \| (\S+) \|$", text, re.M)
    assert [(row[0], row[1], int(row[2])) for row in rows] == [
        (figure, shown(value), seed) for figure, value in study.theory.items() for seed in SEEDS
    ]
    for *_, share, errors in rows:
        assert float(share) <= 100 * LARGEST_ERROR_SHARE
        assert abs(float(errors)) <= LARGEST_ERRORS


def test_the_page_is_linked() -> None:
    development = (Path(PAGE).parent / "development.md").read_text(encoding="utf-8")
    assert "proof.md" in development
