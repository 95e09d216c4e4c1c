"""The command line: python -m twin COMMAND. It works while the app has the store open, too."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from twin.cli.parser import Help, read
from twin.desk.counter import Order, Outcome, Say, handed_over
from twin.desk.desk import STORE, local_name
from twin.errors import TwinError

WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.5
MAKES_STORE = ("create", "demo")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command; returns the exit status: 0 done, 2 wrong use or bad input, 1 our own mistake."""
    with own_output() as output:
        outcome = ran(sys.argv[1:] if arguments is None else arguments, speak)
        output.write(outcome.stdout)
        output.flush()
    sys.stderr.write(outcome.stderr)
    return outcome.status


def speak(words: str) -> None:
    """Say to the person at the screen how it goes."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def own_output() -> Iterator[TextIO]:
    """Standard output for the answer alone: what libraries and workers print meanwhile goes to standard error."""
    sys.stdout.flush()
    kept, python_output = os.dup(1), sys.stdout
    try:
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        with open(kept, "w", encoding="utf-8", closefd=False) as output:
            yield output
    finally:
        sys.stdout = python_output
        os.dup2(kept, 1)
        os.close(kept)


def ran(arguments: Sequence[str], say: Say) -> Outcome:
    """What came of the command that was written."""
    from twin.cli.orders import failed, refused

    try:
        options = vars(read(arguments))
        if options["command"] == "serve":
            from twin.serve import serve

            return Outcome(serve(store_place(options), options, say), served(options))
        return asked(options, say)
    except Help as text:
        return Outcome(0, str(text))
    except TwinError as error:
        return refused(error)
    except Exception as error:
        return failed(error, debugging())


def served(options: dict[str, object]) -> str:
    """What serve prints when it has ended: nothing, or the one JSON object."""
    return json.dumps({"store": str(store_place(options))}) + "\n" if options.get("json") else ""


def asked(options: dict[str, object], say: Say) -> Outcome:
    """What came of a command on a store that may be in use, by the app or by another command."""
    path = store_place(options)
    order = Order(str(options["command"]), options, local_name(), debugging())
    if order.command == "create":
        from twin.cli.twins import check_create

        check_create(options)
    if not path.exists() and order.command not in MAKES_STORE:
        return without_store(order, path)
    return done(order, path, say)


def done(order: Order, path: Path, say: Say) -> Outcome:
    """Have the app do it, or do it here; wait for the store where another command has it. Raises StoreBusy."""
    from twin.cli.orders import carried_out
    from twin.cli.patience import patient_desk
    from twin.store import StoreBusy

    start = time.monotonic()
    while True:
        outcome = handed_over(path, order, say)
        if outcome is not None:
            return outcome
        try:
            with patient_desk(path, LOOK_SECONDS) as desk:
                return carried_out(desk, order, say)
        except StoreBusy as busy:
            waited = time.monotonic() - start
            if waited > WAIT_SECONDS:
                raise StoreBusy(busy.path, busy.pid, busy.program, waited) from None


def without_store(order: Order, path: Path) -> Outcome:
    """The outcome where no store is: an empty list of twins, or a sentence."""
    if order.command == "twins":
        from twin.cli.twins import NO_TWINS
        from twin.cli.written import Answer

        return Outcome(0, Answer({"twins": []}, NO_TWINS).written(bool(order.options.get("json"))))
    raise TwinError(
        f"There is no store {path} yet. "
        "Make one with 'python -m twin demo' or 'python -m twin create NAME --template shop'."
    )


def store_place(options: dict[str, object]) -> Path:
    """The file that holds the twins: as told, as TWIN_STORE says, or the project's own."""
    told = options.get("store") or os.environ.get("TWIN_STORE") or STORE
    return Path(str(told)).expanduser().resolve()


def debugging() -> bool:
    """Whether somebody wants to see where a mistake is."""
    return bool(os.environ.get("TWIN_DEBUG"))
