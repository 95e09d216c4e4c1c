"""What can be written on the command line, and a sentence about everything else."""

import argparse
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from twin.errors import TwinError, UnknownName, nearest

PROGRAM = "python -m twin"
LATER = {
    "backup": "copying a store to a file",
    "restore": "bringing a copied store back",
    "backtest": "scoring the twin on past weeks",
}
PLAYED = {
    "simulate": "play the coming days many times",
    "compare": "play a change against as today, same luck",
}
CHANGES = (
    "how a lever changes: +2 and -1 add, *1.05 and +5%% scale, =-1 or a plain number sets; "
    "@FROM:TO are the first and last day, left out: the whole time. May be given several times"
)


class Help(Exception):
    """Somebody asked for help; the message is the text."""


class Parser(argparse.ArgumentParser):
    """Argparse that raises sentences instead of printing its usage and leaving."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **(options | {"allow_abbrev": False}))

    def print_help(self, file: Any = None) -> NoReturn:
        """Hand the help text to whoever prints."""
        raise Help(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Raise a TwinError that says what is wrong with what was written."""
        raise TwinError(self.sentence(message))

    def sentence(self, message: str) -> str:
        """What argparse has to say, for the person at the screen."""
        ask = f"{self.prog} --help says what is allowed."
        if found := re.match(r"argument COMMAND: invalid choice: '(.*?)'", message, re.S):
            return unknown_command(found[1])
        if found := re.match(r"the following arguments are required: (.*)", message):
            if found[1] == "COMMAND":
                return f"Say what is to be done: {PROGRAM} COMMAND. The commands are {', '.join(COMMANDS)}."
            return f"The command needs {found[1].replace(', ', ' and ')}. {ask}"
        if found := re.match(r"one of the arguments (.*) is required", message):
            return f"The command needs {found[1].replace(' ', ' or ')}. {ask}"
        if found := re.match(r"argument (\S+): not allowed with argument (\S+)", message):
            return f"{found[1]} and {found[2]} cannot be given together. {ask}"
        if found := re.match(r"argument (\S+?)(?:/\S+)?: expected one argument", message):
            return f"{found[1]} needs a value after it. {ask}"
        if found := re.match(r"argument (\S+): (.*)", message, re.S):
            return f"{found[1]}: {found[2]}"
        return f"{message[:1].upper()}{message[1:]}. {ask}"


def unknown_command(name: str) -> str:
    """The sentence about a command that there is not, or not yet."""
    if name in LATER:
        there = ", ".join(COMMANDS)
        return f"The command '{name}' ({LATER[name]}) comes with a later version. There are: {there}."
    return str(UnknownName("command", name, COMMANDS))


def whole(least: int, most: int) -> Any:
    """Reads a whole number within limits."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,20}", text.strip(), re.A) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' will not do; it must be a whole number from {least} to {most}.")
        return int(text)

    return read


def place(text: str) -> str:
    """Reads the path of a file, from here on independent of the folder that we are in."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("the name of a file is missing.")
    return str(Path(os.path.abspath(Path(text).expanduser())))


def shared(default: Any) -> Parser:
    """The options that every command takes."""
    parent = Parser(add_help=False, argument_default=default)
    group = parent.add_argument_group("options of every command")
    group.add_argument(
        "--store",
        metavar="FILE",
        type=place,
        help="the file that holds the twins (default: data/twin.duckdb of the project)",
    )
    group.add_argument("--twin", metavar="NAME", help="which twin; may be left out while the store holds one")
    group.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    return parent


def parser() -> Parser:
    """Everything that can be written after python -m twin."""
    top = Parser(
        prog=PROGRAM,
        description="Understudy: a living model of a business that rehearses decisions.",
        parents=[shared(None)],
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    parents = [shared(argparse.SUPPRESS)]

    def command(name: str, words: str) -> Parser:
        return commands.add_parser(name, help=words, description=words[:1].upper() + words[1:] + ".", parents=parents)

    demo = command("demo", "build a demo twin from the project's own data")
    demo.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="gift-shop (if left out), service-desk, clinic, supply-chain, lender or factory",
    )
    command("twins", "list the twins in the store")
    _twins(command)
    command("calibrate", "the numbers of the model as the data give them, with how sure they are")
    for name, words in PLAYED.items():
        _plays(command(name, words))
    forecast = command("forecast", "what is to be expected if nothing changes")
    forecast.add_argument("--measure", required=True, metavar="M", help="such as orders or revenue")
    forecast.add_argument("--days", type=whole(1, 366), default=28, help="how many days ahead (default 28)")
    command("levers", "what can be changed in a what-if")
    command("shocks", "what may befall the business, as changes for --set")
    command("measures", "what is measured, and which direction is good")
    _stored(command)
    _serve(command("serve", "start the app in the browser"))
    return top


