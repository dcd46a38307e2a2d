"""Store of who gets the weekly news, and about which themes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import UserId
from storage.database import Tx

EVERYTHING = ""
"""Stands in place of a theme for all news."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A person who gets the news. `day`: weekday and hour; `themes`: names as typed, by key."""

    person: UserId
    day: str
    last: int
    job: int
    themes: dict[str, str]


async def get_follower(tx: Tx, person: UserId) -> Follower | None:
    """Return what a person wants to hear of in the weekly news, or None if nothing."""
    row = await tx.one("SELECT * FROM finding_follower WHERE person = ?", person)
    if row is None:
        return None
    rows = await tx.all(
        "SELECT theme, name FROM finding_theme WHERE person = ? ORDER BY theme", person
    )
    themes = {one["theme"]: one["name"] for one in rows}
    return Follower(person, row["day"], row["last"], row["job"], themes)


async def put_follower(tx: Tx, one: Follower) -> None:
    """Store what a person wants to hear of in the weekly news, in place of what was stored."""
    await delete_follower(tx, one.person)
    await tx.run(
        "INSERT INTO finding_follower VALUES (?, ?, ?, ?)", one.person, one.day, one.last, one.job
    )
    await tx.many(
        "INSERT INTO finding_theme VALUES (?, ?, ?)",
        [(one.person, theme, name) for theme, name in one.themes.items()],
    )


async def delete_follower(tx: Tx, person: UserId) -> bool:
    """Delete what a person wants to hear of in the weekly news. Return whether there was
    anything."""
    return await tx.change("DELETE FROM finding_follower WHERE person = ?", person) > 0
