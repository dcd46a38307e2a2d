"""Who shares no room with us any more: nothing stays of them but a keyed pin of their identity."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest

from bot.matrix.crypto import key_requests
from bot.matrix.crypto.key_store import PINS_KEPT_FOR
from bot.run import app
from bot.types import EventId, RoomId, Trust, UserId
from storage import rooms
from storage.catch_up import undecrypted_events
from storage.database import Database
from storage.files.upgrade_copies import copy_path
from storage.membership import room_state
from storage.schema import migrate
from tests.matrix.beside import beside
from tests.matrix.homeserver import ROOM as HALL
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, fresh_seed, know, person, room


class Three(NamedTuple):
    bot: Person
    ana: Person
    eva: Person


@pytest.fixture
async def three(server: KeyServer, tmp_path: Path) -> Three:
    """Each has said something that the others read."""
    found = Three(*[await person(server, tmp_path, name) for name in ("bot", "ana", "eva")])
    await know(*found)
    for speaker, *others in (found, found[1:] + found[:1], found[2:] + found[:2]):
        said = await speaker.say("hola", others)
        for listener in others:
            listener.sync()
            listener.hear(said)
    return found


def leaves(three: Three, who: Person) -> int:
    """Two looks at who is there; how many went for good."""
    there = {one.user for one in three if one is not who}
    assert three.bot.machine.drop_absent(there) == 0
    return three.bot.machine.drop_absent(there)


def held(bot: Person) -> dict[str, str]:
    """Everything in the key store, by table, as who has the key reads it."""
    store = bot.machine._store
    tables = store.run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    rows = {name: store.run(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}  # noqa: S608
    return {name: repr(found) for name, found in rows.items()}


def where(bot: Person, word: str) -> set[str]:
    return {table for table, text in held(bot).items() if word in text}


async def test_of_who_went_nothing_stands_by_name_or_key(three: Three) -> None:
    bot, ana, eva = three
    bot.machine.note_device_lists([eva.user], [])
    assert {"minga_person", "minga_device", "minga_master"} <= where(bot, eva.user)
    assert leaves(three, eva) == 1
    for _ in range(2):
        keys_of_what_she_said = {"minga_megolm"}  # they go with everybody's (`purge`)
        assert where(bot, eva.user) == set()
        assert where(bot, eva.machine.curve25519) == keys_of_what_she_said
        assert where(bot, eva.machine.ed25519) == keys_of_what_she_said
        assert where(bot, str(eva.machine.master_key(eva.user))) == set()
        assert {"minga_device", "minga_master"} <= where(bot, ana.user)
        assert "olmsessions" in where(bot, ana.machine.curve25519)
        assert bot.trust_of(ana.user, ana.device) is Trust.SIGNED
        bot.restart()
    assert not (bot.folder / "bot-PHONE.db-wal").stat().st_size


async def test_the_pin_says_nothing_without_the_key(three: Three) -> None:
    bot, _, eva = three
    ours = bot.machine._store.keyed_hash(eva.user)
    assert where(bot, ours) == {"minga_pin"}
    assert eva.machine._store.keyed_hash(eva.user) == ours  # the same key
    bot.machine._store._veil = b"another" * 4
    assert bot.machine._store.keyed_hash(eva.user) != ours


async def test_who_is_back_by_the_next_look_has_not_gone(three: Three, server: KeyServer) -> None:
    bot, ana, eva = three
    everyone = {one.user for one in three}
    for there in (everyone - {eva.user}, everyone, everyone - {eva.user}):
        assert bot.machine.drop_absent(there) == 0
    before = server.count("keys/")
    said = await eva.say("sigo aquí", [bot, ana])
    bot.sync()
    assert bot.hear(said).content["body"] == "sigo aquí"
    assert server.count("keys/") == before


async def test_we_ourselves_never_go(three: Three) -> None:
    bot = three.bot
    await bot.machine.query_devices(bot.http, [bot.user])
    for _ in range(3):
        bot.machine.drop_absent(set())
    assert where(bot, bot.user) >= {"accounts", "minga_person"}


async def test_who_comes_back_with_another_identity_is_noticed(three: Three) -> None:
    bot, _, eva = three
    leaves(three, eva)
    await eva.sign(fresh_seed())
    await bot.machine.query_devices(bot.http, [eva.user])
    assert set(bot.machine.quarantine.replacements()) == {eva.user}
    assert str(bot.machine.master_key(eva.user)) in repr(bot.server.masters[eva.user])


async def test_who_comes_back_as_she_was_is_not(three: Three) -> None:
    bot, _, eva = three
    leaves(three, eva)
    await bot.machine.query_devices(bot.http, [eva.user])
    assert bot.machine.quarantine.replacements() == {}
    assert bot.machine.signed_devices(eva.user) == [eva.device]


@pytest.mark.parametrize("back", [False, True])
async def test_the_pin_goes_a_year_after_she_went(three: Three, back: bool) -> None:
    bot, _, eva = three
    leaves(three, eva)
    if back:
        await bot.machine.query_devices(bot.http, [eva.user])
    now = datetime.now(UTC)
    long_ago = int((now - PINS_KEPT_FOR).timestamp()) - 1
    bot.machine._store.run("UPDATE minga_pin SET gone = ? WHERE gone IS NOT NULL", long_ago)
    bot.machine.purge(now)
    kept = {"minga_pin"} if back else set()
    assert where(bot, bot.machine._store.keyed_hash(eva.user)) == kept


async def test_what_she_says_after_her_return_is_read(three: Three) -> None:
    """Her app goes on in the Olm session that we dropped: it gets a new one before she speaks."""
    bot, ana, eva = three
    leaves(three, eva)
    bot.machine.note_device_lists([eva.user], [])
    await bot.machine.maintain(bot.http)
    assert not eva.sync().refused
    said = await eva.say("he vuelto", [bot, ana], rules={"rotation_period_msgs": 1})
    bot.sync()
    assert bot.hear(said).content["body"] == "he vuelto"


async def test_a_whole_network_that_comes_back_is_met_in_several_requests(
    three: Three, server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, ana, eva = three
    monkeypatch.setattr(key_requests, "BATCH_SIZE", 1)
    for _ in range(2):
        bot.machine.drop_absent(set())
    bot.machine.note_device_lists([ana.user, eva.user], [])
    for met in (1, 2, 2):
        await bot.machine.maintain(bot.http)
        assert sum(bool(server.inboxes[p.user, p.device]) for p in (ana, eva)) == met


async def test_who_names_anas_key_as_her_own_takes_nothing_of_ana_away(
    three: Three, server: KeyServer
) -> None:
    bot, ana, eva = three
    hers = server.devices[eva.user][eva.device]
    hers["keys"][f"curve25519:{eva.device}"] = ana.machine.curve25519
    del hers["signatures"]
    server.devices[eva.user][eva.device] = eva.machine.sign(hers)
    await bot.machine.query_devices(bot.http, [eva.user])
    leaves(three, eva)
    said = await ana.say("sigo", [bot], rules={"rotation_period_msgs": 1})
    assert bot.sync().new_sessions
    assert bot.hear(said).content["body"] == "sigo"


async def test_sessions_with_devices_that_nobody_has_any_more_go_in_a_month(three: Three) -> None:
    bot, ana, eva = three
    bot.machine._store.run("DELETE FROM minga_device WHERE user = ?", eva.user)  # a stranger's now
    bot.machine.purge(datetime.now(UTC))
    assert "olmsessions" in where(bot, eva.machine.curve25519)
    bot.machine._store.run("UPDATE olmsessions SET last_usage_date = '2026-01-01 00:00:00.000000'")
    bot.machine.purge(datetime.now(UTC))
    assert "olmsessions" not in where(bot, eva.machine.curve25519)
    said = await ana.say("sigo", [bot], rules={"rotation_period_msgs": 1})
    bot.sync()
    assert bot.hear(said).content["body"] == "sigo"


async def test_a_file_from_before_there_were_pins_gets_them(three: Three) -> None:
    bot, _, eva = three
    bot.machine._store.run("DELETE FROM minga_pin")
    bot.restart()
    leaves(three, eva)
    await eva.sign(fresh_seed())
    await bot.machine.query_devices(bot.http, [eva.user])
    assert set(bot.machine.quarantine.replacements()) == {eva.user}


async def test_present_is_who_is_in_any_room_is_invited_or_said_what_is_not_read_yet(
    tmp_path: Path,
) -> None:
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})
    inside = {"help": "join", "bea": "invite", "gone": "leave", "bad": "ban"}
    async with db.transaction() as tx:
        for name in ("!here:x", "!left:x"):
            await rooms.mark_joined(tx, RoomId(name), datetime.now(UTC))
        await tx.run("UPDATE room SET private_of = '@help:x' WHERE room = '!here:x'")
        state = [
            {"type": "m.room.member", "state_key": f"@{who}:x", "content": {"membership": what}}
            for who, what in inside.items()
        ]
        await room_state.apply_state(tx, RoomId("!here:x"), state, whole=False)
        await tx.run("UPDATE room SET joined = 0 WHERE room = '!left:x'")
        await tx.run("INSERT INTO member VALUES ('!left:x', '@left:x', 'join', '')")
        at, nowhere = datetime.now(UTC), RoomId("!left:x")
        late = undecrypted_events.UndecryptedEvent(
            EventId("$1"), nowhere, UserId("@late:x"), "s", {}, at, True, at
        )
        await undecrypted_events.add(tx, [late])
    async with db.reading() as tx:
        assert await rooms.present_people(tx) == {"@help:x", "@bea:x", "@late:x"}
    await db.close()


async def test_the_bot_looks_every_hour_and_forgets_old_keys_and_copies_every_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [copy_path(tmp_path, "9.0.0", datetime.now(UTC) - timedelta(days=n)) for n in (6, 8)]
    for copy in copies:
        copy.touch()
    monkeypatch.setattr(app, "ABSENCE_CHECK_INTERVAL", timedelta(0))
    done: list[str] = []

    class Enough(Exception):
        pass

    async def look() -> int:
        done.append("look")
        if len(done) > 50:
            raise Enough
        return 1

    async def introduce(_: str) -> None: ...

    def purge(_: datetime) -> int:
        done.append("purge")
        return 0

    caught_up = asyncio.Event()
    caught_up.set()
    contact = SimpleNamespace(caught_up=caught_up)

    async def announce_identity() -> bool:
        return False

    async def nothing() -> None: ...

    dispatcher = SimpleNamespace(
        contact=contact, announce_identity=announce_identity, ask_for_rooms=nothing
    )
    db = SimpleNamespace(path=tmp_path / "minga.db")
    running = SimpleNamespace(dispatcher=dispatcher, db=db)
    keeping = SimpleNamespace(purge=purge)
    gateway = SimpleNamespace(introduce=introduce, drop_absent=look, machine=keeping)
    with pytest.raises(Enough):
        await app.run_upkeep(cast(Any, running), cast(Any, gateway), "Minga")
    assert done == ["purge", *["look"] * 24] * 2 + ["purge", "look"]
    assert [copy.exists() for copy in copies] == [True, False]


async def test_what_was_said_by_who_went_is_found_while_its_key_is_kept(tmp_path: Path) -> None:
    async with beside(tmp_path) as both, both.ours() as (gateway, inbox):
        await both.share()
        both.say("mal gesto")
        await inbox.says("mal gesto")
        said = both.server.rooms[HALL].order[-1]["event_id"]
        for _ in range(2):
            assert await gateway.drop_absent() == 0
        both.server.member(both.ana.user, "leave", "join")
        await inbox.until(lambda: str(both.server.position) in inbox.tokens)
        assert [await gateway.drop_absent() for _ in range(2)] == [0, 1]
        assert both.bot.machine.signed_devices(both.ana.user) == []
        found = await gateway.message(room().room, said)
        assert found is not None and found.text == "mal gesto"
        assert [await gateway.drop_absent() for _ in range(2)] == [0, 1]
