"""What the tests of texts in several languages ask, and what they read of it."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import PostedEvent, Talk, find_number

ES, PT, EN = "Firmamos la carta", "Assinamos a carta", "We sign the letter"
QUESTION = '!encuesta "¿Qué día?" "martes" "jueves" pt:"Que dia?" "terça" "quinta"'


async def opened(talk: Talk, line: str, who: str = "ana") -> tuple[PostedEvent, PostedEvent, int]:
    """The opening message, the native poll and the number."""
    await talk.says(who, line)
    opening, native = await talk.sent()
    return opening, native, find_number(opening)


async def asked(talk: Talk, who: str) -> str:
    """Let the bot ask in private; return what it said there."""
    await talk.wait(timedelta(minutes=1))
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


def question(native: PostedEvent) -> str:
    return str(native.content["org.matrix.msc3381.poll.start"]["question"]["body"])
