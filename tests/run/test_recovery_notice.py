"""After `minga recover` each room is told once that all is lost, in its language, and no more."""

from __future__ import annotations

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from storage.encryption import own_identity
from tests.run.test_new_identity import finds_itself_in

QUIET = RoomId("!quiet:test")
STRANGE = RoomId("!strange:test")


async def recovered(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await own_identity.note_recovery(tx, talk.clock.at)


async def test_each_room_is_told_once_in_its_language(talk: Talk) -> None:
    await talk.room(QUIET, "Silenciosa", ["bea"])
    await talk.set("language", "pt", room=QUIET)
    await talk.sent()
    await recovered(talk)
    assert await talk.machine.dispatcher.announce_identity()
    told = {post.room: post.plain for post in await talk.said()}
    assert told[ROOM].startswith("Estoy de vuelta desde el ")
    assert "nadie tiene que verificarme otra vez" in told[ROOM]
    assert "No llegará ningún recordatorio ni aviso de antes" in told[ROOM]
    assert told[QUIET].startswith("Estou de volta desde ")
    assert not await talk.machine.dispatcher.announce_identity()
    await talk.hears_nothing()


async def test_it_stays_where_a_moderator_is_and_only_until_the_rooms_are_told(talk: Talk) -> None:
    later = RoomId("!later:test")
    await talk.room(STRANGE, "Ajena", ["bea", "carla"])
    await talk.room(QUIET, "Silenciosa", ["ana", "bea"])
    await talk.room(later, "Otra", ["ana", "bea"])
    await recovered(talk)
    for room in (STRANGE, QUIET):
        await finds_itself_in(talk, room)
    assert [(post.room, post.kind) for post in await talk.sent()] == [(STRANGE, "leave")]
    await talk.machine.dispatcher.announce_identity()
    assert QUIET in {post.room for post in await talk.said()}
    await finds_itself_in(talk, later)
    assert [(post.room, post.kind) for post in await talk.sent()] == [(later, "leave")]
