"""Store of questionnaires: their questions, sealed answers and, once closed, the counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId, rooms, sealed_text
from commands.questionnaires import counts, form
from commands.questionnaires.counts import Counts
from commands.questionnaires.form import Form, FormQuestion, Value
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who answers: where they are in it, and their answers so far."""

    person: UserId
    room: RoomId
    place: int
    finished: bool
    values: tuple[Value, ...]


async def add_form(
    tx: Tx,
    item: Number,
    questions: Sequence[FormQuestion],
    asked_rooms: Sequence[RoomId],
    *,
    named: bool,
    closes: datetime,
) -> None:
    """Store a new questionnaire, with a key of its own for the answers."""
    await tx.run(
        "INSERT INTO questionnaires_form (item, questions, signed, closes) VALUES (?, ?, ?, ?)",
        item,
        form.questions_to_json(questions),
        int(named),
        closes.timestamp(),
    )
    await tx.run("INSERT INTO questionnaires_key VALUES (?, ?)", item, sealed_text.new_key())
    await tx.many(
        "INSERT INTO questionnaires_room VALUES (?, ?)", [(item, room) for room in asked_rooms]
    )


async def get_form(tx: Tx, item: Number) -> Form | None:
    """Return the questionnaire with this number, or None."""
    row = await tx.one(
        "SELECT f.*, i.title, i.room FROM questionnaires_form f JOIN item i ON i.number = f.item"
        " WHERE f.item = ?",
        item,
    )
    if row is None:
        return None
    asked = await tx.all(
        "SELECT room FROM questionnaires_room WHERE item = ? ORDER BY room != ?, room",
        item,
        row["room"],
    )
    closed = row["closed"]
    return Form(
        item,
        row["title"],
        form.questions_from_json(row["questions"]),
        tuple(RoomId(one["room"]) for one in asked),
        bool(row["signed"]),
        datetime.fromtimestamp(row["closes"], UTC),
        datetime.fromtimestamp(closed, UTC) if closed is not None else None,
        row["asked"],
    )


async def open_forms_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the numbers of the open questionnaires that this room is asked."""
    rows = await tx.all(
        "SELECT f.item FROM questionnaires_room r JOIN questionnaires_form f ON f.item = r.item"
        " WHERE r.room = ? AND f.closed IS NULL ORDER BY f.item",
        room,
    )
    return [Number(row["item"]) for row in rows]


async def open_forms(tx: Tx) -> list[Number]:
    """Return the numbers of all open questionnaires, oldest first."""
    return await tx.column(
        Number, "SELECT item FROM questionnaires_form WHERE closed IS NULL ORDER BY item"
    )


async def people_asked(tx: Tx, item: Number, me: UserId) -> list[UserId]:
    """Return everybody who is joined to a room of the questionnaire, each once, without the bot."""
    asked = await tx.all("SELECT room FROM questionnaires_room WHERE item = ?", item)
    found = {p for row in asked for p in await rooms.members(tx, RoomId(row["room"]))}
    return sorted(found - {me})


# --- answers ----------------------------------------------------------------------------------


async def _key(tx: Tx, item: Number) -> bytes | None:
    row = await tx.one("SELECT key FROM questionnaires_key WHERE item = ?", item)
    return bytes(row["key"]) if row is not None else None


def _place(item: Number, person: UserId) -> bytes:
    return f"questionnaire|{item}|{person}".encode()


def _respondent(row: Any, key: bytes) -> Respondent:
    person = UserId(row["person"])
    said = sealed_text.unseal(key, _place(Number(row["item"]), person), bytes(row["sealed"]))
    return Respondent(
        person,
        RoomId(row["room"]),
        row["place"],
        bool(row["finished"]),
        form.values_from_json(said),
    )


async def get_respondent(tx: Tx, item: Number, person: UserId) -> Respondent | None:
    """Return how far this person got with a questionnaire, or None if they have not begun or it was
    deleted."""
    row = await tx.one(
        "SELECT * FROM questionnaires_person WHERE item = ? AND person = ?", item, person
    )
    key = await _key(tx, item)
    return _respondent(row, key) if row is not None and key is not None else None


async def put_respondent(tx: Tx, item: Number, one: Respondent) -> None:
    """Encrypt and store a person's answers to a questionnaire. Does nothing once the key is
    deleted."""
    key = await _key(tx, item)
    if key is None:
        return
    sealed = sealed_text.seal(key, _place(item, one.person), form.values_to_json(one.values))
    await tx.run(
        "INSERT OR REPLACE INTO questionnaires_person (item, person, room, place, finished, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        item,
        one.person,
        one.room,
        one.place,
        int(one.finished),
        sealed,
    )


async def delete_respondent(tx: Tx, item: Number, person: UserId) -> bool:
    """Delete a person's answers to a questionnaire, from the write-ahead log too. Return whether
    there were any."""
    tx.shred()
    return (
        await tx.change(
            "DELETE FROM questionnaires_person WHERE item = ? AND person = ?", item, person
        )
        > 0
    )


async def count_finished(tx: Tx, item: Number) -> int:
    """Return how many people finished a questionnaire."""
    return await tx.count(
        "SELECT count(*) AS n FROM questionnaires_person WHERE item = ? AND finished", item
    )


async def finished_people(tx: Tx, item: Number) -> list[Respondent]:
    """Return everybody who finished a questionnaire, with their answers; nobody once these are
    deleted."""
    key = await _key(tx, item)
    if key is None:
        return []
    rows = await tx.all(
        "SELECT * FROM questionnaires_person WHERE item = ? AND finished ORDER BY person", item
    )
    return [_respondent(row, key) for row in rows]


async def unfinished_people(tx: Tx, item: Number) -> list[UserId]:
    """Return everybody who began a questionnaire and has not finished."""
    rows = await tx.all(
        "SELECT person FROM questionnaires_person WHERE item = ? AND NOT finished ORDER BY person",
        item,
    )
    return [UserId(row["person"]) for row in rows]


async def forms_of_person(tx: Tx, person: UserId) -> list[Number]:
    """Return the questionnaires that a person answers, or answered with their name."""
    rows = await tx.all(
        "SELECT item FROM questionnaires_person WHERE person = ? ORDER BY item", person
    )
    return [Number(row["item"]) for row in rows]


# --- the end ----------------------------------------------------------------------------------


async def close_form(tx: Tx, item: Number, at: datetime, asked: int, found: Counts) -> None:
    """Store that a questionnaire is closed, how many were asked, and the counts. Delete unfinished
    answers."""
    await tx.run(
        "UPDATE questionnaires_form SET closed = ?, asked = ?, counts = ? WHERE item = ?",
        at.timestamp(),
        asked,
        counts.counts_to_json(found),
        item,
    )
    await tx.run("DELETE FROM questionnaires_person WHERE item = ? AND NOT finished", item)
    tx.shred()


async def get_counts(tx: Tx, item: Number) -> Counts | None:
    """Return the counts of a closed questionnaire, or None."""
    row = await tx.one("SELECT counts FROM questionnaires_form WHERE item = ?", item)
    return counts.counts_from_json(row["counts"]) if row and row["counts"] is not None else None


async def shred_answers(tx: Tx, item: Number) -> None:
    """Delete a questionnaire's key, answers and who gave them, from the write-ahead log too."""
    await tx.run("DELETE FROM questionnaires_key WHERE item = ?", item)
    await tx.run("DELETE FROM questionnaires_person WHERE item = ?", item)
    tx.shred()
