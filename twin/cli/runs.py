"""The commands that play: simulate, compare, and show what was played."""

from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from twin.advise.amounts import THIN
from twin.advise.differences import verdict_of
from twin.advise.dryness import both_dry_words, dry_words, items_words
from twin.advise.growth import both_words, growth_words
from twin.advise.liquidity import both_cash_words, cash_words
from twin.advise.notable import reason_words
from twin.cli.twins import Options
from twin.cli.written import Answer, amount, points, sides, table
from twin.desk.answers import Comparison, Run
from twin.desk.counter import Say
from twin.desk.desk import Desk, UnknownRun
from twin.desk.twin import Twin
from twin.errors import TwinError
from twin.spec.trade import counted

FEWEST_DIGITS = 4
RANGES = (
    "low to high: 90 % range of what this one future may bring. Many lines are judged at once, so each but the\n"
    "headline must be surer than its own range shows: one whose range leaves out zero may still be no clear\n"
    "difference. One that goes the same way in every play, by little in most and by much in some, is clear."
)


def simulate(desk: Desk, options: Options, say: Say) -> Answer:
    """Play the coming days many times, as today or with changes; kept, so that show finds it for good."""
    start = perf_counter()
    twin = desk.twin(options.get("twin"))
    run = twin.run(options["days"], options["replications"], options["seed"], options["changes"])
    desk.store.keep(run.name)
    return Answer(run.contract() | {"elapsed_s": elapsed(start)}, run_text(run))


def compare(desk: Desk, options: Options, say: Say) -> Answer:
    """Play changes against as today, with the same luck on both sides; kept, so that its link opens for good."""
    start = perf_counter()
    twin = desk.twin(options.get("twin"))
    found = twin.compare(options["changes"], options["days"], options["replications"], options["seed"])
    twin.keep(found)
    return Answer(found.contract() | {"elapsed_s": elapsed(start)}, comparison_text(found))


def show(desk: Desk, options: Options, say: Say) -> Answer:
    """A stored run or comparison, exactly as it was made."""
    start = perf_counter()
    found = stored(desk, options["run"])
    played = found.scenario if isinstance(found, Comparison) else found
    check_twin(played, options.get("twin"))
    values = found.contract() | {"elapsed_s": 0.0} | history(found, played)
    text = comparison_text(found) if isinstance(found, Comparison) else run_text(found)
    if options["verify"]:
        identical, reason = verified(desk, found)
        values |= {"identical": identical, "reason": reason or None}
        text += "\n\n" + (reason or ("Played again: identical." if identical else "Played again: NOT identical."))
    return Answer(values | {"elapsed_s": elapsed(start)}, text)


def life(desk: Desk, options: Options, say: Say) -> Answer:
    """What happened to one customer, or one piece of work, in one play of a run."""
    start = perf_counter()
    found = stored(desk, options["run"])
    run = found.scenario if isinstance(found, Comparison) else found
    check_twin(run, options.get("twin"))
    twin, replication = desk.twin(run.inputs.twin), options["replication"]
    if options["list"]:
        return worth_following(twin, run, replication, start)
    lived = twin.life(run.name, replication, options["who"])
    rows = [[one.day.isoformat(), one.time, one.what, one.where, one.detail] for one in lived.events]
    text = table(("Day", "Time", "What", "Where", ""), rows) if rows else "Nothing happened in the days played."
    return Answer(lived.contract() | {"elapsed_s": elapsed(start)}, text)


def worth_following(twin: Twin, run: Run, replication: int, start: float) -> Answer:
    """Whom it is worth to follow through one play, and why."""
    hours, found = twin.template.structure.hours, twin.notable(run.name, replication)
    said = [reason_words(one.reasons, twin.work, hours).replace(THIN, " ") for one in found]
    listed = [
        {
            "who": one.who,
            "day": (run.horizon.today + timedelta(days=one.day)).isoformat() if one.day is not None else None,
            "reasons": one.reasons,
            "words": words,
        }
        for one, words in zip(found, said, strict=True)
    ]
    rows = [[str(one["who"]), str(one["day"] or ""), str(one["words"])] for one in listed]
    text = table(("Who", "Came on", "Why"), rows) if rows else "Nobody came in the days played."
    values = {"run": run.name, "replication": replication, "list": listed, "elapsed_s": elapsed(start)}
    return Answer(values, text)


def stored(desk: Desk, name: str) -> Run | Comparison:
    """The run or comparison with this name or beginning. Raises TwinError where there is none, or several."""
    given = name.strip().lower()
    runs, comparisons = desk.store.beginning_with(given) if len(given) >= FEWEST_DIGITS else ([], [])
    exact = [one for one in (*comparisons, *runs) if one == given]
    found = exact[:1] or [*comparisons, *runs]
    if not found:
        raise UnknownRun(name)
    if len(found) > 1:
        raise TwinError(
            f"'{name}' is the beginning of {len(found)} names: {', '.join(found[:4])}. "
            "Write more of the one that you mean."
        )
    return desk.comparison(found[0]) if found[0] in comparisons else desk.run(found[0])


