"""`make proof`: play all long studies, then write docs/proof.md from their figures."""

import subprocess
import sys
from pathlib import Path

from tests.proof.collected import FOLDER
from tests.proof.page import PAGE, write

PROJECT = Path(__file__).parents[2]


def main() -> int:
    """Zero if every study holds."""
    for old in FOLDER.glob("*.json"):
        old.unlink()
    played = subprocess.run([sys.executable, "-m", "pytest", "-m", "proof", "-n", "2"], cwd=PROJECT, check=False)
    try:
        missed = write()
    except FileNotFoundError as error:
        print(f"{PAGE.name} stays as it was: {error.filename} is missing, so not every study was played to its end.")
        return 1
    for figure in missed:
        print(f"MISSED {figure}")
    print(f"Wrote {PAGE.relative_to(PROJECT)}.")
    return 1 if missed else played.returncode


if __name__ == "__main__":
    sys.exit(main())
