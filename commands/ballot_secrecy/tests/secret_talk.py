"""Secret ballots as people have them: what the tests of them do again and again."""

from __future__ import annotations

from typing import Any

from bot.api import Number
from bot.testing.talk import ROOM, PostedEvent, Talk, find_number
from commands.ballot_secrecy.files.result import Bundle
from commands.poll_book import poll_store
from storage.database import Database

LINE = "!encuesta ¿Dónde? Norte, Sur, Zoom secreta hasta en 56 horas"


PEOPLE = ("ana", "bea", "carla", "dora", "elsa", "flor")


async def six(talk: Talk) -> Talk:
    """The room has three more people: enough for a secret vote."""
    await talk.room(ROOM, "Sala", [*PEOPLE], {"ana": 50})
    return talk


async def opened(talk: Talk, line: str = LINE, who: str = "ana") -> tuple[PostedEvent, int]:
    """The opening message, and the number."""
    await talk.says(who, line)
    posts = await talk.sent()
    assert not any(post.is_poll for post in posts), "nothing to tap: everybody would see who does"
    opening = next(p for p in posts if p.kind == "m.room.message" and not filed(p))
    return opening, find_number(opening)


def filed(post: PostedEvent) -> bool:
    return post.content.get("msgtype") == "m.file"


def content(talk: Talk, post: PostedEvent) -> str:
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


async def fill(talk: Talk, number: int, *choices: str) -> None:
    """Each of the room's people in their turn votes so."""
    for who, choice in zip(PEOPLE, choices, strict=False):
        if choice:
            assert "Anotado" in await told(talk, who, f"votar {number} {choice}"), choice


async def closed(talk: Talk, number: int) -> tuple[str, Bundle]:
    """It closes on its day: the result as the room reads it, and its file."""
    await talk.said()
    async with talk.machine.db.reading() as tx:
        closes = (await poll_store.get_poll(tx, Number(number))).closes
    assert closes is not None, "a secret vote has an end"
    await talk.wait_until(closes)
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
