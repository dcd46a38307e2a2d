"""Keys for newcomers (MSC4268): which sessions, which devices, and none taken in (0035)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nio.crypto import InboundGroupSession

from bot.gateway import TryLater
from bot.matrix.crypto import history_bundles
from bot.matrix.crypto.history_marks import NAMES, SHARED_HISTORY, is_shared
from bot.matrix.crypto.shareable_sessions import read_sessions
from bot.matrix.sync.to_device import BUNDLE_TYPES
from bot.types import EventId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, fresh_seed, know, person

FILE = {"url": "mxc://one.example/bundle", "v": "v2", "key": {"k": "secret"}}
Four = tuple[Person, Person, Person, Person]


@pytest.fixture
async def four(server: KeyServer, tmp_path: Path) -> Four:
    """The bot, Ana and Mal, who are in the room; and Eva, who is about to be invited."""
    bot, ana, mal, eva = [
        await person(server, tmp_path, name) for name in ("bot", "ana", "mal", "eva")
    ]
    await know(bot, ana, mal)
    return bot, ana, mal, eva


async def heard(bot: Person, said: dict[str, Any]) -> str:
    """The bot reads it; the session's id."""
    bot.sync()
    bot.hear(said)
    return str(said["content"]["session_id"])


async def bundle(bot: Person) -> dict[str, Any]:
    """What a newcomer would get now."""
    built = await bot.machine.history.build(ROOM)
    empty: dict[str, Any] = {"room_keys": [], "withheld": []}
    return empty if built is None else dict(json.loads(built.data))


async def given_ids(bot: Person) -> set[str]:
    return {key["session_id"] for key in (await bundle(bot))["room_keys"]}


# --- which sessions -------------------------------------------------------------------------------


async def test_what_is_in_it_opens_what_was_said_and_names_its_owner(four: Four) -> None:
    bot, ana, *_ = four
    said = await ana.say("antes", [bot], shared=True)
    await heard(bot, said)
    (key,) = (await bundle(bot))["room_keys"]
    assert key["sender_key"] == ana.machine.curve25519
    assert key["sender_claimed_keys"] == {"ed25519": ana.machine.ed25519}
    assert key["room_id"] == ROOM
    session = InboundGroupSession.import_session(key["session_key"], "", "", ROOM)
    opened, _index = session.decrypt(said["content"]["ciphertext"])
    assert json.loads(opened)["content"]["body"] == "antes"


async def test_a_session_without_the_mark_is_named_as_withheld(four: Four) -> None:
    bot, ana, mal, _eva = four
    free = await heard(bot, await ana.say("para quien venga", [bot], shared=True))
    kept = await heard(bot, await mal.say("solo para quien está", [bot]))
    found = await bundle(bot)
    assert [one["session_id"] for one in found["room_keys"]] == [free]
    (held,) = found["withheld"]
    assert (held["session_id"], held["code"]) == (kept, "m.history_not_shared")
    assert "session_key" not in held


async def test_without_any_mark_there_is_no_bundle(four: Four) -> None:
    bot, ana, *_ = four
    await heard(bot, await ana.say("hola", [bot]))
    assert await bot.machine.history.build(ROOM) is None


async def test_our_own_words_are_in_it_too(four: Four) -> None:
    bot, ana, *_ = four
    said = await bot.say("anotado", [ana], shared=True)
    assert await given_ids(bot) == {said["content"]["session_id"]}


async def test_what_we_never_read_anything_with_is_not_in_it(four: Four) -> None:
    """So whoever is not in the room adds nothing to it."""
    bot, ana, mal, eva = four
    await eva.say("nadie me oye", [bot], shared=True)
    await heard(bot, await ana.say("hola", [bot, mal], shared=True))
    bot.machine.note_device_lists([eva.user], [])
    await bot.machine.maintain(bot.http)
    assert len(await given_ids(bot)) == 1


async def test_it_begins_where_our_own_key_begins(four: Four) -> None:
    bot, ana, *_ = four
    await ana.say("antes de que llegara el bot", [], shared=True)
    await ana.say("y otra", [], shared=True)
    said = await ana.say("ahora", [bot], shared=True)
    await heard(bot, said)
    (key,) = (await bundle(bot))["room_keys"]
    session = InboundGroupSession.import_session(key["session_key"], "", "", ROOM)
    assert session.first_known_index == 2


