"""What keys tell us: a key that will not come, and an identity that is another one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.matrix.crypto.devices import has_new_confirmation
from bot.matrix.crypto.trust import Device
from bot.types import DeviceVerified, NewIdentity, OldIdentity, UndecryptedMessage, UserId
from storage import identities
from tests.matrix.homeserver import ANA, ROOM
from tests.matrix.test_sync import World, world

__all__ = ["world"]


def withhold(world: World, code: str, sender: str = ANA) -> None:
    content = {"room": ROOM, "session": "secret", "sender": sender, "code": code}
    world.server.to_device.append({"type": "withheld", "content": content})
    world.server.news.set()


@pytest.mark.parametrize("first", [True, False], ids=["notice first", "message first"])
async def test_who_keeps_a_key_from_us_is_told_at_once(world: World, first: bool) -> None:
    world.server.make_room()
    await world.caught_up()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        if first:
            withhold(world, "m.unverified")
        world.server.say("riddle", session="secret")
        if not first:
            await inbox.until(lambda: str(world.server.position) in inbox.tokens)
            withhold(world, "m.unverified")
        await inbox.until(lambda: [w for w in inbox.got if isinstance(w, UndecryptedMessage)], 15)
    (told,) = [w for w in inbox.got if isinstance(w, UndecryptedMessage)]
    assert (told.sender, told.withheld) == (ANA, True)


@pytest.mark.parametrize(
    ("code", "sender"), [("m.no_olm", ANA), ("m.unverified", "@eve:evil.example")]
)
async def test_others_notices_and_passing_troubles_change_nothing(
    world: World, code: str, sender: str
) -> None:
    world.server.make_room()
    await world.caught_up()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        withhold(world, code, sender)
        world.server.say("riddle", session="secret")
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
        world.server.say("known")
        await inbox.says("known")
        assert not [w for w in inbox.got if isinstance(w, UndecryptedMessage)]


async def test_a_replaced_identity_is_told_once(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    seen = datetime.now(UTC)
    for _again in range(2):
        world.machine.quarantine.news[UserId(ANA)] = seen  # killed before it was marked as told
        async with world.bot() as (_, inbox):
            await inbox.until(lambda: not world.machine.quarantine.news)
        told = [w.sender for w in inbox.got if isinstance(w, NewIdentity)]
        assert told == ([] if _again else [ANA])


async def test_an_old_identity_that_is_heard_is_told_once(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    seen = datetime.now(UTC)
    for _again in range(2):
        world.machine.quarantine.olds[UserId(ANA)] = seen, True
        async with world.bot() as (_, inbox):
            await inbox.until(lambda: not world.machine.quarantine.olds)
        told = [(w.sender, w.back) for w in inbox.got if isinstance(w, OldIdentity)]
        assert told == ([] if _again else [(ANA, True)])


async def test_a_new_identity_comes_with_what_stands_for_its_key(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    world.machine.quarantine.news[UserId(ANA)] = datetime.now(UTC)
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: not world.machine.quarantine.news)
    (told,) = [w for w in inbox.got if isinstance(w, NewIdentity)]
    assert told.key == world.machine.quarantine.waiting_key(UserId(ANA))


async def test_pins_are_copied_where_a_backup_finds_them(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    world.machine.quarantine.unsaved = True
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
    async with world.db.reading() as tx:
        assert await identities.pins(tx) == world.machine.quarantine.all_pins()


async def test_a_confirmed_device_is_told_once(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    seen = datetime.now(UTC)
    for _again in range(2):
        world.machine.confirmed[UserId(ANA)] = seen  # killed before it was marked as told
        async with world.bot() as (_, inbox):
            await inbox.until(lambda: not world.machine.confirmed)
        told = [w.sender for w in inbox.got if isinstance(w, DeviceVerified)]
        assert told == ([] if _again else [ANA])


def _devices(text: str) -> dict[str, Device]:
    """`A+ B`: A is signed, B is not."""
    names = text.split()
    return {
        n.rstrip("+"): Device(UserId(ANA), n.rstrip("+"), "ed", "curve", n.endswith("+"))
        for n in names
    }


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("A", "A+", True),
        ("A+ B", "A+ B+", True),
        ("A", "B+", True),  # who had none signed has one now
        ("", "A+", False),  # we see them for the first time
        ("A+", "A+ B+", False),  # a new phone that was never unsigned here
        ("A+ B", "A+", False),
        ("A", "A B", False),
    ],
)
def test_whose_device_is_confirmed_now(before: str, now: str, told: bool) -> None:
    assert has_new_confirmation(_devices(before), _devices(now)) is told
