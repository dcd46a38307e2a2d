"""Store the steps of cohorts, until when they are to be done, and what teams marked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class TeamStep:
    """A step that all teams of a cohort go through, until `due` (UTC) if that was said."""

    id: int
    place: int
    title: str
    due: datetime | None = None


def _step(row: Any) -> TeamStep:
    due = datetime.fromtimestamp(row["due"], UTC) if row["due"] is not None else None
    return TeamStep(row["id"], row["place"], row["title"], due)


async def get_steps(tx: Tx, cohort: Number) -> list[TeamStep]:
    """Return a cohort's steps in order."""
    rows = await tx.all("SELECT * FROM teams_step WHERE cohort = ? ORDER BY place", cohort)
    return [_step(row) for row in rows]


async def set_steps(tx: Tx, cohort: Number, titles: Sequence[str], kept: Mapping[str, int]) -> None:
    """Store a cohort's steps in this order. Those in `kept` (title to id) keep their marks."""
    gone = [step.id for step in await get_steps(tx, cohort) if step.id not in kept.values()]
    await tx.many("DELETE FROM teams_step WHERE id = ?", [(id_,) for id_ in gone])
    for place, title in enumerate(titles, start=1):
        if title in kept:
            await tx.run(
                "UPDATE teams_step SET place = ?, title = ? WHERE id = ?", place, title, kept[title]
            )
        else:
            await tx.run(
                "INSERT INTO teams_step (cohort, place, title) VALUES (?, ?, ?)",
                cohort,
                place,
                title,
            )


async def mark_step(tx: Tx, item: Number, step: TeamStep, at: datetime, person: UserId) -> bool:
    """Store that a team has done a step. Return False if it was stored before."""
    return bool(
        await tx.change(
            "INSERT OR IGNORE INTO teams_done VALUES (?, ?, ?, ?)",
            item,
            step.id,
            at.timestamp(),
            person,
        )
    )


async def unmark_step(tx: Tx, item: Number, step: TeamStep) -> bool:
    """Delete that a team has done a step. Return False if it was not stored."""
    return bool(
        await tx.change("DELETE FROM teams_done WHERE team = ? AND step = ?", item, step.id)
    )


async def marked_steps(tx: Tx, cohort: Number) -> dict[Number, dict[int, datetime]]:
    """Return for each team of a cohort the steps it has done, and since when (UTC)."""
    rows = await tx.all(
        "SELECT d.* FROM teams_done d JOIN teams_team t ON t.item = d.team WHERE t.cohort = ?",
        cohort,
    )
    found: dict[Number, dict[int, datetime]] = {}
    for row in rows:
        at = datetime.fromtimestamp(row["at"], UTC)
        found.setdefault(Number(row["team"]), {})[row["step"]] = at
    return found


async def count_marks_of(tx: Tx, steps: Iterable[int]) -> int:
    """Return how many times teams marked these steps as done."""
    count = 0
    for step in steps:
        row = await tx.one("SELECT count(*) AS n FROM teams_done WHERE step = ?", step)
        count += int(row["n"]) if row else 0
    return count


async def set_due(tx: Tx, step: int, due: datetime | None) -> None:
    """Store until when (UTC) a step is to be done, or that it has no date."""
    await tx.run(
        "UPDATE teams_step SET due = ? WHERE id = ?", due.timestamp() if due else None, step
    )


async def count_marks_by(tx: Tx, person: UserId) -> int:
    """Return how many steps a person marked as done."""
    return await tx.count("SELECT count(*) AS n FROM teams_done WHERE person = ?", person)
