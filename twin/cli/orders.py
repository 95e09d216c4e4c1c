"""Carrying out a command at a desk: the same way in a process of its own and in the app."""

import traceback
from collections.abc import Callable
from importlib import import_module

from twin.cli.written import Answer
from twin.desk.counter import Order, Outcome, Say
from twin.desk.desk import Desk
from twin.errors import TwinError
from twin.store import StoreBusy

PLACES = {
    "twins": ("demo", "twins", "create", "delete", "ingest"),
    "numbers": ("calibrate", "levers", "shocks", "measures", "forecast"),
    "runs": ("simulate", "compare", "show", "life"),
}
Command = Callable[[Desk, dict[str, object], Say], Answer]


def command(name: str) -> Command:
    """The function that carries a command out; loaded when first asked for, since some need much."""
    place = next(place for place, names in PLACES.items() if name in names)
    found: Command = getattr(import_module(f"twin.cli.{place}"), name)
    return found


def carried_out(desk: Desk, order: Order, say: Say) -> Outcome:
    """What came of a command. Raises StoreBusy, so that whoever lent the store out can try again."""
    try:
        answer = command(order.command)(desk, order.options, say)
        as_json = bool(order.options.get("json"))
        return Outcome(0, answer.written(as_json))
    except StoreBusy:
        raise
    except TwinError as error:
        return refused(error)
    except Exception as error:
        return failed(error, order.debug)


def refused(error: TwinError) -> Outcome:
    """The outcome of what cannot be done as it was asked."""
    return Outcome(2, stderr=f"{error}\n")


def failed(error: Exception, debug: bool) -> Outcome:
    """The outcome of a mistake of our own."""
    if debug:
        return Outcome(1, stderr="".join(traceback.format_exception(error)))
    said = ": " + " ".join(str(error).split())[:300] if str(error) else ""
    words = f"Something went wrong inside Understudy ({type(error).__name__}{said}). Set TWIN_DEBUG=1 to see where."
    return Outcome(1, stderr=words + "\n")
