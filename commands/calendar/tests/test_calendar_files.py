"""Calendar files in a room, as a conversation."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import vobject

from bot.capability.feature import Feature
from bot.testing.talk import PostedEvent, Talk
from commands.calendar import feature
from commands.events import feature as events
from commands.events.tests.days import in_days


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [events, feature]


def data(talk: Talk, post: PostedEvent) -> str:
    return talk.gateway.files[post.content["file"]["url"]].decode()


def files(posts: list[PostedEvent]) -> list[PostedEvent]:
    return [post for post in posts if post.content.get("msgtype") == "m.file"]


async def test_where_files_are_wanted_a_new_event_comes_with_one(talk: Talk) -> None:
    day = in_days(8)
    await talk.set("calendar files", "yes")
    await talk.says("ana", f'!evento "Taller de radio" {day.long} 19h')
    event, file = await talk.hears("Taller de radio", "abre este archivo")
    assert "file" not in event.content
    assert file.content["filename"] == "evento-1.ics"
    assert file.content["info"]["mimetype"] == "text/calendar"
    text = data(talk, file)
    entry = vobject.readOne(text).vevent
    assert entry.summary.value == "Taller de radio"
    assert f"DTSTART;TZID=America/Bogota:{day.wall:%Y%m%d}T190000\r\n" in text
    assert "ana" not in text
    assert "test" not in text


async def test_elsewhere_its_message_says_how_to_get_the_file(talk: Talk) -> None:
    await talk.says("ana", f'!evento "Taller de radio" {in_days(8).long} 19h')
    (event,) = await talk.hears("Taller de radio")
    assert event.plain.splitlines()[-1] == "a tu calendario: `!eventos archivo 1`"
    await talk.tells("bea", "eventos archivo 1")
    (file,) = files(await talk.sent())
    assert "SUMMARY:Taller de radio" in data(talk, file)
