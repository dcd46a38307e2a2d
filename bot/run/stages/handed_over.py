"""The stages that keep this bot from acting in rooms that are another bot's."""

from __future__ import annotations

from bot.delivery.outbox import Outbox
from bot.run.duties import handovers as duty
from bot.run.stages.incoming import Incoming, StageTools
from bot.types import (
    HANDOVER_TYPE,
    BotInvited,
    LinkMessage,
    MembershipChanged,
    Message,
    PollVote,
    RoomId,
)
from storage.sections import handovers
from storage.sections.handovers import Handover


class HandedOver:
    """Ends the way of what happens in a room that is no longer ours, or not yet."""

    def __init__(self, tools: StageTools, outbox: Outbox) -> None:
        self._tools = tools
        self._outbox = outbox
        self._rooms: set[RoomId] | None = None

    async def keep_out(self, incoming: Incoming) -> Incoming | None:
        """Pass on events of rooms that are ours; in a room that is being handed over take only the
        handover's next step.

        Return None for an event that ends here.
        """
        what = incoming.event
        one = await self._find(what.room)
        if one is None:
            return await self._pass(incoming)
        if isinstance(what, LinkMessage | MembershipChanged | BotInvited):
            await self._tools.run(incoming, lambda ctx: duty.answer_event(ctx, what, one))
            self._rooms = None  # it may be settled now, and what waited for that goes out
            self._outbox.release_held()
        elif isinstance(what, PollVote) and self._may_tell(incoming):
            await self._tools.run(incoming, lambda ctx: duty.refuse_vote(ctx, one))
        elif isinstance(what, Message):
            return incoming  # whether it is for us is found out first
        else:
            self._tools.drop(incoming)
        return None

    async def answer_line(self, incoming: Incoming) -> Incoming | None:
        """Answer a line for the bot, in a room that is handed over, with who goes on there; drop
        other lines there. Return the line if its room is not handed over, else None."""
        one = await self._find(incoming.event.room)
        if one is None:
            return incoming
        if incoming.concern is not None and self._may_tell(incoming):
            await self._tools.run(incoming, lambda ctx: duty.answer_in_idle_room(ctx, one))
        else:
            self._tools.drop(incoming)
        return None

    async def _pass(self, incoming: Incoming) -> Incoming | None:
        what = incoming.event
        if not isinstance(what, LinkMessage) or what.type != HANDOVER_TYPE:
            return incoming
        await self._tools.run(incoming, lambda ctx: duty.answer_stray_step(ctx, what), lightly=True)
        return None

    def _may_tell(self, incoming: Incoming) -> bool:
        what = incoming.event
        return self._tools.limits.may_tell(f"section:{what.room}:{what.sender}", what.at)

    async def _find(self, room: RoomId) -> Handover | None:
        """Return with which section the room goes. In memory, because every event asks."""
        if self._rooms is None:
            async with self._tools.env.db.reading() as tx:
                self._rooms = set(await handovers.idle_rooms(tx))
        if room not in self._rooms:
            return None
        async with self._tools.env.db.reading() as tx:
            return await handovers.of_room(tx, room)
