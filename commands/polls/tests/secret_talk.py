"""Secret ballots as people have them: what the tests of them do again and again."""

from __future__ import annotations

from typing import Any

from bot.testing import ROOM, Posted, Talk, find_number
from commands.polls.secret.result import Bundle
from storage.database import Database

LINE = "!encuesta ¿Dónde? Norte, Sur, Zoom secreta hasta en 56 horas"


async def opened(talk: Talk, line: str = LINE, who: str = "ana") -> tuple[Posted, int]:
    """The opening message, and the number."""
    await talk.says(who, line)
    posts = await talk.sent()
    assert not any(post.is_poll for post in posts), "nothing to tap: everybody would see who does"
    opening = next(p for p in posts if p.kind == "m.room.message" and not filed(p))
    return opening, find_number(opening)


def filed(post: Posted) -> bool:
    return post.content.get("msgtype") == "m.file"


def content(talk: Talk, post: Posted) -> str:
    """What is in a file that the bot posted."""
    return talk.gateway.files[post.content["file"]["url"]].decode()


async def told(talk: Talk, who: str, line: str, **more: Any) -> str:
    """What the bot answers in private, without files."""
    await talk.tells(who, line, **more)
    posts = await talk.said()
    place = await talk.private(who)
    assert all(post.room == place for post in posts), "nothing is said elsewhere"
    return "\n".join(post.plain for post in posts if not filed(post))


async def receipt(talk: Talk, who: str, line: str) -> str:
    """Vote, and the receipt's file."""
    await talk.tells(who, line)
    posts = await talk.said()
    assert "Anotado" in posts[0].plain, posts[0].plain
    return content(talk, next(post for post in posts if filed(post)))


async def closed(talk: Talk, number: int, who: str = "ana") -> tuple[str, Bundle]:
    """The result as the room reads it, and its file."""
    await talk.said()
    await talk.says(who, f"!cerrar {number}")
    posts = await talk.said(ROOM)
    file = next(post for post in posts if filed(post))
    shown = "\n".join(p.plain for p in posts if not p.plain.startswith("* "))
    return shown, Bundle.model_validate_json(content(talk, file))


async def dump(db: Database) -> str:
    """Every row of every table, as who has the database's key reads it."""
    async with db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = [
            (t["name"], *tuple(row))
            for t in tables
            for row in await tx.all(f"SELECT * FROM {t['name']}")  # noqa: S608
        ]
    return "\n".join(repr(row) for row in rows)
