"""What the machine itself keeps of a person, and how it goes when they ask to be forgotten.

Who is in a room is the room's (tables `room` and `member`): it goes when they leave it.
"""

from __future__ import annotations

import json

from bot.types import UserId
from storage import finding, held, log
from storage.database import Tx

GONE = "gone"
"""In the place of whose help room it was: the mark of such a room is for ever."""


async def forget(tx: Tx, person: UserId) -> None:
    """Talks, questions and what is due to them go; what they began stays, as nobody's."""
    for table in ("question", "dialogue", "job", "person"):
        await tx.run(f"DELETE FROM {table} WHERE person = ?", person)  # noqa: S608
    for table in ("parked", "waiting"):
        await tx.run(f"DELETE FROM {table} WHERE sender = ?", person)  # noqa: S608
    await tx.run("UPDATE item SET author = '' WHERE author = ?", person)
    await _unmention(tx, person)
    await held.forget(tx, person)
    await finding.forget(tx, person)
    for kind in ("asked:", "helping:", "helped:", "unread:", "unsure:"):
        await tx.run("DELETE FROM fact WHERE name = ?", kind + person)
    await tx.run("UPDATE fact SET value = ? WHERE name LIKE 'help:%' AND value = ?", GONE, person)
    await tx.run("DELETE FROM fact WHERE name LIKE 'by:%' AND value = ?", person)
    await log.forget(tx, person)
    tx.shred()


async def _unmention(tx: Tx, person: UserId) -> None:
    rows = await tx.all(
        "SELECT event, mentions FROM posted WHERE instr(mentions, ?)", json.dumps(person)
    )
    for row in rows:
        left = [one for one in json.loads(row["mentions"]) if one != person]
        await tx.run(
            "UPDATE posted SET mentions = ? WHERE event = ?", json.dumps(left), row["event"]
        )
