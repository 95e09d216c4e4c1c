"""Where the figures of long studies lie until docs/proof.md is written from them."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.proof.little import Queue
from tests.proof.study import SEEDS, Figure, Study

FOLDER = Path(__file__).parents[1] / "output" / "proof"
LITTLE = "littles law"


def keep(name: str, seed: int, rows: Sequence[Figure | Queue]) -> None:
    """Put the figures of one study and seed aside."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    place(name, seed).write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


def place(name: str, seed: int) -> Path:
    """The file of one study and seed."""
    return FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{seed}.json"


def figures(study: Study) -> list[Figure]:
    """The figures of one study on all seeds. Raises FileNotFoundError where it has not been made."""
    return [Figure(**row) for seed in SEEDS for row in json.loads(place(study.name, seed).read_text("utf-8"))]


def queues() -> list[Queue]:
    """The queues of all runs on all seeds. Raises FileNotFoundError where they have not been made."""
    return [Queue(**row) for seed in SEEDS for row in json.loads(place(LITTLE, seed).read_text("utf-8"))]
