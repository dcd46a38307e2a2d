"""Store answers about events, taps on their polls, and whom the bot has told something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.api import EventId, Number, RoomId, UserId
from commands.attendance.roster import GivenAnswer, Rsvp
from storage.database import Tx


async def load_answers(tx: Tx, item: Number) -> list[GivenAnswer]:
    """Return all answers about an event."""
    rows = await tx.all("SELECT * FROM attendance_answer WHERE item = ?", item)
    return [
        GivenAnswer(UserId(r["person"]), r["date"], Rsvp(r["says"]), r["guests"], r["place"])
        for r in rows
    ]


async def answers_of_person(tx: Tx, item: Number, person: UserId) -> list[GivenAnswer]:
    """Return a person's answers about an event."""
    rows = await tx.all(
        "SELECT * FROM attendance_answer WHERE item = ? AND person = ?", item, person
    )
    return [GivenAnswer(person, r["date"], Rsvp(r["says"]), r["guests"], r["place"]) for r in rows]


async def next_order(tx: Tx, item: Number) -> int:
    """Return the order number for the next answer about an event, behind all stored ones."""
    row = await tx.one(
        "SELECT place FROM attendance_answer WHERE item = ? ORDER BY place DESC LIMIT 1", item
    )
    return int(row["place"]) + 1 if row else 1


async def save_changes(
    tx: Tx, item: Number, before: Sequence[GivenAnswer], after: Sequence[GivenAnswer]
) -> None:
    """Store the difference between an event's answers before and after a change."""
    had, has = set(before), set(after)
    await tx.many(
        "DELETE FROM attendance_answer WHERE item = ? AND person = ? AND date = ?",
        [(item, one.person, one.key) for one in had - has],
    )
    await tx.many(
        "INSERT INTO attendance_answer (item, person, date, says, guests, place)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(item, a.person, a.key, a.says.value, a.guests, a.order) for a in has - had],
    )


async def events_answered_by(tx: Tx, person: UserId, room: RoomId | None = None) -> list[Number]:
    """Return the open events that this person answered or has a shift at.

    With a room, only those that stand in that room.
    """
    return await tx.column(
        Number,
        "SELECT number FROM item WHERE number IN (SELECT item FROM attendance_answer"
        " WHERE person = ?1 UNION SELECT item FROM attendance_taken WHERE person = ?1)"
        " AND open AND (?2 IS NULL OR room = ?2 OR number IN"
        " (SELECT item FROM item_shown WHERE room = ?2)) ORDER BY 1",
        person,
        room,
    )


async def events_attended_by(tx: Tx, people: Sequence[UserId], most: int) -> list[Number]:
    """Return up to `most` upcoming events to which any of these people go, the soonest first."""
    found: dict[Number, float] = {}
    for at in range(0, len(people), 500):
        page = people[at : at + 500]
        marks = ",".join("?" * len(page))
        rows = await tx.all(
            "SELECT DISTINCT e.item, e.next_at FROM attendance_answer a"  # noqa: S608
            " JOIN events_event e ON e.item = a.item"
            f" WHERE a.person IN ({marks}) AND a.says = 'yes' AND e.next_at IS NOT NULL"
            " ORDER BY e.next_at LIMIT ?",
            *page,
            most,
        )
        found |= {Number(row["item"]): row["next_at"] for row in rows}
    return sorted(found, key=lambda number: found[number])[:most]


async def all_answers_of(tx: Tx, person: UserId) -> list[tuple[Number, str, GivenAnswer]]:
    """Return every answer of this person about events, with the event's number and title."""
    rows = await tx.all(
        "SELECT a.*, item.title FROM attendance_answer a JOIN item ON item.number = a.item"
        " WHERE a.person = ? ORDER BY a.item, a.date",
        person,
    )
    return [
        (
            Number(r["item"]),
            r["title"],
            GivenAnswer(person, r["date"], Rsvp(r["says"]), r["guests"], r["place"]),
        )
        for r in rows
    ]


