"""Pin the packages that pyproject.toml names, for all Python versions and systems at once."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from make.environment import PYTHON, ROOT
from make.words import say

PIN = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--quiet"]
PINS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["--group", "dev", "--constraints", "requirements.txt"],
}


def main() -> None:
    """Write requirements.txt, then requirements-dev.txt in agreement with it."""
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", "uv"], cwd=ROOT, check=True)
    newest = ["--upgrade"] if os.environ.get("UPGRADE") else []
    for name, source in PINS.items():
        head = f"make requirements  ({' '.join([*PIN[:-1], *source])})"
        pin = [str(PYTHON), "-m", *PIN, *newest, *source, "--output-file", name, "--custom-compile-command", head]
        subprocess.run(pin, cwd=ROOT, check=True)
        say(f"Pinned {name}.")


if __name__ == "__main__":
    main()
