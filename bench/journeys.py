"""What a person waits for: the app started and used in a real Chromium."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect, sync_playwright

from bench.figures import Figure
from make.chromium import FLAGS, chromium

PROJECT = Path(__file__).parent.parent
WAIT_MS = 60_000
SCREEN = ViewportSize(width=1440, height=1000)
FROM_NOTHING = "start of Python, server and an empty browser included"
PAGES = ("Data", "Forecast", "What if", "Overview")
STARTS, ROUNDS = 3, 3
LEISURE_MS = 7000
HURRIED = "while it is still worked out what the answer before hangs on"


def measured(store: Path) -> list[Figure]:
    """Start the app a few times; then switch pages, change levers and open a link."""
    start = Figure("app: first page after start: its sentence and numbers", 5.0, note=FROM_NOTHING)
    charts = Figure("the same with its charts", 5.0, note=FROM_NOTHING)
    switch = Figure("app: page switch", 1.0, note="until the new page's heading and content stand")
    first = Figure("app: lever changed, first numbers on screen", 0.5, note="the click and the browser included")
    whole = Figure("app: lever changed, all 32 pairs on screen", 1.5, note="the click and the browser included")
    hurried = Figure("app: lever changed again at once, first numbers on screen", 0.5, note=HURRIED)
    link = Figure(
        "app: shared link of a stored run: its sentence and numbers", 1.0, note="a browser that has seen the app before"
    )
    strange = Figure(
        "the same, in a browser that has not", 1.0, note="it fetches and compiles 2.8 MB of Streamlit first"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=list(FLAGS))
        for n in range(STARTS):
            page = browser.new_context(viewport=SCREEN).new_page()
            began = time.perf_counter()
            with app(store) as address:
                page.goto(address)
                expect(page.get_by_test_id("stMetric").nth(3)).to_be_visible(timeout=WAIT_MS)
                start.runs.append(time.perf_counter() - began)
                settled(page)
                charts.runs.append(time.perf_counter() - began)
                if n == STARTS - 1:
                    pages(page, switch)
                    shared = what_ifs(page, first, whole, hurried)
                    for _ in range(ROUNDS):
                        opened(browser.new_context(viewport=SCREEN), shared, strange, link)
            page.close()
        browser.close()
    return [start, charts, switch, first, whole, hurried, link, strange]


def opened(visitor: BrowserContext, shared: str, strange: Figure, known: Figure) -> None:
    """Open a link in a new browser, and again in a tab of its own."""
    for figure in (strange, known):
        page = visitor.new_page()
        with figure.timed():
            page.goto(shared)
            expect(page.get_by_test_id("stMetric").nth(3)).to_be_visible(timeout=WAIT_MS)
        page.close()
    visitor.close()


def pages(page: Page, figure: Figure) -> None:
    """Go round all pages; the first round warms the browser."""
    for n in range(ROUNDS + 1):
        for name in PAGES:
            began = time.perf_counter()
            page.get_by_role("link", name=name, exact=True).first.click()
            expect(page).to_have_url(re.compile("/$" if name == "Overview" else name.lower().replace(" ", "_")))
            settled(page)
            if n:
                figure.runs.append(time.perf_counter() - began)


def what_ifs(page: Page, first: Figure, whole: Figure, hurried: Figure) -> str:
    """Add pickers one by one, at leisure and then in a hurry, and copy the link of the last answer."""
    page.get_by_role("link", name="What if", exact=True).first.click()
    settled(page)
    page.wait_for_timeout(LEISURE_MS)
    for n in range(2 * ROUNDS + 1):
        middle, end = moved(page)
        if n:
            first.runs.append(middle)
            whole.runs.append(end)
        page.wait_for_timeout(LEISURE_MS)
    for _ in range(2 * ROUNDS):
        hurried.runs.append(moved(page)[0])
        page.wait_for_timeout(1000)
    page.wait_for_timeout(LEISURE_MS)
    page.get_by_role("button", name=re.compile("Copy link")).first.click()
    shared = page.get_by_label("Link to this comparison")
    expect(shared).to_be_visible(timeout=WAIT_MS)
    return shared.input_value()


def moved(page: Page) -> tuple[float, float]:
    """One more picker: seconds until the first numbers stand, and until all do."""
    before = page.locator("h1").inner_text()
    began = time.perf_counter()
    page.get_by_test_id("stNumberInputStepUp").first.click()
    page.wait_for_function("before => document.querySelector('h1')?.innerText !== before", arg=before, timeout=WAIT_MS)
    expect(page.get_by_text(re.compile(r"16 of 32|32 plays")).first).to_be_visible(timeout=WAIT_MS)
    middle = time.perf_counter() - began
    expect(page.get_by_text(re.compile(r"32 plays")).first).to_be_visible(timeout=WAIT_MS)
    return middle, time.perf_counter() - began


def settled(page: Page) -> None:
    """Wait until a page has its heading, and nothing is grey or running any more."""
    page.wait_for_selector("h1", timeout=WAIT_MS)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-stale=true], [data-testid=stStatusWidget]')",
        timeout=WAIT_MS,
    )


@contextmanager
def app(store: Path) -> Iterator[str]:
    """The app on a free port, until it answers; ended cleanly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "twin", "serve", "--no-browser", "--port", str(port), "--store", str(store)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while not answers(address):
            if process.poll() is not None:
                raise RuntimeError(f"The app ended with status {process.returncode}; start it by hand to see why.")
            time.sleep(0.02)
        yield address
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def answers(address: str) -> bool:
    """Whether the server is there."""
    try:
        with urlopen(f"{address}/api/health", timeout=1):
            return True
    except (URLError, OSError):
        return False