async def zones_of_people(tx: Tx, people: Iterable[UserId]) -> list[str]:
    """Return the time zones that these people chose, each once."""
    every = list(people)
    found: set[str] = set()
    for at in range(0, len(every), 500):
        page = every[at : at + 500]
        marks = ",".join("?" * len(page))
        rows = await tx.all(
            f"SELECT DISTINCT zone FROM person WHERE person IN ({marks}) AND zone IS NOT NULL",  # noqa: S608
            *page,
        )
        found |= {r["zone"] for r in rows}
    return sorted(found)


async def rename_dates(tx: Tx, item: Number, names: Sequence[tuple[str, str | None]]) -> None:
    """Give answers about moved dates of an event their new keys, and delete those whose key is
    None."""
    for old, new in names:
        if new is None:
            await tx.run("DELETE FROM attendance_answer WHERE item = ? AND date = ?", item, old)
    for old, new in names:
        if new is not None:
            await tx.run(
                "UPDATE attendance_answer SET date = ? WHERE item = ? AND date = ?",
                "@" + new,
                item,
                old,
            )
    await tx.run(
        "UPDATE attendance_answer SET date = substr(date, 2)"
        " WHERE item = ? AND substr(date, 1, 1) = '@'",
        item,
    )


async def forget_date(tx: Tx, item: Number, key: str) -> None:
    """Delete the answers about one date of an event series."""
    await tx.run("DELETE FROM attendance_answer WHERE item = ? AND date = ?", item, key)


async def forget_answers(tx: Tx, item: Number) -> None:
    """Delete all answers, taps and taken shifts of an event."""
    for table in (
        "attendance_answer",
        "attendance_tap",
        "attendance_told",
        "attendance_taken",
    ):
        await tx.run(f"DELETE FROM {table} WHERE item = ?", item)  # noqa: S608


# --- taps -----------------------------------------------------------------------------------------


async def last_tap_stamp(tx: Tx, item: Number, person: UserId) -> int | None:
    """Return the server's time of this person's latest counted tap on the event's poll, or None."""
    row = await tx.one(
        "SELECT max(stamp) AS stamp FROM attendance_tap WHERE item = ? AND person = ?", item, person
    )
    return row["stamp"] if row else None


async def save_tap(
    tx: Tx, item: Number, person: UserId, event: EventId, stamp: int, choice: str
) -> None:
    """Store a tap on an event's poll; the last five of each person are kept, to be undone."""
    await tx.run(
        "INSERT OR IGNORE INTO attendance_tap (event, item, person, stamp, choice)"
        " VALUES (?, ?, ?, ?, ?)",
        event,
        item,
        person,
        stamp,
        choice,
    )
    await tx.run(
        "DELETE FROM attendance_tap WHERE event IN (SELECT event FROM attendance_tap WHERE item = ?"
        " AND person = ? ORDER BY stamp DESC LIMIT -1 OFFSET 5)",
        item,
        person,
    )


async def delete_tap(
    tx: Tx, event: EventId, person: UserId
) -> tuple[Number, bool, str | None] | None:
    """Delete a tap that its sender redacted.

    Returns the event's number, whether it was the latest tap, and the choice before it. Returns
    None if the message was no tap of this person.
    """
    row = await tx.one("SELECT * FROM attendance_tap WHERE event = ? AND person = ?", event, person)
    if row is None:
        return None
    last = await last_tap_stamp(tx, row["item"], person) == row["stamp"]
    await tx.run("DELETE FROM attendance_tap WHERE event = ?", event)
    before = await tx.one(
        "SELECT choice FROM attendance_tap WHERE item = ? AND person = ?"
        " ORDER BY stamp DESC LIMIT 1",
        row["item"],
        person,
    )
    return Number(row["item"]), last, before["choice"] if before else None


async def mark_told(tx: Tx, item: Number, person: UserId, about: str) -> bool:
    """Store that the person was told this about the event. Return False if they were told
    before."""
    return (
        await tx.change(
            "INSERT OR IGNORE INTO attendance_told (item, person, about) VALUES (?, ?, ?)",
            item,
            person,
            about,
        )
        > 0
    )
