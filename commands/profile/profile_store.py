"""Store of profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.api import UserId
from commands.profile.profile_parts import PartValue, ProfilePart, ProfileVisibility
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """A part of somebody's profile."""

    part: ProfilePart
    words: tuple[str, ...]
    seen: ProfileVisibility


async def put_part(tx: Tx, person: UserId, part: ProfilePart, value: PartValue) -> ProfileEntry:
    """Store the value of a part of a person's profile. Return the part as it stands now.

    Who may see it stays as it was: at first nobody.
    """
    await tx.run(
        "INSERT INTO profile_part (person, part, value, seen) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (person, part) DO UPDATE SET value = ?3",
        person,
        part,
        "\n".join(value.words),
        ProfileVisibility.NOBODY,
    )
    await tx.run("DELETE FROM profile_term WHERE person = ? AND part = ?", person, part)
    await tx.many(
        "INSERT INTO profile_term (part, term, person) VALUES (?, ?, ?)",
        [(part, term, person) for term in sorted(value.terms)],
    )
    held = await get_part(tx, person, part)
    assert held is not None
    return held


async def set_visibility(
    tx: Tx, person: UserId, part: ProfilePart, seen: ProfileVisibility
) -> None:
    """Store who sees a part of a person's profile."""
    await tx.run(
        "UPDATE profile_part SET seen = ? WHERE person = ? AND part = ?", seen, person, part
    )


async def get_part(tx: Tx, person: UserId, part: ProfilePart) -> ProfileEntry | None:
    """Return one part of a person's profile, or None if they left it out."""
    row = await tx.one("SELECT * FROM profile_part WHERE person = ? AND part = ?", person, part)
    return _held(row) if row else None


async def all_parts(tx: Tx, person: UserId) -> list[ProfileEntry]:
    """Return all parts of a profile in display order."""
    rows = await tx.all("SELECT * FROM profile_part WHERE person = ?", person)
    order = list(ProfilePart)
    return sorted(map(_held, rows), key=lambda held: order.index(held.part))


def _held(row: Any) -> ProfileEntry:
    return ProfileEntry(
        ProfilePart(row["part"]), tuple(row["value"].split("\n")), ProfileVisibility(row["seen"])
    )


async def delete_part(tx: Tx, person: UserId, part: ProfilePart) -> bool:
    """Delete a part of a person's profile, also from free pages of the disk. Return whether there
    was one."""
    gone = await tx.change("DELETE FROM profile_part WHERE person = ? AND part = ?", person, part)
    if part is ProfilePart.NAME:
        await set_greeting(tx, person, wanted=False)
    tx.shred()
    return gone > 0


async def find_term(
    tx: Tx, part: ProfilePart, term: str, after: str, limit: int
) -> list[tuple[UserId, ProfileVisibility]]:
    """Return a page of people, by address, who have the term in this part of the profile and show
    it to somebody."""
    rows = await tx.all(
        "SELECT p.person, p.seen FROM profile_term t JOIN profile_part p USING (person, part)"
        " WHERE t.part = ? AND t.term = ? AND p.seen != 'nobody' AND t.person > ?"
        " ORDER BY t.person LIMIT ?",
        part,
        term,
        after,
        limit,
    )
    return [(UserId(row["person"]), ProfileVisibility(row["seen"])) for row in rows]


# --- greeting -------------------------------------------------------------------------------------


async def set_greeting(tx: Tx, person: UserId, *, wanted: bool) -> None:
    """Store whether the bot greets the person by the name in their profile."""
    query = (
        "INSERT OR IGNORE INTO profile_greeting VALUES (?)"
        if wanted
        else "DELETE FROM profile_greeting WHERE person = ?"
    )
    await tx.run(query, person)


async def wants_greeting(tx: Tx, person: UserId) -> bool:
    """Return whether the person wants the bot to greet them by the name in their profile."""
    query = "SELECT 1 FROM profile_greeting WHERE person = ?"
    return await tx.exists(query, person)
