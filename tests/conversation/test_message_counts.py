"""What a room of sixty sees of each act: as many messages as `docs/messages.md` says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk

TABLE = Path(__file__).parents[2] / "docs" / "messages.md"
ROW = re.compile(r"\| ([^|]+?) \| \d+ \| (\d+) \| (\d+) \|")
PEOPLE = ["ana", "bea", "carla", *(f"p{n}" for n in range(4, 61))]
WRITE, TAP = PEOPLE[:30], PEOPLE[30:]
SIGNS = {"m.reaction", "m.room.redaction"}
Act = Callable[[Talk], Awaitable[list[PostedEvent]]]


def is_sign(post: PostedEvent) -> bool:
    """Return whether an event only changes what stands there, and is no new message."""
    return post.kind in SIGNS or post.content.get("m.relates_to", {}).get("rel_type") == "m.replace"


async def poll(talk: Talk) -> list[PostedEvent]:
    return await voted(talk, "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h", "Norte")


async def voted(talk: Talk, line: str, vote: str) -> list[PostedEvent]:
    """Ask something, let half of the room reply and half tap, and let it end."""
    await talk.says("ana", line)
    opened = await talk.sent()
    (native,) = (post for post in opened if post.is_poll)
    for one in WRITE:
        await talk.says(one, vote, reply=opened[0])
    for one in TAP:
        await talk.taps(one, native, 2)
    answered = await talk.sent()
    await talk.wait(timedelta(days=3))
    return [*opened, *answered, *await talk.sent()]


ACTS: dict[str, Act] = {"Poll": poll}


def table() -> dict[str, tuple[int, int]]:
    """Return the messages and signs of each act in the table."""
    found = ROW.findall(TABLE.read_text(encoding="utf-8"))
    return {act: (int(messages), int(signs)) for act, messages, signs in found}


def test_the_table_and_the_measures_name_the_same_acts() -> None:
    assert list(table()) == list(ACTS)


@pytest.mark.parametrize("act", ACTS)
async def test_a_room_of_sixty_sees_what_the_table_says(talk: Talk, act: str) -> None:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50})
    posts = [post for post in await ACTS[act](talk) if post.room == ROOM]
    signs = sum(map(is_sign, posts))
    assert (len(posts) - signs, signs) == table()[act], [(p.kind, p.plain) for p in posts]
