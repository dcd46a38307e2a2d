"""Sessions in memory and on disk: what is new, what stays at hand, what comes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from structlog.testing import capture_logs

from bot.matrix.crypto import inbound_sessions, key_store
from bot.matrix.crypto.crypto_machine import NoKey
from bot.matrix.crypto.inbound_sessions import MegolmSessions
from bot.matrix.crypto.room_session import key_content
from bot.types import UserId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, know, person

Three = tuple[Person, Person, Person]


@pytest.fixture
async def three(server: KeyServer, tmp_path: Path) -> Three:
    """The bot, Ana, and Mal, who is a member too and means no good."""
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "mal")]
    await know(bot, ana, mal)
    return bot, ana, mal


async def test_a_key_that_is_told_twice_is_new_once(three: Three) -> None:
    bot, ana, _ = three
    said = await ana.say("hola", [bot])
    session = (ROOM, said["content"]["session_id"])
    await ana.whisper(bot, "m.room_key", ana.room_key())  # from after that message on
    assert bot.sync().new_sessions == {session}
    await ana.whisper(bot, "m.room_key", ana.room_key())
    assert not bot.sync().new_sessions
    assert bot.hear(said).content["body"] == "hola"


async def test_a_key_that_opens_more_takes_the_place_of_the_one_in_memory(three: Three) -> None:
    bot, ana, _ = three
    await ana.say("hola", [])
    from_start = ana.room_key()
    first = await ana.say("uno", [])
    from_second = ana.room_key()
    second = await ana.say("dos", [])
    await ana.whisper(bot, "m.room_key", from_second)
    bot.sync()
    assert bot.hear(second).content["body"] == "dos"
    with pytest.raises(NoKey):
        bot.hear(first)
    await ana.whisper(bot, "m.room_key", from_start)
    assert bot.sync().new_sessions
    assert bot.hear(first).content["body"] == "uno"


async def test_a_key_that_comes_again_after_it_was_forgotten_opens_again(three: Three) -> None:
    bot, ana, _ = three
    said = await ana.say("hola", [bot])
    bot.sync()
    bot.hear(said)
    assert bot.machine.purge(datetime.now(UTC) + timedelta(seconds=2)) == 1
    await ana.whisper(bot, "m.room_key", ana.room_key())
    assert bot.sync().new_sessions
    later = await ana.say("otra vez", [bot])
    assert bot.hear(later).content["body"] == "otra vez"


async def test_what_is_forgotten_opens_with_no_claim_though_the_first_began_later(
    three: Three,
) -> None:
    bot, ana, mal = three
    vote = await ana.say("57 sí", [bot])
    await mal.whisper(bot, "m.room_key", ana.room_key())  # from after the vote on
    arrived = bot.server.take(bot.user, bot.device)
    for sealed in reversed(arrived):  # Mal's comes first
        bot.machine.receive_to_device([sealed])
    bot.hear(vote)
    assert bot.machine.forget_event(ROOM, vote["event_id"])
    with pytest.raises(NoKey):
        bot.hear(vote)


async def test_the_sessions_that_are_used_stay_in_memory(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How often the disk is read says which: many rooms may speak at once."""
    monkeypatch.setattr(inbound_sessions, "MOST_IN_MEMORY", 2)
    bot, *_ = three
    said = [await one.say("hola", [bot]) for one in three]
    bot.sync()
    read: list[int] = []

    def read_stored(sessions: MegolmSessions, row: int, *rest: Any) -> object:
        read.append(row)
        return usual(sessions, row, *rest)

    usual = MegolmSessions._read_stored
    monkeypatch.setattr(MegolmSessions, "_read_stored", read_stored)

    def reads(number: int) -> int:
        before = len(read)
        bot.hear(said[number])
        return len(read) - before

    assert [reads(n) for n in (1, 2)] == [1, 1]
    assert reads(1) == 0, "both are at hand"
    assert reads(0) == 1
    assert reads(1) == 0, "it was used since the other"
    assert reads(2) == 1


async def test_who_says_nothing_is_not_remembered_by_what_is_deleted_each_day(
    three: Three,
) -> None:
    bot, *others = three
    await bot.machine.query_devices(bot.http, [one.user for one in others])
    known = bot.machine._store.megolm.hash_user.cache_info().currsize
    bot.machine.purge(datetime.now(UTC) - timedelta(days=14))
    assert bot.machine._store.megolm.hash_user.cache_info().currsize == known


async def test_a_stranger_whose_device_is_known_since_is_no_stranger(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, eva = await person(server, tmp_path, "bot"), await person(server, tmp_path, "eva")
    said = await eva.say("soy nueva", [bot])
    bot.sync()
    other = key_content(ROOM, vodozemac.GroupSession())
    bot.machine._olm.add_megolm_session(UserId("@otra:far.example"), "k", "e", other)
    await bot.machine.query_devices(bot.http, [eva.user])
    monkeypatch.setattr(key_store, "STRANGERS_KEPT_FOR", timedelta(seconds=-2))
    bot.machine.purge(datetime.now(UTC) - timedelta(days=14))
    (left,) = bot.machine._store.run("SELECT count(*) FROM minga_megolm").fetchone()
    assert left == 1, "who is a stranger still loses theirs"
    assert bot.hear(said).content["body"] == "soy nueva"


@pytest.mark.parametrize("bad", [b"no pickle", b"\xff", b""])
async def test_a_key_that_cannot_be_read_is_missing_and_can_be_announced_again(
    three: Three, bad: bytes
) -> None:
    bot, ana, mal = three
    vote = await ana.say("57 sí", [bot])
    await mal.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    hers = bot.machine._store.megolm.hash_user(ana.user)
    bot.machine._store.run("UPDATE minga_megolm SET session = ? WHERE who = ?", bad, hers)
    bot.restart()
    with capture_logs() as logs, pytest.raises(NoKey):
        bot.hear(vote)
    gone = {"event": "a Megolm session could not be read, and was deleted", "log_level": "warning"}
    assert logs == [gone]
    (left,) = bot.machine._store.run("SELECT count(*) FROM minga_megolm").fetchone()
    assert left == 1, "the other's claim stays"
    await ana.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    later = await ana.say("otra vez", [bot])
    assert bot.hear(later).content["body"] == "otra vez"


async def test_a_key_that_cannot_be_read_keeps_no_other_from_being_forgotten(
    three: Three,
) -> None:
    bot, ana, _ = three
    vote = await ana.say("57 sí", [bot])
    bot.sync()
    bot.hear(vote)
    bot.machine._store.run(
        "INSERT INTO minga_megolm SELECT session_id, room, '', sender_key, fp_key, x'ff', seen,"
        " home, shared FROM minga_megolm"
    )
    assert bot.machine.forget_event(ROOM, vote["event_id"])
    with pytest.raises(NoKey):
        bot.hear(vote)
    (left,) = bot.machine._store.run("SELECT count(*) FROM minga_megolm").fetchone()
    assert left == 1
