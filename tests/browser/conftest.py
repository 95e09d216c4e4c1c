"""The app as a real server, for journeys in a real Chromium."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


class Server:
    """A running app: where it is, and how to start it anew."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its first page."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.headless",
            "true",
            "--server.port",
            str(self.port),
        ]
        environment = {**os.environ, "TWIN_STORE": str(self.store), "PYTHONPATH": str(ROOT)}
        log = (self.store.parent / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(200):
            with contextlib.suppress(OSError), urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError("The app did not start.")

    def stop(self) -> None:
        """Stop it."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    @property
    def log(self) -> str:
        """What it has printed."""
        return (self.store.parent / "server.log").read_text(errors="replace")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture(scope="module")
def server(built_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on a copy of the built store."""
    running = Server(Path(shutil.copy(built_original, tmp_path_factory.mktemp("server") / "twin.duckdb")))
    running.start()
    yield running
    running.stop()
