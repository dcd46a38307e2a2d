"""After `minga init --new-identity` each room is told once, in its language, and nobody else."""

from __future__ import annotations

from bot.testing.fake_gateway import BOT
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, MembershipChanged, RoomId
from storage import rooms
from storage.encryption import own_identity

QUIET = RoomId("!quiet:test")


async def renewed(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await own_identity.note_new_identity(tx, talk.clock.at)


async def test_each_room_is_told_once_in_its_language(talk: Talk) -> None:
    await talk.room(QUIET, "Silenciosa", ["bea"])
    await talk.set("language", "pt", room=QUIET)
    await talk.says("bea", "!estado")
    own = await talk.private("bea")
    await talk.sent()
    await renewed(talk)
    assert await talk.machine.dispatcher.announce_identity()
    told = {post.room: post.plain for post in await talk.said()}
    assert told.keys() >= {ROOM, QUIET}
    assert told[ROOM].startswith("Mi identidad cambió el ")
    assert told[QUIET].startswith("Minha identidade mudou ")
    assert own is None or own in told
    assert not await talk.machine.dispatcher.announce_identity()
    await talk.hears_nothing()


async def test_bots_of_other_networks_are_not_told_in_words(talk: Talk) -> None:
    between = RoomId("!between:test")
    await talk.room(between, "Enlace", ["bea"])
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET kind = ? WHERE room = ?", rooms.LINK_ROOM_TYPE, between)
    await renewed(talk)
    await talk.machine.dispatcher.announce_identity()
    assert between not in {post.room for post in await talk.said()}


async def finds_itself_in(talk: Talk, room: RoomId) -> None:
    """As a first sync tells of a room that the account is in since long ago."""
    event = EventId(f"$in{room}")
    await talk.happens(
        MembershipChanged(room, event, BOT, talk.clock.at, BOT, Membership.JOIN, Membership.LEAVE)
    )


async def test_a_bot_whose_data_was_lost_stays_where_it_may_be_brought_in(talk: Talk) -> None:
    strange, old, private = (RoomId(f"!{name}:test") for name in ("strange", "old", "private"))
    await talk.room(strange, "Ajena", ["bea", "carla"])
    await talk.room(old, "Vieja", ["ana", "bea"])
    await talk.room(private, "", ["bea"])
    await renewed(talk)
    for room in (strange, old, private):
        await finds_itself_in(talk, room)
    assert [(p.room, p.kind) for p in await talk.sent()] == [(strange, "leave")]
    await talk.machine.dispatcher.announce_identity()
    assert {post.room for post in await talk.said()} >= {old, private}
    async with talk.machine.db.reading() as tx:
        assert await rooms.private_room(tx, user_id("bea")) == private
    await finds_itself_in(talk, RoomId("!later:test"))
    assert await talk.said() == []


async def test_without_a_new_identity_nobody_else_puts_it_into_rooms(talk: Talk) -> None:
    await talk.room(QUIET, "Silenciosa", ["ana", "bea"])
    await finds_itself_in(talk, QUIET)
    assert [(p.room, p.kind) for p in await talk.sent()] == [(QUIET, "leave")]
