"""Dialogues that the bot began with people, and the answers so far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.types import RoomId, UserId
from storage import jobs
from storage.database import Tx

JOB = "@dialogue"
"""The core's job that continues a person's dialogues. There is at most one per person."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue with a person. `patience` is how long each of its questions waits."""

    id: int
    feature: str
    name: str
    person: UserId
    data: Mapping[str, Any]
    known: Mapping[str, str]
    patience: timedelta


def _dialogue(row: Any) -> Dialogue:
    return Dialogue(
        row["id"],
        row["feature"],
        row["name"],
        UserId(row["person"]),
        json.loads(row["data"]),
        json.loads(row["known"]),
        timedelta(seconds=row["patience"]),
    )


async def add(
    tx: Tx,
    feature: str,
    name: str,
    person: UserId,
    data: Mapping[str, Any],
    patience: timedelta,
    *,
    first: bool = False,
) -> bool:
    """Store a dialogue that the bot begins with a person, and return True. Return False, and store
    nothing, if one with the same feature, name, person and data is stored already.

    With `first` it comes before those that wait already. An id is never used again: a late answer
    names the dialogue that it was for.
    """
    return (
        await tx.change(
            "INSERT INTO dialogue (feature, name, person, data, known, patience, is_first)"
            " SELECT ?1, ?2, ?3, ?4, '{}', ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM dialogue"
            " WHERE feature = ?1 AND name = ?2 AND person = ?3 AND data = ?4)",
            feature,
            name,
            person,
            json.dumps(data),
            patience.total_seconds(),
            first,
        )
        > 0
    )


async def get(tx: Tx, dialogue: int) -> Dialogue | None:
    """Return a dialogue by id, or None."""
    row = await tx.one("SELECT * FROM dialogue WHERE id = ?", dialogue)
    return _dialogue(row) if row else None


async def get_next(tx: Tx, person: UserId) -> Dialogue | None:
    """Return the dialogue that the bot holds next with a person, or None: the newest that was added
    with `first`, else the oldest."""
    row = await tx.one(
        "SELECT * FROM dialogue WHERE person = ?"
        " ORDER BY is_first DESC, CASE WHEN is_first THEN -id ELSE id END LIMIT 1",
        person,
    )
    return _dialogue(row) if row else None


async def save_answers(tx: Tx, dialogue: int, known: Mapping[str, str]) -> None:
    """Store the answers given so far in a dialogue."""
    await tx.run("UPDATE dialogue SET known = ? WHERE id = ?", json.dumps(known), dialogue)


async def delete(tx: Tx, dialogue: int) -> None:
    """Delete a dialogue."""
    await tx.run("DELETE FROM dialogue WHERE id = ?", dialogue)


async def schedule_next(tx: Tx, person: UserId, at: datetime) -> bool:
    """Schedule the person's next dialogue for `at`. Return False if there is none."""
    one = await get_next(tx, person)
    if one is None:
        return False
    await tx.run("DELETE FROM job WHERE name = ? AND person = ?", JOB, person)
    await jobs.add(tx, one.feature, JOB, RoomId(person), at, person=person)
    return True
