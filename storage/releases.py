"""Which releases of the program worked on a database."""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime

from storage.database import Tx

BEFORE_THE_FIRST = "0.1.0"
"""What all programs called themselves that noted no release."""


def program_version() -> str:
    """Return the version of this program, as `pyproject.toml` has it."""
    return importlib.metadata.version("minga")


async def last_release(tx: Tx) -> str:
    """Return the version of the program that used the database last."""
    if not await tx.has_table("release"):
        return BEFORE_THE_FIRST
    row = await tx.one("SELECT version FROM release ORDER BY since DESC LIMIT 1")
    return str(row["version"]) if row else BEFORE_THE_FIRST


async def note_release(tx: Tx) -> None:
    """Store that this version of the program uses the database, unless that is stored already."""
    version = program_version()
    if await last_release(tx) != version:
        now = datetime.now(UTC).timestamp()
        await tx.run("INSERT OR REPLACE INTO release VALUES (?, ?)", version, now)
