"""The client around the ratchets (C1, C3, C10, H1 to H4, H7): nio's loses and hammers, ours not.

Both bots sync with the same server. nio's turn comes first; what it leaves undone is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from nio import LocalProtocolError, MegolmEvent
from vodozemac import DecodeException

from bot.gateway import SignedOut, TryLater
from bot.matrix import backoff
from bot.matrix.http import SoftLogout
from bot.types import Message, RoomId
from tests.matrix.beside import OURS, Beside, beside
from tests.matrix.fakes import Crash
from tests.matrix.homeserver import ME, ROOM
from tests.matrix.people import person
from tests.matrix.plain import PLAIN

UNKNOWN_TOKEN = b'{"errcode": "M_UNKNOWN_TOKEN", "error": "words"}'


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Beside]:
    async with beside(tmp_path) as both:
        yield both


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long our bot would have waited before each next try; no test waits for it."""
    asked: list[float] = []
    real = backoff.Backoff.next_wait

    def wait(backoff: backoff.Backoff, *after: Any) -> float:
        asked.append(real(backoff, *after))
        return 0.0

    monkeypatch.setattr(backoff.Backoff, "next_wait", wait)
    return asked


# --- C1: keys for a stranger --------------------------------------------------------------------


async def test_who_joins_in_a_ciphertext_gets_no_key(scene: Beside) -> None:
    """After this nio tells a person who was never in the room all that it says there."""
    spy = await person(scene.server.keys, scene.folder, "spy")
    await scene.share()
    scene.say("hola")
    content = {"msgtype": "m.text", "body": "secreto"}

    async with scene.nio() as nio:
        await nio.catch_up()
        await nio.client.room_send(ROOM, "m.room.message", content, ignore_unverified_devices=True)
        scene.put(type="m.room.member", state_key=spy.user, content={"membership": "join"})
        await nio.catch_up()
        await nio.client.room_send(ROOM, "m.room.message", content, ignore_unverified_devices=True)
    said = scene.server.rooms[ROOM].order[-1]
    assert spy.sync().new_sessions == {(ROOM, said["content"]["session_id"])}

    async with scene.ours() as (gateway, inbox):
        await inbox.until(lambda: inbox.live)
        await gateway.send(RoomId(ROOM), "m.room.message", content, "txn")
    assert gateway.reader.refused == {"state": 1}
    assert not spy.sync().new_sessions


# --- C3: the rest of the batch ------------------------------------------------------------------


def poison(scene: Beside) -> None:
    """Both devices get an Olm message that is no base64: anybody on Matrix can send it."""
    keys = scene.server.keys.devices[ME]
    theirs = {d: keys[d]["keys"][f"curve25519:{d}"] for d in (PLAIN, OURS)}
    content = {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": scene.ana.machine.curve25519,
        "ciphertext": {key: {"type": 0, "body": "!!!"} for key in theirs.values()},
    }
    event = {"type": "m.room.encrypted", "sender": "@mal:two.example", "content": content}
    for device in theirs:
        scene.server.keys.inboxes[ME, device].append(event)


async def test_what_came_in_the_same_batch_as_poison_is_read(scene: Beside) -> None:
    await scene.share()
    async with scene.nio() as nio:
        await nio.catch_up()
        poison(scene)
        scene.say("auxilio")
        with pytest.raises(DecodeException):
            await nio.catch_up()
        await nio.catch_up()
        scene.say("sigo")
        await nio.catch_up()
        assert nio.texts == ["sigo"]  # its token was past the batch before it looked into it
    async with scene.nio() as nio:
        await nio.catch_up()
        assert nio.texts == []  # and was stored

    inbox = await scene.caught_up()
    assert inbox.texts == ["auxilio", "sigo"]


# --- C10: gaps ----------------------------------------------------------------------------------


async def test_all_that_was_said_while_we_were_off_is_read(scene: Beside) -> None:
    await scene.share()
    said = [f"n{n}" for n in range(250)]
    scene.say(*said)
    async with scene.nio() as nio:
        await nio.catch_up()
        assert nio.texts == said[-scene.server.limit :]  # what the sync was cut to
    assert scene.server.count("/messages") == 0  # it never asked for the rest

    inbox = await scene.caught_up()
    assert inbox.texts == said


# --- H1: plain text in an encrypted room --------------------------------------------------------


async def test_plain_text_in_an_encrypted_room_is_no_message(scene: Beside) -> None:
    content = {"msgtype": "m.text", "body": "!expulsar @ana:one.example"}
    scene.server.put(scene.server.event("m.room.message", content))
    async with scene.nio() as nio:
        await nio.catch_up()
        assert nio.client.rooms[ROOM].encrypted
        assert nio.texts == [content["body"]]  # to the same callback as what was encrypted

    async with scene.ours() as (gateway, inbox):
        await inbox.until(lambda: inbox.live)
    assert inbox.texts == []
    assert gateway.reader.refused == {"plain": 1}


# --- H2: a handler that raises ------------------------------------------------------------------


