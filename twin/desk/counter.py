"""The counter of a desk: a local socket beside the store, where commands are handed in while the app has it open."""

import contextlib
import json
import os
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from twin import __version__
from twin.errors import TwinError

LONGEST_ADDRESS = 100  # the system's own limit is 104 to 108 bytes
LONGEST_NAME = 200
MOST_BYTES = 4_000_000
ANSWER_SECONDS = 10.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """A command as it is handed in: its name, its options, and who asks."""

    command: str
    options: dict[str, Any]
    maker: str
    debug: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a command: its exit status and what it prints."""

    status: int
    stdout: str = ""
    stderr: str = ""


class Unanswered(TwinError):
    """The app took the command and did not give an outcome."""


def stamp() -> str:
    """Which Understudy this is; two that differ do not pass commands to each other."""
    from twin.experiment.engine import engine

    return f"{__version__} (engine {engine()})"


def socket_path(store: Path) -> Path:
    """Where the socket of a store lies: beside it, and hidden."""
    name = f".{store.name}.socket"
    if len(os.fsencode(name)) > LONGEST_NAME:
        name = f".{sha256(os.fsencode(store.name)).hexdigest()[:16]}.socket"
    return store.parent / name


@contextlib.contextmanager
def short(path: Path) -> Iterator[str]:
    """The same place under a name that is short enough for a socket: through a link that only we can see."""
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "d"
        link.symlink_to(path.parent)
        if len(os.fsencode(path.name)) > LONGEST_ADDRESS - len(os.fsencode(link)):
            raise OSError(f"no short name for {path}")
        yield str(link / path.name)


class Counter:
    """Takes commands at the socket of a store and answers each in a thread of its own, for its owner only.

    answer : from an order, and a way to say how it goes, to the outcome
    """

    def __init__(
        self, store: Path, answer: Callable[[Order, Say], Outcome], facts: dict[str, Any] | None = None
    ) -> None:
        self.path = socket_path(store)
        self.facts = {"stamp": stamp(), "pid": os.getpid(), **(facts or {})}
        self._answer = answer
        self._socket = self._bound()
        threading.Thread(target=self._serve, name="counter", daemon=True).start()

    def close(self) -> None:
        """Take no more commands, and take the socket away."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.path.unlink(missing_ok=True)

    def _bound(self) -> socket.socket:
        self.path.unlink(missing_ok=True)  # left by an app that was killed: whoever has the store open owns the name
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            with short(self.path) as address:
                listening.bind(address)
        finally:
            os.umask(before)
        listening.listen(16)
        return listening

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=(caller,), name="counter-call", daemon=True).start()

    def _attend(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError, ValueError):
            if not is_ours(caller):
                return
            lines = caller.makefile("rw", encoding="utf-8", newline="\n")
            _write(lines, {"heard": self.facts})
            text = lines.readline(MOST_BYTES)
            if not text.strip():
                return
            outcome = self._answer(Order(**json.loads(text)), lambda words: _said(lines, words))
            _write(lines, asdict(outcome))


def is_ours(caller: socket.socket) -> bool:
    """Whether the process at the other end belongs to the same user, where the system can tell (or to root)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return user in (os.getuid(), 0)


def _said(lines: Any, words: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody listens any more; the work goes on
        _write(lines, {"said": words})


def _write(lines: Any, message: dict[str, Any]) -> None:
    lines.write(json.dumps(message) + "\n")
    lines.flush()


@contextlib.contextmanager
def called(store: Path) -> Iterator[tuple[Any, dict[str, Any]] | None]:
    """A line to the app that has this store open, with what it says of itself; None where there is none."""
    caller = _connected(socket_path(store))
    if caller is None:
        yield None
        return
    with caller:
        lines = caller.makefile("rw", encoding="utf-8", newline="\n")
        facts = _heard(lines)
        caller.settimeout(None)
        yield lines, facts


def _connected(path: Path) -> socket.socket | None:
    if not hasattr(socket, "AF_UNIX") or not path.exists():
        return None
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.settimeout(ANSWER_SECONDS)
    try:
        if path.stat().st_uid != os.getuid():
            raise PermissionError
        with short(path) as address:
            caller.connect(address)
    except OSError:  # refused: an app that was killed left it; not ours: another user's app
        caller.close()
        return None
    return caller


def _heard(lines: Any) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(lines.readline())["heard"]
    except (OSError, ValueError, KeyError):
        raise Unanswered("The app that has the store open does not answer. Stop it, then try again.") from None
    return facts


def handed_over(store: Path, order: Order, say: Say) -> Outcome | None:
    """Have the app that holds the store carry out a command; None where no app takes commands.

    Raises TwinError where the app is another version, or ends before it answers.
    """
    with called(store) as line:
        if line is None:
            return None
        lines, facts = line
        if facts["stamp"] != stamp():
            raise TwinError(
                f"The app that has the store open (process {facts['pid']}) runs Understudy {facts['stamp']}; "
                f"this command is {stamp()}. Stop the app and start it again, then repeat the command."
            )
        _write(lines, asdict(order))
        return _outcome(lines, say, facts["pid"])


def _outcome(lines: Any, say: Say, pid: int) -> Outcome:
    try:
        for text in lines:
            message = json.loads(text)
            if "said" not in message:
                return Outcome(**message)
            say(message["said"])
    except (OSError, ValueError):
        pass
    raise Unanswered(
        f"The app (process {pid}) ended before it had carried out the command. Repeat it to be sure that it is done."
    )
