"""Open the app on the demo twin: on a free port, once for each folder, with --share for the local network too."""

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from make.environment import PYTHON, ROOT
from make.words import Stopped, say, stop


def main(options: list[str]) -> int:
    """Build the demo twin if need be and serve the app until it is stopped."""
    try:
        port, share = port_wanted(), "--share" in options
        if is_taken(port) and not share:
            return already_taken(port)
        build_demo()
        return serve(port, share)
    except Stopped as error:
        return stop(error)
    except KeyboardInterrupt:
        return 0


def port_wanted() -> int:
    """The port from PORT, 8501 if it is not given."""
    given = os.environ.get("PORT") or "8501"
    if not (given.isdigit() and 1024 <= int(given) <= 65535):
        raise Stopped(f"PORT is '{given}'; it has to be a whole number from 1024 to 65535, as in make run PORT=8600")
    return int(given)


def is_taken(port: int) -> bool:
    """Whether a program of this machine listens on the port."""
    with socket.socket() as caller:
        caller.settimeout(1)
        if caller.connect_ex(("127.0.0.1", port)) == 0:
            return True
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def already_taken(port: int) -> int:
    """Open the app if it is ours that runs there; else name the next free port."""
    if not is_ours(port):
        free = next(other for other in range(port + 1, 65536) if not is_taken(other))
        raise Stopped(f"Port {port} is taken by another program. Port {free} is free: make run PORT={free}")
    say(f"Understudy already runs for this folder: http://localhost:{port}")
    open_browser(port)
    return 0


def is_ours(port: int) -> bool:
    """Whether the program on the port is this folder's app; it names its folder by a hash under /api/about."""
    with contextlib.suppress(OSError, ValueError), urlopen(f"http://127.0.0.1:{port}/api/about", timeout=3) as answer:
        about = json.load(answer)
        return isinstance(about, dict) and about.get("folder") == hashlib.sha256(str(ROOT).encode()).hexdigest()[:16]
    return False


def open_browser(port: int) -> None:
    """Open the app in the person's browser, where there is one."""
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(f"http://localhost:{port}")


def build_demo() -> None:
    """Build the demo twin and its baseline, or find that they are there."""
    say("Looking after the demo twin: the first time it reads a million invoice lines and plays the coming weeks.")
    if status := subprocess.run([str(PYTHON), "-m", "twin", "demo"], cwd=ROOT, check=False).returncode:
        raise Stopped(f"The demo twin could not be built (python -m twin demo ended with status {status}).")


def serve(port: int, share: bool) -> int:
    """Start the app, which opens the browser; ends when the person stops it."""
    command = [str(PYTHON), "-m", "twin", "serve", "--port", str(port)]
    if share:
        command += ["--share"]  # it makes the code and says where to open the app
    say(f"Starting the app on http://localhost:{port} (a few seconds). Stop it with Ctrl+C.")
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
