"""What the conversations about offers and needs have in common."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import PostedEvent, Talk
from bot.types import RoomId

DAY, WEEK = timedelta(days=1), timedelta(days=7)
OTHER = RoomId("!otra:test")
NOW = timedelta(0)


async def publishes(talk: Talk, who: str, line: str, **more: RoomId) -> str:
    """A line in a room, and yes to it if it is for more than the room."""
    said = await talk.answer(who, line, **more)
    return await talk.answer(who, "sí", **more) if "¿Publico" in said else said


async def in_private(talk: Talk, who: str) -> str:
    """What the bot wrote to one person alone, now that it has the time."""
    await talk.wait(NOW)
    there = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == there)


async def told(talk: Talk, who: str, what: str) -> str:
    """What the bot answers in private."""
    await talk.tells(who, what)
    return await in_private(talk, who)


async def names_nobody(posts: list[PostedEvent], *people: str) -> None:
    for post in posts:
        assert not any(one in post.plain for one in people), post.plain
