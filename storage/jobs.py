"""Scheduled jobs. Wall time and zone are authoritative; the instant is computed from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.types import Number, RoomId, UserId
from storage.database import Database, Tx
from storage.sections.handovers import RUNS_HERE

LATE_AFTER = timedelta(minutes=15)
"""How long after its time a job counts as late."""


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job of a capability. `due` is UTC; `tries` counts failed attempts.

    `trusted` is False if only its room's looser rules let the device count that asked for it.
    """

    id: int
    feature: str
    name: str
    room: RoomId
    person: UserId | None
    item: Number | None
    due: datetime
    wall: datetime | None
    zone: str | None
    payload: Mapping[str, Any]
    tries: int = 0
    trusted: bool = True


def _job(row: Any) -> Job:
    return Job(
        row["id"],
        row["feature"],
        row["name"],
        RoomId(row["room"]),
        row["person"],
        row["item"],
        datetime.fromtimestamp(row["due"], UTC),
        datetime.fromisoformat(row["wall"]) if row["wall"] else None,
        row["zone"],
        json.loads(row["payload"]),
        row["tries"],
        bool(row["trusted"]),
    )


async def add(
    tx: Tx,
    feature: str,
    name: str,
    room: RoomId,
    due: datetime,
    *,
    person: UserId | None = None,
    item: Number | None = None,
    wall: datetime | None = None,
    zone: str | None = None,
    payload: Mapping[str, Any] | None = None,
    trusted: bool = True,
) -> int:
    """Schedule a job of a capability for `due` (UTC) and return its id.

    `wall` and `zone` are the local time it is meant for: they count if the zone's rules change.
    `trusted` is False if the device that asked for it counts by its room's looser rules only.
    """
    return await tx.run(
        "INSERT INTO job"
        " (feature, name, room, person, item, due, try_at, wall, zone, payload, trusted)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10)",
        feature,
        name,
        room,
        person,
        item,
        due.timestamp(),
        wall.isoformat() if wall else None,
        zone,
        json.dumps(payload or {}),
        trusted,
    )


async def due_jobs(db: Database, now: datetime) -> list[Job]:
    """Return up to 100 jobs due by `now`, oldest first, without those of rooms that another bot
    answers in."""
    async with db.reading() as tx:
        rows = await tx.all(
            f"SELECT * FROM job WHERE try_at <= ? AND {RUNS_HERE} ORDER BY due, id LIMIT 100",  # noqa: S608
            now.timestamp(),
        )
    return [_job(row) for row in rows]


async def next_due(db: Database) -> datetime | None:
    """Return when the next job is due (UTC), or None."""
    async with db.reading() as tx:
        row = await tx.one(
            f"SELECT try_at AS due FROM job WHERE {RUNS_HERE} ORDER BY try_at LIMIT 1"  # noqa: S608
        )
    return datetime.fromtimestamp(row["due"], UTC) if row and row["due"] is not None else None


async def late_jobs(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many jobs should have run by `now`, and when (UTC) the oldest was due."""
    query = "SELECT count(*) AS n, min(due) AS since FROM job WHERE due < ?"
    row = await tx.one(query, (now - LATE_AFTER).timestamp())
    since = row["since"] if row else None
    return (row["n"] if row else 0), datetime.fromtimestamp(since, UTC) if since else None


async def take(tx: Tx, job: int) -> bool:
    """Delete a job that runs in this transaction. Return False if it ran before or was
    cancelled."""
    return await tx.change("DELETE FROM job WHERE id = ?", job) > 0


async def cancel(tx: Tx, features: Sequence[str], item: Number, name: str | None = None) -> None:
    """Cancel the jobs, of this name or of any, that these capabilities have for the item."""
    await tx.run(
        "DELETE FROM job WHERE item = ?1 AND feature IN (SELECT value FROM json_each(?2))"
        " AND (?3 IS NULL OR name = ?3)",
        item,
        json.dumps(features),
        name,
    )


async def zoned_jobs(tx: Tx) -> list[Job]:
    """Return the jobs set for a local time, whose instant depends on a zone's rules."""
    return [_job(r) for r in await tx.all("SELECT * FROM job WHERE wall IS NOT NULL")]


async def reschedule(tx: Tx, job: int, due: datetime) -> None:
    """Change when a job is due. A failed job keeps the time of its next attempt."""
    await tx.run(
        "UPDATE job SET try_at = CASE tries WHEN 0 THEN ?1 ELSE try_at END, due = ?1 WHERE id = ?2",
        due.timestamp(),
        job,
    )


async def schedule_retry(tx: Tx, job: int, again: datetime) -> None:
    """Schedule another attempt of a failed job. Its due time stays stored."""
    await tx.run(
        "UPDATE job SET try_at = ?, tries = tries + 1 WHERE id = ?", again.timestamp(), job
    )


async def is_scheduled(tx: Tx, feature: str, item: Number, name: str) -> bool:
    """Return whether a job of this name is scheduled for the item."""
    return await tx.exists(
        "SELECT 1 FROM job WHERE item = ? AND feature = ? AND name = ?", item, feature, name
    )


async def due_of(tx: Tx, feature: str, item: Number, name: str) -> datetime | None:
    """Return when the job of this name is due for the item (UTC), or None if there is none."""
    query = "SELECT min(due) AS due FROM job WHERE item = ? AND feature = ? AND name = ?"
    row = await tx.one(query, item, feature, name)
    return datetime.fromtimestamp(row["due"], UTC) if row and row["due"] is not None else None
