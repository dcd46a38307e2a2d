"""Forty broken Olm events, and two hundred and ten Megolm payloads that are no message."""

from __future__ import annotations

import base64
import json
from typing import Any

import vodozemac
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.faults.scene import TASK
from tests.matrix.test_guard import poison

OLM = "m.olm.v1.curve25519-aes-sha2"
MEGOLM = "m.megolm.v1.aes-sha2"


def broken_olm(bot_key: str, sealed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return forty broken to-device events, made from one that is whole (`sealed`)."""
    body = next(iter(sealed["ciphertext"].values()))["body"]
    stranger = vodozemac.Account()
    stranger.generate_one_time_keys(1)
    (one_time,) = stranger.one_time_keys.values()
    mine = vodozemac.Account()
    session = mine.create_outbound_session(stranger.curve25519_key, one_time)
    unknown = session.encrypt(b"{}").to_parts()[1]

    def olm(text: Any, kind: Any = 0, to: str = bot_key, key: Any = None) -> dict[str, Any]:
        content = {"algorithm": OLM, "sender_key": key or sealed["sender_key"]}
        content["ciphertext"] = {to: {"type": kind, "body": text}}
        return {"type": "m.room.encrypted", "sender": "@mal:one.example", "content": content}

    cut = [olm(body[:length]) for length in range(4, len(body), len(body) // 12)][:12]
    more = [
        olm(_unpadded(unknown)),
        olm(_unpadded(unknown), key=mine.curve25519_key.to_base64()),
        olm(body, to="A" * 43),
        olm(body, 1),
        olm(body, -1),
        olm(body, "0"),
        olm(body, 2**63),
        olm("A" * 60_000),
        olm(body + "é"),
        olm(body[1:]),
        olm(body, key="A" * 43),
        olm(None),
    ]
    found = [*poison(bot_key, {"content": sealed}), *cut, *more]
    assert len(found) >= 40
    return found[:40]


def _unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


def known_payloads(room: str, other: str) -> list[bytes]:
    """Return ten payloads that once ended a bot, or reached where they must not."""
    content = {"msgtype": "m.text", "body": TASK.format("veneno")}
    line = {"type": "m.room.message", "room_id": room, "content": content}
    return [
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b"[" * 20_000,
        b'{"content":{"n":' + b"9" * 5_000 + b"}}",
        json.dumps(line).encode().replace(b'"m.text"', b"NaN"),
        json.dumps(line | {"content": content | {"body": "!ayuda \ud800"}}).encode(),
        json.dumps(line | {"room_id": other, "content": content | {"more": "x" * 40_000}}).encode(),
        json.dumps(line | {"room_id": other}).encode(),
        json.dumps(line | {"type": "org.example.unknown"}).encode(),
    ]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = ("type", "room_id", "content", "body", "msgtype")


def made_payloads(room: str, many: int) -> list[bytes]:
    """Return so many payloads made by hypothesis: bytes, or a command with senseless parts."""
    found: list[bytes] = []

    @settings(
        max_examples=many,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(max_size=2_000) | st.dictionaries(st.sampled_from(FIELDS), JUNK, min_size=1))
    def make(junk: Any) -> None:
        found.append(junk if isinstance(junk, bytes) else _with(room, junk))

    while len(found) < many:
        make()
    return found[:many]


def _with(room: str, junk: dict[str, Any]) -> bytes:
    content: Any = {"msgtype": "m.text", "body": TASK.format("veneno")}
    content |= {key: value for key, value in junk.items() if key in ("body", "msgtype")}
    line = {"type": "m.room.message", "room_id": room, "content": content}
    line |= {key: value for key, value in junk.items() if key in ("type", "room_id", "content")}
    return json.dumps(line).encode()
