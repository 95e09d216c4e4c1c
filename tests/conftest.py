"""What tests share: a real Chromium, a picture of what it showed when a test failed, and the random tests' settings."""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from make.chromium import FLAGS, chromium
from tests.built import built_once
from tests.clinic import CLINIC
from tests.factory import FACTORY
from tests.lender import LENDER
from tests.supply_chain import SUPPLY_CHAIN

OUTPUT = Path(__file__).parent / "output"
FAILED = pytest.StashKey[bool]()

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a browser is marked as such, and all of them run in one process, beside the others."""
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether the test's own part failed, for the fixtures that are put away after it."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Where the machine's Chromium lies; make test sees to it that there is one."""
    path = chromium()
    if path is None:
        pytest.fail("There is no Chromium on this machine that starts. make test fetches one.")
    return path


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A running Chromium; by module, since Playwright's event loop gets in the way of other tests while it is open."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor's page at desk size; its last sight is kept in tests/output when the test fails."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    opened = context.new_page()
    yield opened
    if request.node.stash.get(FAILED, False):
        OUTPUT.mkdir(exist_ok=True)
        opened.screenshot(path=OUTPUT / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}.png", full_page=True)
    context.close()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of records that cannot be shipped with the project, named by TWIN_REAL_DATA; tests skip without it."""
    folder = os.environ.get("TWIN_REAL_DATA")
    if not folder:
        pytest.skip("TWIN_REAL_DATA does not name a folder with the records that cannot be shipped.")
    return Path(folder)


@pytest.fixture(scope="session")
def built_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the twin gift-shop on a part of the real data, run and compared; not to be changed, copy it."""
    base = tmp_path_factory.getbasetemp()
    return built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def clinic_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the twin clinic on seven weeks of its records, run and compared; not to be changed, copy it."""
    base = tmp_path_factory.getbasetemp()
    return CLINIC.built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def lender_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the twin lender on seven months of a smaller one, run and compared; not to be changed, copy it."""
    base = tmp_path_factory.getbasetemp()
    return LENDER.built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def factory_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the twin factory on ten weeks of its records, run and compared; not to be changed, copy it."""
    base = tmp_path_factory.getbasetemp()
    return FACTORY.built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def supply_chain_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the twin supply-chain on ten weeks of its records, run and compared; not to be changed, copy it."""
    base = tmp_path_factory.getbasetemp()
    return SUPPLY_CHAIN.built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture
def built_store(built_original: Path, tmp_path: Path) -> Path:
    """A copy of that store for one test."""
    return Path(shutil.copy(built_original, tmp_path / "twin.duckdb"))
