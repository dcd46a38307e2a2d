"""One flooder slows nobody else down, and is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.api import Answer, Context, EditedMessage, Feature
from bot.run.app import features
from bot.run.stages.limits import Limits
from bot.testing.talk import Talk
from bot.types import EventId, Membership, RoomId, UserId
from storage import rooms


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "busy.db", features(), commands_per_minute=5)
    yield talk
    await talk.close()


async def test_a_flooder_is_told_once_and_others_go_on(busy: Talk) -> None:
    for _ in range(30):
        await busy.says("bea", "!pendientes")
    posts = await busy.said()
    assert len(posts) == 6
    assert "Son muchos mensajes" in posts[-1].plain
    await busy.says("carla", "!pendientes")
    await busy.hears("No hay nada abierto")
    await busy.wait(timedelta(minutes=1))
    await busy.says("bea", "!pendientes")
    await busy.hears("No hay nada abierto")


AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
ROOM, OTHER = RoomId("!sala:a"), RoomId("!otra:a")


def allowed(limits: Limits, server: str, people: int, room: RoomId = ROOM) -> int:
    """How many of so many people of a server may ask something, each once."""
    users = [UserId(f"@{server}{n}:{server}") for n in range(people)]
    return sum(limits.allows(user, room, AT) for user in users)


def test_a_server_has_ten_times_what_a_person_has_in_all_rooms_together() -> None:
    limits = Limits(1)
    assert allowed(limits, "a", 6) + allowed(limits, "a", 20, OTHER) == 10
    assert allowed(limits, "b", 5, OTHER) == 5


def test_a_room_has_twenty_times_what_a_person_has_from_all_servers_together() -> None:
    limits = Limits(1)
    assert [allowed(limits, server, 8) for server in "abcd"] == [8, 8, 4, 0]
    assert allowed(limits, "d", 8, OTHER) == 8, "what one room refuses counts nowhere"


def test_who_shares_a_room_has_no_share_of_a_server() -> None:
    limits = Limits(1)
    assert allowed(limits, "a", 11, OTHER) == 10
    assert not limits.allows(UserId("@bea:a"), ROOM, AT)
    assert limits.allows(UserId("@bea:a"), ROOM, AT, stranger=False)


async def flood(talk: Talk, room: RoomId, accounts: int) -> None:
    """So many accounts of everybody's server, each as fast as they can."""
    for n in range(accounts):
        for _ in range(6):
            await talk.says(f"sock{n}", "!pendientes", room=room)
    await talk.sent()


async def test_accounts_of_one_server_silence_nobody_there(busy: Talk) -> None:
    """The finding of a reviewer: ten of them were enough, and votes were lost too."""
    await busy.says("bea", "!encuesta ¿Dónde? Norte, Sur")
    await busy.sent()
    socks = [f"sock{n}" for n in range(12)]
    await flood(busy, await busy.room(RoomId("!socks:test"), "S", socks), 12)
    for n in range(12):
        for _ in range(6):
            await busy.tells(f"alone{n}", "pendientes")
    await busy.sent()
    assert "Norte" in await busy.answer("carla", "!votar 1 1")
    assert "Norte: 1" in await busy.answer("bea", "!resultados 1")
    await busy.tells("carla", "pendientes")
    await busy.hears("¿Dónde?")
    await busy.tells("ana", "pendientes")
    await busy.hears("¿Dónde?")


async def test_strangers_share_what_their_server_has(busy: Talk) -> None:
    for n in range(20):
        for _ in range(4):
            await busy.tells(f"alone{n}", "pendientes")
    answered = [post for post in await busy.said() if "Son muchos mensajes" not in post.plain]
    assert len(answered) == 50


