"""A restored copy learns from the public room what was withdrawn since, without any folder."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

import pytest

from bot.capability import prefetch
from bot.capability.room_policy import NO_FOLDER, PublicFolder
from bot.gateway import OwnMessages, Refused, TryLater
from bot.testing import fake_gateway
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import Talk, user_id
from bot.types import Number
from commands.publishing import store
from commands.publishing.making import POST_JOB
from commands.publishing.places import services
from commands.publishing.places.tests.folder_world import NOW, publish
from commands.publishing.places.tests.test_public_room_command import PUBLIC, open_room, posts
from commands.publishing.tests.test_publishing import record
from storage.connection import Connection


@pytest.fixture
def public() -> PublicFolder:
    return NO_FOLDER


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """A network with a public room and no folder; 1 to 3 stand there, each in a post."""
    await open_room(talk)
    for number, name in enumerate(("Marcha", "Taller", "Radio"), 1):
        await publish(talk, number, name)
        await posts(talk)
    await keep_copy(talk)
    return talk


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


async def test_pages_of_our_messages_are_fetched_before_the_books_are_read(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is fetched runs the job again: a long room must not have its posts read for each page,
    nor each of them by a query."""
    asked: list[str] = []
    fetch = Connection.fetch

    async def noted(connection: Connection, sql: str, *args: Any) -> Any:
        asked.append(sql)
        return await fetch(connection, sql, *args)

    monkeypatch.setattr(Connection, "fetch", noted)
    monkeypatch.setattr(fake_gateway, "OWN_PAGE", 1)
    await restored(talk)
    read = [sql for sql in asked if "FROM publishing_post p" in sql and "room = ?" in sql]
    assert len(read) == 1
    assert not [sql for sql in asked if sql.startswith("SELECT number FROM publishing_posted")]


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


async def purge(monkeypatch: pytest.MonkeyPatch, *, alone: bool) -> None:
    """Let the homeserver list none of our messages; if not `alone`, it gives no single one."""

    async def nothing(*_: object) -> OwnMessages:
        return [], None

    async def gone(*_: object) -> bool:
        raise Refused("M_NOT_FOUND")

    monkeypatch.setattr(FakeGateway, "own_messages", nothing)
    if not alone:
        monkeypatch.setattr(FakeGateway, "is_redacted", gone)


async def test_what_the_homeserver_has_no_more_stays_public_and_is_told(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talk.machine.db.transaction() as tx:
        await store.put_answer(tx, Number(2), user_id("bea"), True, "Bea", talk.clock.now())
    await keep_copy(talk)
    monkeypatch.setattr(prefetch, "EVENTS_TOGETHER", 2)
    monkeypatch.setattr(services, "MOST_TOLD", 2)
    await purge(monkeypatch, alone=False)
    said = await restored(talk)
    assert "ya no es público" not in said
    assert [await is_public(talk, one) for one in (1, 2, 3)] == [True, True, True]
    async with talk.machine.db.reading() as tx:
        assert await store.answer_of(tx, Number(2), user_id("bea")) is True
    assert "En la sala pública me faltan 3 cosas que son públicas: 1 · 2 · y 1 más" in said, said
    assert "`retirar 1`" in said
    assert len(await standing(talk)) == 3, "nothing is posted anew"


async def test_a_room_that_the_homeserver_does_not_show_is_told(talk: Talk) -> None:
    await talk.says("ana", "!retirar 1")
    await posts(talk)
    talk.gateway.left.add(PUBLIC)
    said = await restored(talk)
    assert "El servidor no me muestra lo que hay en la sala pública" in said, said
    assert "no puedo ver ahí qué se retiró" in said and said.count("no me muestra") == 1
    assert await is_public(talk, 1)


async def test_a_list_that_ends_too_early_withdraws_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.says("ana", "!retirar 2")
    await posts(talk)
    await purge(monkeypatch, alone=True)
    said = await restored(talk)
    assert [await is_public(talk, one) for one in (1, 2, 3)] == [True, False, True]
    assert "faltan" not in said, said


async def test_what_was_withdrawn_long_ago_is_not_missed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.says("ana", "!retirar 1")
    async with talk.machine.db.transaction() as tx:  # as where more wait than one round takes
        await tx.run("DELETE FROM job WHERE name = ?", POST_JOB.name)
    await keep_copy(talk)
    await purge(monkeypatch, alone=False)
    said = await restored(talk)
    assert "me faltan 2 cosas que son públicas: 2 · 3" in said, said


async def test_a_post_that_was_lost_with_the_outbox_is_posted_again(talk: Talk) -> None:
    await publish(talk, 4, "Olla", room_says=False)
    await talk.wait(timedelta(seconds=1))  # its post is in the outbox
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM letter WHERE room = ?", PUBLIC)
    await keep_copy(talk)
    await restored(talk)
    assert ["Olla" in post for post in await standing(talk)] == [False, False, False, True]


async def test_a_post_that_arrived_after_the_copy_is_posted_again_in_its_place(talk: Talk) -> None:
    await publish(talk, 4, "Olla", room_says=False)
    await talk.wait(timedelta(seconds=1))  # its post is in the outbox
    await keep_copy(talk)
    said = await restored(talk)
    assert "ya no es público" not in said and await is_public(talk, 4)
    assert ["Olla" in post for post in await standing(talk)] == [False, False, False, True]
    await talk.says("ana", "!retirar 4")
    await posts(talk)
    assert len(await standing(talk)) == 3
