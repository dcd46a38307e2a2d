"""What strangers send (C1 to C9, H8 to H10 in test_points.py): nio gives way, we do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nio.exceptions import EncryptionError

from bot.matrix.crypto.crypto_machine import BadCipher, NoKey
from bot.matrix.crypto.guard import DEEPEST, read_payload
from bot.types import Trust
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, event, know, person, room
from tests.matrix.plain import PlainBot, plain_bot


async def scene(server: KeyServer, folder: Path) -> tuple[Person, PlainBot, Person, Person]:
    """Our bot and a plain one; Ana, and Mal who means no good, have both said something."""
    bot, nio = await person(server, folder, "bot"), await plain_bot(server, folder)
    server.masters[nio.user], server.signing[nio.user] = server.masters[bot.user], {}
    ana, mal = await person(server, folder, "ana"), await person(server, folder, "mal")
    await know(bot, ana, mal)
    await nio.query([ana.user, mal.user])
    for someone in (ana, mal):
        await someone.machine.query_devices(someone.http, [bot.user, nio.user])
        sealed = await someone.machine.encrypt(
            someone.http, room(), [bot.user, nio.user], "m.room.message", {}, everyone=True
        )
        assert sealed
    bot.sync()
    nio.sync()
    return bot, nio, ana, mal


# --- C1: state inside a ciphertext --------------------------------------------------------------

STATE = (
    {"type": "m.room.power_levels", "state_key": "", "content": {"users": {"@mal": 100}}},
    {"type": "m.room.member", "state_key": "@spy:x", "content": {"membership": "join"}},
    {"type": "m.room.tombstone", "state_key": "", "content": {"replacement_room": "!r:x"}},
    {"type": "m.room.encryption", "state_key": "", "content": {}},
    {"type": "m.room.message", "state_key": "", "content": {"body": "x"}},
    {"type": "m.room.power_levels", "content": {}},
    {"type": "m.room.redaction", "content": {"redacts": "$x"}},
)


async def test_state_hidden_in_ciphertext_is_refused(server: KeyServer, tmp_path: Path) -> None:
    bot, nio, _, mal = await scene(server, tmp_path)
    reached = nio.hear(mal.payload(**STATE[1]))
    assert (reached.decrypted, reached.state_key) == (True, "@spy:x")  # nio lets the spy in
    for hidden in STATE:
        with pytest.raises(BadCipher) as refused:
            bot.hear(mal.payload(**hidden))
        assert refused.value.reason in ("state", "type")


async def test_a_payload_for_another_room_is_refused(server: KeyServer, tmp_path: Path) -> None:
    bot, nio, _, mal = await scene(server, tmp_path)
    assert nio.hear(mal.payload(room_id="!other:x")).decrypted
    with pytest.raises(BadCipher, match="room"):
        bot.hear(mal.payload(room_id="!other:x"))


# --- C2: poison to-device -----------------------------------------------------------------------


def poison(bot_key: str, honest: dict[str, Any]) -> list[dict[str, Any]]:
    """Olm events that are broken in as many ways."""

    def olm(body: Any, kind: Any = 0, sender_key: Any = None) -> dict[str, Any]:
        key = sender_key or honest["content"]["sender_key"]
        content = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": key}
        content |= {"ciphertext": {bot_key: {"type": kind, "body": body}}}
        return {"type": "m.room.encrypted", "sender": "@mal:one.example", "content": content}

    body = next(iter(honest["content"]["ciphertext"].values()))["body"]
    return [
        olm("!!!"),
        olm("AAAA"),
        olm(body[:-10] + "AAAAAAAAAA"),
        olm(body, sender_key="A" * 10),
        olm(body, sender_key="not base64"),
        olm("", 1),
        olm("AwoA", 1),
        olm("x" * 100_000),
        olm(body, 7),
        olm(17),
        olm(body, [0]),
        {"type": "m.room.encrypted", "sender": 5, "content": {"ciphertext": []}},
        {"type": "m.room.encrypted", "sender": "@mal:x", "content": []},
        {"type": "m.room.encrypted", "content": {"sender_key": {}, "ciphertext": {bot_key: 1}}},
        {"type": "m.room_key.withheld", "sender": "@m:x", "content": {"room_id": [], "code": {}}},
        {},
    ]


async def test_no_to_device_event_stops_the_bot_or_costs_another_its_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, ana, mal = await scene(server, tmp_path)
    await mal.whisper(bot, "m.dummy", {})
    (honest,) = server.take(bot.user, bot.device)
    fatal = 0
    for event_ in poison(nio.olm.account.identity_keys["curve25519"], honest)[:7]:
        try:
            nio.to_device([event_])
        except ValueError:
            fatal += 1
    assert fatal >= 3  # each of them ends nio's sync loop
    await ana.machine.maintain(ana.http)
    said = await ana.say("sigo", [bot], rules={"rotation_period_msgs": 1})
    bad = poison(bot.machine.curve25519, honest)
    good = server.take(bot.user, bot.device)
    result = bot.machine.receive_to_device([*bad, *good, *bad])
    assert len(result.new_sessions) == 1
    assert sum(result.refused.values()) == 2 * len(bad)
    assert bot.hear(said).content["body"] == "sigo"


async def test_an_error_in_the_middle_leaves_memory_as_the_disk(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, _, _, mal = await scene(server, tmp_path)
    await mal.whisper(bot, "m.room_key", {"algorithm": "m.megolm.v1.aes-sha2", "room_id": []})
    await mal.whisper(bot, "m.dummy", {})
    assert bot.sync().refused == {"room_key": 1}
    await mal.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused


# --- C4: hostile payloads -----------------------------------------------------------------------

HOSTILE = (
    b"[]",
    b"null",
    b"",
    b"\xff\xfe{}",
    b"[" * 20_000,
    b'{"type":"m.room.message","room_id":"!room:one.example","content":'
    + b'{"a":' * 200
    + b"1"
    + b"}" * 201,
    b'{"content":{"n":' + b"9" * 5_000 + b"}}",
    b'{"content":{"n":NaN}}',
    b'{"content":{"n":1e999}}',
    json.dumps({"type": "m.room.message", "room_id": ROOM, "content": {"body": "\ud800"}}).encode(),
    json.dumps({"type": "m.room.message", "room_id": ROOM, "content": []}).encode(),
    json.dumps({"type": ["m.room.message"], "room_id": ROOM, "content": {}}).encode(),
    json.dumps({"type": "m.room.message", "room_id": ROOM, "content": {"\0": 1}}).encode(),
)


async def test_no_payload_of_a_member_raises_anything_but_a_refusal(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, _, mal = await scene(server, tmp_path)
    fatal = 0
    for payload in (b"[]", b"null", b"\xff\xfe{}", b"[" * 20_000, b"9" * 5_000):
        try:
            nio.hear(mal.raw(payload))
        except EncryptionError:
            continue
        except Exception:  # noqa: BLE001, RUF100 - whichever it is, it ends nio's loop
            fatal += 1
    assert fatal >= 4
    for payload in HOSTILE:
        with pytest.raises(BadCipher):
            bot.hear(mal.raw(payload))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary() | JSON.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    with pytest.raises(BadCipher):
        read_payload(payload, ROOM)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"content": None}, "algorithm"),
        ({"content": {"algorithm": "m.megolm.v2"}}, "algorithm"),
        ({"state_key": ""}, "state"),
        ({"origin_server_ts": "1"}, "envelope"),
        ({"origin_server_ts": -1}, "envelope"),
        ({"origin_server_ts": 2**70}, "envelope"),
        ({"sender": ["@a:x"]}, "envelope"),
        ({"event_id": ""}, "envelope"),
        *(({"content": {name: None}}, "envelope") for name in ("session_id", "ciphertext")),
    ],
)
async def test_a_malformed_envelope_is_refused(
    server: KeyServer, tmp_path: Path, broken: dict[str, Any], why: str
) -> None:
    bot = await person(server, tmp_path, "bot")
    content = {"algorithm": "m.megolm.v1.aes-sha2", "session_id": "s", "ciphertext": "c"}
    good = event("@a:x", content)
    for sound in (good, good | {"origin_server_ts": 0}):
        with pytest.raises(NoKey):
            bot.hear(sound)
    for name in ("session_id", "ciphertext"):
        if broken == {"content": {name: None}}:
            broken = {"content": content | {name: None}}
    with pytest.raises(BadCipher, match=why):
        bot.hear(good | broken)
    with pytest.raises(BadCipher, match="algorithm"):
        bot.hear({})


def test_numbers_and_depth_end_where_the_specification_ends_them() -> None:
    def read(value: str) -> Any:
        text = f'{{"type":"m.room.message","room_id":"{ROOM}","content":{{"n":{value}}}}}'
        return read_payload(text.encode(), ROOM)[1]["n"]

    largest, levels = 2**53 - 1, DEEPEST - 2  # the payload and its content are two
    for value in (largest, -largest):
        assert read(str(value)) == value
    nested = read("[" * levels + "]" * levels)
    assert nested == [] or isinstance(nested[0], list)
    for refused in (
        *(str(largest + 1), str(-largest - 1), "1" * 19, "1" * 20, "-" + "1" * 20, "1" * 9000),
        "[" * (levels + 2) + "]" * (levels + 2),
    ):
        with pytest.raises(BadCipher, match="json"):
            read(refused)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\u00e1", "á"),
        ("😀 á", "😀 á"),
        ("[{" * DEEPEST, "[{" * DEEPEST),
        (r"\ud83d", None),
        (r"\uDE00", None),
        (r"\u0000", None),
        ("\0", None),
    ],
)
def test_texts_without_lone_surrogates_and_nuls_are_read(written: str, read: str | None) -> None:
    for text, wanted in ((written, read), (written + r"\u0041", read and read + "A")):
        content = f'{{"type":"m.room.message","room_id":"{ROOM}","content":{{"body":"{text}"}}}}'
        if wanted is None:
            with pytest.raises(BadCipher, match="json"):
                read_payload(content.encode(), ROOM)
        else:
            assert read_payload(content.encode(), ROOM)[1] == {"body": wanted}


# --- C8: whose message is it? -------------------------------------------------------------------


async def test_a_message_shown_under_another_name_is_not_read(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, ana, mal = await scene(server, tmp_path)
    forged = mal.payload() | {"sender": ana.user}
    assert nio.hear(forged).sender == ana.user
    for name in (ana.user, bot.user):  # the right key may still come: it is told if it doesn't
        with pytest.raises(NoKey):
            bot.hear(mal.payload() | {"sender": name})
    await bot.machine.maintain(bot.http)
    with pytest.raises(NoKey):
        bot.hear(forged)


async def test_a_message_from_a_device_not_known_yet_waits_for_the_query(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, eva = await person(server, tmp_path, "bot"), await person(server, tmp_path, "eva")
    said = await eva.say("soy nueva", [bot])
    bot.sync()
    with pytest.raises(NoKey, match="device"):
        bot.hear(said)
    assert await bot.machine.maintain(bot.http) == {eva.user}
    assert bot.hear(said).trust is Trust.SIGNED


async def test_a_device_that_its_owner_did_not_sign_is_called_unsigned(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    eva = await person(server, tmp_path, "eva", signed=False)
    await know(bot, eva)
    said = await eva.say("sin firma", [bot])
    bot.sync()
    assert bot.hear(said).trust is Trust.UNSIGNED
    await eva.sign()
    bot.machine.note_device_lists([eva.user], [])
    await bot.machine.maintain(bot.http)
    assert bot.hear(said).trust is Trust.SIGNED


# --- C9: replay ---------------------------------------------------------------------------------


async def test_a_replayed_message_is_refused_also_after_a_restart(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, ana, _ = await scene(server, tmp_path)
    said = ana.payload()
    again = said | {"event_id": "$again"}
    nio.hear(said)
    nio.restart()
    assert nio.hear(again).decrypted
    bot.hear(said)
    for _ in range(2):
        with pytest.raises(BadCipher, match="replay"):
            bot.hear(again)
        with pytest.raises(BadCipher, match="replay"):
            bot.hear(said | {"origin_server_ts": 5})
        bot.restart()
        assert bot.hear(said).content["body"] == "x"  # the same event may come again


# --- H8: the same to-device message again -------------------------------------------------------


async def test_a_to_device_message_told_twice_is_no_broken_session(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, ana, mal = await scene(server, tmp_path)
    nio.olm._unwedging_interval = type(nio.olm._unwedging_interval)(0)
    sealed = await ana.machine.encrypt(
        ana.http, room(), [nio.user, mal.user], "m.room.message", {}, everyone=True
    )
    assert sealed
    ana.machine._sharer._rooms.clear()
    await ana.machine.encrypt(
        ana.http, room(), [bot.user, nio.user], "m.room.message", {}, everyone=True
    )
    for_nio, for_us = server.take(nio.user, nio.device), server.take(bot.user, bot.device)
    nio.to_device(for_nio)
    nio.to_device(for_nio)
    assert nio.olm.wedged_devices
    assert len(bot.machine.receive_to_device(for_us).new_sessions) == 1
    bot.restart()
    assert not bot.machine.receive_to_device(for_us).refused
    assert not bot.machine._olm.wedged


# --- H9 and H10: whose session is it? -----------------------------------------------------------


async def test_a_message_without_sender_key_and_device_is_read(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, ana, _ = await scene(server, tmp_path)
    said = ana.payload()
    del said["content"]["sender_key"], said["content"]["device_id"]
    assert not hasattr(nio.parse(said), "ciphertext")  # nio does not even see a ciphertext
    assert bot.hear(said).device == ana.device


async def test_a_session_announced_again_by_another_member_stays_its_owners(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio, ana, mal = await scene(server, tmp_path)
    ballot, copied = ana.room_key(), ana.payload(content={"body": "voto 1"})
    for target in (bot.user, nio.user):
        known = next(iter(mal.machine._book.devices_of(target)))
        sealed = mal.machine._keys.encrypt_for([known], "m.room_key", ballot)
        await mal.machine._keys.send_to_devices(mal.http, "m.room.encrypted", sealed)
    nio.sync()
    stolen = copied | {"sender": mal.user, "event_id": "$stolen"}
    stolen["content"] = copied["content"] | {"sender_key": mal.machine.curve25519}
    assert nio.hear(stolen).sender == mal.user
    bot.sync()
    assert bot.hear(stolen).device == mal.device  # who repeats words says them, in their own name
    assert bot.hear(copied).content["body"] == "voto 1"
    for again in (stolen, copied):
        with pytest.raises(BadCipher, match="replay"):
            bot.hear(again | {"event_id": "$again"})


async def test_a_withheld_key_is_read_and_told(server: KeyServer, tmp_path: Path) -> None:
    bot = await person(server, tmp_path, "bot")
    content = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ROOM, "session_id": "s"}
    content |= {"code": "m.unverified", "reason": "x", "sender_key": "k"}
    event_ = {"type": "m.room_key.withheld", "sender": "@ana:x", "content": content}
    (told,) = bot.machine.receive_to_device([event_]).withheld
    assert (told.sender, told.room, told.session, told.code) == (
        "@ana:x",
        ROOM,
        "s",
        "m.unverified",
    )
