"""How often a voter changed a secret vote, or wrote it where all could read it, with limits.

Without a limit the file of the result would grow too large.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from commands.ballot_secrecy.ballot_box import BallotBox
from storage.database import Tx

MOST_CHANGES = 20
"""How often a vote can be changed freely. After that one change counts in each `PAUSE`."""
CHANGE_PAUSE = timedelta(hours=1)
MOST_REFUSED = 20
"""How many refused votes of one person the log records."""


class TooManyChanges(Exception):
    """The vote was changed so often in a short time that the file would grow too large."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


async def count_change(tx: Tx, box: BallotBox, mark: bytes, at: datetime) -> None:
    """Count a vote, change or withdrawal of this voter. Raises `TooManyChanges`."""
    row = await tx.one(
        "SELECT casts, last FROM ballot_secrecy_change WHERE number = ? AND mark = ?",
        box.number,
        mark,
    )
    if row is not None and row["casts"] > MOST_CHANGES:
        until = datetime.fromtimestamp(row["last"], UTC) + CHANGE_PAUSE
        if at < until:
            raise TooManyChanges(until)
    await tx.run(
        "INSERT INTO ballot_secrecy_change (number, mark, casts, last) VALUES (?, ?, 1, ?)"
        " ON CONFLICT DO UPDATE SET casts = casts + 1, last = excluded.last",
        box.number,
        mark,
        at.timestamp(),
    )


async def is_slowed(tx: Tx, box: BallotBox, mark: bytes) -> bool:
    """Return whether this voter can make only one change an hour from now on."""
    return await tx.exists(
        "SELECT 1 FROM ballot_secrecy_change WHERE number = ? AND mark = ? AND casts > ?",
        box.number,
        mark,
        MOST_CHANGES,
    )


async def count_refusal(tx: Tx, box: BallotBox, mark: bytes) -> bool:
    """Count a vote that was refused. Returns whether the log still records it."""
    await tx.run(
        "INSERT INTO ballot_secrecy_change (number, mark, refused) VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET refused = refused + 1",
        box.number,
        mark,
    )
    row = await tx.one(
        "SELECT refused FROM ballot_secrecy_change WHERE number = ? AND mark = ?", box.number, mark
    )
    return row is not None and row["refused"] <= MOST_REFUSED


async def forget_changes(tx: Tx, box: BallotBox, mark: bytes) -> None:
    """Delete the count of how often a voter changed their vote."""
    await tx.run(
        "DELETE FROM ballot_secrecy_change WHERE number = ? AND mark = ?", box.number, mark
    )
