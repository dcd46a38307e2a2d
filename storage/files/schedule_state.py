"""What is known of the backups that the bot makes by itself: the last attempt and how it went."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.i18n import _
from bot.lines import Line
from storage.database import Tx

CUT_OFF = _("it was cut off before it was done")


@dataclass(frozen=True, slots=True, repr=False)
class ScheduleState:
    """`mark`: a secret by which own files are known. `tried`: the last attempt, None before it.

    `failures`: how many attempts failed in a row, an unfinished one included; `why` the last did;
    `told`: whether the moderators know of it.
    """

    mark: bytes
    tried: datetime | None = None
    failures: int = 0
    why: Line = CUT_OFF
    told: bool = False

    def begun(self, now: datetime) -> ScheduleState:
        """Return the state to store when an attempt begins, which counts as failed unless another
        follows."""
        return replace(self, tried=now, failures=self.failures + 1, why=CUT_OFF)


async def get_state(tx: Tx) -> ScheduleState:
    """Return the state of scheduled backups; before the first attempt, one with a new mark."""
    row = await tx.one("SELECT * FROM backup_schedule")
    if row is None:
        return ScheduleState(secrets.token_bytes(16))
    return ScheduleState(
        bytes.fromhex(row["mark"]),
        datetime.fromtimestamp(row["tried"], UTC),
        row["failures"],
        _as_line(json.loads(row["why"])),
        bool(row["told"]),
    )


async def save_state(tx: Tx, state: ScheduleState) -> None:
    """Store the state of scheduled backups when an attempt begins or ends."""
    if state.tried is None:
        raise ValueError("no attempt has begun")
    await tx.run(
        "INSERT OR REPLACE INTO backup_schedule VALUES (1, ?, ?, ?, ?, ?)",
        state.mark.hex(),
        state.tried.timestamp(),
        state.failures,
        json.dumps(_as_json(state.why)),
        state.told,
    )


async def forget_schedule(tx: Tx) -> None:
    """Delete how earlier attempts at backups went, as after a restore. The mark stays: the files
    are still ours."""
    if await tx.has_table("backup_schedule"):  # older copies have none
        await tx.run("UPDATE backup_schedule SET tried = 0, failures = 0, told = 0")


def _as_json(line: Line) -> dict[str, Any]:
    values = {
        name: _as_json(value) if isinstance(value, Line) else str(value)
        for name, value in line.values.items()
    }
    return {"msgid": line.msgid, "values": values}


def _as_line(found: Any) -> Line:
    values = {
        name: _as_line(value) if isinstance(value, dict) else value
        for name, value in found["values"].items()
    }
    return Line(found["msgid"], values)