async def test_a_handler_that_raises_costs_no_message(scene: Beside) -> None:
    await scene.share()

    async def handle(event: Any) -> None:
        if event.body == "n1":
            raise Crash

    scene.say("n0", "n1", "n2")
    async with scene.nio(handle) as nio:
        with pytest.raises(Crash):  # out of `sync_forever`
            await nio.catch_up()
        assert nio.texts == ["n0", "n1"]
        await nio.catch_up()
        assert nio.texts == ["n0", "n1"]
    async with scene.nio() as nio:
        await nio.catch_up()
        assert nio.texts == []  # n2 is lost for good

    def crash(what: Any) -> bool:
        return isinstance(what, Message) and what.text == "n1"

    async with scene.ours(lambda inbox: setattr(inbox, "crash", crash)) as (_, inbox):
        with pytest.raises(Crash):
            await inbox.until(lambda: inbox.live)
    assert inbox.texts == ["n0"]
    assert (await scene.caught_up()).texts == ["n1", "n2"]


# --- H3: errors of the server -------------------------------------------------------------------

ERRORS = 200


async def test_a_server_in_trouble_is_asked_less_and_less(
    scene: Beside, waits: list[float]
) -> None:
    scene.server.trouble = [(502, b"<html>Bad Gateway</html>")] * ERRORS
    clock = asyncio.get_running_loop()
    async with scene.nio() as nio:
        before = clock.time()
        await nio.catch_up()
        passed = clock.time() - before
    assert nio.errors == ERRORS
    assert ERRORS / passed > 20  # a second: as fast as the server says no

    scene.server.trouble = [(502, b"<html>Bad Gateway</html>")] * ERRORS
    await scene.caught_up()
    assert len(waits) == ERRORS
    assert ERRORS / sum(waits) < 20 / 60


async def test_a_dead_token_is_tried_once(scene: Beside) -> None:
    scene.server.trouble = [(401, UNKNOWN_TOKEN)] * ERRORS
    async with scene.nio() as nio:
        await nio.catch_up()
        assert nio.errors == ERRORS  # and it would go on for ever

    scene.server.trouble = [(401, UNKNOWN_TOKEN)] * ERRORS
    async with scene.ours() as (_, inbox):
        with pytest.raises(SignedOut):
            await inbox.until(lambda: inbox.live)
    assert len(scene.server.trouble) == ERRORS - 1


async def test_a_soft_logout_ends_nio_with_an_error_that_hides_it(scene: Beside) -> None:
    """Ours says what it is; where a password is known, it logs in again (test_signing_in)."""
    soft = UNKNOWN_TOKEN[:-1] + b', "soft_logout": true}'
    scene.server.trouble = [(401, soft)]
    async with scene.nio() as nio:
        with pytest.raises(LocalProtocolError):
            await nio.catch_up()

    scene.server.trouble = [(401, soft)]
    async with scene.ours() as (_, inbox):
        with pytest.raises(SoftLogout):
            await inbox.until(lambda: inbox.live)


# --- H4: sending in an outage -------------------------------------------------------------------


async def test_a_send_that_cannot_arrive_ends_and_holds_up_nobody(scene: Beside) -> None:
    await scene.share()
    scene.say("uno", "dos")
    scene.server.cut = {"/send/"}
    waited: list[float] = []

    async def answer(_: Any) -> None:
        await nio.client.room_send(ROOM, "m.room.message", {}, ignore_unverified_devices=True)

    async with scene.nio(answer) as nio:
        usual = nio.client.get_timeout_retry_wait_time

        async def wait(timeouts: int) -> float:
            """nio's own wait, written down instead of waited for."""
            waited.append(await usual(timeouts))
            if sum(waited) > 3600:
                raise Crash
            return 0.0

        nio.client.get_timeout_retry_wait_time = wait
        with pytest.raises(Crash):
            await nio.catch_up()
        assert nio.texts == ["uno"]  # an hour later it had not even looked at the second

    async with scene.ours() as (gateway, inbox):
        await inbox.until(lambda: inbox.texts)
        async with asyncio.timeout(30):
            with pytest.raises(TryLater):
                await gateway.send(RoomId(ROOM), "m.room.message", {}, "txn")
        scene.say("tres")
        await inbox.until(lambda: inbox.texts == ["uno", "dos", "tres"])


# --- H7: keys that come late --------------------------------------------------------------------


async def test_a_message_whose_key_comes_late_is_read(scene: Beside) -> None:
    await scene.share()
    inboxes = scene.server.keys.inboxes
    late = {device: inboxes.pop((ME, device)) for device in (PLAIN, OURS)}
    scene.say("adivina")
    async with scene.nio() as nio:
        await nio.catch_up()
        (riddle,) = nio.heard
        assert isinstance(riddle, MegolmEvent)
        inboxes[ME, PLAIN] = late[PLAIN]
        scene.say("ya")
        await nio.catch_up()
        assert nio.texts == ["ya"]  # it has the key of both, and opens one
        assert nio.client.decrypt_event(riddle).body == "adivina"
    async with scene.nio() as nio:
        await nio.catch_up()
        assert nio.texts == []

    assert (await scene.caught_up()).texts == []
    inboxes[ME, OURS] = late[OURS]
    async with scene.ours() as (_, inbox):
        await inbox.until(lambda: inbox.texts == ["adivina", "ya"])