def _plays(one: Parser) -> None:
    one.add_argument("--days", type=whole(1, 366), default=90, help="how many days are played (default 90)")
    one.add_argument("--replications", type=whole(2, 512), default=32, help="how many times (default 32)")
    one.add_argument("--seed", type=whole(0, 2**63 - 1), default=1, help="which luck (default 1)")
    one.add_argument(
        "--set", dest="changes", action="append", default=[], metavar="LEVER=VALUE[@FROM[:TO]]", help=CHANGES
    )


def _stored(command: Any) -> None:
    show = command("show", "a stored run or comparison, exactly as it was made")
    show.add_argument("run", metavar="RUN", help="its name, or the beginning of it")
    show.add_argument("--verify", action="store_true", help="play it again and say whether the outcome is identical")
    life = command("life", "what happened to one customer, one piece of work or one machine in one play of a run")
    life.add_argument("run", metavar="RUN", help="the run's name")
    whom = life.add_mutually_exclusive_group(required=True)
    whom.add_argument(
        "who",
        metavar="WHO",
        nargs="?",
        help="'customer NUMBER', 'visit DAY/NUMBER' such as 'visit 0/12', or 'machine NAME'",
    )
    whom.add_argument("--list", action="store_true", help="say whom it is worth to follow")
    life.add_argument("--replication", type=whole(0, 511), default=0, help="which play, the first is 0 (default 0)")


def _twins(command: Any) -> None:
    create = command("create", "make an empty twin")
    create.add_argument("name", metavar="NAME", help="lower-case letters, digits and hyphens, such as gift-shop")
    create.add_argument(
        "--template", required=True, metavar="T", help="the kind of business, such as shop, clinic or factory"
    )
    create.add_argument("--currency", metavar="CODE", help="such as GBP")
    create.add_argument("--time-zone", metavar="ZONE", help="such as Europe/London")
    create.add_argument("--country", metavar="CODE", help="whose public holidays count, such as GB")
    delete = command("delete", "delete a twin with its data and everything that was worked out from it")
    delete.add_argument("name", metavar="NAME", help="which twin")
    delete.add_argument("--yes", action="store_true", help="really do it")
    ingest = command("ingest", "bring a file of records in, wholly or not at all")
    ingest.add_argument("file", metavar="FILE", type=place, help="a CSV, Parquet or JSON file")
    ingest.add_argument("--as", dest="table", required=True, metavar="TABLE", help="order_lines, items, visits, ...")
    ingest.add_argument(
        "--map", type=place, metavar="FILE", help='a TOML file: [columns], then lines such as order_id = "Invoice"'
    )


def _serve(serve: Parser) -> None:
    serve.add_argument("--port", type=whole(1, 65535), default=8501, help="default 8501")
    serve.add_argument("--address", metavar="ADDRESS", help="where to listen (default 127.0.0.1: this machine only)")
    serve.add_argument("--no-browser", action="store_true", help="do not open the browser")
    serve.add_argument("--share", action="store_true", help="let the local network in, behind an access code")
    serve.add_argument("--code", help="the access code of --share (default: a new one at each start)")


COMMANDS = (
    "demo", "twins", "create", "delete", "ingest", "calibrate",
    "simulate", "compare", "forecast", "levers", "shocks", "measures", "show", "life", "serve",
)  # fmt: skip


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """The command and its options. Raises TwinError with a sentence, or Help."""
    top = parser()
    found, left = top.parse_known_args(list(arguments))
    if left:
        raise TwinError(superfluous(left[0], found.command, options_of(top, found.command)))
    return found


def options_of(top: Parser, command: str) -> list[str]:
    """The options that a command takes."""
    group = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    return [
        name for action in group.choices[command]._actions for name in action.option_strings if name.startswith("--")
    ]


def superfluous(text: str, command: str, options: Iterable[str]) -> str:
    """The sentence about something that the command does not take."""
    if text.startswith("-"):
        name = text.split("=")[0]
        return f"The command {command} has no option '{name}'. {nearest(name, sorted(options))}"
    ask = f"{PROGRAM} {command} --help says what is allowed."
    return f"The command {command} does not know what to do with '{text}'. {ask}"
