"""Self-destruction asked for in the chat: who may, and what it takes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.testing import Talk, user
from bot.types import Trust

MINUTE = timedelta(minutes=1)


async def ended(talk: Talk) -> bool:
    await talk.wait(timedelta(seconds=6))
    return talk.machine.dispatcher.ended.is_set()


async def two_moderators(talk: Talk) -> None:
    talk.defaults = replace(talk.defaults, moderators=frozenset({user("ana"), user("bea")}))
    await talk.restart()


async def test_two_moderators_within_ten_minutes_and_nobody_else(talk: Talk) -> None:
    await two_moderators(talk)
    await talk.says("carla", "!autodestruir")
    assert not await ended(talk)
    await talk.says("ana", "!autodestruir")
    await talk.says("ana", "!autodestruir")  # alone, however often
    assert not await ended(talk)
    await talk.wait(11 * MINUTE)
    await talk.says("bea", "!autodestruir")  # too late: it is the first again
    assert not await ended(talk)
    await talk.sent()
    await talk.tells("ana", "autodestruir")
    said = "\n".join(post.plain for post in await talk.said())
    assert "Bea (@bea:test) ya lo pidió" in said
    await talk.tells("ana", "si")
    assert not talk.machine.dispatcher.ended.is_set()  # there are some seconds to say it
    assert await ended(talk)


async def test_where_any_device_counts_it_does_not(talk: Talk) -> None:
    await two_moderators(talk)
    await talk.set("unsigned", "yes")
    await talk.says("ana", "!autodestruir", trust=Trust.UNSIGNED)
    assert any("va más allá de esta sala" in post.plain for post in await talk.said())
    await talk.says("bea", "!autodestruir")
    await talk.tells("bea", "si")
    assert not await ended(talk)


async def test_taken_back_it_needs_two_again(talk: Talk) -> None:
    await two_moderators(talk)
    await talk.tells("bea", "autodestruir")
    await talk.tells("bea", "autodestruir no")
    await talk.tells("ana", "autodestruir")
    await talk.tells("ana", "si")
    assert not await ended(talk)


async def test_a_code_from_paper_is_enough_and_is_nowhere_readable(talk: Talk) -> None:
    await talk.tells("ana", "autodestruir codigo")
    await talk.tells("ana", "si")
    posts = await talk.said()
    code = re.findall(r"\w{4}(?:-\w{4}){4}", posts[-1].plain)[0]
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT * FROM danger_code")
    assert len(rows) == 1 and code.replace("-", "") not in repr(tuple(rows[0]))
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    await talk.says("carla", f"!autodestruir {wrong}")
    assert not await ended(talk)
    await talk.says("carla", f"!autodestruir {code.lower().replace('-', ' ')}")
    assert await ended(talk)
