"""A room that said yes to a joint decision is not closed while it is to vote on it."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import Talk
from bot.types import RoomId
from tests.links.between import Between
from tests.links.test_deciding import number_in

NORTH = RoomId("!norte:test")


async def closes(talk: Talk) -> str:
    """What Norte is told before it closes; it is not closed then."""
    said = await talk.answer("ana", "!close-room", room=NORTH)
    await talk.answer("ana", "no", room=NORTH)
    return said


async def test_the_room_that_accepted_it_waits_before_its_vote_opens(three: Between) -> None:
    talk = three.of("b")
    await talk.wait(timedelta(minutes=1))
    await talk.room(NORTH, "Norte", ["ana", "bea"], {"ana": 100})
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await three.says("a", f"!network propose {poll} with Red B, Red C")
    await three.answer("a", "yes")
    there = number_in(three.told("b"), r"network accept (\d+)")
    assert "being decided" not in await closes(talk), "nobody accepted it here"
    assert "We take part" in await talk.answer("ana", f"!network accept {there}", room=NORTH)
    await three.flow()
    waits = f"It waits for the end of what is being decided: {there} Letter for the water"
    assert waits in await closes(talk), "Red C has not answered, so there is no vote yet"
    other = number_in(three.told("c"), r"network accept (\d+)")
    await three.says("c", f"!network decline {other}")
    assert waits in await closes(talk), "and while the others count"