def check_twin(played: Run, name: str | None) -> None:
    """Refuse to show a run under another twin's name."""
    if name and name != played.inputs.twin:
        raise TwinError(
            f"The run {played.name[:12]} belongs to the twin '{played.inputs.twin}', not to '{name}'. Leave --twin out."
        )


def history(found: Run | Comparison, played: Run) -> dict[str, Any]:
    """What show adds: the changes, when it was made and by which engine.

    A comparison's `scenario` is the run that played it, as compare prints it; its changes stand under `changes`.
    """
    changes = played.scenario.texts
    added: dict[str, Any] = {"changes": changes, "created": written_time(found.created), "engine": played.inputs.engine}
    return added if isinstance(found, Comparison) else added | {"scenario": changes}


def written_time(moment: datetime | None) -> str | None:
    """A moment in UTC as scripts read it."""
    return moment.isoformat(timespec="seconds") + "Z" if moment else None


def verified(desk: Desk, found: Run | Comparison) -> tuple[bool | None, str]:
    """Whether playing it again gives the same bytes; None with the reason where that cannot be said."""
    runs = [found.baseline, found.scenario] if isinstance(found, Comparison) else [found]
    identical: bool | None = True
    for run in runs:
        same, reason = desk.twin(run.inputs.twin).verify(run)
        if same is None:
            return None, reason
        identical = identical and same
    return identical, ""


def elapsed(start: float) -> float:
    """Seconds since the start."""
    return round(perf_counter() - start, 3)


def run_text(run: Run) -> str:
    """A run as a table."""
    measures = run.contract()["measures"]
    rows = [
        [
            run.measured[name].label,
            *(amount(one[key], unit_words(run, one["unit"])) for key in ("mean", "low", "high")),
            spoken(one["period"]),
        ]
        for name, one in measures.items()
    ]
    inputs = run.inputs
    played = f"{inputs.days} days from {inputs.today}, played {inputs.replications} times ({listed(run)})"
    head = f"{inputs.twin}: {played}. Run {run.name}"
    shown = table(["", "mean", "low", "high", ""], rows)
    said = f"{head}\n\n{shown}\n\nlow to high: the middle 80 % of replications.\n{run_warning(run)}"
    return said.rstrip("\n")


def run_warning(run: Run) -> str:
    """That work grows without bound, or cash runs out, where it does."""
    today, places = run.horizon.today, run.twin.template.structure.places
    return _lines(
        growth_words(run.growth, run.twin.counted), cash_words(run.shortfall, today), dry_words(run.dry, places, today),
        items_words(run.items_dry, places, run.item_name, today),
    )  # fmt: skip


def comparison_text(found: Comparison) -> str:
    """A comparison as a table."""
    contract = found.contract()["measures"]
    rows = [
        [
            found.measured[name].label,
            *three(one["baseline"], one["scenario"], one["difference"], unit_words(found.scenario, one["unit"])),
            *(moved(one[key], unit_words(found.scenario, one["unit"])) for key in ("low", "high")),
            spoken(one["period"]),
            verdict_of(found.differences[name]).words if name in found.differences else "-",
        ]
        for name, one in contract.items()
    ]
    inputs = found.scenario.inputs
    played = f"{listed(found.scenario)}, {inputs.days} days from {inputs.today}, {found.replications} pairs"
    head = f"{inputs.twin}: {played}. Comparison {found.name}"
    headers = ["", "as today", "what if", "difference", "low", "high", "", "verdict"]
    shown = table(headers, rows) + f"\n\n{RANGES}"
    return f"{head}\n\n{shown}\n{comparison_warning(found)}".rstrip("\n")


def comparison_warning(found: Comparison) -> str:
    """The same of both sides."""
    before, after = found.baseline, found.scenario
    places, today = after.twin.template.structure.places, after.horizon.today
    return _lines(
        both_words(before.growth, after.growth, after.twin.counted),
        both_cash_words(before.shortfall, after.shortfall, today),
        both_dry_words(before.dry, after.dry, places, today),
        items_words(found.items_dry, places, after.item_name, today),
    )


def _lines(*sentences: str) -> str:
    return "\n".join(filter(None, sentences))


def unit_words(run: Run, unit: str) -> str:
    """A unit in the words of the trade: what a desk counts as visits are its tickets."""
    return counted(unit, run.twin.template.words)


def three(before: float | None, after: float | None, difference: float | None, unit: str) -> tuple[str, str, str]:
    """Both sides and their difference, which add up as they are written; dashes where they are not defined."""
    if before is None or difference is None:
        return amount(before, unit), amount(after, unit), moved(difference, unit)
    return sides(before, difference, unit)


def moved(value: float | None, unit: str) -> str:
    """A difference with its sign; of shares in points."""
    return points(value) if unit == "share" else amount(value, unit, sign=True)


def listed(run: Run) -> str:
    """The changes in a few words."""
    return ", ".join(run.scenario.texts) or "nothing changed"


def spoken(period: str) -> str:
    """What a measure's number covers."""
    return {"total": "over all days", "per_day": "a day", "per_month": "a month", "end": "on the last day"}[period]
