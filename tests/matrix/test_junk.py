"""Olm events that are of no use, from people whose devices the bot knows: what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vodozemac
from unpaddedbase64 import encode_base64

from bot.matrix.sync import to_device
from bot.types import UserId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, know, person


@pytest.fixture
async def pair(server: KeyServer, tmp_path: Path) -> tuple[Person, Person]:
    bot, mal = await person(server, tmp_path, "bot"), await person(server, tmp_path, "mal")
    await know(bot, mal)
    return bot, mal


def olm(bot: Person, mal: Person, body: str, kind: int = 1) -> dict[str, Any]:
    """An event of hers with this body."""
    content: dict[str, Any] = {"algorithm": "m.olm.v1.curve25519-aes-sha2"}
    content["sender_key"] = mal.machine.curve25519
    content["ciphertext"] = {bot.machine.curve25519: {"type": kind, "body": body}}
    return {"type": "m.room.encrypted", "sender": mal.user, "content": content}


def count_reads(bot: Person, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with each reading of the whole account."""
    read: list[int] = []
    store = bot.machine._store
    usual = store.load_account

    def load() -> Any:
        read.append(1)
        return usual()

    monkeypatch.setattr(store, "load_account", load)
    return read


async def first_message(bot: Person, mal: Person) -> dict[str, Any]:
    """An honest message that begins a session."""
    await mal.whisper(bot, "m.dummy", {})
    (event,) = bot.server.take(bot.user, bot.device)
    return dict(event)


async def test_junk_does_not_make_the_account_be_read_anew(
    pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is long to read: anybody may claim thousands of its keys and use none."""
    bot, mal = pair
    honest = await first_message(bot, mal)
    (mine,) = honest["content"]["ciphertext"].values()
    read = count_reads(bot, monkeypatch)
    junk = [
        olm(bot, mal, "AAAA"),
        olm(bot, mal, "AwoA"),
        olm(bot, mal, mine["body"][:-12] + "AAAAAAAAAAAA", 0),  # a key of ours, and no message
        olm(bot, mal, _for_another(bot, mal), 0),  # no key of ours
    ]
    assert sum(bot.machine.receive_to_device(junk * 3).refused.values()) == 12
    assert not read
    assert not bot.machine.receive_to_device([honest]).refused, "the key was not taken by junk"
    assert sum(bot.machine.receive_to_device(junk).refused.values()) == 4
    assert not read


def _for_another(bot: Person, mal: Person) -> str:
    """The first message of a session of hers, with a key that the bot does not have."""
    other = vodozemac.Account()
    other.generate_one_time_keys(1)
    (key,) = other.one_time_keys.values()
    session = mal.machine._olm.account.start_outbound(bot.machine.curve25519, key.to_base64())
    _, body = session.encrypt(b"{}").to_parts()
    return encode_base64(bytes(body))


async def test_an_error_after_a_key_was_taken_gives_it_back(
    pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, mal = pair
    honest = await first_message(bot, mal)
    read = count_reads(bot, monkeypatch)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(bot.machine._store, "save_session", broken)
        assert bot.machine.receive_to_device([honest]).refused == {"malformed": 1}
    assert len(read) == 1
    assert not bot.machine.receive_to_device([honest]).refused


async def test_one_persons_events_in_one_answer_are_limited(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(to_device, "MOST_KNOWN_EVENTS", 3)
    bot, mal, ana = [await person(server, tmp_path, name) for name in ("bot", "mal", "ana")]
    await know(bot, mal, ana)
    hers = await first_message(bot, ana)
    junk = [olm(bot, mal, "AAAA") for _ in range(5)]
    refused = bot.machine.receive_to_device([*junk, hers]).refused
    assert refused["too_many"] == 2
    assert sum(refused.values()) == 5, "others' are read all the same"
    assert bot.machine.receive_to_device(junk[:3]).refused["too_many"] == 0, "the next answer"


@pytest.mark.parametrize("sender", ["@x\ud800:one.example", "@mal\0:one.example", "", None, 5, []])
@pytest.mark.parametrize(
    "kind", ["m.room.encrypted", "m.room_key.withheld", "m.key.verification.start"]
)
async def test_a_sender_that_no_database_holds_costs_nobody_else_anything(
    pair: tuple[Person, Person], sender: Any, kind: str
) -> None:
    bot, mal = pair
    honest = await first_message(bot, mal)
    odd = honest | {"type": kind, "sender": sender}
    assert bot.machine.receive_to_device([odd, honest]).refused == {"shape": 1}
    await mal.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused, "the other was read"


@pytest.mark.parametrize("field", ["room_id", "session_id"])
def test_a_withheld_key_of_what_no_database_holds_is_refused(
    server: KeyServer, tmp_path: Path, field: str
) -> None:
    bot = Person(server, tmp_path, UserId("@bot:one.example"), "PHONE")
    content = {"algorithm": "m.megolm.v1.aes-sha2", "code": "m.blacklisted"}
    content |= {"room_id": ROOM, "session_id": "s"}
    told = {"type": "m.room_key.withheld", "sender": "@mal:one.example"}
    result = bot.machine.receive_to_device([told | {"content": content | {field: "!\ud800:x"}}])
    assert (result.refused, result.withheld) == ({"withheld": 1}, [])
    for sound in (content, {"algorithm": "m.megolm.v1.aes-sha2", "code": "m.no_olm"}):
        assert len(bot.machine.receive_to_device([told | {"content": sound}]).withheld) == 1
