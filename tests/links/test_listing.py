"""`!network` shows what is shared with each network and what waits, to whom it may be shown."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from bot.api import RoomId, UserId, items
from bot.testing.talk import ROOM
from commands.links import store
from commands.links.store import PeerState
from storage.database import Tx
from tests.links.between import Between
from tests.links.liar import A, Liar, names

OTHER = RoomId("!other:test")


def a_notice(text: str) -> dict[str, object]:
    return {"what": "notice", "version": 1, "content": {"text": text}}


async def test_each_networks_line_has_the_numbers_of_what_is_between_us(three: Between) -> None:
    said = await three.answer("a", "!event Taller de radio; en 33 horas")
    number = said.split("going ")[1].split("`")[0]
    await three.says("a", f"!network share {number}")
    await three.says("a", "yes")
    said = await three.answer("a", "!network")
    assert said.count(f"Shared with them: {number}") == 2, "both are in that link"
    assert f"{number} “Taller de radio”: shared with them" in await three.answer(
        "a", "!network Red C"
    )
    told = three.told("b")
    asked = told.split("accept ")[1].split("`")[0]
    said = await three.answer("b", "!network")
    assert f"Red A: linked, code compared\nWaiting for a moderator: {asked}\n" in said
    assert said.count("Waiting") == 1
    said = await three.answer("b", f"!network accept {asked}")
    copy = said.split("Red A as ")[1].split(".")[0]
    said = await three.answer("b", "!network red a")
    assert f"{copy} “Taller de radio”: from them" in said
    assert "waits" not in said
    assert "Nothing is shared between us and Red C" in await three.answer("c", "!network Red B") + (
        await three.answer("b", "!network Red C")
    )
    assert "I didn't understand “red”" in await three.answer("b", "!network red z")


async def test_in_another_room_nothing_is_said_of_what_waits_but_its_number(
    world: Between,
) -> None:
    b = world.of("b")
    await b.room(OTHER, "Otra", ["ana", "bea"], {"ana": 50})
    await world.says("b", "!configurar moderacion sí")
    await world.says("b", "yes")
    said = await Liar.of(world).tells(Liar.of(world).next("share", a_notice("Fuera de aqui")))
    asked = said.split("accept ")[1].split("`")[0]
    said = await b.answer("ana", "!network Red A", room=OTHER)
    assert f"{asked} (announcements): waits" in said
    assert "Fuera" not in said
    said = await b.answer("bea", "!network Red A", room=OTHER)
    assert "Waiting for a moderator: 1" in said
    assert asked not in said.replace("1 Red A: linked", "")
    await b.says("ana", f"!network accept {asked}", room=ROOM)
    await world.flow()
    said = await b.answer("bea", "!network", room=OTHER)
    assert "From them" not in said
    assert "In other rooms: 1" in said
    private = await b.private("bea")
    assert "“Fuera de aqui”: from them" in await b.answer("bea", "red Red A", room=private)


async def test_what_is_much_is_shown_by_pages(world: Between) -> None:
    liar = Liar.of(world)
    for n, name in zip(range(20), names(), strict=False):
        await liar.tells(liar.next("share", a_notice(f"Aviso {n}"), name))
    said = await world.answer("b", "!network")
    assert "8 more" in said
    first = await world.answer("b", "!network Red A")
    assert first.count("waits") == 15
    assert "More: `!network Red A 2`" in first
    second = await world.answer("b", "!network Red A 2")
    assert second.count("waits") == 5
    assert second == await world.answer("b", "!network Red A page 9")


async def test_with_many_networks_it_stays_one_page_and_is_read_as_fast(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, reads = world.of("b"), count()

    async def counted(tx: Tx, sql: str, *args: Any) -> list[Any]:
        next(reads)
        return await every(tx, sql, *args)

    every = Tx.all
    monkeypatch.setattr(Tx, "all", counted)
    spent = []
    for many in (20, 360):
        async with talk.machine.db.transaction() as tx:
            for n in range(many):
                number = await items.add(tx, "links", "link", ROOM, A, "", talk.clock.at)
                bot = UserId(f"@minga:x{many}-{n}")
                await store.add_link(tx, number, f"{number:032x}", None)
                peer = await store.add_peer(tx, number, bot, PeerState.LINKED, "e" * 32)
                await store.change_peer(tx, peer, compared=1, name=f"Red {many} y {n}")
        began = next(reads)
        said = await world.answer("b", "!network")
        assert said.count(": linked") == 10
        assert len(said.splitlines()) < 40
        assert "More networks: `!network page 2`" in said
        assert f"of Red {many} y 7 come into" in await world.answer(
            "b", f"!network trust Red {many} y 7 events"
        )
        await world.says("b", "no")
        spent.append(next(reads) - began)
    assert spent[1] <= spent[0] + 5, spent


async def test_whoever_looks_sees_what_a_room_takes_in_unread(world: Between) -> None:
    for kind in ("events", "announcements"):
        await world.says("b", f"!network trust Red A {kind}")
        await world.says("b", "yes")
    said = await world.answer("b", "!network Red A", "bea")
    assert "Without asking, this room takes in: events · announcements." in said
    assert "`!network trust Red A events no`" in said
    for kind in ("events", "announcements"):
        await world.says("b", f"!network trust Red A {kind} no")
    assert "Without asking" not in await world.answer("b", "!network Red A")
