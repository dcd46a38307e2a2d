"""The value that goes through the stages, and what all stages share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.capability import room_policy
from bot.capability.room_policy import Policy
from bot.conversation.attention import Concern
from bot.run.environment import Environment
from bot.run.event_work import EventWork, RunHandler
from bot.run.stages.limits import Limits
from bot.run.stages.unsigned_devices import DeviceTrust
from bot.run.transactions import TransactionRunner
from bot.types import EventId, Message, RoomId, Trust, UserId
from storage import help_rooms
from storage.sections.handovers import Handover


@dataclass(slots=True)
class Incoming:
    """An inbound event and what is known of it so far. Each stage adds what it finds out.

    `handover`: how its room is handed over to another bot, or to us. `helped`: whose help room it
    is in. `help_room`: the sender's open one, of a message from a
    signed device. `concern`: why a line is for the bot. `is_stranger`: its sender shares no room
    with the bot. `may_be_ours`: it replies to an event whose id we may not know yet.
    """

    event: Any
    policy: Policy
    handover: Handover | None = None
    helped: UserId | None = None
    help_room: RoomId | None = None
    concern: Concern | None = None
    is_stranger: bool = False
    may_be_ours: bool = False


@dataclass(frozen=True, slots=True)
class StageTools:
    """What the stages share."""

    env: Environment
    runner: TransactionRunner
    limits: Limits
    devices: DeviceTrust
    marks: list[EventId] = field(default_factory=list)
    """Events that needed no transaction: their marks are committed with their batch."""

    async def look_up(self, event: Any) -> Incoming:
        """Return the event with its room's policy and, for a message, the help room that it
        concerns."""
        async with self.env.db.reading() as tx:
            policy = await room_policy.room_policy(tx, event.room, self.env.defaults)
            if not isinstance(event, Message):
                return Incoming(event, policy)
            helped, closes = await help_rooms.rooms_about(tx, event.room, event.sender)
        closes = closes if event.trust is Trust.SIGNED else None
        return Incoming(event, policy, helped=helped, help_room=closes)

    def drop(self, incoming: Incoming) -> None:
        """End the handling of an event that needs no transaction: it is marked as seen with its
        batch."""
        self.marks.append(incoming.event.event)

    def is_over(self, incoming: Incoming, what: str, *, allowed: bool) -> bool:
        """Drop and count the event if it is above the limit named `what`. Return whether it was."""
        if not allowed:
            self.limits.count_refusal(what, incoming.event.at)
            self.drop(incoming)
        return not allowed

    async def run(
        self,
        incoming: Incoming,
        handler: RunHandler,
        *,
        marked: bool = False,
        lightly: bool = False,
    ) -> None:
        """Let the handler answer the event, in a transaction that marks the event as seen.

        `marked` and `lightly`: see `EventWork`.
        """
        work = EventWork(
            self.env, incoming.event, incoming.policy, handler, marked=marked, lightly=lightly
        )
        if not await self.runner.run(work):
            self.drop(incoming)
