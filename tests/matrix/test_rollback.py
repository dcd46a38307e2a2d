"""A homeserver that comes back from an older copy: what its sync leaves out is looked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.matrix.sync import gap_rechecks
from tests.matrix.homeserver import ANA, ROOM
from tests.matrix.test_sync import World
from tests.matrix.test_sync import world as world


def bring_back_without_the_last_event(world: World) -> None:
    """Forget what was said last; in its place is a line that no sync ever tells."""
    room = world.server.rooms[ROOM]
    room.order[-1] = world.server.event("org.example", {}, ANA, event_id="$other")
    world.server.say("said at once", told=False)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", (timedelta(seconds=0.05),) * 3)


async def test_what_was_said_before_our_first_sync_is_found(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("forgotten")
        await inbox.says("forgotten")
        bring_back_without_the_last_event(world)
        world.server.trouble.append((502, b"{}"))
        await inbox.says("said at once")
        world.server.say("later")
        await inbox.says("later")
    assert len(inbox.texts) == len(set(inbox.texts))


async def test_an_outage_alone_makes_nobody_look(world: World) -> None:
    world.server.make_room()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.say("known")
        await inbox.says("known")
        world.server.trouble.append((502, b"{}"))
        world.server.news.set()
        world.server.say("after it")
        await inbox.says("after it")
        await inbox.until(lambda: world.server.count("/event/") == 1)
        async with world.db.reading() as tx:
            assert not await tx.all("SELECT * FROM hole")
