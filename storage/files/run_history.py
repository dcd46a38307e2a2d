"""What the database remembers of the bot's earlier runs (docs/decisions/0027)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from storage.database import Tx


@dataclass(frozen=True, slots=True)
class RunHistory:
    """Earlier runs on this database, whose ids are in `runs`, oldest first.

    `folder`: where the last one ran; `over`: its word at a proper end; `stale`: another run has
    worked since, and this one has not begun anew; `why`: the reason it was told to stop; `devices`:
    those that runs used and that are not signed out, the current one among them.
    """

    runs: tuple[str, ...] = ()
    folder: str = ""
    over: str = ""
    stale: bool = False
    why: str = ""
    devices: tuple[str, ...] = ()

    @property
    def has_claimed(self) -> bool:
        """Whether a run has finished claiming the account for this database."""
        return bool(self.runs) and bool(self.folder or self.stale)


async def get_history(tx: Tx) -> RunHistory:
    """Return the stored history of earlier runs, which is empty in a new or restored database."""
    row = await tx.one("SELECT * FROM run_history")
    if row is None:
        return RunHistory()
    runs = tuple(json.loads(row["runs"]))
    devices = tuple(json.loads(row["devices"])) if "devices" in row.keys() else ()  # noqa: SIM118
    return RunHistory(runs, row["folder"], row["over"], bool(row["stale"]), row["why"], devices)


async def save_history(tx: Tx, past: RunHistory) -> None:
    """Store the history of earlier runs, in place of the stored one."""
    await tx.run(
        "INSERT OR REPLACE INTO run_history (one, runs, folder, over, stale, why, devices)"
        " VALUES (1, ?, ?, ?, ?, ?, ?)",
        json.dumps(past.runs),
        past.folder,
        past.over,
        past.stale,
        past.why,
        json.dumps(past.devices),
    )
