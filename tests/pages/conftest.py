"""The app without a browser: pages are run as a visitor's session would run them, on a copy of the built store."""

import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from twin.ui import doors

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = {
    "overview": "pages/today/overview.py",
    "data": "pages/understand/data.py",
    "forecast": "pages/understand/forecast.py",
    "one_life": "pages/understand/one_life.py",
    "what_if": "pages/explore/what_if.py",
    "shared": "pages/explore/shared_run.py",
}
Visit = Callable[..., AppTest]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process runs all pages, since they share a desk."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("pages"))


@pytest.fixture(scope="session")
def app_store(built_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store that the app has open during these tests."""
    from twin.cli.counter import close_counters

    store = Path(shutil.copy(built_original, tmp_path_factory.mktemp("pages") / "twin.duckdb"))
    before = os.environ.get("TWIN_STORE")
    os.environ["TWIN_STORE"] = str(store)
    yield store
    doors.jobs().closed.set()
    close_counters()
    st.cache_resource.clear()
    gc.unfreeze()
    gc.collect()
    if before is None:
        os.environ.pop("TWIN_STORE", None)
    else:
        os.environ["TWIN_STORE"] = before


@pytest.fixture
def visit(app_store: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page as a new visitor, with an address; the reasons are worked out only for tests named so."""
    if "reasons" not in request.node.name:
        monkeypatch.setattr(doors.Jobs, "ask", lambda *_: None)

    return lambda page, /, **query: arrived(page, query)


@pytest.fixture
def opened(app_store: Path, its_store: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page of another twin, which lies in `its_store`, as a new visitor."""
    monkeypatch.setenv("TWIN_STORE", str(its_store))
    monkeypatch.setattr(doors.Jobs, "ask", lambda *_: None)
    return lambda page, /, **query: arrived(page, query)


def arrived(page: str, query: Mapping[str, str | list[str]]) -> AppTest:
    """A page as a new visitor finds it who comes with an address."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=90)
    if page == "shared":
        app.run()  # its address is not its file's name, which AppTest learns from a first run
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(PAGES[page])
    return settled(app.run())


def settled(app: AppTest) -> AppTest:
    """The page once the twin has worked out its numbers."""
    for _ in range(60):
        if not any("Getting to know" in title.value for title in app.title):
            break
        time.sleep(1)
        app.run()
    assert not app.exception, app.exception
    assert not any("Something went wrong" in title.value for title in app.title)
    return app


def title(app: AppTest) -> str:
    """The page's title."""
    return str(app.title[0].value).replace("\u00a0", " ")


def words(app: AppTest) -> str:
    """Everything that the page says in sentences and tables."""
    parts = [*app.markdown, *app.caption, *app.warning, *app.info, *app.success, *app.error]
    said = [str(part.value) for part in parts]
    said += [str(part.proto.body) for part in app.get("html") if "<style>" not in part.proto.body]
    return "\n".join(said).replace("\u00a0", " ")


def links(app: AppTest) -> list[str]:
    """The words of every link to another page."""
    return [str(link.proto.label).strip("*").replace("\u00a0", " ") for link in app.get("page_link")]
