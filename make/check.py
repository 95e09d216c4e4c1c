"""All checks one after the other, each with its verdict and time; one run shows all failures."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from make.environment import PYTHON, ROOT, run
from make.words import last_lines, say

CONTRACTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "import contracts": ["-c", CONTRACTS, "--no-logo"],
}


def main(options: list[str]) -> int:
    """Run the checks, then the tests; with --all also those that need a browser."""
    chosen = "not proof" if "--all" in options else "not browser and not proof"
    failed = [name for name, command in CHECKS.items() if not check(name, command)]
    if not tests(chosen):
        failed.append("tests")
    say(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def check(name: str, command: list[str]) -> bool:
    """Run one check; says what it found only where it found something."""
    started = monotonic()
    done = run([str(PYTHON), *command])
    good = done.returncode == 0
    say(f"{name:<17} {'ok' if good else 'FAILED'} ({monotonic() - started:.1f} s)")
    if not good:
        say(last_lines(done.stdout, 60))
    return good


def tests(chosen: str) -> bool:
    """Run the tests on up to four processors, as they are chosen by their marks."""
    processes = str(min(4, os.cpu_count() or 1))
    command = [str(PYTHON), "-m", "pytest", "-q", "-n", processes, "-m", chosen, "--durations=5"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
