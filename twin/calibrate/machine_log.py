"""What machines did, state after state: from a log of changes to stretches, lives and stoppages."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from twin.calibrate.visits import as_kind
from twin.errors import TwinError

COLUMNS = {
    "machine_id": "text",
    "machines": "text",
    "happened_at": "time",
    "state": "text",
    "kind": "text",
    "visit_id": "text",
}
# States that begin at the same moment, in the order in which a machine can go through them.
STATES = ("idle", "blocked", "set_up", "running", "failed", "repair", "maintenance", "off")
DOWN = ("failed", "repair")
OUT_OF_USE = (*DOWN, "maintenance")


@dataclass(frozen=True)
class MachineLog:
    """Everything that machines had done by the morning of today.

    events : machine_id, machines (their group), happened_at, state (until the machine's next one), kind, visit_id
    """

    today: date
    events: pd.DataFrame

    @property
    def morning(self) -> pd.Timestamp:
        """Today, as pandas counts days."""
        return pd.Timestamp(self.today)

    def cut(self, today: date) -> "MachineLog":
        """The same log as it stood on an earlier morning."""
        if today > self.today:
            raise TwinError(
                f"The records end before {self.today}; they cannot be cut at {today}. Choose an earlier day."
            )
        return machine_log(self.events, today)

    @cached_property
    def stretches(self) -> pd.DataFrame:
        """Each state with its minutes until the machine's next one, or until today; `off` is left out.

        `stoppage` numbers what happens to a machine between two times of being ready: a failure with its repair, or a
        maintenance, also where nights lie in between; each stretch of being ready has the number of the last.
        """
        events = self.events
        same = (events["machine_id"] == events["machine_id"].shift(-1)).to_numpy()
        until = events["happened_at"].shift(-1).where(same, self.morning)
        found = events.assign(minutes=(until - events["happened_at"]).dt.total_seconds() / 60)
        found = found[found["state"] != "off"].reset_index(drop=True)
        stands = found["state"].isin(OUT_OF_USE)
        begins = stands & ~(stands.shift(fill_value=False) & (found["machine_id"] == found["machine_id"].shift()))
        return found.assign(stoppage=begins.groupby(found["machine_id"]).cumsum())

    @cached_property
    def stoppages(self) -> pd.DataFrame:
        """Each failure with its repair, and each maintenance, in the order of each machine.

        Columns: machine_id, machines, stoppage, failed (else maintained), minutes of repair or maintenance, waited
        (minutes in `failed`), over (the machine was ready again), age (minutes it ran since the stoppage before).
        """
        keys = ["machine_id", "machines", "stoppage"]
        stretches = self.stretches
        per_state = stretches.pivot_table("minutes", keys, "state", aggfunc="sum", observed=True)
        times = per_state.reindex(columns=list(STATES[:-1])).reset_index()
        stood = times[times[list(OUT_OF_USE)].notna().any(axis=1)]
        failed = stood[list(DOWN)].notna().any(axis=1)
        worked = np.where(failed, stood["repair"], stood["maintenance"])
        ready = stretches[~stretches["state"].isin(OUT_OF_USE)][["machine_id", "stoppage"]].drop_duplicates()
        again = pd.MultiIndex.from_frame(stood[["machine_id", "stoppage"]]).isin(pd.MultiIndex.from_frame(ready))
        ran = times.groupby(["machine_id", "stoppage"])["running"].sum()
        before = pd.MultiIndex.from_arrays([stood["machine_id"], stood["stoppage"] - 1])
        return stood[keys].assign(
            failed=failed,
            minutes=worked,
            waited=stood["failed"].fillna(0.0),
            over=again,
            age=ran.reindex(before).fillna(0.0).to_numpy(),
        )


def machine_log(events: pd.DataFrame, today: date) -> MachineLog:
    """The log as it stood on a morning, checked and in order."""
    missing = [column for column in COLUMNS if column not in events.columns and column not in ("kind", "visit_id")]
    if missing:
        raise TwinError(f"The table machine_events has no column {', '.join(missing)}; calibration needs them.")
    nothing = pd.Series(None, index=events.index, dtype=object)
    known = pd.DataFrame({name: as_kind(events.get(name, nothing), what) for name, what in COLUMNS.items()})
    odd = sorted(set(known["state"].dropna()) - set(STATES))
    if odd:
        raise TwinError(f"The table machine_events has the state '{odd[0]}'. States are: {', '.join(STATES)}.")
    known = known[known["happened_at"] < pd.Timestamp(today)].assign(rank=lambda rows: rows["state"].map(STATES.index))
    known = known.sort_values(["machine_id", "happened_at", "rank"], ignore_index=True).drop(columns="rank")
    return MachineLog(today, known)
