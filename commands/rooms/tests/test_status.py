"""`!status`: what is late, and what the bot may not do in a room."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId
from storage import jobs, outbox_entries, sync
from storage.files import backup_records, disk

OTHER = RoomId("!otra:test")


async def test_the_status_tells_what_is_late_and_what_the_bot_may_not_do(talk: Talk) -> None:
    heard = await talk.answer("bea", "!estado")
    assert "tarde" not in heard
    assert "!permisos" not in heard
    async with talk.machine.db.transaction() as tx:
        due, again = talk.clock.at - timedelta(hours=3), talk.clock.at + timedelta(hours=1)
        failed = await jobs.add(tx, "reminders", "ring", ROOM, due)
        await jobs.schedule_retry(tx, failed, again)
    assert "1 cosa que debo hacer va tarde, desde el" in await talk.answer("bea", "!estado")
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 100}, bot_power=0)
    await talk.says("ana", "!estado", room=OTHER)
    await talk.hears("Hay cosas que aquí no puedo hacer: `!permisos`")


async def test_a_moderator_of_the_network_reads_in_private_how_the_machine_is(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, theirs = await talk.private("ana"), await talk.private("bea")
    async with talk.machine.db.transaction() as tx:
        await sync.save_live_until(tx, talk.clock.at - timedelta(seconds=40))
    said = await talk.answer("ana", "!estado", room=home)
    assert "Leí el servidor por última vez el" in said
    assert "Hay espacio en el disco." in said
    assert "Todavía no hay copia de seguridad." in said
    assert "espera" not in said

    folder = talk.machine.db.path.parent
    backup_records.note_backup(folder)
    made = talk.clock.at - timedelta(days=2)
    os.utime(folder / backup_records.LAST_BACKUP, (made.timestamp(), made.timestamp()))
    assert "La última copia: " in await talk.answer("ana", "!estado", room=home)
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: disk.LEAST_FREE_BYTES - 1)
    talk.clock.at += timedelta(days=7)
    said = await talk.answer("ana", "!estado", room=home)
    assert "La última copia es vieja: " in said
    assert "El disco está casi lleno." in said

    # Who moderates no network, and a room, read nothing of it.
    for who, room in (("bea", theirs), ("ana", ROOM), ("bea", ROOM)):
        heard = await talk.answer(who, "!estado", room=room)
        assert "Leí el servidor" not in heard
        assert "disco" not in heard
        assert "copia" not in heard


async def test_messages_that_wait_are_counted_for_who_looks_after_the_machine(talk: Talk) -> None:
    home = await talk.private("ana")
    await _write_old_letter(talk)
    assert "1 mensaje espera, desde el" in await talk.answer("ana", "!estado", room=home)


async def _write_old_letter(talk: Talk) -> None:
    """To somebody who never came to their private room."""
    body = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "x"}}
    async with talk.machine.db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=None,
            person=user_id("zoe"),
            kind="event",
            payload=body,
            device="FAKE",
            at=talk.clock.at - timedelta(hours=1),
        )
