"""The app with its HTTP routes and its counter for commands, all in one process: python -m twin serve."""

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path
from typing import Any, NoReturn

from twin.cli.counter import close_counters, open_counter
from twin.desk.counter import Say, called
from twin.desk.desk import PROJECT, Desk
from twin.errors import TwinError
from twin.serve import port as ports
from twin.serve.gate import Gate, access_code
from twin.serve.headers import Headers

SHORTEST_CODE = 6
SCRIPT = PROJECT / "app.py"


@dataclass(frozen=True)
class Place:
    """Where the app listens, and the code that opens it; no code where it is for this machine only."""

    address: str
    port: int
    code: str | None = None

    @property
    def url(self) -> str:
        """The address for this machine's own browser."""
        host = ports.near(self.address)
        return f"http://{'localhost' if host == '127.0.0.1' else host}:{self.port}"

    @property
    def opened_with(self) -> str:
        """The same with the code in it."""
        return self.url + (f"/?code={self.code}" if self.code else "")


def serve(store: Path, options: dict[str, Any], say: Say) -> int:
    """Run the app until it is stopped; returns the exit status."""
    place = Place(*asked_place(options))
    if not store.exists():
        raise TwinError(
            f"There is no store {store} yet. Build the demo twin with 'python -m twin demo', then serve it."
        )
    opens = (lambda url: None) if options["no_browser"] else ports.open_browser
    if running := already_running(store, place):
        say(f"Understudy is running for this store already: {running}")
        opens(running)
        return 0
    signal.signal(signal.SIGTERM, interrupted)
    os.environ["TWIN_STORE"] = str(store)
    try:
        desk = open_counter(store, {"url": place.url, "shared": bool(place.code)})
        announce(place, say)
        run(desk, place, opens)
    except KeyboardInterrupt:
        say("Stopped.")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for worker in active_children():  # what they still play is of no use to anybody
            worker.terminate()
        close_counters()
    return 0


def interrupted(number: int, frame: Any) -> NoReturn:
    """End like Ctrl-C does, in good order."""
    raise KeyboardInterrupt


def asked_place(options: dict[str, Any]) -> tuple[str, int, str | None]:
    """Where to listen and behind which code. Raises TwinError for a code that is too easily guessed."""
    share, code = options["share"], options["code"]
    if code is not None and not share:
        raise TwinError("--code belongs to --share. Add --share, or leave --code out.")
    if code is not None and (len(code) < SHORTEST_CODE or not code.isascii() or not code.isprintable() or " " in code):
        raise TwinError(
            f"--code: a code has at least {SHORTEST_CODE} letters, digits or signs and no spaces. "
            "Leave it out to get a good one."
        )
    return (
        options["address"] or ("0.0.0.0" if share else "127.0.0.1"),
        options["port"],
        (code or access_code()) if share else None,
    )


def already_running(store: Path, place: Place) -> str | None:
    """Where this store's app runs already, if it does. Raises TwinError where another program has the port."""
    if ports.is_taken(place.address, place.port):
        if ports.told(place.address, place.port).get("store") == ports.digest(store):
            return place.url
        free = ports.next_free(place.address, place.port)
        raise TwinError(
            f"Port {place.port} is taken by another program. Port {free} is free: python -m twin serve --port {free}"
        )
    with called(store) as line:
        facts = line[1] if line else {}
    if facts and place.code and not facts.get("shared"):
        raise TwinError(f"Understudy runs for this store already, not shared: {facts.get('url')}. Stop it, then share.")
    return facts.get("url")


def announce(place: Place, say: Say) -> None:
    """Say where the app is to be found, and who can reach it."""
    if place.code:
        host = ports.lan_address() if place.address in ports.EVERYWHERE else place.address
        say(f"In the local network: http://{host}:{place.port}/?code={place.code}")
        say("The code holds until the app is stopped. Who has it can see and change everything in this app.")
    elif not (place.address.startswith("127.") or place.address in ("localhost", "::1")):
        say(f"Whoever reaches {place.address} can use this app. --share puts it behind an access code.")
    say(f"Understudy opens on {place.url} in a moment. Stop it with Ctrl+C.")


def run(desk: Desk, place: Place, opens: Callable[[str], None], script: Path = SCRIPT) -> None:
    """Start workers and web server, and stay until the end."""
    threading.Thread(target=start_workers, args=(desk,), daemon=True).start()
    import streamlit as st

    from twin.ui.entry import before_first_visit

    before_first_visit()
    sys.argv = [str(script)]  # Streamlit looks for its configuration beside the script that was started
    app = st.App(script, routes=routes(desk.store.path), middleware=middleware(place), lifespan=lifespan(place, opens))
    app.run(config=settings(place))


def start_workers(desk: Desk) -> None:
    """Start the workers, which takes seconds, once the first page stands."""
    from twin.ui.entry import after_first_page

    after_first_page()
    with contextlib.suppress(OSError, EOFError, RuntimeError):  # the app was stopped before they stood
        desk.executor.submit(int)


def settings(place: Place) -> dict[str, Any]:
    """What the configuration file leaves to the command."""
    host = place.address if place.address not in ports.EVERYWHERE else "localhost"
    return {
        "server.port": place.port,
        "server.address": place.address,
        "server.headless": True,
        "browser.serverAddress": host,  # a definite address, so that nothing outside is asked for one
        "browser.gatherUsageStats": False,
        "server.fileWatcherType": "none",
        "logger.hideWelcomeMessage": True,
    }


def routes(store: Path) -> list[Any]:
    """The addresses beside the pages."""
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def health(request: Request) -> JSONResponse:
        return JSONResponse(ports.about(store), headers={"cache-control": "no-store"})

    return [Route("/api/health", health), Route("/api/about", health)]


def middleware(place: Place) -> list[Any]:
    """What every request passes: the headers, and the gate of a shared app."""
    from starlette.middleware import Middleware

    gate = [Middleware(Gate, code=place.code, port=place.port)] if place.code else []
    return [Middleware(Headers, origins=named_origins), *gate]


def named_origins() -> Sequence[str]:
    """The other sites that the configuration lets in."""
    from streamlit import config

    return tuple(config.get_option("server.corsAllowedOrigins") or ())


def lifespan(place: Place, opens: Callable[[str], None]) -> Any:
    """What happens when the server stands: get ready for the first visitor, and open the browser."""

    @asynccontextmanager
    async def lived(app: Any) -> AsyncIterator[None]:
        threading.Thread(target=warmed, daemon=True).start()
        opens(place.opened_with)
        yield

    return lived


def warmed() -> None:
    """Load what pages need before the first one asks, and keep it out of every later collection of garbage."""
    import pandas  # noqa: F401

    import twin.desk.twin  # noqa: F401

    gc.collect()
    gc.freeze()
