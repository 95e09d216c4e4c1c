"""Open the app on the demo twin: on a free port, once for each folder, with --share for the local network too."""

import contextlib
import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from make.environment import PYTHON, ROOT
from make.words import Stopped, say, stop

CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that look alike


def main(options: list[str]) -> int:
    """Build the demo twin if need be and serve the app until it is stopped."""
    try:
        port = port_wanted()
        if is_taken(port):
            return already_taken(port)
        build_demo()
        return serve(port, share="--share" in options)
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
        code = access_code()
        command += ["--share", "--address", "0.0.0.0", "--code", code]
        say(f"Open on a phone or computer in the same network: http://{lan_address()}:{port}\nAccess code: {code}")
        say("The code holds until the app is stopped. Who has it can see and change everything in this app.")
    say(f"Starting the app on http://localhost:{port} (a few seconds). Stop it with Ctrl+C.")
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def access_code() -> str:
    """A fresh code of two groups of four letters and digits, easy to type on a phone."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def lan_address() -> str:
    """The address under which the local network sees this machine; nothing is sent to find it."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return socket.gethostname()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
