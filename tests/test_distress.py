"""What people type in trouble finds the door; what they type every day does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import features
from bot.testing import ROOM, Talk
from tests.distress_lines import Typed, door_of, ordinary, trouble

LANGUAGES = ("es", "pt", "en")


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "minga.db", features())
    yield talk
    await talk.close()


async def answered(talk: Talk, one: Typed) -> tuple[str, str, list[str]]:
    """The door of the first line that Bea hears in private, what the room hears, what is done."""
    own = await talk.private("bea")
    if one.private:
        await talk.tells("bea", one.line)
    else:
        await talk.says("bea", one.line)
    posts = await talk.sent()
    told = [post.plain for post in posts if post.room == own and post.kind == "m.room.message"]
    heard = [post.plain for post in posts if post.room == ROOM and post.kind == "m.room.message"]
    done = [post.kind for post in posts if post.kind != "m.room.message"]
    return door_of(told[0]) if told else "", "\n".join(heard), done


async def walked(folder: Path, lines: list[Typed]) -> list[tuple[Typed, str, str, list[str]]]:
    """Each line as the first that Bea says, in a network that speaks its language."""
    found = []
    for language in LANGUAGES:
        talk = await Talk.start(folder / f"{language}.db", features(), language=language)
        for one in lines:
            if one.language == language:
                found.append((one, *await answered(talk, one)))
                await talk.tells("bea", "cancelar")
                await talk.tells("bea", "panico cancelar")
                await talk.sent()
        await talk.close()
    return found


@pytest.mark.parametrize("half", ["seen"])
async def test_every_line_typed_in_trouble_finds_its_door(tmp_path: Path, half: str) -> None:
    lines = [one for one in trouble() if one.half == half]
    assert len(lines) >= 100
    wrong = [
        (one.door, door, one.place, one.line)
        for one, door, _heard, _done in await walked(tmp_path, lines)
        if door != one.door
    ]
    assert wrong == []


async def test_in_a_room_nothing_of_it_is_said_aloud(tmp_path: Path) -> None:
    """What was said to the bot is taken away; a call to the people of the room stays theirs."""
    lines = [one for one in trouble() if not one.private]
    for one, _door, heard, done in await walked(tmp_path, lines):
        assert heard == "", one
        called = one.spoken and one.door == "danger"
        assert done == ([] if called else ["redact"]), one


async def test_ordinary_lines_find_no_door(tmp_path: Path) -> None:
    lines = ordinary()
    assert len(lines) >= 120
    taken = [
        (one.line, door, heard)
        for one, door, heard, _done in await walked(tmp_path, lines)
        if door
    ]
    assert taken == []
