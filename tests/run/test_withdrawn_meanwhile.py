"""Who takes back what waited is heard to the last moment: between its being found and handled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import Talk
from bot.types import EventId, Message, RoomId

OPENING, POLL = EventId("$bot1"), EventId("$bot2")
"""What the server will make of the first entries."""


async def _finish_batch(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Awaitable[None]]
) -> None:
    """Handle what waits; this happens after it was found, while a reply is read again."""
    await talk.sent()
    read, asked = FakeGateway.message, list[EventId]()

    async def read_slowly(server: FakeGateway, room: RoomId, event: EventId) -> Message | None:
        found = await read(server, room, event)
        if not asked:
            await happens()
        asked.append(event)
        return found

    monkeypatch.setattr(FakeGateway, "message", read_slowly)
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    assert asked


async def test_a_vote_that_is_taken_back_just_before_it_is_counted_is_not(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    tap = await talk.votes("bea", POLL, ("o1",))
    await talk.votes("carla", POLL, ("o2",))
    await talk.says("dora", "no sé", reply=OPENING)

    async def take_back() -> None:
        await talk.redacts("bea", tap)

    await _finish_batch(talk, monkeypatch, take_back)
    said = await talk.answer("ana", "!resultados 1")
    assert "Norte: 0" in said
    assert "Sur: 1" in said


async def test_so_is_a_typed_one(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    typed = await talk.says("bea", "1", reply=OPENING)
    await talk.says("carla", "2", reply=OPENING)

    async def take_back() -> None:
        await talk.redacts("bea", typed)

    await _finish_batch(talk, monkeypatch, take_back)
    said = await talk.answer("ana", "!resultados 1")
    assert "Norte: 0" in said
    assert "Sur: 1" in said
