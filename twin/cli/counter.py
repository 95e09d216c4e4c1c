"""The app's own desk, with its counter open for commands of the command line."""

import atexit
import gc
import os
import sys
import threading
from pathlib import Path
from typing import Any

from twin.cli.orders import carried_out, failed
from twin.desk.counter import Counter, Order, Outcome, Say
from twin.desk.desk import STORE, Desk
from twin.errors import TwinError

_open: dict[Path, tuple[Desk, Counter | None]] = {}
_guard = threading.Lock()


def open_counter(
    store: str | Path | None = None, facts: dict[str, Any] | None = None, wait_seconds: float = 10.0
) -> Desk:
    """The one desk of this process for a store; while it is open, commands are taken in at the socket beside the store.

    store : None is TWIN_STORE, or the project's own
    facts : what the app tells callers of itself, such as its address
    Asked again, it gives the same desk. close_counters closes it, or the end of the process. Raises StoreBusy.
    """
    path = Path(store or os.environ.get("TWIN_STORE") or STORE).expanduser().resolve()
    with _guard:
        if path not in _open:
            if not _open:
                atexit.register(close_counters)
            desk = Desk.open(path, wait_seconds=wait_seconds)
            _open[path] = (desk, _counter(desk, path, facts))
        return _open[path][0]


def _counter(desk: Desk, path: Path, facts: dict[str, Any] | None) -> Counter | None:
    try:
        return Counter(path, lambda order, say: attended(desk, order, say), facts)
    except (OSError, AttributeError) as error:  # no such sockets here: the app works, commands wait for its end
        print(f"Commands cannot be passed to this app ({error}).", file=sys.stderr)
        return None


def attended(desk: Desk, order: Order, say: Say) -> Outcome:
    """What came of a command that was handed in, under the name of whoever did."""
    from twin.desk.runs import made_by

    made_by(order.maker)
    try:
        return carried_out(desk, order, say)
    except TwinError as error:
        return Outcome(2, stderr=f"{error}\n")
    except BaseException as error:  # the app goes on, whatever a command did
        return failed(error if isinstance(error, Exception) else RuntimeError(str(error)), order.debug)


def close_counters() -> None:
    """Take no more commands, give the stores back and send the workers home."""
    with _guard:
        while _open:
            _, (desk, counter) = _open.popitem()
            if counter is not None:
                counter.close()
            desk.close()
    gc.unfreeze()  # frozen objects would outlive the database's own module, which then complains