async def test_a_flood_in_the_room_itself_holds_up_no_vote(busy: Talk) -> None:
    members = ["bea", *(f"sock{n}" for n in range(25))]
    room = await busy.room(RoomId("!full:test"), "Llena", members)
    await busy.says("bea", "!encuesta ¿Dónde? Norte, Sur", room=room)
    opening = (await busy.sent())[0]
    await flood(busy, room, 25)
    assert "Son muchos" in await busy.answer("bea", "!resultados 1", room=room)
    for line, reply in (("!votar 1 1", None), ("2", opening)):
        await busy.says("bea", line, room=room, reply=reply)
        assert [post.content["m.relates_to"]["key"] for post in await busy.sent()] == ["✓"]


async def test_who_votes_too_fast_is_told_once(busy: Talk) -> None:
    await busy.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    poll = next(post for post in await busy.sent() if post.is_poll)
    for n in range(9):
        await busy.taps("bea", poll, 1 + n % 2)
    told = await busy.said()
    assert [post.room for post in told] == [await busy.private("bea")]
    assert "toques" in told[0].plain
    await busy.wait(timedelta(minutes=1))
    for _ in range(9):
        await busy.says("carla", "!votar 1 2")
    assert ["Son muchos" in post.plain for post in await busy.said()].count(True) == 1


async def test_what_is_far_too_long_is_not_read(busy: Talk) -> None:
    """An event holds 60 kB, and reading it must hold up nobody."""
    assert "demasiado" in await busy.answer("bea", "!encuesta " + "a, " * 20_000)
    assert "demasiado" in await busy.answer("bea", "!votar 1 org:" + "\n" * 60_000 + '"x')
    opening = await busy.answer("ana", "!encuesta ¿Dónde? Norte, Sur")
    assert "Norte" in opening
    await busy.says("carla", "x" * 20_000)
    await busy.hears_nothing()


async def test_a_flood_of_edits_is_not_handed_on(tmp_path: Path) -> None:
    heard: list[str] = []
    listener = Feature("listener", tmp_path / "listener")

    @listener.on(EditedMessage)
    async def edited(_ctx: Context, what: EditedMessage) -> Answer:
        heard.append(what.text)
        return None

    talk = await Talk.start(tmp_path / "edits.db", [listener], commands_per_minute=5)
    for n in range(30):
        await talk.edits("bea", EventId("$first"), f"text {n}")
    await talk.edits("carla", EventId("$other"), "theirs")
    await talk.close()
    assert heard == [*(f"text {n}" for n in range(5)), "theirs"]


def joined(talk: Talk) -> list[str]:
    return [p.room for p in talk.gateway.posted.values() if p.kind == "join"]


async def test_one_member_brings_the_bot_into_few_rooms_at_once(busy: Talk) -> None:
    """Found by tests/faults/test_18_flood.py: a member could invite without an end."""
    for n in range(9):
        await busy.invites("bea", RoomId(f"!trap{n}:evil"), direct=True)
    posts = await busy.sent()
    assert [p.kind for p in posts].count("leave") == 6
    assert "muchas invitaciones" in posts[-1].content["reason"]
    assert len(joined(busy)) == 3
    await busy.wait(timedelta(minutes=1))
    await busy.invites("bea", RoomId("!later:evil"), direct=True)
    for n in range(9):
        await busy.invites("ana", RoomId(f"!hall{n}:test"))
    await busy.sent()
    assert len(joined(busy)) == 13, "who moderates the network brings it anywhere"


async def test_one_member_has_few_private_rooms_with_the_bot(busy: Talk) -> None:
    for n in range(5):
        room = await busy.room(RoomId(f"!dm{n}:test"), "", ["bea"])
        async with busy.machine.db.transaction() as tx:
            await rooms.set_private(tx, room, UserId("@bea:test"))
    await busy.invites("bea", RoomId("!more:test"), direct=True)
    [post] = await busy.sent()
    assert "varias salas privadas" in post.content["reason"]
    await busy.moves("bea", Membership.LEAVE, RoomId("!dm0:test"))
    await busy.sent()
    await busy.invites("bea", RoomId("!new:test"), direct=True)
    await busy.sent()
    assert joined(busy) == ["!new:test"]
