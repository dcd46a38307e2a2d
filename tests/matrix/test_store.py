"""The key store on disk: what a kill leaves (H11), what a thief finds, what is forgotten (M2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.matrix.crypto.crypto_machine import CryptoMachine, NoKey
from bot.types import EventId, UserId
from storage.database import DatabaseError, WrongKey
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, event, know, person, room
from tests.matrix.plain import plain_bot


class Killed(BaseException):
    """The process ended here."""


def kill(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.parametrize("point", ["save_account", "save_session", "megolm.add", "mark_handled"])
async def test_a_kill_inside_a_to_device_event_loses_no_room_key(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    said = await ana.say("hola", [bot])
    events = server.take(bot.user, bot.device)
    with monkeypatch.context() as patch:
        *inner, name = point.split(".")
        store = getattr(bot.machine._store, inner[0]) if inner else bot.machine._store
        patch.setattr(store, name, kill)
        with pytest.raises(Killed):
            bot.machine.receive_to_device(events)
    bot.restart()
    assert bot.machine.receive_to_device(events).new_sessions
    assert bot.hear(said).content["body"] == "hola"


async def test_plain_nio_loses_the_room_key_in_such_a_kill(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nio, ana = await plain_bot(server, tmp_path), await person(server, tmp_path, "ana")

    sealed = await ana.machine.encrypt(
        ana.http, room(), [nio.user], "m.room.message", {}, everyone=True
    )
    events = server.take(nio.user, nio.device)
    monkeypatch.setattr(nio.olm.store, "save_inbound_group_session", kill)
    with pytest.raises(Killed):
        nio.to_device(events)
    nio.restart()
    nio.to_device(events)
    with pytest.raises(Exception, match="no session found"):
        nio.hear(event(ana.user, sealed))


async def test_a_full_disk_is_no_strangers_fault_and_rises(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await ana.say("hola", [bot])
    events = server.take(bot.user, bot.device)

    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(bot.machine._store, "mark_handled", full)
        with pytest.raises(Exception, match="full"):
            bot.machine.receive_to_device(events)
    assert bot.machine.receive_to_device(events).new_sessions


async def test_a_wrong_key_opens_nothing_and_makes_nothing(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    fingerprint = bot.machine.ed25519
    bot.machine.close()
    (path,) = tmp_path.glob("*.db")
    with pytest.raises(WrongKey):
        CryptoMachine.open(path, bot.user, bot.device, db_key=b"x" * 32, pickle_key=b"p" * 32)
    bot.machine = bot._open()
    assert bot.machine.ed25519 == fingerprint


async def test_nobody_else_may_read_the_file_and_it_holds_no_name(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    said = await ana.say("secreto", [bot])
    bot.sync()
    bot.hear(said)
    ana.machine.close()
    secrets = [ana.user, ROOM, ana.device, said["content"]["session_id"], ana.machine.curve25519]
    files = list(tmp_path.glob("bot*"))
    assert {f.name for f in files} >= {"bot-PHONE.db", "bot-PHONE.db-wal"}
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600
        content = file.read_bytes()
        assert not [s for s in secrets if s.encode() in content]


async def test_old_sessions_are_forgotten_with_their_marks(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    said = await ana.say("viejo", [bot])
    bot.sync()
    bot.hear(said)
    now = datetime.now(UTC)
    assert bot.machine.purge(now - timedelta(days=14)) == 0
    assert bot.hear(said).content["body"] == "viejo"
    assert bot.machine.purge(now + timedelta(seconds=2)) == 1
    assert not bot.machine._store.run("SELECT * FROM minga_used").fetchall()
    with pytest.raises(NoKey):
        bot.hear(said)


async def test_ten_thousand_unknown_keys_take_no_memory(server: KeyServer, tmp_path: Path) -> None:
    bot = await person(server, tmp_path, "bot")
    for n in range(1_000):
        assert not bot.machine._olm.session_store.list_candidates(bot.user, f"key{n}")
    assert not bot.machine._olm.session_store._entries


async def test_after_a_start_nobodys_name_is_in_memory_twice(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    bot.restart()
    book = bot.machine._book
    (device,) = book.devices_of(ana.user)
    (name,) = (one for one in book.fresh if one == ana.user)
    assert name is device.user_id


async def test_a_new_device_in_an_old_file_is_another_device(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    bot.machine.close()
    (path,) = tmp_path.glob("*.db")
    other = CryptoMachine.open(
        path, UserId(bot.user), "NEW", db_key=b"d" * 32, pickle_key=b"p" * 32
    )
    assert other.ed25519 != bot.machine.ed25519
    other.close()


async def test_what_is_to_be_forgotten_opens_with_no_key_here_and_the_talk_goes_on(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    first, vote, later = [await ana.say(text, [bot]) for text in ("hola", "57 sí", "gracias")]
    bot.sync()
    assert [bot.hear(said).content["body"] for said in (first, vote)] == ["hola", "57 sí"]
    assert bot.machine.forget_event(ROOM, vote["event_id"])
    assert not bot.machine.forget_event(ROOM, vote["event_id"])  # done
    assert not bot.machine.forget_event(ROOM, EventId("$unknown"))
    assert not (tmp_path / "bot-PHONE.db-wal").stat().st_size  # an older copy of the key
    for _ in range(2):
        for gone in (first, vote):
            with pytest.raises(NoKey):
                bot.hear(gone)
        assert bot.hear(later).content["body"] == "gracias"
        bot.restart()


async def test_what_is_too_old_opens_with_no_key_here_and_what_came_since_does(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    await know(ana, bot)
    now = datetime.now(UTC)
    old, new, later = [await ana.say(text, [bot]) for text in ("viejo", "nuevo", "después")]
    old["origin_server_ts"] = int((now - timedelta(days=3)).timestamp() * 1000)
    mine = await bot.say("mío", [ana])
    for said in (new, mine):
        said["origin_server_ts"] = int(now.timestamp() * 1000)
    session = mine["content"]["session_id"]
    bot.sync()
    assert [bot.hear(said).content["body"] for said in (old, new, mine)] == [
        "viejo",
        "nuevo",
        "mío",
    ]
    bot.machine.forget_before(ROOM, now - timedelta(days=1))
    assert not (tmp_path / "bot-PHONE.db-wal").stat().st_size  # an older copy of the key
    assert (await bot.say("y sigo", [ana]))["content"]["session_id"] != session
    for _ in range(2):
        with pytest.raises(NoKey):
            bot.hear(old)
        assert bot.hear(new).content["body"] == "nuevo"
        assert bot.hear(mine).content["body"] == "mío"  # its session is not so old
        bot.restart()
    bot.machine.forget_before(ROOM, now + timedelta(minutes=1))
    for gone in (new, mine):
        with pytest.raises(NoKey):
            bot.hear(gone)
    assert bot.hear(later).content["body"] == "después"


@pytest.mark.parametrize("bad", [b"no pickle", b"\xff", b""])
async def test_a_session_that_cannot_be_read_is_replaced_and_stops_nobody_else(
    server: KeyServer, tmp_path: Path, bad: bytes
) -> None:
    bot, ana, eva = [await person(server, tmp_path, name) for name in ("bot", "ana", "eva")]
    await know(bot, ana, eva)
    await bot.say("hola", [ana, eva])
    for someone in (ana, eva):
        someone.sync()
    store, hers = bot.machine._store, ana.machine.curve25519
    store.run("UPDATE olmsessions SET session = ? WHERE sender_key = ?", bad, hers)
    bot.restart()
    with capture_logs() as logs:
        said = await bot.say("sigo", [ana, eva])
    for someone in (ana, eva):
        assert not someone.sync().refused
        assert someone.hear(said).content["body"] == "sigo"
    assert len(bot.machine._store.read_sessions(hers)) == 1
    assert not bot.machine._store.run(
        "SELECT 1 FROM olmsessions WHERE session = ?", bad
    ).fetchone(), "the other is gone"
    assert logs == [
        {"event": "an Olm session could not be read, and was deleted", "log_level": "warning"}
    ]
