"""A line that tells when a numbered event is: it makes none, and betrays none."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from commands.events.tests.days import in_days
from commands.events.tests.event_lines import taller

PRESS = RoomId("!prensa:test")


@pytest.fixture
async def hidden(plain: Talk) -> Talk:
    """Event 1 is of a room that only Ana and Bea are in, and nobody else in this one."""
    await plain.room(PRESS, "Prensa", ["ana", "bea"], {"ana": 50})
    await plain.set("calendar files", "no", PRESS)
    await plain.says("ana", taller().replace("Taller", "Rescate"), room=PRESS)
    await plain.sent()
    return plain


async def _events(talk: Talk) -> int:
    async with talk.machine.db.reading() as tx:
        return await tx.count("SELECT COUNT(*) AS n FROM events_event")


@pytest.mark.parametrize("line", ["!evento 1 es el {day}", "!evento el evento 1 pasa al {day}"])
async def test_another_rooms_title_is_told_in_private(hidden: Talk, line: str) -> None:
    await hidden.says("bea", line.format(day=in_days(3).typed))
    posts = await hidden.said()
    here = [post.plain for post in posts if post.room == ROOM]
    there = [post.plain for post in posts if post.room != ROOM]
    assert all("Rescate" not in one for one in here), here
    assert any("1 es “Rescate”" in one for one in there), there
    assert await _events(hidden) == 1


async def test_in_its_own_room_it_is_told_there(hidden: Talk) -> None:
    said = await hidden.answer("bea", f"!evento 1 es el {in_days(3).typed}", room=PRESS)
    assert "No creé nada: 1 es “Rescate”" in said


async def test_who_is_banned_hears_of_no_event(hidden: Talk) -> None:
    await hidden.moves("bea", Membership.BAN, PRESS, by="ana")
    await hidden.sent()
    for who in ("bea", "carla"):
        await hidden.says(who, f"!evento 1 es el {in_days(3).typed}")
        assert all("Rescate" not in post.plain for post in await hidden.said())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!evento Reunión 1 {day} 18h", "Evento 2: Reunión 1"),
        ("!evento Meeting 1 {day} 18h", "Evento 2: Meeting 1"),
        ("!evento reunião 1 {day} 18h", "Evento 2: reunião 1"),
        ("!evento reunión 1 es el {day}", "No creé nada: 1 es “Taller”"),
        ("!evento evento 1 {day} 18h", "No creé nada: 1 es “Taller”"),
        ("!evento 1 {day} 18h", "No creé nada: 1 es “Taller”"),
    ],
)
async def test_a_numbered_meeting_is_a_title_unless_its_day_is_told(
    plain: Talk, line: str, said: str
) -> None:
    await plain.answer("ana", taller())
    assert said in await plain.answer("bea", line.format(day=in_days(3).typed))
