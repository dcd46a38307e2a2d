"""Networks in two links of ours: how one comes of it, and nobody gets a thing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import BotInvited, EventId, RoomId
from commands.links.declaration import LINK_TYPE
from tests.links.between import Between
from tests.links.liar import A
from tests.links.test_deciding import number_in

POLL, EVENT = r"Proposal (\d+)", r"going (\d+)"


@pytest.fixture
async def apart(tmp_path: Path) -> Between:
    """B and C are linked with A, each in a link of its own."""
    made = await Between.start(tmp_path, "a", "b", "c")
    await made.link("a", "b")
    made.links["a with b"] = made.links["a"]
    await made.link("a", "c")
    for name in "abc":
        made.told(name)
    return made


async def test_two_links_in_the_way_name_the_line_that_joins_them(apart: Between) -> None:
    poll = number_in(await apart.answer("a", '!proposal "Letter" until in 56 hours'), POLL)
    said = await apart.answer("a", f"!network propose {poll} with Red B, Red C")
    assert "a joint decision needs one link with all" in said
    line = f"!network add @minga:c {apart.links['a with b']}"
    assert f"To bring Red C in: `{line}`" in said
    assert f"Or without the others: `!network propose {poll} with Red B`" in said

    await apart.says("a", line)
    await apart.says("a", "yes")
    apart.links |= {"a": apart.links["a with b"], "c": apart.number("c")}
    await apart.says("c", f"!network accept {apart.links['c']}")
    for name in "ab":
        await apart.says(name, f"!network accept {apart.links[name]}")
        await apart.says(name, "yes")
        await apart.says("c", f"!network accept {apart.links['c']}")
        if "Whose code?" in apart.told("c"):
            await apart.says("c", f"Red {name.upper()}")
        await apart.says("c", "yes")
    said = await apart.answer("a", f"!network propose {poll} with Red B, Red C")
    assert "goes to Red B · Red C" in said, "the link with all is found, though C is in two"
    await apart.says("a", "yes")
    for name in "bc":
        assert "asks us to decide together" in apart.told(name)
    await apart.close()


async def test_without_the_others_works_too(apart: Between) -> None:
    poll = number_in(await apart.answer("a", '!proposal "Letter" until in 56 hours'), POLL)
    said = await apart.answer("a", f"!network propose {poll}")
    assert f"`!network propose {poll} with Red B`" in said
    assert "goes to Red B" in await apart.answer("a", f"!network propose {poll} with Red B")
    await apart.close()


async def test_who_is_in_two_of_our_links_gets_what_is_for_all_once(tmp_path: Path) -> None:
    """B is linked with A alone, then came into A's link with C too."""
    world = await Between.start(tmp_path, "a", "b", "c")
    await world.link("a", "b")
    await world.link("a", "c")
    await world.add("a", "b", "c")
    for name in "abc":
        world.told(name)
    number = number_in(await world.answer("a", "!event Fair; in 33 hours"), EVENT)
    assert "This goes to Red B · Red C, and" in await world.answer("a", f"!network share {number}")
    world.wire.clear()
    await world.says("a", "yes")
    assert len([one for one in world.wire if one["kind"] == "share"]) == 1
    number = number_in(await world.answer("a", "!event Tea; in 80 hours"), EVENT)
    said = await world.answer("a", f"!network share {number} with Red B")
    await world.close()
    assert "This goes to Red B, and" in said, "and who is not named hears nothing"


async def test_a_linked_network_asks_into_one_more_link_and_not_into_a_hundred(
    world: Between,
) -> None:
    talk = world.of("b")
    for n in range(5):
        room, event = RoomId(f"!more{n}:a"), EventId(f"$more{n}")
        await talk.happens(BotInvited(room, event, A, talk.clock.at, False, True, LINK_TYPE))
        await world.flow()
    assert world.told("b").count("asks to link its network with ours") == 1
