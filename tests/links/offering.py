"""What the tests of offers between networks have in common."""

from __future__ import annotations

import re

from bot.api import RoomId, UserId
from bot.testing.talk import ROOM
from tests.links.between import Between


def number_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


def _take(world: Between, name: str, room: RoomId) -> str:
    every = world.heard[UserId(f"@minga:{name}")]
    said = "\n".join(post.plain for post in every if post.room == room)
    every[:] = [post for post in every if post.room != room]
    return said


def told(world: Between, name: str) -> str:
    """What that network's room was told since, and forget it; not what somebody alone was."""
    return _take(world, name, ROOM)


async def answer(world: Between, name: str, what: str, who: str = "ana") -> str:
    """The same, of what somebody says there now."""
    told(world, name)
    await world.says(name, what, who)
    return told(world, name)


async def alone(world: Between, name: str, who: str) -> str:
    """What that network's bot told one person in private since, and forget it."""
    await world.flow()
    return _take(world, name, await world.of(name).private(who))


async def tells(world: Between, name: str, who: str, what: str) -> str:
    """What the bot answers to a person in private."""
    await alone(world, name, who)
    await world.says(name, what, who, room=await world.of(name).private(who))
    return await alone(world, name, who)


async def published(
    world: Between, what: str = "!offer kombi los sábados", who: str = "carla", name: str = "a"
) -> int:
    """Somebody's offer or need at home; its number."""
    said = await answer(world, name, what, who)
    return number_in(said, r"(?:Offer|Need) (\d+)")


async def sent(world: Between, what: str = "!offer kombi los sábados") -> tuple[int, int]:
    """Its number at home, and that under which it waits in the other network."""
    number = await published(world, what)
    await world.says("a", f"!network share {number}", "carla")
    await world.says("a", "yes", "carla")
    return number, number_in(told(world, "b"), r"accept (\d+)")


async def shared(world: Between, what: str = "!offer kombi los sábados") -> tuple[int, int]:
    """Its number at home, and in the other network where it was accepted."""
    number, incoming = await sent(world, what)
    there = await answer(world, "b", f"!network accept {incoming}")
    return number, number_in(there, r"Taken in from Red A as (\d+)")


async def asked(world: Between, copy: int, who: str = "bea", note: str = "") -> str:
    """Somebody of the other network is interested; what the author is asked."""
    await tells(world, "b", who, f"interested {copy} {note}")
    await tells(world, "b", who, "yes")
    await alone(world, "b", who)
    return await alone(world, "a", "carla")


async def rows(world: Between, name: str) -> list[dict[str, object]]:
    """The contacts that a network keeps."""
    async with world.of(name).machine.db.reading() as tx:
        found = await tx.all("SELECT * FROM shares_contact ORDER BY at, id")
    return [{key: row[key] for key in row.keys()} for row in found]  # noqa: SIM118
