"""The commands about the numbers of a twin: its parameters, levers, measures and forecast."""

from typing import Any

from twin.advise.shocks import shocks as befalling
from twin.cli.twins import Options
from twin.cli.written import Answer, amount, table
from twin.desk.counter import Say
from twin.desk.desk import Desk
from twin.desk.twin import Twin
from twin.spec.parameter import Parameter, assumed
from twin.spec.scenario import SPOKEN


def calibrate(desk: Desk, options: Options, say: Say) -> Answer:
    """The numbers of the model as the data give them."""
    knowledge = desk.twin(options.get("twin")).knowledge
    parameters = knowledge.calibration.contract()
    single = [(name, one) for name, one in parameters.items() if "[" not in name]
    rows = [
        [
            name,
            *(amount(one[key], "share" if one["unit"] == "share" else "") for key in ("value", "low", "high")),
            one["unit"],
            one["origin"],
            one["method"],
        ]
        for name, one in single
    ]
    text = table(["parameter", "value", "low", "high", "unit", "origin", "method"], rows)
    text += f"\n\n{len(parameters) - len(single):,} more are parts of vectors; --json prints them all."
    return Answer({"snapshot": knowledge.snapshot.snapshot, "parameters": parameters}, text)


def levers(desk: Desk, options: Options, say: Say) -> Answer:
    """What can be changed in a what-if, and where each stands today."""
    twin = desk.twin(options.get("twin"))
    today = standing(twin)
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "label": lever.label,
            "group": twin.template.groups.get(lever.group, lever.group),
            "value": today[name].value,
            "low": lever.allowed[0],
            "high": lever.allowed[1],
            "unit": lever.unit,
            "help": lever.help,
            "origin": today[name].origin,
            **({"ways": list(lever.ways)} if lever.ways else {}),
        }
        for name, lever in twin.levers().items()
    ]
    rows = [
        [
            one["name"],
            *standing_of(one),
            spoken_unit(one["unit"], twin.currency),
            one["help"],
        ]
        for one in found
    ]
    return Answer({"levers": found}, table(["lever", "today", "low", "high", "unit", ""], rows))


def standing_of(lever: dict[str, Any]) -> list[str]:
    """Where a lever stands, and from where to where it may go; a choice by its ways."""
    if "ways" in lever:
        return [lever["ways"][round(lever["value"])], " | ".join(lever["ways"]), ""]
    unit = "share" if lever["unit"] == "share" else ""
    return [amount(lever[key], unit) for key in ("value", "low", "high")]


def spoken_unit(unit: str, currency: str) -> str:
    """A lever's unit as people write it; a share stands in per cent already.

    >>> spoken_unit("ratio", "GBP"), spoken_unit("currency/day", "GBP"), spoken_unit("share", "GBP")
    ("times today's", 'GBP a day', '')
    """
    if unit.startswith("currency"):
        return unit.replace("currency", currency).replace("/", " a ")
    return "" if unit == "share" else SPOKEN.get(unit, unit)


def standing(twin: Twin) -> dict[str, Parameter]:
    """The parameters as they stand: estimated where there are records, else as the template assumes them."""
    snapshot = twin.desk.store.snapshot(twin.name)
    if snapshot is None or snapshot.today is None:
        return {name: assumed(one) for name, one in twin.template.declarations.items()}
    return twin.knowledge.calibration.parameters


def shocks(desk: Desk, options: Options, say: Say) -> Answer:
    """What may befall the business, each as the changes that --set takes."""
    twin = desk.twin(options.get("twin"))
    found = [
        {"label": one.words, "help": one.why, "changes": [str(change) for change in one.changes]}
        for one in befalling(twin.template, twin.horizon())
    ]
    rows = [[str(one["label"]), " ".join(f"--set {text}" for text in one["changes"])] for one in found]
    return Answer({"shocks": found}, table(["shock", "how to ask"], rows))


def measures(desk: Desk, options: Options, say: Say) -> Answer:
    """What is measured, in which unit, and which direction is good."""
    twin = desk.twin(options.get("twin"))
    found = [
        {
            "name": one.name,
            "label": one.label,
            "unit": one.unit.replace("currency", twin.currency),
            "good": one.good,
            "help": one.help,
        }
        for one in twin.template.measures.values()
    ]
    rows = [[one["name"], one["unit"], one["good"], one["help"]] for one in found]
    return Answer({"measures": found}, table(["measure", "unit", "good", ""], rows))


def forecast(desk: Desk, options: Options, say: Say) -> Answer:
    """What is to be expected of a measure if nothing changes."""
    knowledge = desk.twin(options.get("twin")).knowledge
    found = knowledge.forecast(options["measure"])
    days = slice(options["days"])
    columns = (
        found.day[days].astype("datetime64[D]").astype(str).tolist(),
        *(one[days].tolist() for one in (found.forecast, found.low, found.high)),
    )
    rows = [dict(zip(("day", "forecast", "low", "high"), row, strict=True)) for row in zip(*columns, strict=True)]
    scores = {
        method: {key: score.get(key) for key in ("mase", "wape", "coverage")} for method, score in found.scores.items()
    }
    shown = [[row["day"], *(amount(row[key]) for key in ("forecast", "low", "high"))] for row in rows]
    scored = [[method, *(amount(value) for value in score.values())] for method, score in scores.items()]
    text = (
        table(["day", "forecast", "low", "high"], shown)
        + f"\n\nThe range holds {100 * found.level:.0f} % of such days.\n\n"
    )
    text += table(["method", "mase", "wape", "coverage"], scored)
    values = {"snapshot": knowledge.snapshot.snapshot, "rows": rows, "level": found.level, "scores": scores}
    return Answer(values, text + (f"\n\n{found.note}" if found.note else ""))
