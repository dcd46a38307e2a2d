"""Two bots, one of which hands rooms over to the other, without a homeserver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from bot.capability.registry import registry_of
from bot.operate.split.section_file import write_section
from bot.operate.split.split import Split, hand_over
from bot.run.app import features
from bot.run.stages.limits import Limits
from bot.signing.signer import NAME
from bot.testing.fake_gateway import BOT, FakeGateway
from bot.testing.fake_machine import KEY, KEYS, build_machine
from bot.testing.posted_event import PostedEvent
from bot.testing.state_events import state_events
from bot.testing.talk import Talk
from bot.types import (
    HANDOVER_TYPE,
    EventId,
    LinkMessage,
    Membership,
    RoomId,
    Trust,
    UserId,
)
from storage import rooms
from storage.database import Database
from storage.encryption import secrets as vault
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from storage.files.restoration import restore_backup
from storage.membership import room_state

SECOND = UserId("@minga2:test")
GOES, STAYS = RoomId("!norte:test"), RoomId("!sur:test")
PEOPLE = ("ana", "bea", "carla")


@dataclass
class TwoBots:
    """The first bot with both rooms, and the second once it has taken the section."""

    folder: Path
    first: Talk
    second: Talk | None = None
    carried: set[EventId] = field(default_factory=set)

    @classmethod
    async def start(cls, folder: Path) -> TwoBots:
        (folder / "one").mkdir()
        talk = await Talk.start(folder / "one" / DATABASE, features())
        async with talk.machine.db.transaction() as tx:
            seed = bytes(range(32))  # that of its signer, which is stored in life
            await vault.put(tx, KEYS.ballots, NAME, seed)
        for room, name in ((GOES, "Norte"), (STAYS, "Sur")):
            await talk.room(room, name, PEOPLE, {"ana": 50})
        await talk.says("ana", "!area agregar norte", room=GOES)
        await talk.said()
        return cls(folder, talk)

    async def split(
        self, areas: Sequence[str] = ("norte",), named: Sequence[RoomId] = (), to: UserId = SECOND
    ) -> Split:
        """Hand over in the stopped first bot's database. Raises `SplitError`."""
        return await hand_over(
            self.first.machine.db,
            KEYS.ballots,
            registry_of(features()),
            self.first.defaults,
            BOT,
            to,
            areas,
            named,
        )

    async def write(self, done: Split, name: str = "section") -> Path:
        """Write the section's file and return it."""
        file, data = self.folder / name, self.folder / "one"
        known = registry_of(features()).features
        await write_section(data, KEYS, known, done.section, BOT, file)
        return file

    async def take_in(self, file: Path, data: str = "two") -> Talk:
        """Restore the file as the second bot's operator does, and start that bot."""
        folder, key = self.folder / data, file.with_name(f"{file.name}.key")
        await restore_backup(file, folder, key_file=key)
        db = await Database.open(folder / DATABASE, unlock(folder, key_file=key).db)
        await db.rekey(KEY)
        await db.close()
        clock, limits = self.first.clock, Limits(0)
        gateway = FakeGateway(SECOND, now=clock.now)
        gateway._count = count(10_000)  # its events are no others' events
        gateway.left.update({GOES, STAYS})
        defaults = replace(self.first.defaults, network="Norte")
        machine = await build_machine(
            folder / DATABASE, gateway, clock, features(), defaults, limits
        )
        self.second = Talk(machine, folder / DATABASE, clock, gateway, features(), defaults, limits)
        return self.second

    async def enter(self) -> None:
        """The second bot is in the room, and both see it."""
        assert self.second is not None
        state: dict[str, dict[str, Any]] = {
            "m.room.create": {"room_version": "11"},
            "m.room.encryption": {"algorithm": "m.megolm.v1.aes-sha2"},
            "m.room.power_levels": {"users": {"@ana:test": 50, SECOND: 50, BOT: 50}},
            "m.room.name": {"name": "Norte"},
        }
        people = (SECOND, BOT, *(UserId(f"@{name}:test") for name in PEOPLE))
        self.second.gateway.left.discard(GOES)
        async with self.second.machine.db.transaction() as tx:
            await rooms.mark_joined(tx, GOES, self.second.clock.at)
            await room_state.apply_state(tx, GOES, state_events(state, people, None), whole=True)
        for talk in (self.first, self.second):
            await talk.moves(SECOND, Membership.JOIN, GOES)

    async def carry(self, by: Talk, to: Talk, trust: Trust = Trust.SIGNED) -> list[PostedEvent]:
        """Bring the steps that one bot has sent to the other, and return them."""
        steps = await self.steps(by)
        for post in steps:
            await to.happens(step(by.gateway.me, post.content, post.event, to, trust))
        return steps

    async def steps(self, by: Talk) -> list[PostedEvent]:
        """Return the steps that one bot has sent since the last call."""
        await by.sent()
        said = [post for post in by.gateway.posted.values() if post.kind == HANDOVER_TYPE]
        fresh = [post for post in said if post.event not in self.carried]
        self.carried |= {post.event for post in fresh}
        return fresh

    async def close(self) -> None:
        """Close both databases."""
        for talk in (self.first, self.second):
            if talk is not None:
                await talk.close()


def step(
    sender: UserId,
    content: object,
    event: str,
    to: Talk,
    trust: Trust = Trust.SIGNED,
    room: RoomId = GOES,
) -> LinkMessage:
    """A step of a handover as it arrives."""
    assert isinstance(content, dict)
    where = (room, EventId(f"{event}-{sender}"), sender, to.clock.at)
    return LinkMessage(*where, HANDOVER_TYPE, content, trust=trust)
