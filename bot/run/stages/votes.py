"""The stages of a native vote: whose is the poll, does the device count, who counts it?"""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.conversation import event_relations
from bot.delivery import event_content
from bot.delivery.effects import Say
from bot.i18n import _
from bot.run.duties import identity_changes
from bot.run.stages.deferred_events import ParkedEvents
from bot.run.stages.incoming import Incoming, StageTools
from bot.types import Number, PollEnd, PollVote, UserId
from storage import help_rooms, items, outbox_entries
from storage.catch_up import parked_events
from storage.items import Item
from storage.rows import room_moves


class VoteStages:
    """What a tap on a poll, or its end, goes through, in this order."""

    def __init__(self, tools: StageTools, parked: ParkedEvents) -> None:
        self._tools = tools
        self._parked = parked

    async def limit_sender(self, incoming: Incoming) -> Incoming | None:
        """Return a vote within its sender's limits; drop others, and tell the sender at most once
        in ten minutes."""
        what, limits = incoming.event, self._tools.limits
        if limits.allows_vote(what.sender, what.at):
            return incoming
        limits.count_refusal("vote", what.at)
        if limits.may_tell(f"taps:{what.sender}", what.at):
            await self._tools.run(incoming, lambda _ctx: _too_many_votes(what.sender))
        else:
            self._tools.drop(incoming)
        return None

    async def count(self, incoming: Incoming) -> None:
        """Count the vote, in a transaction that marks it as seen."""
        await self._tools.run(incoming, lambda ctx: self._count(ctx, incoming.event))

    async def resume(self, what: PollVote | PollEnd) -> None:
        """Count a vote that is still parked, and delete it from the parked events in the same
        transaction."""

        async def run(ctx: Context) -> Answer:
            if not await parked_events.take(ctx.db, what.event):
                return None  # its voter took it back since it was found
            return await self._count(ctx, what, park=False)

        await self._tools.run(await self._tools.look_up(what), run, marked=True)

    async def _count(self, ctx: Context, what: PollVote | PollEnd, *, park: bool = True) -> Answer:
        """Hand the vote to the capability of its poll, if its device and its place are right."""
        if await help_rooms.person_of(ctx.db, what.room):
            return None
        item = await items.item_about(ctx.db, what.poll)
        if item is None:
            if park and await self._is_on_its_way(ctx):
                await self._parked.park(ctx.db, what)
            return None
        went = await room_moves.successor_of(ctx.db, what.room)
        if not (item.stands_in(what.room) or item.stands_in(went)):  # rules of its rooms only
            return None
        what = await identity_changes.with_current_trust(ctx.db, what)
        devices = self._tools.devices
        if not devices.counts_in_room(what.trust, ctx.policy):
            return devices.refuse_vote(what)
        if not event_relations.names_its_poll(what, item.number):
            return self._refuse_moved_vote(what, item.number)
        ctx.feature, ctx.is_trusted = item.feature, devices.counts_everywhere(what.trust)
        return await _run_hooks(ctx, what, item)

    async def _is_on_its_way(self, ctx: Context) -> bool:
        """Return whether a poll of ours was sent whose event id we do not know yet."""
        start = f"{event_content.POLL_TYPE}.start"
        return await outbox_entries.has_item_entry(ctx.db, ctx.room, start)

    def _refuse_moved_vote(self, what: PollVote | PollEnd, number: Number) -> Answer:
        """Tell the sender that the vote's relation is not authentic.

        At most once in ten minutes for each poll.
        """
        self._tools.limits.count_refusal("relation", what.at)
        first = self._tools.limits.may_tell(f"relation:{what.sender}:{number}", what.at)
        return event_relations.unbound_answer(what, number) if first else None


async def _run_hooks(ctx: Context, what: PollVote | PollEnd, item: Item) -> Answer:
    """Return the first answer of the poll's capability, or of its part that listens.

    Only one capability counts a vote: a listener that says nothing has counted it all the same.
    """
    untagged = event_relations.untag_vote(what, item.number) if isinstance(what, PollVote) else what
    family = ctx.registry.family(item.feature)
    owner = next((one for one in family if type(what) in one.listeners), None)
    if owner is None:  # the capability was removed meanwhile
        return None
    ctx.feature = owner.name
    for listener in owner.listeners[type(what)]:
        answer = await listener(ctx, untagged, item)
        if answer is not None:
            return answer
    return None


async def _too_many_votes(who: UserId) -> Answer:
    lines = (
        _("That was a lot of taps at once, and I could not count the last ones."),
        _("Please vote once more in a minute."),
    )
    return Say(lines, to=who, loud=True)
