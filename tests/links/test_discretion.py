"""What a person does with other networks' offers is nobody's business in the room."""

from __future__ import annotations

from bot.testing.talk import ROOM
from tests.links.between import Between
from tests.links.offering import shared


async def test_interest_that_is_typed_in_a_room_is_not_talked_about_there(world: Between) -> None:
    """It promises that no name goes along; in the room everybody would read it."""
    _number, copy = await shared(world)
    talk = world.of("b")
    line = await talk.says("bea", f"!interested {copy} for the fair")
    posts = await talk.sent()
    assert [p.plain for p in posts if p.room == ROOM and p.kind == "m.room.message"] == []
    assert line in [p.content["redacts"] for p in posts if p.kind == "redact"]
    assert any("Your name does not go along" in p.plain for p in posts)
