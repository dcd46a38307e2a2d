"""A message that waits is deleted or edited meanwhile: it never comes out as it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import EventId
from commands.embargo.tests.test_embargo import HOUR, KEPT, REPORT, heard, private

pytestmark = pytest.mark.begins("wednesday 10:00", "it names hours of the day")


async def held(talk: Talk) -> EventId:
    """Bea's message, which Ana holds for three hours."""
    said = await talk.says("bea", "Nos vemos en casa de Rosa")
    await talk.answer("ana", "!guardar lugar publicar: en 3 horas", reply=said)
    await talk.said()
    return said


async def test_a_deleted_message_does_not_come_out_and_its_holder_is_told(talk: Talk) -> None:
    event = await held(talk)
    await talk.redacts("bea", event)
    posts = await talk.said()
    assert {post.room for post in posts} == {await talk.private("ana")}
    assert "Se borró el mensaje, así que también se borró el embargo" in posts[0].plain
    assert "Rosa" not in posts[0].plain
    assert await heard(talk, 4 * HOUR) == {}
    assert "No existe" in await private(talk, "ana", "cancelar 1")


async def test_an_edited_message_does_not_come_out_as_it_was(talk: Talk) -> None:
    event = await held(talk)
    await talk.edits("bea", event, "Nos vemos en la plaza")
    posts = await talk.said()
    assert {post.room for post in posts} == {await talk.private("ana")}
    assert "Se editó el mensaje" in posts[0].plain
    assert await heard(talk, 4 * HOUR) == {}


async def test_nobody_else_edits_it_away(talk: Talk) -> None:
    event = await held(talk)
    await talk.edits("carla", event, "No nos vemos")
    assert await talk.said() == []
    assert "Rosa" in (await heard(talk, 4 * HOUR))[ROOM]


@pytest.mark.parametrize(("line", "words"), [(REPORT, "Ya salió"), (KEPT, "Datos del río")])
async def test_the_line_that_asked_may_go_and_the_embargo_stays(
    talk: Talk, line: str, words: str
) -> None:
    """Who is watched takes their own traces away."""
    place = await talk.private("ana")
    said = await talk.tells("ana", line)
    await talk.wait(timedelta(0))
    await talk.said()
    changes: list[Callable[[], Awaitable[None]]] = [
        partial(talk.redacts, "ana", said, place),
        partial(talk.edits, "ana", said, "x", room=place),
    ]
    for change in changes:
        await change()
        told = "\n".join(post.plain for post in await talk.said())
        assert "Embargo 1 sale igual el" in told and "`cancelar 1`" in told
        assert words not in told
    assert words in (await heard(talk, 4 * HOUR))[ROOM]


async def test_a_message_that_holds_nothing_is_no_concern(talk: Talk) -> None:
    await held(talk)
    other = await talk.says("bea", "Otra cosa")
    await talk.redacts("bea", other)
    assert await talk.said() == []
