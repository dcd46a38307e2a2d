"""What the upkeep of the database has done last."""

from __future__ import annotations

from storage.database import Tx


async def zones_version(tx: Tx) -> str | None:
    """Return the version of the time zone data with which all due times were computed, or None."""
    row = await tx.one("SELECT tzdata FROM maintenance")
    return row["tzdata"] if row else None


async def save_zones_version(tx: Tx, version: str) -> None:
    """Store the version of the time zone data with which all due times are computed."""
    await tx.run("UPDATE maintenance SET tzdata = ?", version)


async def last_cleaned(tx: Tx) -> str | None:
    """Return the day (UTC, as ISO 8601) on which expired rows were deleted last, or None."""
    row = await tx.one("SELECT cleaned FROM maintenance")
    return row["cleaned"] if row else None


async def save_last_cleaned(tx: Tx, day: str) -> None:
    """Store the day (UTC, as ISO 8601) on which expired rows were deleted last."""
    await tx.run("UPDATE maintenance SET cleaned = ?", day)