async def test_what_was_forgotten_here_is_not_in_it(four: Four) -> None:
    bot, ana, *_ = four
    first = await ana.say("borra esto", [bot], shared=True)
    second = await ana.say("esto no", [bot], shared=True)
    bot.sync()
    bot.hear(first)
    bot.hear(second)
    bot.machine.forget_event(ROOM, EventId(first["event_id"]))
    (key,) = (await bundle(bot))["room_keys"]
    session = InboundGroupSession.import_session(key["session_key"], "", "", ROOM)
    assert session.first_known_index == 1


async def test_the_newest_are_in_it_and_the_rest_is_named(
    four: Four, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, ana, *_ = four
    monkeypatch.setattr(history_bundles, "MOST_SESSIONS", 3)
    every = []
    for n in range(5):
        every.append(await heard(bot, await ana.say(f"{n}", [bot], shared=True)))
        ana.machine._sharer.discard_session(ROOM)
    found = await bundle(bot)
    assert {one["session_id"] for one in found["room_keys"]} == set(every[2:])
    assert {(one["session_id"], one["code"]) for one in found["withheld"]} == {
        (one, "m.unavailable") for one in every[:2]
    }


# --- the mark -------------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(st.booleans(), st.none(), st.integers(), st.text(), st.lists(st.booleans())),
    )
)
def test_only_true_is_a_mark(content: dict[str, Any]) -> None:
    assert is_shared(content) == (bool(content) and all(v is True for v in content.values()))


async def test_no_copy_of_a_key_makes_anothers_session_shared(four: Four) -> None:
    """Mal has Ana's key, as a member, and announces it as hers and with the mark."""
    bot, ana, mal, _eva = four
    said = await ana.say("solo para quien está", [bot, mal])
    await mal.whisper(bot, "m.room_key", ana.room_key() | {SHARED_HISTORY: True})
    await heard(bot, said)
    assert await given_ids(bot) == set()


async def test_a_squatter_who_comes_first_does_not_either(four: Four) -> None:
    bot, ana, mal, _eva = four
    await ana.say("hola", [mal])
    await mal.whisper(bot, "m.room_key", ana.room_key() | {SHARED_HISTORY: True})
    bot.sync()
    await heard(bot, await ana.say("solo para quien está", [bot, mal]))
    assert await given_ids(bot) == set()


async def test_a_session_in_which_two_people_spoke_is_nobodys(four: Four) -> None:
    """Only a server that lies about who sent something can bring that about."""
    bot, ana, mal, _eva = four
    said = await ana.say("uno", [bot, mal], shared=True)
    await mal.whisper(bot, "m.room_key", ana.room_key() | {SHARED_HISTORY: True})
    await heard(bot, said)
    lie = ana.payload() | {"sender": mal.user}
    bot.hear(lie)
    assert await given_ids(bot) == set()


async def test_said_once_to_be_closed_a_session_stays_closed(four: Four) -> None:
    bot, ana, *_ = four
    said = await ana.say("hola", [bot], shared=True)
    await heard(bot, said)
    assert await given_ids(bot)
    await ana.whisper(bot, "m.room_key", ana.room_key())
    bot.sync()
    assert await given_ids(bot) == set()
    await ana.whisper(bot, "m.room_key", ana.room_key() | {SHARED_HISTORY: True})
    bot.sync()
    bot.restart()
    assert await given_ids(bot) == set()


async def test_sessions_of_a_file_from_before_the_mark_are_closed(four: Four) -> None:
    bot, ana, *_ = four
    said = await ana.say("hola", [bot], shared=True)
    await heard(bot, said)
    bot.machine._store.run("ALTER TABLE minga_megolm DROP COLUMN shared")
    bot.restart()
    assert await given_ids(bot) == set()
    assert bot.hear(said).content["body"] == "hola"
    assert len((await bundle(bot))["withheld"]) == 0  # there is no bundle at all


async def test_our_session_ends_when_its_mark_would_be_another(four: Four) -> None:
    bot, ana, *_ = four
    ids = [
        (await bot.say("x", [ana], shared=shared))["content"]["session_id"]
        for shared in (True, True, False, False, True)
    ]
    assert ids[0] == ids[1] != ids[2] == ids[3] != ids[4] != ids[0]
    ana.sync()
    marks = ana.machine._store.run("SELECT session_id, shared FROM minga_megolm").fetchall()
    assert dict(marks) == {ids[0]: 1, ids[2]: 0, ids[4]: 1}


