"""Who may not bring the bot into a room reads why it left, and in private who can."""

from __future__ import annotations

import pytest

from bot.run.duties.bot_membership import JOINS_ARRIVE
from bot.testing.talk import Talk, user_id
from bot.types import Membership, RoomId
from storage.membership import invitations

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
    await talk.wait(JOINS_ARRIVE)
    (left,) = await talk.sent()
    assert (left.kind, left.room, left.content["reason"]) == ("leave", NEW, WHY)
    assert talk.gateway.made == []


async def test_who_invites_before_it_is_learnt_that_they_joined_is_let_in(talk: Talk) -> None:
    """An invitation comes from their homeserver at once, their join by way of others."""
    private = RoomId("!p:far")
    await talk.invites("@zoe:far", private, direct=True)
    await talk.wait(JOINS_ARRIVE / 2)
    assert await talk.sent() == []
    await talk.moves("@zoe:far", Membership.JOIN)
    await talk.wait(JOINS_ARRIVE / 2)
    assert [post.kind for post in await talk.sent() if post.room == private] == ["join"]


@pytest.mark.parametrize("joined", [True, False])
async def test_a_room_that_a_moderator_brings_it_into_meanwhile_is_kept(
    talk: Talk, joined: bool
) -> None:
    await talk.invites("@eve:evil", NEW)
    await talk.invites("ana", NEW)
    if joined:
        await talk.sent()
        await talk.room(NEW, "Fiesta", ["ana", "bea", "carla"])
        await talk.moves("@minga:test", Membership.JOIN, NEW)
    await talk.wait(JOINS_ARRIVE)
    assert "leave" not in [post.kind for post in await talk.sent()]


async def test_an_invitation_that_came_to_nothing_stops_no_later_one(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:  # what a join that was given up leaves
        await invitations.save(tx, NEW, user_id("bea"), direct=False)
    await talk.invites("@eve:evil", NEW)
    await talk.wait(JOINS_ARRIVE)
    assert [post.kind for post in await talk.sent() if post.room == NEW] == ["leave"]


async def test_who_was_banned_meanwhile_is_declined(talk: Talk) -> None:
    private = RoomId("!p:far")
    await talk.invites("@zoe:far", private, direct=True)
    await talk.moves("@zoe:far", Membership.JOIN)
    await talk.moves("@zoe:far", Membership.BAN)
    await talk.wait(JOINS_ARRIVE)
    assert [post.kind for post in await talk.sent() if post.room == private] == ["leave"]


async def test_a_moderators_room_is_entered_without_a_word_of_it(talk: Talk) -> None:
    await talk.invites("ana", NEW)
    await talk.sent()
    await talk.room(NEW, "Fiesta", ["ana", "bea", "carla"])
    await talk.moves("@minga:test", Membership.JOIN, NEW)
    await talk.hears("aquí estoy")
