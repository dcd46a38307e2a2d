"""What an Olm message must hold to count, and what a device can be told by which session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from unpaddedbase64 import encode_base64

from bot.matrix.crypto import olm_sessions
from bot.matrix.crypto.olm_machine import RejectedEvent
from bot.matrix.crypto.ratchets import OlmAccount
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, know, person

Pair = tuple[Person, Person]


@pytest.fixture
async def pair(server: KeyServer, tmp_path: Path) -> Pair:
    bot, mal = await person(server, tmp_path, "bot"), await person(server, tmp_path, "mal")
    await know(bot, mal)
    await mal.machine.query_devices(mal.http, [bot.user])
    return bot, mal


async def begin(bot: Person, mal: Person) -> vodozemac.Session:
    """A session of hers with the bot, which she can write anything by."""
    device = mal.device_of(bot)
    await mal.machine._keys.start_sessions(mal.http, [device])
    found = mal.machine._olm.session_store.get(device)
    assert found is not None
    return found


def payload(bot: Person, mal: Person, **other: Any) -> dict[str, Any]:
    """What an honest client says; with some of it changed, or left out as None."""
    whole: dict[str, Any] = {
        "type": "m.dummy",
        "content": {},
        "sender": mal.user,
        "keys": {"ed25519": mal.machine.ed25519},
        "recipient": bot.user,
        "recipient_keys": {"ed25519": bot.machine.ed25519},
    }
    return {name: value for name, value in (whole | other).items() if value is not None}


def sealed(bot: Person, mal: Person, said: bytes, session: vodozemac.Session) -> dict[str, Any]:
    """The to-device event with these bytes inside."""
    number, body = session.encrypt(said).to_parts()
    content = {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": mal.machine.curve25519,
        "ciphertext": {
            bot.machine.curve25519: {"type": number, "body": encode_base64(bytes(body))}
        },
    }
    return {"type": "m.room.encrypted", "sender": mal.user, "content": content}


def tell(bot: Person, event: dict[str, Any]) -> dict[str, int]:
    """What of the event was refused, by kind."""
    return dict(bot.machine.receive_to_device([event]).refused)


async def test_what_an_honest_client_says_counts(pair: Pair) -> None:
    bot, mal = pair
    session = await begin(bot, mal)
    assert not tell(bot, sealed(bot, mal, json.dumps(payload(bot, mal)).encode(), session))


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "@ana:one.example"},  # passed on as if it were said by another
        {"sender": None},
        {"recipient": "@ana:one.example"},  # or to another
        {"recipient": None},
        {"recipient_keys": {"ed25519": "A" * 43}},  # or to another device
        {"recipient_keys": None},
        {"recipient_keys": "ed25519"},
        {"content": None},
        {"content": "text"},
        {"content": []},
        {"keys": None},
        {"keys": []},
        {"type": None},
        {"type": 5},
    ],
)
async def test_what_is_not_said_by_its_sender_to_us_does_not_count(
    pair: Pair, other: dict[str, Any]
) -> None:
    bot, mal = pair
    session = await begin(bot, mal)
    said = json.dumps(payload(bot, mal, **other)).encode()
    assert tell(bot, sealed(bot, mal, said, session)) == {"olm": 1}
    assert not bot.machine._olm.wedged, "it could be read"


@pytest.mark.parametrize("said", [b"", b"no json", b"[]", b"\xff\xfe", b"5", b"[" * 60_000])
async def test_bytes_that_are_no_message_cost_nothing(pair: Pair, said: bytes) -> None:
    bot, mal = pair
    session = await begin(bot, mal)
    assert sum(tell(bot, sealed(bot, mal, said, session)).values()) == 1
    honest = json.dumps(payload(bot, mal)).encode()
    assert not tell(bot, sealed(bot, mal, honest, session)), "the session goes on"


async def test_a_one_time_key_is_gone_from_the_disk_with_the_session_that_took_it(
    pair: Pair,
) -> None:
    bot, mal = pair
    event = sealed(bot, mal, json.dumps(payload(bot, mal)).encode(), await begin(bot, mal))
    body = event["content"]["ciphertext"][bot.machine.curve25519]["body"]
    first = vodozemac.PreKeyMessage.from_base64(body)
    assert not tell(bot, event)
    bot.restart()
    with pytest.raises(vodozemac.SessionCreationException):
        bot.machine._olm.account.start_inbound(mal.machine.curve25519, first)


async def test_a_message_that_its_own_session_does_not_open_begins_no_second_one(
    pair: Pair,
) -> None:
    bot, mal = pair
    session = await begin(bot, mal)
    said = json.dumps(payload(bot, mal)).encode()
    event = sealed(bot, mal, said, session)
    assert not tell(bot, event)
    bot.machine._store.run("DELETE FROM minga_handled")
    assert tell(bot, event) == {"olm": 1}
    assert len(bot.machine._store.read_sessions(mal.machine.curve25519)) == 1
    assert bot.machine._olm.wedged == {(mal.user, mal.machine.curve25519)}


@pytest.mark.parametrize("begun", [False, True])
async def test_a_handled_message_is_known_by_what_is_for_us(pair: Pair, begun: bool) -> None:
    bot, mal = pair
    session = await begin(bot, mal)
    said = json.dumps(payload(bot, mal)).encode()
    event = sealed(bot, mal, said, session)
    assert not tell(bot, event)
    if begun:  # one that goes on with the session, after an answer
        await bot.whisper(mal, "m.dummy", {})
        mal.sync()
        (found, *_) = mal.machine._olm.session_store.list_candidates(
            bot.user, bot.machine.curve25519
        )
        event = sealed(bot, mal, said, found)
        assert not tell(bot, event)
    content, mine = event["content"], event["content"]["ciphertext"][bot.machine.curve25519]
    assert mine["type"] == (1 if begun else 0)
    others = {"A" * 43: mine} | content["ciphertext"]
    padded = mine | {"body": mine["body"] + "=" * (-len(mine["body"]) % 4), "more": 1}
    for same in (
        content | {"more": 1},
        content | {"ciphertext": others},
        content | {"ciphertext": {bot.machine.curve25519: padded}},
    ):
        assert not tell(bot, event | {"content": same})
    for kind in (bool(mine["type"]), float(mine["type"]), None, 2):
        odd = {bot.machine.curve25519: mine | {"type": kind}}
        assert tell(bot, event | {"content": content | {"ciphertext": odd}}) == {"olm_type": 1}
    assert not bot.machine._olm.wedged, "the good session stays"
    assert not tell(bot, sealed(bot, mal, said, session)), "another message is none of these"


async def test_the_session_that_something_came_by_is_answered_with(pair: Pair) -> None:
    bot, mal = pair
    said = json.dumps(payload(bot, mal)).encode()
    sessions = []
    for _ in range(2):
        mal.machine._olm.session_store.forget_all()
        mal.machine._store.run("DELETE FROM olmsessions")
        sessions.append(await begin(bot, mal))
        assert not tell(bot, sealed(bot, mal, said, sessions[-1]))
    held = bot.machine._olm.session_store
    hers = bot.device_of(mal)
    for session in (sessions[0], sessions[1], sessions[0]):
        assert not tell(bot, sealed(bot, mal, said, session))
        found = held.get(hers)
        assert found is not None
        assert found.session_id == session.session_id
        held.forget_all()
        found = held.get(hers)
        assert found is not None
        assert found.session_id == session.session_id, "and after a restart too"


async def test_a_session_begun_by_a_key_that_a_restored_copy_lacks_is_replaced(pair: Pair) -> None:
    bot, mal = pair
    said = json.dumps(payload(bot, mal)).encode()
    event = sealed(bot, mal, said, await begin(bot, mal))
    bot.machine._olm.account = OlmAccount(vodozemac.Account(), shared=True)
    (mine,) = event["content"]["ciphertext"].values()
    event["content"]["ciphertext"] = {bot.machine.curve25519: mine}
    with pytest.raises(RejectedEvent):
        bot.machine._olm.open_event(mal.user, event["content"])
    assert bot.machine._olm.wedged == {(mal.user, mal.machine.curve25519)}


async def test_sessions_that_were_not_used_for_longest_are_read_from_disk_again(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(olm_sessions, "MOST_IN_MEMORY", 2)
    bot, *crowd = [await person(server, tmp_path, name) for name in ("bot", "p1", "p2", "p3")]
    await know(bot, *crowd)
    for _ in range(2):
        for one in crowd:  # each as the longest unused
            await bot.whisper(one, "m.dummy", {})
            assert len(bot.machine._olm.session_store._entries) <= 2
            assert not one.sync().refused, "it goes on where it was"
            assert len(bot.machine._store.read_sessions(one.machine.curve25519)) == 1


async def test_bad_messages_after_a_good_first_one_read_the_account_once(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To read it takes long, and a malformed message costs its sender nothing."""
    bot, mal = pair
    said = json.dumps(payload(bot, mal)).encode()
    good = sealed(bot, mal, said, await begin(bot, mal))
    assert not tell(bot, good)
    read: list[int] = []
    usual = bot.machine._store.load_account

    def load_account() -> OlmAccount | None:
        read.append(1)
        return usual()

    monkeypatch.setattr(bot.machine._store, "load_account", load_account)
    bad = good | {"content": good["content"] | {"ciphertext": {}}}
    for _ in range(3):
        assert tell(bot, bad) == {"not_for_us": 1}
    assert len(read) <= 1
