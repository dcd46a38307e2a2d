"""What people do in a meeting, for its tests."""

from __future__ import annotations

import re

from bot.testing.talk import PostedEvent, Talk
from bot.types import EventId


async def begun(talk: Talk, line: str = "!reunion empezar", who: str = "bea") -> PostedEvent:
    await talk.says(who, line)
    (said,) = await talk.said()
    return said


async def ticks(talk: Talk, who: str, line: str, **more: object) -> EventId:
    """The line is kept, with a quiet mark."""
    event = await talk.says(who, line, **more)  # type: ignore[arg-type]
    (mark,) = await talk.sent()
    assert mark.kind == "m.reaction", mark.plain
    assert mark.content["m.relates_to"]["event_id"] == event
    return event


async def closed(talk: Talk, line: str = "!reunion cerrar", who: str = "bea") -> tuple[str, str]:
    """The minutes as the room reads them, beside the file and on request, and the file."""
    await talk.says(who, line)
    (file,) = await talk.said()
    (again,) = re.findall(r"`(!\S+ \d+)`", file.plain)
    shown = await talk.answer(who, again)
    return f"{file.plain}\n{shown}", text_of(talk, file)


def text_of(talk: Talk, file: PostedEvent) -> str:
    assert file.content["msgtype"] == "m.file"
    assert str(file.content["filename"]).endswith(".md")
    return talk.gateway.files[file.content["file"]["url"]].decode()
