"""The place where the app listens: whether it is free, and who is there if it is not."""

import contextlib
import errno
import json
import os
import socket
import sys
import threading
import webbrowser
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from twin import __version__
from twin.desk.desk import PROJECT
from twin.errors import TwinError

EVERYWHERE = ("0.0.0.0", "::")


def digest(path: Path) -> str:
    """A path as something that can be compared but not read."""
    return sha256(str(path).encode()).hexdigest()[:16]


def about(store: Path) -> dict[str, Any]:
    """What the app tells anybody of itself."""
    return {
        "status": "ok",
        "name": "understudy",
        "version": __version__,
        "store": digest(store),
        "folder": digest(PROJECT),
    }


def near(address: str) -> str:
    """The address under which this machine reaches an app that listens there."""
    return "127.0.0.1" if address in EVERYWHERE else address


def is_taken(address: str, port: int) -> bool:
    """Whether a program listens there already. Raises TwinError for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except PermissionError:
            raise TwinError(f"Port {port} may only be used by the system. Name one from 1024 to 65535.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise TwinError(
                f"The address '{address}' is not one of this machine. 127.0.0.1 is this machine only."
            ) from None
    with socket.socket(family) as caller:  # some systems let two programs have one port
        caller.settimeout(1)
        return caller.connect_ex((near(address), port)) == 0


def next_free(address: str, port: int) -> int:
    """The first port above this one that is free."""
    return next(other for other in range(port + 1, 65536) if not is_taken(address, other))


def told(address: str, port: int) -> dict[str, Any]:
    """What the program that listens there says of itself; empty if it is not an Understudy."""
    with contextlib.suppress(OSError, ValueError):
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://{near(address)}:{port}/api/health", timeout=3) as answer:
            found = json.loads(answer.read(10_000))
            return found if isinstance(found, dict) and found.get("name") == "understudy" else {}
    return {}


def lan_address() -> str:
    """The address under which the local network sees this machine; nothing is sent to find it."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return socket.gethostname()


def open_browser(url: str) -> None:
    """Open the app in the person's browser, where there is one with a screen; never fails and never waits."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    ):
        return

    def opened() -> None:
        with contextlib.suppress(Exception):
            webbrowser.open(url)

    threading.Thread(target=opened, daemon=True).start()
