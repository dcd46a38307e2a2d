"""Who may not bring the bot into a room reads why it left, and in private who can."""

from __future__ import annotations

from bot.testing.talk import Talk, user_id
from bot.types import Membership, RoomId

WHY = "Solo quien modera la red puede invitarme a una sala."
NEW = RoomId("!new:test")


async def test_a_member_is_told_in_private_who_can_bring_it_in(talk: Talk) -> None:
    await talk.invites("bea", NEW)
    await talk.sent()
    await talk.room(NEW, "Fiesta", ["bea", "carla"])
    await talk.moves("@minga:test", Membership.JOIN, NEW)
    left, told = await talk.sent()
    assert (left.kind, left.room, left.content["reason"]) == ("leave", NEW, WHY)
    assert (told.room, told.content["msgtype"]) == (await talk.private("bea"), "m.text")
    assert WHY in told.plain
    assert user_id("ana") in told.plain


async def test_a_stranger_reads_the_reason_and_gets_no_room_of_theirs(talk: Talk) -> None:
    await talk.invites("@eve:evil", NEW)
    (left,) = await talk.sent()
    assert (left.kind, left.room, left.content["reason"]) == ("leave", NEW, WHY)
    assert talk.gateway.made == []


async def test_a_moderators_room_is_entered_without_a_word_of_it(talk: Talk) -> None:
    await talk.invites("ana", NEW)
    await talk.sent()
    await talk.room(NEW, "Fiesta", ["ana", "bea", "carla"])
    await talk.moves("@minga:test", Membership.JOIN, NEW)
    await talk.hears("aquí estoy")
