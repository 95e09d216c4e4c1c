"""Photograph every page of the app, light and dark, wide and narrow: python -m tests.screenshots [FOLDER].

Without a folder the pictures go to tests/output, and the one that the README shows to docs/images.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from make.chromium import FLAGS, chromium
from tests.browser.conftest import ROOT, Server
from twin.desk.desk import STORE

WHAT_IF = "what_if?price=%2B5%25&pickers_weekday=%2B2@:2011-12-23"
PAGES = {
    "overview": "",
    "data": "data",
    "forecast": "forecast",
    "one-life": "one_life",
    "as-today": "what_if",
    "what-if": WHAT_IF,
    "not-understood": "what_if?prce=%2B5%25&pickers_weekday=%2B2&days=9999",
    "unknown-run": "shared?run=ab12cd34ef56",
}
SIZES = {"wide": (1440, 1100), "phone": (390, 844)}
TALLEST = 6000
WAITING = (
    "Getting to know",
    "playing on both sides",
    "being refined",
    "Trying each estimate",
    "Asking the twin",
    "Playing it again",
    "Looking for those worth following",
)


def main(folder: Path, store: Path) -> None:
    """Take all pictures from an app of its own, on a copy of the store."""
    with running(store) as server, sync_playwright() as playwright:
        path = chromium()
        if path is None:
            raise SystemExit("There is no Chromium on this machine that starts. make test fetches one.")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for shade in ("light", "dark"):
            for size in SIZES:
                for name, address in PAGES.items():
                    photograph(browser, f"{server.url}/{address}", folder / f"{name}-{size}-{shade}.png", size, shade)
        readme = ROOT / "docs" / "images" / "what-if.png"
        photograph(browser, f"{server.url}/{WHAT_IF}", readme, "wide", "light", whole=False)
        browser.close()


@contextmanager
def running(store: Path) -> Iterator[Server]:
    """The app on a copy of a store."""
    with tempfile.TemporaryDirectory() as place:
        server = Server(Path(shutil.copy(store, Path(place) / "twin.duckdb")))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def photograph(browser: Browser, address: str, file: Path, size: str, shade: str, whole: bool = True) -> None:
    """One page as a visitor sees it once everything is there."""
    width, height = SIZES[size]
    dark = "dark" if shade == "dark" else "light"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=dark, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=90_000)
    for _ in range(2):
        page.wait_for_timeout(1500)
        for waiting in WAITING:
            page.get_by_text(waiting).first.wait_for(state="detached", timeout=120_000)
    if whole:
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(int(tall), TALLEST))})
        page.wait_for_timeout(1200)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    context.close()
    print(file, flush=True)


if __name__ == "__main__":
    if not STORE.exists():
        raise SystemExit(f"There is no store at {STORE} yet. Build the demo twin: python -m twin demo")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "tests" / "output", STORE)
