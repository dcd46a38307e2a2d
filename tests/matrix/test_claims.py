"""Several people may announce one session: who is heard, and what a flood costs (0025)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.matrix.crypto import inbound_sessions, key_store
from bot.matrix.crypto.crypto_machine import BadCipher, NoKey
from bot.matrix.crypto.olm_machine import RejectedEvent
from bot.matrix.crypto.room_session import key_content
from bot.matrix.sync import to_device
from bot.types import RoomId, Trust, UserId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, know, person

Three = tuple[Person, Person, Person]


@pytest.fixture
async def three(server: KeyServer, tmp_path: Path) -> Three:
    """The bot, Ana, and Mal, who is a member too and means no good."""
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "mal")]
    await know(bot, ana, mal)
    return bot, ana, mal


def rows(bot: Person, table: str = "minga_megolm") -> int:
    return int(bot.machine._store.run(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def size(bot: Person) -> int:
    """Bytes in use on disk."""
    (pages,) = bot.machine._store.run("PRAGMA page_count").fetchone()
    (free,) = bot.machine._store.run("PRAGMA freelist_count").fetchone()
    return 4096 * int(pages - free)


# --- whose session it is --------------------------------------------------------------------------


async def test_who_announces_anas_session_first_does_not_silence_her(three: Three) -> None:
    bot, ana, mal = three
    await ana.say("antes de que llegara el bot", [mal])
    mal.sync()
    await mal.whisper(bot, "m.room_key", ana.room_key())
    assert bot.sync().new_sessions
    vote = await ana.say("!votar 12 1", [mal, bot])
    with pytest.raises(NoKey):  # her own key is not here yet: it waits, nothing is dropped
        bot.hear(vote)
    assert bot.sync().new_sessions == {(ROOM, vote["content"]["session_id"])}
    for _ in range(2):
        assert bot.hear(vote).device == ana.device
        bot.restart()
    later = await ana.say("otra vez", [mal, bot])
    bot.sync()
    assert bot.hear(later).content["body"] == "otra vez"


async def test_it_does_not_matter_who_announces_it_later_either(three: Three) -> None:
    bot, ana, mal = three
    vote = await ana.say("!votar 12 1", [mal, bot])
    bot.sync()
    await mal.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    assert bot.hear(vote).device == ana.device


async def test_a_device_signed_by_its_owner_comes_before_one_that_is_not(
    three: Three, server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, _ = three
    twin = await person(server, tmp_path, "ana", "TWIN", signed=False)
    await know(bot)
    bot.machine.note_device_lists([ana.user], [])
    await bot.machine.maintain(bot.http)
    await ana.say("hola", [])
    key, said = ana.room_key(), await ana.say("otra vez", [])
    await twin.whisper(bot, "m.room_key", key)
    bot.machine.receive_to_device(
        [e for e in bot.server.take(bot.user, bot.device) if not _is_of(ana, e)]
    )
    assert bot.hear(said).trust is Trust.UNSIGNED
    await ana.whisper(bot, "m.room_key", key)
    bot.sync()
    assert bot.hear(said).trust is Trust.SIGNED
    with pytest.raises(BadCipher, match="replay"):  # nor are they said twice, once by each
        bot.hear(said | {"event_id": "$again"})


async def test_a_key_from_a_device_that_is_not_listed_yet_waits_for_the_list(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, eva = await person(server, tmp_path, "bot"), await person(server, tmp_path, "eva")
    said = await eva.say("soy nueva", [bot])
    bot.sync()
    with pytest.raises(NoKey, match="device"):
        bot.hear(said)
    assert await bot.machine.maintain(bot.http) == {eva.user}
    assert bot.hear(said).trust is Trust.SIGNED


# --- floods ---------------------------------------------------------------------------------------


def _is_of(who: Person, sealed: dict[str, Any]) -> bool:
    return bool(sealed["content"].get("sender_key") == who.machine.curve25519)


def learn(bot: Person, who: str, keys: tuple[str, str], content: dict[str, Any]) -> Any:
    return bot.machine._olm.add_megolm_session(UserId(who), *keys, content)


async def test_a_persons_flood_pushes_out_nothing_of_anybody_else(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, ana, mal = three
    monkeypatch.setattr(inbound_sessions, "MOST_SESSIONS", 20)
    said = await ana.say("hola", [bot])
    bot.sync()
    keys = (mal.machine.curve25519, mal.machine.ed25519)
    for _ in range(100):
        learn(bot, mal.user, keys, key_content(ROOM, vodozemac.GroupSession()))
    assert rows(bot) == 21
    assert bot.hear(said).content["body"] == "hola"


async def test_invented_claims_in_anas_name_do_not_push_out_her_own(three: Three) -> None:
    bot, ana, _ = three
    said = await ana.say("hola", [bot])
    bot.sync()
    key = ana.room_key()
    for n in range(100):
        learn(bot, ana.user, (f"key{n}", f"ed{n}"), key)
    assert rows(bot) == inbound_sessions.MOST_CLAIMS
    assert bot.hear(said).device == ana.device


async def test_her_own_claim_is_taken_after_the_invented_ones(three: Three) -> None:
    bot, ana, _ = three
    await ana.say("hola", [])
    key, said = ana.room_key(), await ana.say("otra vez", [])
    for n in range(100):
        learn(bot, ana.user, (f"key{n}", f"ed{n}"), key)
    await ana.whisper(bot, "m.room_key", key)
    bot.sync()
    assert bot.hear(said).device == ana.device


async def test_keys_of_who_shares_no_room_are_few_and_go_soon(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, ana, _ = three
    monkeypatch.setattr(inbound_sessions, "MOST_STRANGER_SESSIONS_IN_ALL", 300)
    said = await ana.say("hola", [bot])
    bot.sync()
    first = vodozemac.GroupSession()
    learn(bot, "@nueva:small.example", ("k", "e"), key_content(ROOM, first))
    for n in range(20):
        for _ in range(60):
            content = key_content(RoomId(f"!{n}:x"), vodozemac.GroupSession())
            learn(bot, f"@mal{n}:evil.example", ("k", "e"), content)
    assert rows(bot) == 1 + 300  # one who floods has no more than 50, all of them 300
    assert bot.machine._store.megolm.claims(ROOM, first.session_id, UserId("@nueva:small.example"))
    monkeypatch.setattr(key_store, "STRANGERS_KEPT_FOR", timedelta(seconds=-2))
    bot.machine.purge(datetime.now(UTC) - timedelta(days=14))
    assert rows(bot) == 1
    assert bot.hear(said).content["body"] == "hola"


def prekey(bot: Person, sender: str, one_time: vodozemac.Curve25519PublicKey) -> dict[str, Any]:
    """An Olm message that starts a session from a device that nobody has seen."""
    account = vodozemac.Account()
    ours = vodozemac.Curve25519PublicKey.from_base64(bot.machine.curve25519)
    payload = {
        "type": "m.dummy",
        "content": {},
        "sender": sender,
        "recipient": bot.user,
        "recipient_keys": {"ed25519": bot.machine.ed25519},
        "keys": {"ed25519": account.ed25519_key.to_base64()},
    }
    session = account.create_outbound_session(ours, one_time)
    kind, body = session.encrypt(json.dumps(payload).encode()).to_parts()
    sealed = {bot.machine.curve25519: {"type": kind, "body": _base64(body)}}
    content = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "ciphertext": sealed}
    content["sender_key"] = account.curve25519_key.to_base64()
    return {"type": "m.room.encrypted", "sender": sender, "content": content}


def _base64(body: bytes | str) -> str:
    return body if isinstance(body, str) else base64.b64encode(body).decode().rstrip("=")


def fallback(bot: Person) -> vodozemac.Curve25519PublicKey:
    """The key that every stranger may use."""
    account = bot.machine._olm.account
    if not account.keys.fallback_key:
        account.keys.generate_fallback_key()
        bot.machine._store.save_account(account)
    found: vodozemac.Curve25519PublicKey = next(iter(account.keys.fallback_key.values()))
    return found


async def test_a_strangers_flood_of_olm_sessions_is_counted_and_leaves_little(
    three: Three,
) -> None:
    bot, ana, _ = three
    key = fallback(bot)
    flood = [prekey(bot, "@mal:evil.example", key) for _ in range(200)]
    newcomer = prekey(bot, "@nueva:small.example", key)
    said = await ana.say("hola", [bot])
    hers = bot.server.take(bot.user, bot.device)
    before = size(bot)
    result = bot.machine.receive_to_device([*flood, newcomer, *hers])
    assert result.refused == {"strange": 200 - to_device.STRANGER_BURST}
    assert bot.hear(said).content["body"] == "hola"
    strange = bot.machine._store.run("SELECT sender_key FROM minga_stranger").fetchall()
    assert newcomer["content"]["sender_key"] in {row[0] for row in strange}
    assert len(strange) == key_store.MOST_STRANGER_DEVICES + 1
    assert rows(bot, "olmsessions") <= key_store.MOST_STRANGER_DEVICES + 1 + 4
    assert size(bot) - before < 100_000  # whatever the flood
    assert set(bot.machine._olm.session_store._entries) <= {
        d.curve25519 for u in (ana.user, three[2].user) for d in bot.machine._book.devices_of(u)
    }


async def test_a_stranger_may_write_again_after_a_while(three: Three) -> None:
    bot = three[0]
    key = fallback(bot)
    mal = "@mal:evil.example"
    bot.machine.receive_to_device([prekey(bot, mal, key) for _ in range(to_device.STRANGER_BURST)])
    assert bot.machine.receive_to_device([prekey(bot, mal, key)]).refused == {"strange": 1}
    bot.clock.now += 2 * to_device.STRANGER_INTERVAL
    assert not bot.machine.receive_to_device([prekey(bot, mal, key)]).refused


async def test_of_a_flood_of_many_the_loudest_server_makes_room(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, key = three[0], fallback(three[0])
    monkeypatch.setattr(key_store, "MOST_STRANGERS", 20)
    first = prekey(bot, "@nueva:small.example", key)
    bot.machine.receive_to_device([first])
    bot.machine.receive_to_device([prekey(bot, f"@m{n}:evil.example", key) for n in range(60)])
    held = {row[0] for row in bot.machine._store.run("SELECT sender_key FROM minga_stranger")}
    assert len(held) == 20
    assert first["content"]["sender_key"] in held
    kept = bot.machine._store.run("SELECT sender_key FROM olmsessions").fetchall()
    assert first["content"]["sender_key"] in {row[0] for row in kept}


async def test_what_a_stranger_left_goes_when_they_are_to_be_forgotten(three: Three) -> None:
    bot = three[0]
    bot.machine.receive_to_device([prekey(bot, "@mal:evil.example", fallback(bot))])
    assert rows(bot, "minga_stranger") == 1
    bot.machine._store.drop_people([UserId("@mal:evil.example")])
    assert rows(bot, "minga_stranger") == 0


# --- hostile content ------------------------------------------------------------------------------

VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
FIELDS = ("algorithm", "room_id", "session_id", "session_key")


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.data())
async def test_any_room_key_is_kept_or_rejected(three: Three, data: st.DataObject) -> None:
    bot, _, mal = three
    content = dict(key_content(ROOM, vodozemac.GroupSession()))
    for name in data.draw(st.sets(st.sampled_from(FIELDS))):
        content[name] = data.draw(VALUE)
    keys = (data.draw(st.text(max_size=60)), data.draw(st.text(max_size=60)))
    try:
        learn(bot, mal.user, keys, content)
    except RejectedEvent as refused:
        assert refused.reason in ("room_key", "too_many_claims")


# --- files of before ------------------------------------------------------------------------------

OLD = """
CREATE TABLE minga_session (session_id TEXT PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE minga_replay (session_id TEXT, idx INTEGER, event TEXT NOT NULL, ts INTEGER NOT NULL,
  PRIMARY KEY (session_id, idx)) WITHOUT ROWID;
CREATE INDEX minga_replay_event ON minga_replay (event);
INSERT INTO minga_session SELECT session_id, seen FROM minga_megolm;
INSERT INTO minga_replay SELECT session_id, idx, event, ts FROM minga_used;
CREATE TABLE megolminboundsessions (
  session_id TEXT NOT NULL PRIMARY KEY, sender_key TEXT NOT NULL, account_id INTEGER NOT NULL,
  fp_key TEXT NOT NULL, room_id TEXT NOT NULL, session BLOB NOT NULL);
INSERT INTO megolminboundsessions (account_id, sender_key, fp_key, room_id, session, session_id)
  SELECT (SELECT id FROM accounts), sender_key, fp_key, room, session, session_id
  FROM minga_megolm;
DROP TABLE minga_megolm;
DROP TABLE minga_used;
DROP TABLE minga_stranger;
"""
"""The schema of commit 796e93f, with what the new one holds."""


async def test_a_file_of_before_loses_no_session_and_no_mark(three: Three) -> None:
    bot, ana, mal = three
    read, unread = [await ana.say(text, [mal, bot]) for text in ("leída", "sin leer")]
    bot.sync()
    bot.hear(read)
    seen = bot.machine._store.run("SELECT seen FROM minga_megolm").fetchall()
    for statement in OLD.split(";")[:-1]:
        bot.machine._store.run(statement)
    for _ in range(2):
        bot.restart()
        assert bot.machine._store.run("SELECT seen FROM minga_megolm").fetchall() == seen
        assert bot.hear(read).content["body"] == "leída"
        assert bot.hear(unread).device == ana.device
        with pytest.raises(BadCipher, match="replay"):
            bot.hear(read | {"event_id": "$again"})
        with pytest.raises(NoKey):
            bot.hear(unread | {"sender": mal.user})
    await mal.whisper(bot, "m.room_key", ana.room_key())
    await ana.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    assert bot.hear(unread).device == ana.device
    tables = bot.machine._store.run("SELECT name FROM sqlite_master").fetchall()
    assert not {"minga_replay", "minga_session"} & {row[0] for row in tables}
    assert rows(bot, "megolminboundsessions") == 0


async def test_what_is_to_be_forgotten_opens_with_nobodys_claim(three: Three) -> None:
    bot, ana, mal = three
    vote, later = [await ana.say(text, [mal, bot]) for text in ("57 sí", "gracias")]
    bot.sync()
    await mal.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    bot.hear(vote)
    assert bot.machine.forget_event(ROOM, vote["event_id"])
    for who in (ana, mal):
        with pytest.raises(NoKey):
            bot.hear(vote | {"sender": who.user})
    assert bot.hear(later).content["body"] == "gracias"


async def test_who_announces_an_old_session_again_does_not_make_it_last(three: Three) -> None:
    bot, ana, mal = three
    said = await ana.say("hola", [mal, bot])
    bot.sync()
    old = int((datetime.now(UTC) - timedelta(days=13)).timestamp())
    bot.machine._store.run("UPDATE minga_megolm SET seen = ?", old)
    await mal.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    assert rows(bot) == 2
    assert bot.machine.purge(datetime.now(UTC) - timedelta(days=12)) == 2
    assert said
    assert rows(bot) == 0
