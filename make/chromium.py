"""A Chromium for tests that open the app as a person does: the machine's, else Playwright's, else the system's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from make.environment import PYTHON, VENV, apt_install, run
from make.words import Stopped, last_lines, say

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
CHOSEN = VENV / "chromium"  # the path of the browser that was last seen to start


def chromium() -> Path | None:
    """Where a Chromium lies that starts; none if there is none."""
    if CHOSEN.exists() and (path := Path(CHOSEN.read_text())).exists():
        return path
    for path in candidates():
        if starts(path):
            CHOSEN.write_text(str(path))
            return path
    return None


def candidates() -> list[Path]:
    """The places where a Chromium may lie, best first."""
    on_path = [Path(found) for command in COMMANDS if (found := shutil.which(command))]
    folders = (Path("/Applications"), Path.home() / "Applications")
    apps = [folder / f"{app}.app" / "Contents" / "MacOS" / app for folder in folders for app in APPS]
    return [*on_path, *(app for app in apps if app.exists()), *playwrights()]


def playwrights() -> list[Path]:
    """The Chromium that Playwright keeps, if it fetched one."""
    if not PYTHON.exists():
        return []
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    asked = run([str(PYTHON), "-c", ask])
    path = Path(asked.stdout.strip().splitlines()[-1]) if asked.returncode == 0 and asked.stdout.strip() else None
    return [path] if path and path.exists() else []


def starts(path: Path) -> bool:
    """Whether the browser runs here; a left-over stub or a missing library shows at once."""
    try:
        return run([str(path), "--headless", *FLAGS, "--dump-dom", "about:blank"], seconds=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ensure_chromium() -> Path:
    """The path of a Chromium, fetched if the machine has none."""
    if found := chromium():
        return found
    say("No Chromium on this machine; fetching Playwright's (about 150 MB, a minute on an ordinary connection).")
    fetched = run([str(PYTHON), "-m", "playwright", "install", "chromium"])
    if found := chromium():
        return found
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Playwright's cannot be had or does not start; installing the system's package chromium (a minute or two).")
        apt_install("chromium")
        if found := chromium():
            return found
    raise Stopped(
        "The tests need a Chromium and none could be had. Install Chromium or Google Chrome and run the same command "
        f"again; make check runs the tests that need no browser. Playwright said:\n{last_lines(fetched.stdout)}"
    )
