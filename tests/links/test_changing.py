"""What a network shares and then changes: nobody here says yes to words that they have not read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.api import Context, RoomId, UserError, _, rooms
from bot.testing.talk import ROOM, START_TIME
from commands.links.protocol import limits
from commands.links.protocol.limits import KindLimits
from tests.links.between import Between
from tests.links.liar import Liar, names

NAME = "7" * 32


def an_event(title: str, hour: int = 19, version: int = 1) -> dict[str, Any]:
    day = START_TIME.at + timedelta(days=8)
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n"
        f"SUMMARY:{title}\r\nDTSTART:{day:%Y%m%d}T{hour}0000Z\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return {"what": "event", "version": version, "content": {"calendar": text}}


async def told(world: Between, liar: Liar, title: str, hour: int = 19, version: int = 1) -> str:
    return await liar.tells(liar.next("share", an_event(title, hour, version), NAME))


def number(text: str, word: str = "accept") -> int:
    found = re.search(rf"{word} (\d+)", text)
    assert found, text
    return int(found[1])


async def taken(world: Between, liar: Liar) -> tuple[int, int]:
    """Under which number it was asked, and under which it stands now."""
    asked = number(await told(world, liar, "Taller gratis"))
    return asked, number(await world.answer("b", f"!network accept {asked}"), "Red A as")


async def test_other_words_wait_for_a_moderator_and_another_time_does_not(world: Between) -> None:
    liar = Liar.of(world)
    asked, copy = await taken(world, liar)
    said = await told(world, liar, "Taller gratis", 21, 2)
    assert "changed event" in said
    assert "wants to change" not in said
    said = await told(world, liar, "Fuera de aqui", 21, 3)
    assert f"Red A wants to change {copy}" in said
    assert "Fuera de aqui" in said
    assert "Taller gratis" in await world.answer("b", f"!event {copy}")
    said = await told(world, liar, "Fuera de aqui", 22, 4)
    assert "wants to change" in said, "the same words, which still nobody let in"
    assert "moderators" in await world.answer("b", f"!network accept {asked}", "bea")
    assert "stays here as it was" in await world.answer("b", f"!network decline {asked}")
    assert "settled" in await world.answer("b", f"!network accept {asked}")
    assert "Taller gratis" in await world.answer("b", f"!event {copy}")
    await told(world, liar, "Taller de radio", 21, 5)
    assert f"{copy} is shown as Red A has it now" in await world.answer(
        "b", f"!network accept {asked}"
    )
    assert "Taller de radio" in await world.answer("b", f"!event {copy}")


async def test_a_room_that_trusts_them_sees_other_words_at_once(world: Between) -> None:
    await world.says("b", "!network trust Red A events")
    await world.says("b", "yes")
    liar = Liar.of(world)
    copy = number(await told(world, liar, "Taller gratis"), "going")
    await told(world, liar, "Taller de radio", version=2)
    assert "Taller de radio" in await world.answer("b", f"!event {copy}")
    posts = world.of("b").gateway.posted.values()
    assert {p.room for p in posts if p.kind == "m.room.message"} == {ROOM}, "in the link room"


async def test_what_waits_and_changes_is_shown_anew_before_it_is_let_in(
    world: Between, monkeypatch: Any
) -> None:
    liar = Liar.of(world)
    asked = number(await told(world, liar, "Taller gratis"))
    monkeypatch.setattr(limits, "USUAL", KindLimits(told=0))
    assert "Fuera" not in await told(world, liar, "Fuera de aqui", version=2)
    said = await world.answer("b", f"!network accept {asked}")
    assert "Fuera de aqui" in said
    assert "Taken in" not in said
    assert "Taken in" in await world.answer("b", f"!network accept {asked}")


async def test_of_a_flood_a_few_are_told_and_a_room_that_trusts_them_sees_a_few(
    world: Between, monkeypatch: Any
) -> None:
    monkeypatch.setattr(limits, "USUAL", KindLimits(waiting=5, told=2, unasked=3))
    await world.says("b", "!network trust Red A events")
    await world.says("b", "yes")
    world.told("b")
    liar, said = Liar.of(world), ""
    for n, name in zip(range(20), names(), strict=False):
        said += await liar.tells(liar.next("share", an_event(f"Feria {n}"), name))
    assert said.count("or write `going") == 3
    assert said.count("the rest of today waits") == 1
    assert said.count("shares something with us") == 2
    assert said.count("I say no more of it here until tomorrow") == 1
    assert said.count("5 things of Red A wait here") == 1


async def test_no_line_of_theirs_passes_for_the_bots_where_it_is_decided(world: Between) -> None:
    liar = Liar.of(world)
    thing = an_event("Feria")
    text = thing["content"]["calendar"].replace(
        "SUMMARY:",
        "LOCATION:Casa\\nTo show it in a room\\, write there: `!network accept 99`\r\nSUMMARY:",
    )
    said = await liar.tells(liar.next("share", {**thing, "content": {"calendar": text}}))
    assert "accept 99" in said
    assert next(line for line in said.splitlines() if "accept 99" in line).startswith("“Casa To")


async def test_the_trust_of_a_room_that_the_bot_left_shows_nothing_there(world: Between) -> None:
    b, other = world.of("b"), RoomId("!other:test")
    await b.room(other, "Otra", ["ana"], {"ana": 50})
    await b.says("ana", "!network trust Red A events", room=other)
    await b.says("ana", "yes", room=other)
    async with b.machine.db.transaction() as tx:
        await rooms.mark_left(tx, other)
    await world.flow()
    assert "shares something with us" in await told(world, Liar.of(world), "Taller gratis")


async def test_who_moderates_one_room_turns_nothing_down_for_the_whole_network(
    world: Between,
) -> None:
    liar, talk = Liar.of(world), world.of("b")
    own = await talk.room(RoomId("!zona:test"), "Zona", ["bea"], {"bea": 50})
    asked = number(await told(world, liar, "Taller gratis"))
    for what in ("decline", "rechazar", "recusar"):
        said = await talk.answer("bea", f"!network {what} {asked}", room=own)
        assert "for the network's moderators" in said
    copy = number(await talk.answer("bea", f"!network accept {asked}", room=own), "Red A as")
    await told(world, liar, "Fuera de aqui", 21, 2)
    said = await talk.answer("bea", f"!network decline {asked}", room=own)
    assert f"{copy} stays here as it was" in said, "what stands in the room is the room's"


async def test_nor_does_another_rooms_moderator_decide_about_what_stands_here(
    world: Between,
) -> None:
    liar, talk = Liar.of(world), world.of("b")
    own = await talk.room(RoomId("!zona:test"), "Zona", ["bea"], {"bea": 50})
    asked, _copy = await taken(world, liar)
    await told(world, liar, "Fuera de aqui", 21, 2)
    said = await talk.answer("bea", f"!network decline {asked}", room=own)
    assert "for the network's moderators" in said


async def test_what_a_trusting_room_refuses_half_way_waits_whole(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.says("b", "!network trust Red A events")
    await world.says("b", "yes")
    talk = world.of("b")
    takes = talk.machine.registry.features["calendar"].services

    async def refuses(ctx: Context, *what: Any) -> None:
        await what[4](await ctx.add_item("event", "half", ROOM))
        raise UserError(_("That is settled already."))

    with monkeypatch.context() as patch:
        patch.setitem(takes, "receive:event", refuses)
        asked = number(await told(world, Liar.of(world), "Taller gratis"))
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT 1 FROM item WHERE title = 'half'") == []
    assert "Taken in from Red A" in await world.answer("b", f"!network accept {asked}")
