"""Raised hands and the floor of a meeting, in the database."""

from __future__ import annotations

from bot.api import Number, UserId
from commands.meetings.store import record_attendance
from storage.database import Tx


async def speaker_queue(tx: Tx, meeting: Number) -> list[UserId]:
    """Return who wants to speak in a meeting, in order. Those who have not spoken yet come
    first."""
    return await tx.column(
        UserId,
        "SELECT person FROM meetings_person WHERE meeting = ? AND hand IS NOT NULL"
        " ORDER BY spoke > 0, hand",
        meeting,
    )


async def raise_hand(tx: Tx, meeting: Number, person: UserId) -> None:
    """Put a person into a meeting's queue of speakers, if they are not in it yet."""
    await record_attendance(tx, meeting, person)
    await tx.run(
        "UPDATE meetings_person SET hand ="
        " (SELECT coalesce(max(hand), 0) + 1 FROM meetings_person WHERE meeting = ?1)"
        " WHERE meeting = ?1 AND person = ?2 AND hand IS NULL",
        meeting,
        person,
    )


async def lower_hand(tx: Tx, meeting: Number, person: UserId) -> bool:
    """Take a person out of a meeting's queue of speakers. Returns False if they were not in it."""
    return bool(
        await tx.change(
            "UPDATE meetings_person SET hand = NULL"
            " WHERE meeting = ? AND person = ? AND hand IS NOT NULL",
            meeting,
            person,
        )
    )


async def give_floor(tx: Tx, meeting: Number, person: UserId) -> None:
    """Store that this person speaks in the meeting now, and take them out of the queue."""
    await tx.run(
        "UPDATE meetings_person SET hand = NULL, spoke = spoke + 1"
        " WHERE meeting = ? AND person = ?",
        meeting,
        person,
    )
    await tx.run("UPDATE meetings_meeting SET speaker = ? WHERE item = ?", person, meeting)


async def is_listed(tx: Tx, meeting: Number) -> bool:
    """Return whether a meeting's list of speakers stands in the room as a message of its own."""
    found = await tx.one("SELECT listed FROM meetings_meeting WHERE item = ?", meeting)
    return bool(found and found["listed"])


async def note_listed(tx: Tx, meeting: Number) -> bool:
    """Store that a meeting's list of speakers stands in the room. Return whether it stood there
    before."""
    before = await is_listed(tx, meeting)
    await tx.run("UPDATE meetings_meeting SET listed = 1 WHERE item = ?", meeting)
    return before
