"""A restored copy learns from the public room what was withdrawn since, without any folder."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.discovery import features
from bot.gateway import TryLater
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import Talk
from commands.publishing.places.tests.folder_world import NOW, publish
from commands.publishing.places.tests.test_public_room_command import PUBLIC, open_room, posts
from commands.publishing.tests.test_publishing import record


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A network with a public room and no folder; 1 to 3 stand there, each in a post."""
    talk = await Talk.start(tmp_path / "minga.db", features())
    await open_room(talk)
    for number, name in enumerate(("Marcha", "Taller", "Radio"), 1):
        await publish(talk, number, name)
        await posts(talk)
    await keep_copy(talk)
    yield talk
    await talk.close()


async def keep_copy(talk: Talk) -> None:
    await talk.machine.db.close()
    shutil.copy(talk.path, talk.path.with_name("copy.db"))
    await talk.restart()


async def restored(talk: Talk) -> str:
    """Put the copy in the place of the books. Return what the room is told then."""
    await talk.said()
    await talk.machine.db.close()
    shutil.copy(talk.path.with_name("copy.db"), talk.path)
    for name in ("minga.db-wal", "minga.db-shm"):
        talk.path.with_name(name).unlink(missing_ok=True)
    await talk.restart()
    await talk.restore_backup()
    await talk.restart(timedelta(minutes=1))
    said = ""
    for _round in range(4):
        await talk.wait(NOW)
        said += "\n".join(post.plain for post in await talk.said() if post.room != PUBLIC)
    return said


async def standing(talk: Talk) -> list[str]:
    """What stands in the public room, the oldest first."""
    sent = talk.gateway.posted.values()
    gone = {post.content["redacts"] for post in sent if post.kind == "redact"}
    return [
        post.plain
        for post in sent
        if post.room == PUBLIC and post.kind == "m.room.message" and post.event not in gone
    ]


async def is_public(talk: Talk, number: int) -> bool:
    found = await record(talk, number)
    return found is not None and found.is_public


async def test_what_was_withdrawn_since_is_withdrawn_again(talk: Talk) -> None:
    await talk.says("ana", "!retirar 1")
    await posts(talk)
    said = await restored(talk)
    assert "1, “Marcha”, ya no es público" in said and "Taller" not in said, said
    assert [await is_public(talk, one) for one in (1, 2, 3)] == [False, True, True]
    assert [text for text in await standing(talk) if "Marcha" in text] == []
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "Marcha" in (await posts(talk))[0]


async def test_what_the_copy_does_not_know_is_taken_away(talk: Talk) -> None:
    await publish(talk, 4, "Olla")
    await posts(talk)
    said = await restored(talk)
    assert "ya no es público" not in said
    assert [await is_public(talk, one) for one in (1, 2, 3)] == [True, True, True]
    assert len(await standing(talk)) == 3 and "Olla" not in "".join(await standing(talk))


async def test_nothing_since_changes_nothing(talk: Talk) -> None:
    before = await standing(talk)
    said = await restored(talk)
    assert "ya no es público" not in said
    assert await standing(talk) == before and len(before) == 3


async def test_it_waits_for_a_homeserver_that_is_away(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.says("ana", "!retirar 2")
    await posts(talk)

    async def away(*_: object) -> None:
        raise TryLater("M_UNKNOWN")

    with monkeypatch.context() as patch:
        patch.setattr(FakeGateway, "own_messages", away)
        await restored(talk)
        assert await is_public(talk, 2)
    await talk.wait(timedelta(minutes=2))
    assert not await is_public(talk, 2)


async def test_a_closed_room_is_looked_at_too(talk: Talk) -> None:
    await talk.says("ana", "!publicar sala no")
    await talk.says("ana", "sí")
    await posts(talk)
    await keep_copy(talk)
    await talk.says("ana", "!retirar 3")
    await posts(talk)
    await restored(talk)
    assert [await is_public(talk, one) for one in (1, 2, 3)] == [True, True, False]
