"""What waited for its key when the tables changed still waits, each for whom it is from."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.testing import KEY, ROOM, Talk, user
from bot.types import EventId, Unreadable
from storage import migrate, sync, waiting
from storage.database import Database

NOW = datetime(2026, 11, 25, tzinfo=UTC)


async def test_an_older_database_learns_who_sent_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for step in sorted(migrate.CORE.glob("000[1-4]_*.sql")):
        shutil.copy(step, old)
    db = await Database.open(tmp_path / "db", KEY)
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "CORE", old)
        await migrate.migrate(db, {})
    async with db.transaction() as tx:
        for event, told in (("$told", 1), ("$read", 2)):
            raw = json.dumps({"event_id": event, "sender": user("ana")})
            await tx.run(
                "INSERT INTO waiting VALUES (?, ?, 's', ?, 0, 0, 0, ?)", event, ROOM, raw, told
            )
            await sync.mark(tx, [EventId(event)], NOW)
    await migrate.migrate(db, {})
    async with db.reading() as tx:
        held = await waiting.for_session(tx, ROOM, "s")
        seen = await sync.already_seen(tx, [EventId("$told"), EventId("$read")])
    await db.close()
    assert [one.sender for one in held] == [user("ana")] * 2
    assert seen == {"$read"}, "what was only told can still be read, what was read is not again"


async def test_what_was_told_to_be_unreadable_is_handled_when_its_key_comes(talk: Talk) -> None:
    riddle = EventId("$riddle")
    made_up = EventId("unreadable:$riddle")
    await talk.happens(Unreadable(ROOM, made_up, user("bea"), talk.clock.at, riddle))
    (told,) = await talk.hears("No pude leer")
    assert told.content["m.relates_to"]["m.in_reply_to"]["event_id"] == riddle
    await talk.says("bea", "!ayuda", event="$riddle")
    await talk.hears("Ayuda")
