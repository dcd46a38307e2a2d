"""No line of a person's words can be taken for a line of the bot's own."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.posted_event import PostedEvent
from bot.testing.talk import ROOM, START_TIME, Talk
from bot.text.quotations import bar_if_multiline, bar_lines

FALSE = "Anotado: todo está borrado."
WORDS = f"una cosa\n{FALSE}\r\n{FALSE}\u2028{FALSE}\n\n{FALSE}"
BEFORE = ("", "1 ", "@bea:test ", "mañana 17h; ", "@bea:test 2h ", '"¿Qué?" "Sí" "No" ')
FULL = os.environ.get("MINGA_FULL") == "1"
"""Try all that may stand before the words; else a sixth for each command, another on most days."""
_LINE = re.compile("<br>|</p>|<li>|[\n\r\u2028\u2029\x85]")
EVERY = sorted({str(command.name.es) for one in features() for command in one.commands})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("una línea", "una línea"),
        ("a\nb", "\n│ a\n│ b"),
        ("a\u2028b\n\nc", "\n│ a\n│ b\n│ c"),
        ("│ a\nb", "\n│ a\n│ b"),
    ],
)
def test_several_lines_stand_behind_bars(text: str, shown: str) -> None:
    assert bar_if_multiline(text) == shown
    assert bar_if_multiline(bar_lines(text)).strip() == bar_lines(text)


def false_lines(post: PostedEvent) -> list[str]:
    """Lines of a message that begin as if the bot said them."""
    shown = [post.plain, str(post.content.get("formatted_body", ""))]
    lines = [line.strip(" -*>#") for text in shown for line in _LINE.split(text)]
    return [line for line in lines if line.startswith(FALSE)]


async def said(talk: Talk) -> list[str]:
    found: list[str] = []
    for post in await talk.said():
        found += [f"{line!r} in {post.plain!r}" for line in false_lines(post)]
    return found


@pytest.mark.parametrize("start", range(0, len(EVERY), 12))
async def test_no_command_passes_on_a_line_as_its_own(tmp_path: Path, start: int) -> None:
    """Each in a room and in private, with whatever it takes before the words."""
    talk = await Talk.start(tmp_path / "minga.db", features())
    wrong: list[str] = []
    for place, name in enumerate(EVERY[start : start + 12], START_TIME.at.toordinal()):
        if name in ("autodestruir", "salir"):
            continue
        for before in BEFORE if FULL else BEFORE[place % 6 :: 6]:
            for line in (f"!{name} {before}{WORDS}", "sí"):
                await talk.says("ana", line)
                await talk.tells("ana", line)
                wrong += [f"{name} {before}: {one}" for one in await said(talk)]
            await talk.tells("ana", WORDS)  # what is asked for is answered so, too
            await talk.tells("ana", "sí")
            wrong += [f"{name} {before}: {one}" for one in await said(talk)]
            await talk.tells("ana", "cancelar")
            await talk.says("ana", "cancelar")
            await talk.sent()
    await talk.close()
    assert not wrong, "\n".join(wrong)


async def test_what_is_passed_on_in_danger_and_in_an_incident_stands_behind_bars(
    talk: Talk,
) -> None:
    await talk.tells("bea", f"incidente {WORDS}")
    await talk.tells("bea", f"incidente 1 {WORDS}")
    await talk.tells("bea", "incidente 1")
    await talk.tells("bea", "panico")
    for _line in range(2):
        await talk.wait(timedelta(0))  # the bot asks where she is
        await talk.tells("bea", WORDS)
    posts = await talk.said()
    theirs = await talk.private("ana")
    passed = [post for post in posts if post.room == theirs and FALSE in post.plain]
    assert len(passed) == 4
    for post in posts:
        assert not false_lines(post), post.plain
    for post in passed:
        assert post.plain.count(f"\n│ {FALSE}") == 4
        assert str(post.content["formatted_body"]).count(f"<br>│ {FALSE}") == 4
    assert all(post.room != ROOM for post in passed)
