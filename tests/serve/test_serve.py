"""The real app in a process of its own, asked over HTTP, the websocket and the command line."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from twin.desk.counter import socket_path
from twin.serve.port import digest
from twin.store import Store

ROOT = Path(__file__).parents[2]
HTTP = build_opener(ProxyHandler({}))
STREAM = [Subprotocol("streamlit")]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class App:
    """A running app."""

    process: "subprocess.Popen[str]"
    store: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self, path: str = "/") -> int:
        try:
            with HTTP.open(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            return int(error.code)

    def stop(self, number: int = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[1]


def twin(*arguments: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "twin", *arguments]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def started(store: Path, *options: str) -> App:
    """An app that answers."""
    port = free_port()
    line = [sys.executable, "-m", "twin", "serve", "--no-browser", "--port", str(port), "--store", str(store), *options]
    process = subprocess.Popen(
        line,
        cwd=store.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    app = App(process, store, port)
    for _ in range(300):
        try:
            if app.status("/api/health") == 200:
                return app
        except OSError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    raise AssertionError(app.stop())


@pytest.fixture(scope="module")
def app(built_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app for the tests that leave it running."""
    running = started(Path(shutil.copy(built_original, tmp_path_factory.mktemp("serve") / "twin.duckdb")))
    yield running
    running.process.kill()
    running.process.communicate()


def test_health_says_what_runs_here(app: App) -> None:
    with HTTP.open(f"{app.url}/api/health") as answer:
        found = json.load(answer)
        assert "content-security-policy" in {name.lower() for name in answer.headers}
    assert (found["status"], found["name"], found["store"]) == ("ok", "understudy", digest(app.store))
    assert str(app.store) not in json.dumps(found)
    assert app.status("/api/about") == 200


def test_commands_work_while_the_app_runs(app: App) -> None:
    first = twin("compare", "--set", "price=+5%", "--json", "--store", str(app.store))
    assert (first.returncode, first.stderr) == (0, "")
    shown = twin("show", json.loads(first.stdout)["comparison"], "--json", "--store", str(app.store))
    assert json.loads(shown.stdout)["measures"] == json.loads(first.stdout)["measures"]
    wrong = twin("simulate", "--set", "prise=+5%", "--store", str(app.store))
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_a_second_serve_of_the_same_store_finds_the_first(app: App) -> None:
    for port in (app.port, free_port()):
        second = twin("serve", "--no-browser", "--port", str(port), "--store", str(app.store))
        assert second.returncode == 0
        assert f"running for this store already: http://localhost:{app.port}" in second.stderr


def test_another_stores_serve_is_told_the_next_free_port(app: App, built_store: Path) -> None:
    other = twin("serve", "--no-browser", "--port", str(app.port), "--store", str(built_store))
    assert (other.returncode, other.stdout) == (2, "")
    assert f"Port {app.port} is taken by another program. Port " in other.stderr


def test_the_page_and_its_websocket_are_there(app: App) -> None:
    assert app.status() == 200
    with connect(f"ws://127.0.0.1:{app.port}/_stcore/stream", subprotocols=STREAM) as stream:
        assert stream.subprotocol == "streamlit"
    with (
        pytest.raises(InvalidStatus),
        connect(f"ws://127.0.0.1:{app.port}/_stcore/stream", subprotocols=STREAM, origin="http://evil.example"),
    ):  # type: ignore[arg-type]
        pass


def test_a_shared_app_asks_for_its_code_and_ends_cleanly(built_store: Path) -> None:
    app = started(built_store, "--share", "--code", "let-me-in")
    assert [app.status(path) for path in ("/", "/_stcore/health", "/api/health", "/?code=wrong-one")] == [
        401,
        401,
        200,
        401,
    ]
    stream = f"ws://127.0.0.1:{app.port}/_stcore/stream"
    with pytest.raises(InvalidStatus), connect(stream, subprotocols=STREAM):
        pass
    assert socket_path(built_store).exists()
    said = app.stop()
    assert app.process.returncode == 0
    assert f":{app.port}/?code=let-me-in" in said
    assert "Traceback" not in said
    assert "leaked" not in said
    assert not socket_path(built_store).exists()
    with Store.open(built_store, wait_seconds=0) as store:
        assert store.twins()


def test_a_killed_app_leaves_no_lock(built_store: Path) -> None:
    app = started(built_store)
    app.stop(signal.SIGKILL)
    done = twin("twins", "--json", "--store", str(built_store))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["twins"]


def test_without_a_store_there_is_nothing_to_serve(tmp_path: Path) -> None:
    done = twin("serve", "--store", str(tmp_path / "none.duckdb"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "python -m twin demo" in done.stderr
