"""Lines for the bot wherever they stand: behind a greeting, in a reply, beside a question."""

from __future__ import annotations

import pytest

from bot.capability.discovery import features
from bot.capability.registry import Registry
from bot.testing.talk import ROOM, Talk


@pytest.fixture
async def with_task(talk: Talk) -> Talk:
    """Task 1 is Bea's."""
    await talk.says("ana", "!tarea comprar pan @bea", mentions=["bea"])
    await talk.sent()
    return talk


@pytest.mark.parametrize("line", ["hecho 1", "feito 1", "done 1", "hola, hecho 1"])
async def test_a_numbered_line_counts_in_a_reply_to_what_somebody_said(
    with_task: Talk, line: str
) -> None:
    said = await with_task.says("carla", "¿quién compró el pan?")
    await with_task.says("bea", line, reply=said)
    assert "1" in (await with_task.said())[0].plain
    assert "No hay tareas" in await with_task.answer("ana", "!tareas")


async def test_talk_in_a_reply_to_what_somebody_said_is_talk(with_task: Talk) -> None:
    said = await with_task.says("carla", "¿quién compró el pan?")
    await with_task.says("bea", "hecho", reply=said)
    await with_task.hears_nothing()


@pytest.mark.parametrize("line", ["hola, hecho 1", "buenas! voy 2", "hi, done 1"])
async def test_a_numbered_line_behind_a_greeting_counts_beside_a_question(
    with_task: Talk, line: str
) -> None:
    await with_task.set("calendar files", "no")
    await with_task.says("ana", "!evento Taller en 5 días 18h")
    await with_task.says("bea", "!evento Cine en 5 días 18h")
    await with_task.sent()
    await with_task.says("bea", line)
    assert await with_task.sent() != []


@pytest.mark.parametrize("line", ["voy", "no puedo", "ya llegué a casa", "me voy a dormir", "can"])
async def test_who_listens_in_private_alone_is_asked_in_no_room(talk: Talk, line: str) -> None:
    private_only = [one.name for one in features() if one.listens_in_private_only]
    registry = talk.machine.registry
    assert private_only and isinstance(registry, Registry)
    heard = [one.name for one in registry.listening(line, private=False)]
    assert not set(heard) & set(private_only)
    await talk.says("bea", line, room=ROOM)
    await talk.hears_nothing()


async def test_in_private_all_are_asked(talk: Talk) -> None:
    found = [one.name for one in talk.machine.registry.listening("no puedo", private=True)]
    assert "danger" in found
