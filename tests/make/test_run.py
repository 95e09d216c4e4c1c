"""Opening the app: on a free port, once for each folder, and behind a code when it is shared."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from make import run
from make.environment import ROOT
from make.words import Stopped


class App(BaseHTTPRequestHandler):
    """A program that answers as the app of some folder does."""

    folder = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"folder": self.folder}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[SimpleNamespace]:
    """A program on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(port=server.server_address[1])
    server.shutdown()
    server.server_close()


def test_another_programs_port_is_named_with_the_next_free_one(app: SimpleNamespace) -> None:
    assert run.is_taken(app.port)
    with pytest.raises(Stopped, match=rf"Port {app.port} is taken by another program. Port (\d+) is free"):
        run.already_taken(app.port)


def test_an_app_that_runs_for_this_folder_is_opened(
    app: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(App, "folder", hashlib.sha256(str(ROOT).encode()).hexdigest()[:16])
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert run.already_taken(app.port) == 0
    assert opened == [f"http://localhost:{app.port}"]
    assert "already runs for this folder" in capsys.readouterr().out


def test_a_port_that_nobody_listens_on_is_free() -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    assert not run.is_taken(port)


@pytest.mark.parametrize("given", ["http", "80", "65536", "-1", "8501.5"])
def test_a_port_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Stopped, match="it has to be a whole number from 1024 to 65535"):
        run.port_wanted()
