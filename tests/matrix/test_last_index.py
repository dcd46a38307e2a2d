"""A Megolm session made by hand at the end of its count, as no client makes one."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from unpaddedbase64 import encode_base64

from bot.matrix.crypto.crypto_machine import BadCipher, NoKey
from bot.matrix.crypto.ratchets import LAST_INDEX
from bot.types import EventId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, event, know, person

RATCHET = b"r" * 128


class HandMade:
    """A session that stands at an index of our choice (Megolm specification)."""

    def __init__(self, index: int) -> None:
        self.index, self.signing = index, Ed25519PrivateKey.generate()
        public = self.signing.public_key().public_bytes_raw()
        shared = b"\x02" + index.to_bytes(4) + RATCHET + public
        self.key = encode_base64(shared + self.signing.sign(shared))
        self.id = encode_base64(public)

    def encrypt(self, plaintext: bytes) -> str:
        """Return the ciphertext of the message with the session's index."""
        keys = HKDF(hashes.SHA256(), 80, bytes(32), b"MEGOLM_KEYS").derive(RATCHET)
        pad = padding.PKCS7(128).padder()
        cipher = Cipher(algorithms.AES(keys[:32]), modes.CBC(keys[64:])).encryptor()
        body = cipher.update(pad.update(plaintext) + pad.finalize()) + cipher.finalize()
        sealed = b"\x03\x08" + _varint(self.index) + b"\x12" + _varint(len(body)) + body
        sealed += hmac.digest(keys[32:64], sealed, "sha256")[:8]
        return encode_base64(sealed + self.signing.sign(sealed))


def _varint(number: int) -> bytes:
    head, rest = number & 127, number >> 7
    return bytes([head | 128]) + _varint(rest) if rest else bytes([head])


@pytest.fixture
async def pair(server: KeyServer, tmp_path: Path) -> tuple[Person, Person]:
    bot, mal = await person(server, tmp_path, "bot"), await person(server, tmp_path, "mal")
    await know(bot, mal)
    return bot, mal


async def said_at(bot: Person, mal: Person, index: int) -> dict[str, Any]:
    """Return an event of hers with this index, after the bot was given its key."""
    made = HandMade(index)
    key = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ROOM}
    await mal.whisper(bot, "m.room_key", key | {"session_id": made.id, "session_key": made.key})
    assert bot.sync().new_sessions == {(ROOM, made.id)}
    text = json.dumps({"type": "m.room.message", "room_id": ROOM, "content": {"body": "hola"}})
    content = {"algorithm": "m.megolm.v1.aes-sha2", "session_id": made.id}
    return event(mal.user, content | {"ciphertext": made.encrypt(text.encode())}, 1_000)


async def test_a_message_before_the_last_is_read_and_forgotten(pair: tuple[Person, Person]) -> None:
    bot, mal = pair
    said = await said_at(bot, mal, LAST_INDEX - 1)
    assert bot.hear(said).content["body"] == "hola"
    assert bot.machine.forget_event(ROOM, said["event_id"])
    with pytest.raises(NoKey):
        bot.hear(said)


async def test_the_last_message_of_a_session_is_refused(pair: tuple[Person, Person]) -> None:
    bot, mal = pair
    with pytest.raises(BadCipher, match="index"):
        bot.hear(await said_at(bot, mal, LAST_INDEX))


@pytest.mark.parametrize("all_before", [False, True])
async def test_a_last_message_that_was_read_stops_no_deletion(
    pair: tuple[Person, Person], all_before: bool
) -> None:
    """As in a file from before it was refused: what follows it cannot be kept."""
    bot, mal = pair
    said = await said_at(bot, mal, LAST_INDEX)
    sealed, sessions = said["content"], bot.machine._store.megolm
    used = (sealed["session_id"], mal.user, LAST_INDEX, EventId(said["event_id"]), 1_000)
    assert sessions.is_first_use(*used)
    other = await said_at(bot, mal, 0)
    bot.hear(other)
    if all_before:
        bot.machine.forget_before(ROOM, datetime.now(UTC) + timedelta(seconds=1))
    else:
        assert bot.machine.forget_event(ROOM, used[3])
        assert not bot.machine.forget_event(ROOM, used[3]), "it is gone"
        assert bot.hear(other).content["body"] == "hola"
    assert not sessions.claims(ROOM, sealed["session_id"], mal.user)
    with pytest.raises(NoKey):
        bot.hear(said)
    if all_before:
        with pytest.raises(NoKey):
            bot.hear(other)


def test_the_session_made_by_hand_is_one() -> None:
    made = HandMade(7)
    session = vodozemac.InboundGroupSession(vodozemac.SessionKey(made.key))
    opened = session.decrypt(vodozemac.MegolmMessage.from_base64(made.encrypt(b"hola")))
    assert (bytes(opened.plaintext), opened.message_index) == (b"hola", 7)
