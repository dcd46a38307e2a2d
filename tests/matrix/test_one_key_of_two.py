"""Somebody lists another's identity key as their own device's: nobody loses a session by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vodozemac

from bot.matrix.crypto import olm_machine, olm_sessions
from bot.matrix.crypto.olm_sessions import MOST_BEGUN
from bot.signing.canonical_json import encode_canonical
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, person

RULES = {"rotation_period_msgs": 1}


async def list_key_of(thief: Person, victim: Person) -> None:
    """List the victim's Curve25519 key as that of the thief's signed device."""
    held = thief.server.devices[thief.user][thief.device]
    keys = held["keys"] | {f"curve25519:{thief.device}": victim.machine.curve25519}
    bare = {name: value for name, value in held.items() if name != "signatures"}
    changed = thief.machine._olm.with_signature(bare | {"keys": keys})
    thief.server.devices[thief.user][thief.device] = changed
    await thief.sign()


def invent_device(thief: Person, victim: Person, name: str) -> None:
    """Make a device with a new signing key and the victim's Curve25519 key the thief's only one."""
    keys, once = vodozemac.Account(), vodozemac.Account()
    once.generate_one_time_keys(1)

    def sign(thing: dict[str, Any]) -> dict[str, Any]:
        signature = keys.sign(encode_canonical(thing)).to_base64()
        return thing | {"signatures": {thief.user: {f"ed25519:{name}": signature}}}

    named = {
        f"curve25519:{name}": victim.machine.curve25519,
        f"ed25519:{name}": keys.ed25519_key.to_base64(),
    }
    device = sign({"user_id": thief.user, "device_id": name, "algorithms": [], "keys": named})
    thief.server.devices[thief.user] = {name: device}
    (key,) = once.one_time_keys.values()
    thief.server.one_time[thief.user, name] = {
        "signed_curve25519:1": sign({"key": key.to_base64()})
    }


def session_with(bot: Person, other: Person) -> str | None:
    """The id of the session by which the bot writes to this person's device."""
    device = bot.device_of(other)
    found = bot.machine._olm.session_store.get(device)
    return None if found is None else found.session_id


async def hears(bot: Person, ana: Person, others: list[Person]) -> None:
    """Ana reads what the bot says under a new key."""
    await ana.machine.query_devices(ana.http, [bot.user])
    said = await bot.say("hola", [ana, *others], rules=RULES)
    assert not ana.sync().refused
    assert ana.hear(said).content["body"] == "hola"


@pytest.mark.parametrize("thief", ["abe", "zoe"])  # before and after Ana in each request
@pytest.mark.parametrize("first", ["ana", "thief", "both"])
async def test_who_lists_anothers_key_breaks_no_session_of_theirs(
    server: KeyServer, tmp_path: Path, thief: str, first: str
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", thief)]
    await list_key_of(mal, ana)
    if first == "ana":
        await hears(bot, ana, [])
    elif first == "thief":
        await bot.say("hola", [mal], rules=RULES)
    await hears(bot, ana, [mal])
    hers = ana.machine.curve25519
    kept = session_with(bot, ana)
    for _ in range(10):  # Mal sends junk with Ana's key as the sender's
        bot.clock.now += 3601
        bot.machine._olm.wedged.add((mal.user, hers))
        await bot.machine.maintain(bot.http)
        await hears(bot, ana, [mal])
        bot.restart()
    found = bot.machine._store.read_sessions(hers)
    assert kept in {one.session_id for one in found}
    assert len(found) <= 2 * MOST_BEGUN
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused, "and the bot reads what she answers by it"


async def test_a_device_that_has_begun_a_session_itself_is_written_to_by_it(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "abe")]
    await list_key_of(mal, ana)
    await bot.say("hola", [mal], rules=RULES)
    claims = server.count("keys/claim")
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused
    claimed_by_ana = server.count("keys/claim") - claims
    await hears(bot, ana, [mal])
    assert server.count("keys/claim") - claims == claimed_by_ana, "none is claimed for her"


async def test_for_whom_a_session_was_begun_goes_with_it(server: KeyServer, tmp_path: Path) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await hears(bot, ana, [])
    owners = bot.machine._store.run("SELECT ed25519, begun FROM minga_olm_owner").fetchall()
    assert owners == [(ana.machine.ed25519, 1)]
    for _ in range(2):
        bot.machine.drop_absent({bot.user})
    assert not bot.machine._store.run("SELECT * FROM minga_olm_owner").fetchall()


