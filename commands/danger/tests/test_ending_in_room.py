"""Who called may end it in the room, said to the bot; what is not said to it stays unheard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from commands.danger.call_endings import CANCEL_PHRASES
from commands.danger.tests.test_panic import letters


async def writes(talk: Talk, line: str) -> tuple[dict[str, list[str]], list[str]]:
    """Call for help, then say the line in the room. Return what each reads, and what is done in
    the room."""
    await letters(talk)
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.says("bea", line)
    posts = await talk.sent()
    rooms = {await talk.private(who): who for who in ("ana", "bea")}
    told: dict[str, list[str]] = {"ana": [], "bea": []}
    for post in posts:
        if post.room in rooms:
            told[rooms[post.room]].append(post.plain)
    return told, [post.kind for post in posts if post.room == ROOM]


@pytest.mark.parametrize(
    "line",
    [
        "minga falsa alarma",
        "minga alarma falsa",
        "minga, falsa alarma",
        "minga, cancelar",
        "minga fue falsa alarma",
    ],
)
async def test_it_is_ended_and_the_line_is_taken_away(talk: Talk, line: str) -> None:
    told, done = await writes(talk, line)
    assert "Ya no aviso a nadie" in told["bea"][0] and "ya pasó" in told["ana"][0]
    assert done == ["redact"]


async def test_what_may_mean_it_is_passed_on_and_ends_nothing(talk: Talk) -> None:
    told, done = await writes(talk, "minga, estoy bien")
    assert "Tu aviso sigue" in told["bea"][0] and "“estoy bien”" in told["ana"][0]
    assert done == ["redact"]


@pytest.mark.parametrize("line", ["estoy en rivadavia 300", "falsa alarma", "ya pasó"])
async def test_what_is_not_said_to_the_bot_is_not_heard(talk: Talk, line: str) -> None:
    assert await writes(talk, line) == ({"ana": [], "bea": []}, [])


@pytest.mark.parametrize("line", ["minga ya pasó", "la minga fue falsa alarma"])
async def test_talk_about_a_minga_is_none(talk: Talk, line: str) -> None:
    assert await writes(talk, line) == ({"ana": [], "bea": []}, [])


@pytest.mark.parametrize("phrase", sorted(CANCEL_PHRASES))
async def test_each_phrase_that_ends_a_call_ends_it_in_a_room_too(talk: Talk, phrase: str) -> None:
    told, _done = await writes(talk, f"minga, {phrase}")
    assert "Ya no aviso a nadie" in told["bea"][0]
