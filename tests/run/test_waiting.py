"""What waited when the tables changed still waits: for a key, or for an answer."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.testing.talk import KEY, ROOM, Talk, user_id
from bot.types import EventId, RoomId, UndecryptedMessage
from storage import questions, releases, rooms, schema, sync
from storage.catch_up import undecrypted_events
from storage.database import Database, Tx
from storage.questions import Question

NOW = datetime(2026, 11, 25, tzinfo=UTC)


async def _note_nothing(_tx: Tx) -> None:
    """An older version had no table of releases."""


async def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: str) -> Database:
    """A database as an older version left it."""
    old = tmp_path / "old"
    old.mkdir()
    for step in sorted(schema.CORE.glob(steps)):
        shutil.copy(step, old)
    db = await Database.open(tmp_path / "db", KEY)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "CORE", old)
        patched.setattr(releases, "note_release", _note_nothing)
        await schema.migrate(db, {})
    return db


async def test_a_private_question_of_an_older_version_finds_its_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = await older(tmp_path, monkeypatch, "000[1-5]_*.sql")
    bea, room = user_id("bea"), RoomId("!dm:test")
    async with db.transaction() as tx:
        await rooms.mark_joined(tx, room, NOW)
        await rooms.set_private(tx, room, bea)
        for where, thread in ((room, "$thread"), (ROOM, "")):
            await questions.save(
                tx, Question(where, thread, bea, "", "", {}, {}, NOW, NOW, None), None
            )
    await schema.migrate(db, {})
    async with db.reading() as tx:
        assert await questions.get(tx, RoomId(bea), "", bea) is not None
        assert await questions.get(tx, ROOM, "", bea) is not None
    await db.close()


async def test_an_older_database_learns_who_sent_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = await older(tmp_path, monkeypatch, "000[1-4]_*.sql")
    async with db.transaction() as tx:
        for event, told in (("$told", 1), ("$read", 2)):
            raw = json.dumps({"event_id": event, "sender": user_id("ana")})
            await tx.run(
                "INSERT INTO waiting VALUES (?, ?, 's', ?, 0, 0, 0, ?)", event, ROOM, raw, told
            )
            await sync.mark_all_seen(tx, [EventId(event)], NOW)
    await schema.migrate(db, {})
    async with db.reading() as tx:
        held = await undecrypted_events.events_for_session(tx, ROOM, "s")
        seen = await sync.seen_among(tx, [EventId("$told"), EventId("$read")])
    await db.close()
    assert [one.sender for one in held] == [user_id("ana")] * 2
    assert seen == {"$read"}, "what was only told can still be read, what was read is not again"


async def test_what_was_told_to_be_unreadable_is_handled_when_its_key_comes(talk: Talk) -> None:
    riddle = EventId("$riddle")
    made_up = EventId("unreadable:$riddle")
    await talk.happens(UndecryptedMessage(ROOM, made_up, user_id("bea"), talk.clock.at, riddle))
    (told,) = await talk.hears("No pude leer")
    assert told.content["m.relates_to"]["m.in_reply_to"]["event_id"] == riddle
    await talk.says("bea", "!ayuda", event="$riddle")
    await talk.hears("Preguntar a la sala")
