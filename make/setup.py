"""Set up this folder: .venv with what the app needs, with --tests what the tests need, with --browser a Chromium."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from make import chromium, environment
from make.words import Stopped, stop


def main(options: list[str]) -> int:
    """Do what is not done yet; costs a fraction of a second where all is there."""
    files = ["requirements.txt", "requirements-dev.txt"] if "--tests" in options else ["requirements.txt"]
    try:
        environment.make_venv()
        environment.install(*files)
        if "--browser" in options:
            chromium.ensure_chromium()
    except Stopped as error:
        return stop(error)
    except KeyboardInterrupt:
        return stop(Stopped("Stopped. Run the same command again to go on."))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
