"""Olm sessions that the bot begins: none in vain, and each whole on disk or not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.gateway import TryLater
from storage.database import DatabaseError
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, know, person


@pytest.fixture
async def pair(server: KeyServer, tmp_path: Path) -> tuple[Person, Person]:
    """The bot and Ana, who know of each other."""
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    return bot, ana


async def test_while_no_dummy_can_be_sent_only_one_session_is_begun(
    server: KeyServer, pair: tuple[Person, Person]
) -> None:
    bot, ana = pair
    await bot.say("hola", [ana])
    ana.sync()
    left = len(server.one_time[ana.user, ana.device])
    bot.machine._olm.wedged.add((ana.user, ana.machine.curve25519))
    server.fail("sendToDevice", times=5)
    for _ in range(5):
        bot.clock.now += 60
        with pytest.raises(TryLater):
            await bot.machine.maintain(bot.http)
    assert len(server.one_time[ana.user, ana.device]) == left - 1
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused, "the session that she knows is still there"


async def test_a_dummy_that_could_not_be_sent_is_sent_later_by_the_same_session(
    server: KeyServer, pair: tuple[Person, Person]
) -> None:
    bot, ana = pair
    await bot.say("hola", [ana])
    ana.sync()
    bot.machine._olm.wedged.add((ana.user, ana.machine.curve25519))
    server.fail("sendToDevice")
    with pytest.raises(TryLater):
        await bot.machine.maintain(bot.http)
    claims = server.count("keys/claim")
    for _ in range(2):
        await bot.machine.maintain(bot.http)
    assert server.count("keys/claim") == claims
    (dummy,) = server.inboxes[ana.user, ana.device]
    (sealed,) = dummy["content"]["ciphertext"].values()
    assert sealed["type"] == 0, "it begins the new session"
    assert not ana.sync().refused


@pytest.mark.parametrize("at", ["INSERT INTO minga_olm_owner", "COMMIT"])
async def test_a_session_that_is_not_whole_on_disk_is_not_in_memory_either(
    pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    bot, ana = pair
    store, device = bot.machine._store, bot.device_of(ana)
    with monkeypatch.context() as patch:
        break_disk(patch, bot, at)
        with pytest.raises(DatabaseError):
            await bot.machine._keys.start_sessions(bot.http, [device])
    assert bot.machine._olm.session_store.get(device) is None
    await bot.machine._keys.start_sessions(bot.http, [device])
    bot.machine._keys.encrypt_for([device], "m.dummy", {})
    (kept,) = store.read_sessions(ana.machine.curve25519)
    owners = store.run("SELECT session_id, ed25519, begun FROM minga_olm_owner").fetchall()
    assert owners == [(kept.session_id, ana.machine.ed25519, 1)]


@pytest.mark.parametrize("at", ["INSERT INTO olmsessions", "COMMIT"])
async def test_a_step_that_is_not_on_disk_is_not_in_memory_either(
    pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    bot, ana = pair
    device = bot.device_of(ana)
    await bot.machine._keys.start_sessions(bot.http, [device])
    with monkeypatch.context() as patch:
        break_disk(patch, bot, at)
        with pytest.raises(DatabaseError):
            bot.machine._keys.encrypt_for([device], "m.dummy", {})
    session, key = bot.machine._olm.session_store.get(device), bot.machine._store.pickle_key
    (kept,) = bot.machine._store.read_sessions(ana.machine.curve25519)
    assert session is not None
    assert session.pickle(key) == kept.pickle(key)


def break_disk(patch: pytest.MonkeyPatch, bot: Person, at: str) -> None:
    """Let the disk fail at the statement that begins with these words."""
    usual = bot.machine._store.run

    def run(sql: str, *args: Any) -> Any:
        if sql.startswith(at):
            raise DatabaseError("disk full")
        return usual(sql, *args)

    patch.setattr(bot.machine._store, "run", run)