@pytest.mark.parametrize("known", [False, True])  # known first as a stranger, or as a member
async def test_who_lists_anothers_key_uses_up_no_step_of_a_session_that_she_began(
    server: KeyServer, tmp_path: Path, known: bool
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "abe")]
    if known:
        await bot.machine.query_devices(bot.http, [ana.user])
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused
    await list_key_of(mal, ana)
    for _ in range(2):
        await bot.say("hola", [mal], rules=RULES)
        await hears(bot, ana, [mal])
        owners = bot.machine._store.run("SELECT session_id, begun FROM minga_olm_owner").fetchall()
        assert set(owners) == {(session_with(bot, mal), 1), (session_with(bot, ana), 0)}, (
            "one is begun for Mal, and none for Ana"
        )
        bot.restart()


def forget_names(bot: Person) -> None:
    """Leave the key store as an earlier version did: it had no such table."""
    bot.machine._store.run("DROP TABLE minga_olm_owner")
    bot.restart()


async def test_an_older_session_is_hers_who_alone_has_its_key(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "abe")]
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused
    await bot.machine.query_devices(bot.http, [ana.user])
    forget_names(bot)
    kept = session_with(bot, ana)
    assert kept is not None
    await list_key_of(mal, ana)
    await bot.machine.query_devices(bot.http, [mal.user])
    assert session_with(bot, mal) is None
    assert session_with(bot, ana) == kept


async def test_a_session_whose_first_message_names_no_key_is_nobodys_after_a_restart_too(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await bot.machine.query_devices(bot.http, [ana.user])
    with monkeypatch.context() as patch:
        patch.setattr(ana.machine._olm, "ed25519", "")
        await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused
    assert len(bot.machine._store.read_sessions(ana.machine.curve25519)) == 1
    bot.restart()
    assert session_with(bot, ana) is None


async def test_an_older_session_is_nobodys_while_two_list_its_key_until_its_next_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "abe")]
    await list_key_of(mal, ana)
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused
    await bot.machine.query_devices(bot.http, [ana.user, mal.user])
    kept = session_with(bot, ana)
    assert kept is not None
    forget_names(bot)
    assert session_with(bot, ana) is session_with(bot, mal) is None
    await ana.whisper(bot, "m.dummy", {})
    assert not bot.sync().refused
    bot.restart()
    assert (session_with(bot, ana), session_with(bot, mal)) == (kept, None)


async def test_a_message_passed_on_as_ones_own_names_nobody(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "abe")]
    await ana.whisper(bot, "m.dummy", {})
    (event,) = server.take(bot.user, bot.device)
    for sender, named in ((mal.user, 0), (ana.user, 1)):
        bot.machine.receive_to_device([event | {"sender": sender}])
        assert len(bot.machine._store.run("SELECT * FROM minga_olm_owner").fetchall()) == named


async def test_who_lists_anothers_key_under_ever_new_signing_keys_leaves_one_session(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana, mal = [await person(server, tmp_path, name) for name in ("bot", "ana", "abe")]
    await hears(bot, ana, [])
    kept, found = session_with(bot, ana), set()
    for n in range(4):
        invent_device(mal, ana, f"D{n}")
        await bot.machine.query_devices(bot.http, [mal.user])
        await bot.machine._keys.start_sessions(bot.http, bot.machine._book.devices_of(mal.user))
        held = {s.session_id for s in bot.machine._store.read_sessions(ana.machine.curve25519)}
        assert kept in held
        assert len(held) == 2
        found |= held
    assert len(found) == 5, "each time a new one was begun"
    assert session_with(bot, ana) == kept


async def test_of_many_who_list_a_key_each_message_tries_only_the_senders_sessions(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(olm_sessions, "MOST_TRIED", 3)
    bot, ana, *thieves = [
        await person(server, tmp_path, name) for name in ("bot", "ana", "t1", "t2", "t3", "t4")
    ]
    await hears(bot, ana, [])
    for thief in thieves:
        await list_key_of(thief, ana)
    await bot.say("hola", thieves, rules=RULES)
    assert len(bot.machine._store.read_sessions(ana.machine.curve25519)) == 5
    await ana.whisper(bot, "m.dummy", {})
    (event,) = server.take(bot.user, bot.device)
    tried: list[vodozemac.Session] = []
    usual = olm_machine._decrypt_with

    def decrypt_with(session: vodozemac.Session, message: vodozemac.AnyOlmMessage) -> bytes | None:
        tried.append(session)
        return usual(session, message)

    monkeypatch.setattr(olm_machine, "_decrypt_with", decrypt_with)
    junk = bot.machine.receive_to_device([event | {"sender": thieves[0].user}])
    assert junk.refused == {"olm": 1}
    assert len(tried) == 3
    assert not bot.machine.receive_to_device([event]).refused, "hers is tried first"
    assert len(tried) == 4
