"""What else the people of a new event go to at that time: told to whoever makes it, alone."""

from __future__ import annotations

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from commands.events.tests.event_lines import taller

PRESS = RoomId("!prensa:test")


async def _with_another_rooms_event(talk: Talk) -> None:
    """Make event 1 in a room that only Ana and Bea are in too. Both go."""
    await talk.room(PRESS, "Prensa", ["ana", "bea"], {"ana": 50})
    await talk.says("ana", taller().replace("Taller", "Rescate"), room=PRESS)
    for who in ("ana", "bea"):
        await talk.says(who, "voy 1", room=PRESS)
    await talk.sent()


async def test_another_rooms_event_is_named_in_private_and_the_new_one_told_here(
    talk: Talk,
) -> None:
    await _with_another_rooms_event(talk)
    await talk.says("bea", taller())
    here, there = await talk.hears("Te escribí en privado", "A esa hora cuentan contigo")
    assert (here.room, "Rescate (1)" in there.plain) == (ROOM, True)
    assert there.room not in (ROOM, PRESS)
    await talk.tells("bea", "sí")
    told = [post.plain for post in await talk.said(ROOM)]
    assert len(told) >= 1 and "Evento 2: Taller" in told[0]
    assert all("Rescate" not in one for one in told)


async def test_who_is_banned_there_hears_nothing_of_it(talk: Talk) -> None:
    await _with_another_rooms_event(talk)
    await talk.moves("bea", Membership.BAN, PRESS, by="ana")
    await talk.sent()
    await talk.says("bea", taller())
    told = [post.plain for post in await talk.said()]
    assert "Evento 2: Taller" in told[0] and all("Rescate" not in one for one in told)
