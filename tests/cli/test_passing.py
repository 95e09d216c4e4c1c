"""A command while something else has the store: passed to the app, or in its turn, or refused naming who has it."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Command, Values
from twin import cli
from twin.cli.counter import close_counters, open_counter
from twin.desk.counter import socket_path
from twin.desk.desk import local_name
from twin.store import Store

Process = Callable[..., "subprocess.CompletedProcess[str]"]
HOLD = """
import sys, time
from twin.store import Store
store = Store.open(sys.argv[1])
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def app(shared: Path) -> Iterator[Path]:
    """The shared store, open in this process as in the app."""
    open_counter(shared, {"url": "http://localhost:1"})
    yield shared
    close_counters()


@pytest.fixture
def held(built_store: Path) -> Iterator[tuple[Path, int]]:
    """A store that another process holds, and that process."""
    line = [sys.executable, "-c", HOLD, str(built_store)]
    holder = subprocess.Popen(line, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"open\n"
    yield built_store, holder.pid
    holder.kill()
    holder.wait()
    holder.stdout.close()


def test_the_app_gives_the_same_answer(values: Values, shared: Path) -> None:
    alone = values("simulate")
    open_counter(shared)
    try:
        passed = values("simulate")
    finally:
        close_counters()
    assert {**passed, "elapsed_s": 0} == {**alone, "elapsed_s": 0}


def test_the_app_has_one_desk(app: Path) -> None:
    assert open_counter(app) is open_counter(str(app))


def test_a_mistake_is_passed_back(command: Command, app: Path) -> None:
    outcome = command("simulate", "--set", "prise=+5%")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "Did you mean 'price'?" in outcome.stderr


def test_a_file_is_looked_for_where_the_caller_stands(process: Process, app: Path, tmp_path: Path) -> None:
    (tmp_path / "animals.csv").write_text("animal,legs\ncat,4\n", encoding="utf-8")
    done = process("ingest", "animals.csv", "--as", "order_lines", "--store", str(app), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "animals.csv cannot be read as order_lines" in done.stderr


def test_commands_of_two_processes_are_both_done(process: Process, app: Path) -> None:
    found: list[str] = []
    lines = [
        ("levers", "--json", "--store", str(app)),
        ("compare", "--set", "price=+5%", "--json", "--store", str(app)),
    ]
    threads = [threading.Thread(target=lambda line=line: found.append(process(*line).stdout)) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {next(iter(json.loads(text))) for text in found} == {"levers", "comparison"}


def test_two_processes_without_an_app_take_turns(process: Process, shared: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "twin", "simulate", "--days=8", "--replications=4", "--json", "--store", str(shared)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process("twins", "--json", "--store", str(shared)).returncode == 0
    output, _ = running.communicate(timeout=20)
    assert json.loads(output)["days"] == 8


def test_the_socket_is_its_owners_alone(app: Path) -> None:
    path = socket_path(app)
    assert path == app.parent / ".twin.duckdb.socket"
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_socket_goes_with_the_app(shared: Path) -> None:
    open_counter(shared)
    close_counters()
    assert not socket_path(shared).exists()
    with Store.open(shared, wait_seconds=0) as store:
        assert store.twins()


def test_a_socket_left_by_a_killed_app_is_in_nobodys_way(values: Values, shared: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(socket_path(shared)))
    left.close()
    assert values("twins")["twins"]
    open_counter(shared)
    try:
        assert values("twins")["twins"]
    finally:
        close_counters()


def test_a_path_longer_than_a_sockets_name_may_be(values: Values, built_original: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("deeper" * 20)
    folder.mkdir(parents=True)
    store = folder / ("s" * 190 + ".duckdb")
    store.write_bytes(built_original.read_bytes())
    open_counter(store)
    try:
        assert socket_path(store).exists()
        assert values("twins", store=store)["twins"]
    finally:
        close_counters()


def test_another_version_is_said(command: Command, app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.desk.counter.__version__", "99.0")
    outcome = command("twins")
    assert outcome.status == 2
    assert "Stop the app and start it again" in outcome.stderr
    assert "99.0" in outcome.stderr


def test_runs_carry_the_callers_name(values: Values, app: Path) -> None:
    run = values("simulate", "--days", "9", "--replications", "2")["run"]
    row = open_counter(app).store.run(run)
    assert row is not None
    assert row.maker == local_name()


def test_whoever_keeps_the_store_is_named(
    command: Command, held: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "WAIT_SECONDS", 0.5)
    store, pid = held
    outcome = command("simulate", store=store)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert f"process {pid}" in outcome.stderr


def test_a_command_waits_for_its_turn(command: Command, held: tuple[Path, int]) -> None:
    store, pid = held
    threading.Timer(1.0, os.kill, (pid, signal.SIGKILL)).start()
    assert command("twins", store=store).status == 0


def test_ctrl_c_is_quiet(shared: Path) -> None:
    line = [
        sys.executable,
        "-m",
        "twin",
        "simulate",
        "--days",
        "90",
        "--replications",
        "512",
        "--seed",
        "7",
        "--store",
        str(shared),
    ]
    running = subprocess.Popen(
        line,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        running.communicate(timeout=4)
    os.killpg(running.pid, signal.SIGINT)
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output, errors) == (130, b"", b"")
    with Store.open(shared, wait_seconds=1) as store:
        assert store.twins()


def test_a_reader_that_goes_away_is_nobodys_fault(shared: Path) -> None:
    shell = f"'{sys.executable}' -m twin calibrate --json --store '{shared}' | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
