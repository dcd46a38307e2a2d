"""Settings of rooms, people and the network, as text."""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage.database import Tx

NETWORK = RoomId("")
"""The room of settings that apply to the whole network."""

HISTORY = "history"
"""The room setting by which newcomers are given what was said before."""


async def gives_history(tx: Tx, room: RoomId) -> bool:
    """Return whether the room's setting lets newcomers read earlier messages."""
    return (await settings_of(tx, room)).get(HISTORY) == "yes"


async def settings_of(tx: Tx, room: RoomId) -> dict[str, str]:
    """Return all values that a room has set, by the setting's name."""
    rows = await tx.all("SELECT name, value FROM setting WHERE room = ?", room)
    return {r["name"]: r["value"] for r in rows}


async def set_value(tx: Tx, room: RoomId, name: str, value: str | None) -> None:
    """Store a room's value of a setting. None restores the default."""
    if value is None:
        await tx.run("DELETE FROM setting WHERE room = ? AND name = ?", room, name)
    else:
        await tx.run("INSERT OR REPLACE INTO setting VALUES (?, ?, ?)", room, name, value)


async def rooms_with(tx: Tx, name: str, value: str) -> list[RoomId]:
    """Return the rooms in which the setting `name` has this value."""
    return await tx.column(
        RoomId, "SELECT room FROM setting WHERE name = ? AND value = ?", name, value
    )


async def person_settings(tx: Tx, who: UserId) -> tuple[str | None, str | None]:
    """Return a person's own language and time zone; None for what they did not choose."""
    row = await tx.one("SELECT language, zone FROM person WHERE person = ?", who)
    return (row["language"], row["zone"]) if row else (None, None)


async def language_of_rooms(tx: Tx, who: UserId) -> str | None:
    """Return the language that all rooms have which a person shares with the bot, or None if they
    differ or one has chosen none. Private rooms and spaces are left out."""
    found = await tx.column(
        str,
        "SELECT DISTINCT coalesce(setting.value, '') FROM member JOIN room USING (room)"
        " LEFT JOIN setting ON setting.room = room.room AND setting.name = 'language'"
        " WHERE person = ? AND membership = 'join' AND room.joined AND private_of IS NULL"
        " AND kind = '' LIMIT 2",
        who,
    )
    return (found[0] or None) if len(found) == 1 else None


async def set_language(tx: Tx, who: UserId, language: str | None) -> None:
    """Store a person's language. None restores the default."""
    await tx.run(
        "INSERT INTO person (person, language) VALUES (?1, ?2)"
        " ON CONFLICT (person) DO UPDATE SET language = ?2",
        who,
        language,
    )


async def set_zone(tx: Tx, who: UserId, zone: str | None) -> None:
    """Store a person's time zone. None restores the default."""
    await tx.run(
        "INSERT INTO person (person, zone) VALUES (?1, ?2)"
        " ON CONFLICT (person) DO UPDATE SET zone = ?2",
        who,
        zone,
    )
