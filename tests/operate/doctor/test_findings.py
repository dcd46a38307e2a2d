"""What `minga doctor` looks at besides the review's set-ups: waiting work, backups, devices."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.matrix.http import Http
from bot.matrix.run_record import RunRecord, current_run
from bot.operate.config import load_config
from bot.operate.doctor import account_checks
from bot.operate.first_login import unlock_keys
from bot.operate.operator_errors import LOCKED
from bot.operate.operator_words import in_words
from bot.types import UserId
from storage import connection, help_rooms, jobs, outbox_entries, rooms
from storage.database import Tx
from storage.encryption import keys as keyring
from storage.encryption.backup_keys import create_pair
from storage.encryption.keys import HEADER
from storage.files import lock, run_history, upgrade_copies
from storage.files.backup_records import LAST_BACKUP
from storage.membership import private_room_attempts
from tests.operate.doctor.homeserver import ANA, ME, refusal
from tests.operate.doctor.rows_account import ROOM, another_run, enter_room, mark_live
from tests.operate.doctor.scene import Bot, a_bot
from tests.real.plain import add_signature, public

HOURS = timedelta(hours=3)


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    monkeypatch.setattr(keyring, "harden", lambda: None)
    with a_bot() as found:
        yield found


def bad(bot: Bot) -> list[str]:
    report = bot.doctor()
    assert report.status == (1 if report.of("bad") else 0)
    return report.of("bad")


def test_the_words_are_the_same_for_people_and_for_programs(bot: Bot) -> None:
    bot.password.chmod(0o644)
    told, read = bot.minga("doctor"), bot.doctor()
    marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
    assert json.loads(read.text)["well"] is False
    varying = re.compile(" answers in | are free for ")
    same = [line for line in told.text.splitlines() if not varying.search(line)]
    assert same == [f"{marks[k]} {what}" for k, what in read.lines if not varying.search(what)]


def test_a_bot_that_starts_meanwhile_is_not_taken_for_another(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(tx: Tx) -> None:
        past = await run_history.get_history(tx)
        await run_history.save_history(tx, replace(past, runs=(*past.runs, "f" * 32)))

    async def starting(http: Http, me: UserId) -> RunRecord | None:
        await asyncio.to_thread(bot.change_data, work)
        return await current_run(http, me)

    another_run(bot)
    assert any("took over" in line for line in bad(bot))
    monkeypatch.setattr(account_checks, "current_run", starting)
    assert bad(bot) == []


def test_a_database_that_another_program_locks_meanwhile_is_told(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config(bot.config)
    key = unlock_keys(config, create=False).db

    async def locked(http: Http, me: UserId) -> RunRecord | None:
        other = connection.Connection(config.storage.database)
        bot.held.callback(lambda: asyncio.run(other.close()))
        for step in (f"PRAGMA key = \"x'{key.hex()}'\"", "PRAGMA locking_mode = EXCLUSIVE"):
            await other.execute(step)
        await other.execute("BEGIN EXCLUSIVE")
        return await current_run(http, me)

    another_run(bot)
    monkeypatch.setattr(connection, "BUSY_TIMEOUT", "busy_timeout = 20")
    monkeypatch.setattr(account_checks, "current_run", locked)
    assert bad(bot) == [in_words(LOCKED)]


def test_what_waits_is_told_with_since_when(bot: Bot) -> None:
    now = datetime.now(UTC)

    async def work(tx: Tx) -> None:
        await jobs.add(tx, "polls", "close", ROOM, now - HOURS)
        await jobs.add(tx, "polls", "close", ROOM, now - timedelta(minutes=3))
        for at in (now - HOURS, now):
            await outbox_entries.add(
                tx, room=ROOM, person=None, kind="message", payload={}, device="D", at=at
            )

    bot.change_data(work)
    mark_live(bot, 20)
    letters, late = bad(bot)
    since = f"{now - HOURS:%Y-%m-%d %H:%M} UTC"
    assert letters.startswith("1 message could not be delivered") and since in letters
    assert late.startswith("1 thing is late") and since in late
    assert letters.endswith("Start the bot: it does them then.")
    with lock.hold(bot.data):
        assert all("journalctl -u minga" in line for line in bad(bot))


def test_a_letter_for_somebody_who_never_came_is_a_note_whether_the_bot_runs_or_not(
    bot: Bot,
) -> None:
    now, ana = datetime.now(UTC), UserId(ANA)

    async def invite(tx: Tx) -> None:
        await outbox_entries.add(
            tx, room=None, person=ana, kind="message", payload={}, device="D", at=now - HOURS
        )
        await private_room_attempts.note_attempt(tx, ana, now - HOURS)
        await rooms.mark_joined(tx, ROOM, now - HOURS)
        await rooms.set_private(tx, ROOM, ana)
        await help_rooms.mark_open(tx, ROOM, ana, now - HOURS, beside_signed=False)
        await outbox_entries.add(
            tx, room=ROOM, person=None, kind="message", payload={}, device="D", at=now - HOURS
        )

    async def come(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO member (room, person, membership) VALUES (?, ?, 'join')", ROOM, ANA
        )

    bot.change_data(invite)
    mark_live(bot, 20)
    assert bad(bot) == []
    with lock.hold(bot.data):
        assert bad(bot) == []
        (line,) = [one for one in bot.doctor().of("note") if one.startswith("2 messages wait")]
    assert "who did not come to the room made for them" in line
    bot.change_data(come)
    (line,) = bad(bot)
    assert line.startswith("2 messages could not be delivered")


def test_a_bot_that_synced_just_now_is_well_and_one_that_is_off_says_since_when(bot: Bot) -> None:
    mark_live(bot, 600)
    assert bad(bot) == []
    assert [line for line in bot.doctor().of("note") if "it has read nothing since" in line]
    mark_live(bot, 20)
    with lock.hold(bot.data):
        assert bad(bot) == []


def test_an_old_backup_is_named_and_a_new_one_is_enough(bot: Bot) -> None:
    assert [line for line in bot.doctor().of("note") if "No backup was made here yet" in line]
    assert bot.minga("backup", bot.folder / "one").status == 0
    assert [line for line in bot.doctor().of("ok") if "The last backup is of" in line]
    long_ago = time.time() - 9 * 86_400
    os.utime(bot.data / LAST_BACKUP, (long_ago, long_ago))
    (line,) = bad(bot)
    assert "Make one each night: minga backup FILE" in line


def test_a_backup_from_before_the_key_is_no_trouble_where_it_has_a_key_of_its_own(
    bot: Bot,
) -> None:
    assert bot.minga("backup", bot.folder / "one").status == 0
    header = json.loads((bot.data / HEADER).read_text())
    ended = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    header["former"] = {"id": "0a1b2c3d4e5f", "at": ended, "file": "", "unwanted": False}
    (bot.data / HEADER).write_text(json.dumps(header))
    (line,) = bad(bot)
    assert "from before key" in line
    public, _private = create_pair()
    with bot.config.open("a") as config:
        config.write(f'\n[backup]\npublic_keys = ["{public}"]\n')
    assert bad(bot) == []
    assert [line for line in bot.doctor().of("note") if "from before key" in line]


def test_an_upgrade_for_which_there_is_no_room_is_told_before_the_start(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def older(tx: Tx) -> None:
        await tx.run("UPDATE schema_version SET version = version - 1 WHERE owner = 'core'")

    bot.change_data(older)
    assert bad(bot) == []
    monkeypatch.setattr(upgrade_copies, "_MARGIN", 1 << 60)
    (line,) = bad(bot)
    assert "No room to bring the database up to date" in line


def test_a_backup_beside_its_data_is_refused(bot: Bot) -> None:
    said = bot.minga("backup", bot.data / "mine")
    assert said.status == 78
    assert "would lie beside its data" in said.text
    assert not (bot.data / "mine").exists()


def test_other_devices_of_the_account_are_named(bot: Bot) -> None:
    ((own, keys),) = bot.server.keys.devices[ME].items()
    key = Ed25519PrivateKey.generate()
    named = {"ed25519:STRANGER": public(key)}
    named["curve25519:STRANGER"] = keys["keys"][f"curve25519:{own}"]
    stranger = {"user_id": ME, "device_id": "STRANGER", "algorithms": [], "keys": named}
    bot.server.keys.devices[ME]["STRANGER"] = add_signature(stranger, ME, key, "STRANGER")
    assert bad(bot) == []
    assert [line for line in bot.doctor().of("note") if "other devices (STRANGER)" in line]


def test_a_moderator_whose_server_is_away_is_only_a_note(bot: Bot) -> None:
    bot.server.instead = lambda request: (
        refusal(502, "M_UNKNOWN") if request.path.endswith(f"/profile/{ANA}") else None
    )
    assert bad(bot) == []
    assert [line for line in bot.doctor().of("note") if f"there is an account {ANA}" in line]


def test_a_room_in_order_has_nothing_wrong(bot: Bot) -> None:
    enter_room(bot)
    assert bad(bot) == []


def test_a_room_without_encryption_is_right_where_it_was_allowed(bot: Bot) -> None:
    enter_room(bot, ("m.room.encryption", "", {}))
    bot.add("trust", "unencrypted_rooms = true")
    assert bad(bot) == []


def test_a_flipped_byte_anywhere_is_no_traceback(bot: Bot) -> None:
    """Each page that is read is authenticated; one that is free holds nothing."""
    file = bot.data / keyring.DATABASE
    whole = file.read_bytes()
    found = 0
    for part in range(12):
        raw = bytearray(whole)
        raw[len(raw) * part // 12 + 50] ^= 1
        file.write_bytes(raw)
        lines = bad(bot)
        assert all("minga.db is damaged" in one and "minga restore" in one for one in lines)
        found += bool(lines)
    assert found >= 10


def test_doctor_changes_nothing_at_the_homeserver(bot: Bot) -> None:
    devices, logins = dict(bot.server.keys.devices[ME]), dict(bot.server.logins)
    data = dict(bot.server.account_data)
    assert bad(bot) == []
    assert (bot.server.keys.devices[ME], bot.server.logins) == (devices, logins)
    assert bot.server.account_data == data
