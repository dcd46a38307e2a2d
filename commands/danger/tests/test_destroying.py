"""Self-destruction asked for in the chat: who may, and what it takes."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.testing.talk import PostedEvent, Talk, user_id
from bot.types import Trust
from commands.danger.paper_codes import MOST_WRONG_CODES

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def ended(talk: Talk) -> bool:
    await talk.wait(timedelta(seconds=6))
    return talk.machine.dispatcher.ended.is_set()


async def two_moderators(talk: Talk) -> None:
    talk.defaults = replace(talk.defaults, moderators=frozenset({user_id("ana"), user_id("bea")}))
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


# --- a code from paper ----------------------------------------------------------------------------


def code_in(posts: list[PostedEvent]) -> str:
    found: list[str] = re.findall(r"\w{4}(?:-\w{4}){4}", "\n".join(post.plain for post in posts))
    return found[0]


async def new_code(talk: Talk, who: str = "ana") -> str:
    await talk.tells(who, "autodestruir codigo")
    await talk.tells(who, "si")
    return code_in(await talk.said())


async def test_a_code_from_paper_is_enough_and_is_nowhere_readable(talk: Talk) -> None:
    code = await new_code(talk)
    await talk.wait(73 * HOUR)
    assert any("sirve desde ahora" in post.plain for post in await talk.said())
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT * FROM danger_code")
    assert len(rows) == 1 and code.replace("-", "") not in repr(tuple(rows[0]))
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    await talk.says("carla", f"!autodestruir {wrong}")
    assert not await ended(talk)
    await talk.says("carla", f"!autodestruir {code.lower().replace('-', ' ')}")
    assert await ended(talk)


async def test_a_code_that_one_moderator_made_does_nothing_at_once(talk: Talk) -> None:
    await two_moderators(talk)
    code = await new_code(talk)
    await talk.tells("ana", f"autodestruir {code}")
    assert not await ended(talk)
    await talk.tells("ana", "autodestruir confirmar")
    assert any("otra persona que modera" in post.plain for post in await talk.said())
    await talk.wait(71 * HOUR)
    await talk.tells("ana", f"autodestruir {code}")
    assert not await ended(talk)


async def test_another_moderator_hears_of_it_and_confirms_it(talk: Talk) -> None:
    await two_moderators(talk)
    await talk.tells("ana", "autodestruir codigo")
    await talk.tells("ana", "si")
    posts = await talk.said()
    hers = await talk.private("bea")
    heard = "\n".join(post.plain for post in posts if post.room == hers)
    assert "`autodestruir confirmar`" in heard and "`autodestruir parar`" in heard
    assert code_in(posts) not in heard
    await talk.tells("bea", "autodestruir confirmar")
    await talk.tells("bea", "si")
    await talk.sent()
    await talk.tells("carla", f"autodestruir {code_in(posts)}")
    assert await ended(talk)


async def test_another_moderator_stops_it_and_the_code_from_before_still_holds(talk: Talk) -> None:
    await two_moderators(talk)
    old = await new_code(talk)
    await talk.wait(73 * HOUR)
    new = await new_code(talk, "bea")
    await talk.tells("ana", "autodestruir parar")
    await talk.wait(100 * HOUR)
    await talk.tells("carla", f"autodestruir {new}")
    assert not await ended(talk)
    await talk.tells("carla", f"autodestruir {old}")
    assert await ended(talk)


async def test_the_code_from_before_holds_until_the_new_one_does_and_then_no_more(
    talk: Talk,
) -> None:
    old = await new_code(talk)
    await talk.wait(73 * HOUR)
    await new_code(talk)
    await talk.wait(73 * HOUR)
    await talk.tells("carla", f"autodestruir {old}")
    assert not await ended(talk)


async def test_of_who_moderates_no_more_no_code_comes_to_hold(talk: Talk) -> None:
    await two_moderators(talk)
    code = await new_code(talk, "bea")
    talk.defaults = replace(talk.defaults, moderators=frozenset({user_id("ana")}))
    await talk.restart()
    await talk.wait(73 * HOUR)
    assert any("nunca servirá" in post.plain for post in await talk.said())
    await talk.tells("carla", f"autodestruir {code}")
    assert not await ended(talk)


async def test_wrong_codes_are_few_and_every_moderator_hears_of_them(talk: Talk) -> None:
    await two_moderators(talk)
    code = await new_code(talk)
    await talk.tells("bea", "autodestruir confirmar")
    await talk.tells("bea", "si")
    await talk.sent()
    for _turn in range(MOST_WRONG_CODES):
        await talk.tells("carla", "autodestruir 2222-2222-2222-2222-2222")
        heard = {post.room for post in await talk.said() if "Carla" in post.plain}
        assert heard == {await talk.private("ana"), await talk.private("bea")}
    await talk.restart()
    await talk.tells("carla", f"autodestruir {code}")
    said = "\n".join(post.plain for post in await talk.said())
    assert "espera una hora" in said
    assert not await ended(talk)
    await talk.wait(HOUR)
    await talk.tells("carla", f"autodestruir {code}")
    assert await ended(talk)


async def test_who_shares_no_room_tries_no_code(talk: Talk) -> None:
    await new_code(talk)
    await talk.wait(73 * HOUR)
    await talk.sent()
    await talk.tells("mallory", "autodestruir 2222-2222-2222-2222-2222")
    assert not any("Mallory" in post.plain for post in await talk.said())


async def test_hashing_a_code_leaves_the_loop_free(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is hashed, the loop takes its turns."""
    await new_code(talk)
    await talk.wait(73 * HOUR)
    threads: list[int] = []
    real = hashlib.scrypt

    def hashed(*given: Any, **more: Any) -> bytes:
        threads.append(threading.get_ident())
        return real(*given, **more)

    monkeypatch.setattr(hashlib, "scrypt", hashed)
    await talk.tells("carla", "autodestruir 2222-2222-2222-2222-2222")
    assert threads and threading.get_ident() not in threads
