"""The commands about twins themselves: making them, filling them, deleting them."""

import re
from shlex import quote
from typing import Any
from zoneinfo import available_timezones

from twin.cli.written import Answer, table
from twin.desk.counter import Say
from twin.desk.desk import Desk
from twin.errors import TwinError, UnknownName

Options = dict[str, Any]


def twins(desk: Desk, options: Options, say: Say) -> Answer:
    """The twins in the store."""
    rows = desk.twins()
    shown = [
        [row.name, row.template, *(str(row.settings.get(key, "")) for key in ("currency", "time_zone", "country"))]
        for row in rows
    ]
    text = table(["twin", "template", "currency", "time zone", "country"], shown) if rows else NO_TWINS
    return Answer({"twins": [row.name for row in rows]}, text)


NO_TWINS = "There is no twin yet. Make one with 'python -m twin demo' or 'python -m twin create NAME --template shop'."


def demo(desk: Desk, options: Options, say: Say) -> Answer:
    """Build a demo twin, or find that it is there; the gift shop unless another is named."""
    from twin.desk.demo import NAME, build

    built, words = build(desk, say, options.get("name") or NAME)
    return Answer({"twins": built}, " ".join([words, *(to_open(name, options.get("store")) for name in built)]))


def to_open(name: str, store: str | None) -> str:
    """How to look at a twin in the app.

    >>> to_open("factory", "my twins.duckdb")
    "To see it: python -m twin serve --store 'my twins.duckdb', and choose factory where there are several."
    """
    where = f" --store {quote(str(store))}" if store else ""
    return f"To see it: python -m twin serve{where}, and choose {name} where there are several."


def check_create(options: Options) -> None:
    """Refuse, before anything is opened, a twin that cannot be made."""
    from twin.forecast.calendar import holidays_on
    from twin.spec.template import template
    from twin.store.shelf import check_name

    check_name(options["name"])
    template(options["template"])
    currency, zone, country = (options.get(key) for key in ("currency", "time_zone", "country"))
    if currency is not None and not re.fullmatch("[A-Z]{3}", currency):
        raise TwinError(f"--currency: '{currency}' is not a currency; write its three letters, such as GBP.")
    if zone is not None and zone not in available_timezones():
        raise UnknownName(
            "time zone", zone, available_timezones() if len(zone) > 2 else ["Europe/London", "America/New_York"]
        )
    if country is not None:
        from datetime import date

        holidays_on(country, date(2020, 1, 1))


def create(desk: Desk, options: Options, say: Say) -> Answer:
    """Make an empty twin."""
    given = {key: options[key] for key in ("currency", "time_zone", "country") if options.get(key) is not None}
    made = desk.create(options["name"], options["template"], given)
    bring = f"python -m twin ingest FILE --as {made.first_table} --twin {made.name}"
    done = f"Made the twin {made.name}. Bring records in: {bring}"
    return Answer({"twins": [row.name for row in desk.twins()], "done": done}, done)


def delete(desk: Desk, options: Options, say: Say) -> Answer:
    """Delete a twin; only with --yes."""
    name = options["name"]
    twin = desk.twin(name)
    snapshot = desk.store.snapshot(name)
    rows = snapshot.tables.get(twin.first_table, 0) if snapshot else 0
    what = {"visits": twin.counted}.get(twin.first_table, twin.first_table.replace("_", " "))
    passing = sum(not run.kept for run in desk.store.runs(name))
    goes = f"the twin {name} with its {rows:,} {what}, its numbers and forecasts, and {passing} runs that nobody kept"
    if not options["yes"]:
        shared = sum(one.kept for one in desk.store.comparisons(name))
        links = f" {shared} shared links would not open any more." if shared else ""
        raise TwinError(f"This would delete {goes}.{links} Nothing was deleted. Add --yes to do it.")
    desk.delete(name)
    done = f"Deleted {goes}."
    return Answer({"twins": [row.name for row in desk.twins()], "done": done}, done)


def ingest(desk: Desk, options: Options, say: Say) -> Answer:
    """Bring a file in, wholly or not at all."""
    report = desk.twin(options.get("twin")).ingest(options["file"], options["table"], options.get("map"))
    values = {
        "rows_read": report.rows_read,
        "rows_kept": report.rows_kept,
        "rows_rejected": report.rows_rejected,
        "rows_added": report.rows_added,
        "checks": [{"name": check.name, "rows": check.rows, "action": check.action} for check in report.checks],
        "snapshot": report.snapshot,
    }
    summed = (
        f"Read {report.rows_read:,} rows: kept {report.rows_kept:,}, set aside {report.rows_rejected:,}. "
        f"{report.rows_added:,} are new to the twin. Snapshot {report.snapshot}."
    )
    shown = [[check.name, f"{check.rows:,}", check.action.replace("_", " "), check.note] for check in report.checks]
    return Answer(values, summed + "\n\n" + table(["check", "rows", "action", ""], shown))
