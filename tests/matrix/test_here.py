"""Keys count from who is in the room; what of others was refused is counted (0025)."""

from __future__ import annotations

from typing import Any

from bot.types import Message
from tests.matrix.test_sync import World, world

__all__ = ["world"]

EVA = "@eva:two.example"


async def test_keys_count_once_their_owner_is_in_the_room(world: World) -> None:
    world.server.make_room()
    world.server.say("not here", sender=EVA)
    world.server.say("clear")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        assert inbox.texts == ["clear"]  # the key is there, and waits with what it opens
        world.server.member(EVA, "invite")
        world.server.say("invited", sender=EVA)
        world.server.say("still clear")
        await inbox.says("still clear")
        assert inbox.texts == ["clear", "still clear"]
        world.server.member(EVA, "join", "invite")
        await inbox.until(lambda: len(inbox.texts) == 4)
    assert inbox.texts[2:] == ["not here", "invited"]


async def test_who_spoke_and_left_meanwhile_is_read(world: World) -> None:
    world.server.make_room()
    world.server.member(EVA, "join")
    world.server.say("my vote", sender=EVA)
    world.server.member(EVA, "leave", "join")
    assert (await world.caught_up()).texts == ["my vote"]


async def test_a_relation_that_a_server_moved_is_counted(world: World) -> None:
    world.server.make_room()
    inside = {"msgtype": "m.text", "body": "no", "m.relates_to": _reply("$a")}
    event = world.server.sealed(inside)
    event["content"]["m.relates_to"] = _reply("$b")
    world.server.put(event)
    async with world.bot() as (gateway, inbox):
        await inbox.until(lambda: inbox.live)
    (said,) = [w for w in inbox.got if isinstance(w, Message)]
    assert said.reply_to == "$a"
    assert gateway.reader.refused["relation"] == 1


def _reply(event: str) -> dict[str, Any]:
    return {"m.in_reply_to": {"event_id": event}}


async def test_what_of_strangers_was_refused_is_counted(world: World) -> None:
    world.server.make_room()
    world.server.to_device += [{"type": "strange", "content": {}}] * 3
    async with world.bot() as (gateway, inbox):
        await inbox.until(lambda: inbox.live)
    assert gateway.reader.refused["strange"] == 3
