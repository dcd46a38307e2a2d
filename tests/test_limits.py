"""One flooder slows nobody else down, and is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import features
from bot.limits import Limits
from bot.testing import Talk
from bot.types import RoomId, UserId


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "busy.db", features(), commands_per_minute=5)
    yield talk
    await talk.close()


async def test_a_flooder_is_told_once_and_others_go_on(busy: Talk) -> None:
    for _ in range(30):
        await busy.says("bea", "!pendientes")
    posts = await busy.said()
    assert len(posts) == 6
    assert "Fue mucho" in posts[-1].plain or "de una vez" in posts[-1].plain
    await busy.says("carla", "!pendientes")
    await busy.hears("No hay nada abierto")
    await busy.wait(timedelta(minutes=1))
    await busy.says("bea", "!pendientes")
    await busy.hears("No hay nada abierto")


AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
ROOM, OTHER = RoomId("!sala:a"), RoomId("!otra:a")


def allowed(limits: Limits, server: str, people: int, room: RoomId = ROOM) -> int:
    """How many of so many people of a server may ask something, each once."""
    users = [UserId(f"@{server}{n}:{server}") for n in range(people)]
    return sum(limits.allows(user, room, AT) for user in users)


def test_a_server_has_ten_times_what_a_person_has_in_all_rooms_together() -> None:
    limits = Limits(1)
    assert allowed(limits, "a", 6) + allowed(limits, "a", 20, OTHER) == 10
    assert allowed(limits, "b", 5, OTHER) == 5


def test_a_room_has_twenty_times_what_a_person_has_from_all_servers_together() -> None:
    limits = Limits(1)
    assert [allowed(limits, server, 8) for server in "abcd"] == [8, 8, 4, 0]
    assert allowed(limits, "d", 8, OTHER) == 8, "what one room refuses counts nowhere"
