"""Somebody makes a questionnaire, and people answer it."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, Number, RoomId

NOW, DAY = timedelta(0), timedelta(days=1)
ONE = Number(1)
MESSAGE = (
    '!cuestionario "Evaluación" hasta en 20 días\n'
    "1. ¿Cómo estuvo el taller? (1 a 5)\n2. ¿Vuelves? (sí o no)\n3. ¿Algo más?"
)
SHORT = '!cuestionario "Evaluación"\n1. ¿Vuelves? (sí o no)\n2. ¿Algo más?'


async def heard(talk: Talk, who: str) -> str:
    """All that the bot said to somebody in private since, with what falls due now."""
    await talk.wait(NOW)
    posts = await talk.said()
    room = await talk.private(who)
    return "\n".join(post.plain for post in posts if post.room == room)


async def types(talk: Talk, who: str, what: str) -> str:
    """Let somebody write in private, and return what the bot says to them."""
    await talk.tells(who, what)
    return await heard(talk, who)


async def opened(talk: Talk, message: str = SHORT) -> None:
    """A questionnaire that Ana made in the room, number 1."""
    await talk.answer("ana", message)
    assert "Cuestionario 1: “Evaluación”" in await talk.answer("ana", "sí")
    await talk.wait(NOW)
    await talk.said()


async def crowd(talk: Talk, count: int, room: RoomId = ROOM) -> list[str]:
    """So many people come into the room."""
    names = [f"p{n}" for n in range(count)]
    for name in names:
        await talk.moves(name, Membership.JOIN, room)
    await talk.said()
    return names


async def answers(talk: Talk, who: str, *lines: str) -> str:
    """Let somebody answer all questions in private."""
    await types(talk, who, "cuestionario 1")
    told = ""
    for line in lines:
        told = await types(talk, who, line)
    assert "eso era todo" in told, told
    return told