# --- who gets it ----------------------------------------------------------------------------------


async def give(bot: Person, eva: Person) -> int:
    """How many devices of Eva's got the file's key."""
    if not await bot.machine.history.has_readers(bot.http, eva.user):
        return 0
    return await bot.machine.history.give(bot.http, ROOM, eva.user, FILE, bot.machine.device_keys())


async def test_only_devices_that_their_owner_signed_get_it(
    four: Four, server: KeyServer, tmp_path: Path
) -> None:
    bot, _ana, _mal, eva = four
    spy = await person(server, tmp_path, "eva", "SPY", signed=False)
    assert await give(bot, eva) == 1
    assert not server.take(spy.user, spy.device)
    (sealed,) = server.take(eva.user, eva.device)
    opened = eva.machine._olm.open_event(bot.user, sealed["content"])
    assert opened.type in BUNDLE_TYPES
    assert opened.content == {"room_id": ROOM, "file": FILE}


async def test_who_confirmed_no_device_gets_nothing(
    four: Four, server: KeyServer, tmp_path: Path
) -> None:
    bot, *_ = four
    dora = await person(server, tmp_path, "dora", signed=False)
    assert await give(bot, dora) == 0
    assert not server.take(dora.user, dora.device)


async def test_a_replaced_identity_gets_nothing(four: Four, server: KeyServer) -> None:
    bot, _ana, _mal, eva = four
    assert await give(bot, eva) == 1
    await eva.sign(fresh_seed())
    server.take(eva.user, eva.device)
    assert await give(bot, eva) == 0
    assert not server.take(eva.user, eva.device)


async def test_an_old_list_of_devices_does_not_do(four: Four, server: KeyServer) -> None:
    """A device that was stolen and taken off the list would be on it."""
    bot, _ana, _mal, eva = four
    assert await give(bot, eva) == 1
    bot.machine.note_device_lists([eva.user], [])
    server.away.add(eva.user)
    server.take(eva.user, eva.device)
    assert await give(bot, eva) == 0


async def test_a_server_that_is_busy_is_tried_again(four: Four, server: KeyServer) -> None:
    bot, _ana, _mal, eva = four
    server.fail("sendToDevice")
    with pytest.raises(TryLater):
        await give(bot, eva)
    assert await give(bot, eva) == 1


# --- none is taken in -----------------------------------------------------------------------------


async def test_how_long_it_takes_to_find_the_keys_does_not_grow_with_the_devices(
    server: KeyServer, tmp_path: Path
) -> None:
    """Steps of SQLite's machine are counted, in hundreds, and no time."""
    bot = await person(server, tmp_path, "bot")
    store = bot.machine._store
    own = store.megolm.hash_user(bot.user)
    key = "INSERT INTO minga_megolm VALUES (?, ?, ?, 'gone', 'e1', x'00', 1, '', 1)"
    store.many(key, [(f"s{n}", ROOM, own) for n in range(50)])
    counts = []
    for most in (50, 1_000):
        device = "INSERT OR IGNORE INTO minga_device VALUES ('@ana:one.example', ?, ?, ?, 1)"
        store.many(device, [(f"D{n}", f"e{n}", f"c{n}") for n in range(most)])
        steps: list[int] = []
        store._file.set_progress_handler(lambda steps=steps: steps.append(1), 100)
        assert len(read_sessions(store, ROOM, own)) == 50
        store._file.set_progress_handler(None, 0)
        counts.append(len(steps))
    assert counts[1] < 2 * counts[0]


@pytest.mark.parametrize("kind", BUNDLE_TYPES)
async def test_we_take_no_bundle(four: Four, kind: str) -> None:
    """Not from who invites us, nor from anybody: nothing is stored, and nothing is fetched."""
    bot, ana, *_ = four
    await ana.say("antes", [])
    before = bot.machine._store.run("SELECT count(*) FROM minga_megolm").fetchone()
    await ana.whisper(bot, kind, {"room_id": ROOM, "file": FILE})
    result = bot.sync()
    assert not result.new_sessions
    assert result.refused == {"room_key_bundle": 1}
    assert bot.machine._store.run("SELECT count(*) FROM minga_megolm").fetchone() == before
