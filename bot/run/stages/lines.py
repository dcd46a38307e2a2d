"""The stages of a message: does it concern the bot, is it a flood, what is the answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.capability.authority.typed_forms import CommandPlace
from bot.capability.context import Context, Origin
from bot.capability.errors import AnswerNeeded, UserError
from bot.capability.feature import Answer, Handler
from bot.conversation import distress_answers, help_room
from bot.conversation.conversation import Conversation
from bot.conversation.private_answers import answer_parts
from bot.conversation.questions import open_question
from bot.delivery.effects import Redact
from bot.i18n import _
from bot.run.duties import identity_changes
from bot.run.event_work import EventWork
from bot.run.stages.corrected_lines import MisreadLines
from bot.run.stages.deferred_events import ParkedEvents
from bot.run.stages.flood_detection import FloodDetector, RoomFlood
from bot.run.stages.incoming import Incoming, StageTools
from bot.run.stages.listeners import ListenerRunner
from bot.types import Message, RoomId, Trust, UserId
from storage import help_rooms, outbox_entries, rooms
from storage.catch_up import parked_events
from storage.database import Tx


class LineStages:
    """What a message goes through, in this order."""

    def __init__(
        self,
        tools: StageTools,
        conversation: Conversation,
        parked: ParkedEvents,
        listeners: ListenerRunner,
        floods: FloodDetector,
    ) -> None:
        self._tools = tools
        self._conversation = conversation
        self._parked = parked
        self._listeners = listeners
        self._floods = floods
        self._misread = MisreadLines()

    async def end_help(self, incoming: Incoming) -> Incoming | None:
        """Close the room in which somebody was helped to sign their device, if the message is from
        there and the device is signed now. Return the message as it came, never None."""
        if incoming.help_room is not None:
            await self._close_help_room(incoming.event, incoming.help_room)
        return incoming

    async def _close_help_room(self, message: Message, room: RoomId) -> None:
        """Idempotent."""
        env = self._tools.env
        async with env.db.transaction() as tx:
            known = (await identity_changes.with_current_trust(tx, message)).trust is Trust.SIGNED
            if known and await help_rooms.closed_by_signed(tx, message.sender) == room:
                answer = await help_room.close_help_room(tx, room, message.sender)
                await env.answers.write_answer(tx, answer, Origin(room), message.at)
        self._tools.runner.wake_outbox()

    async def find_concern(self, incoming: Incoming) -> Incoming | None:
        """Pass on the line with why it concerns the bot, or None. Writes nothing, because it sees
        every line."""
        message, policy = incoming.event, incoming.policy
        async with self._tools.env.db.reading() as tx:
            concern = await self._conversation.attention.find_concern(tx, message, policy)
            return replace(
                incoming,
                concern=concern,
                is_stranger=concern is not None and await self._is_stranger(tx, incoming),
                may_be_ours=concern is None
                and message.reply_to is not None
                and await outbox_entries.has_item_entry(tx, message.room),
            )

    async def _is_stranger(self, tx: Tx, incoming: Incoming) -> bool:
        """Return whether somebody writes in private without sharing a room with the bot."""
        who: UserId = incoming.event.sender
        if not incoming.policy.is_private or who in self._tools.env.defaults.moderators:
            return False
        return not await rooms.shares_room(tx, who)

    async def report_room_flood(self, incoming: Incoming) -> Incoming | None:
        """Run the capabilities' listeners if the line completes a flood by the room's own measure,
        and return the line."""
        flood = self._floods.detect(incoming.event, incoming.policy)
        listeners = self._tools.env.registry.listeners(RoomFlood)
        if flood is not None and listeners:
            work = EventWork(
                self._tools.env,
                flood,
                incoming.policy,
                lambda ctx: self._report_flood(ctx, flood, listeners),
            )
            await self._tools.runner.run(work)
        return incoming

    async def _report_flood(
        self, ctx: Context, flood: RoomFlood, listeners: Sequence[tuple[str, Handler]]
    ) -> Answer:
        """Run the listeners unless the sender moderates the room."""
        if await ctx.moderates(flood.room, flood.user):
            self._floods.excuse(flood)
            return None
        return await self._listeners.run_listeners(ctx, flood, listeners)

    async def park_or_drop(self, incoming: Incoming) -> Incoming | None:
        """Return a line that concerns the bot. Else return None: a line that may concern it is
        parked until an event's id is known, any other is dropped."""
        if incoming.concern is not None:
            return incoming
        message = incoming.event
        if not incoming.may_be_ours or not self._tools.limits.allows_parking(
            message.sender, message.at
        ):
            self._tools.drop(incoming)
            return None
        await self._tools.run(incoming, lambda ctx: self._parked.park(ctx.db, message))
        return None

    async def limit_sender(self, incoming: Incoming) -> Incoming | None:
        """Return a line within its sender's limits; drop others, and tell the sender at most once
        in ten minutes."""
        message, limits = incoming.event, self._tools.limits
        if self._allows(incoming):
            return incoming
        limits.count_refusal("command", message.at)
        if limits.may_tell(f"flood:{message.sender}", message.at):
            await self._tools.run(incoming, _too_fast)
        else:
            self._tools.drop(incoming)
        return None

    def _allows(self, incoming: Incoming) -> bool:
        concern, limits = incoming.concern, self._tools.limits
        who, at = incoming.event.sender, incoming.event.at
        if concern is not None and concern.is_urgent:
            return limits.allows_urgent(who, at)
        if concern is not None and concern.has_vote_limit:
            return limits.allows_vote(who, at)
        return limits.allows(who, incoming.event.room, at, stranger=incoming.is_stranger)

    async def answer(self, incoming: Incoming) -> None:
        """Answer the line, in a transaction that marks it as seen."""
        await self._tools.run(incoming, lambda ctx: self._answer(ctx, incoming))

    async def answer_corrected(self, incoming: Incoming) -> Incoming | None:
        """Answer an edit that corrects a line which was not understood, or which a question is
        about; pass on any other edit."""
        message = self._misread.corrected(incoming.event)
        if message is None:
            return incoming
        found = await self.find_concern(await self._tools.look_up(message))
        if found is None or found.concern is None or await self.limit_sender(found) is None:
            return incoming
        await self._redact_correction(found)
        await self.answer(found)
        return None

    async def _redact_correction(self, incoming: Incoming) -> None:
        """Take away the edit of a line that is answered in private; the line itself goes later."""
        message, concern, env = incoming.event, incoming.concern, self._tools.env
        assert concern is not None
        command = concern.command[0] if concern.command is not None else None
        private = command is not None and command.where is CommandPlace.PRIVATE
        if incoming.policy.is_private or not (private or concern.help_kind is not None):
            return
        async with env.db.transaction() as tx:
            gone = Redact(message.event, quiet=True)
            await env.answers.write_answer(tx, gone, Origin(message.room), message.at)

    async def resume(self, message: Message) -> None:
        """Answer a line that was put aside until it was known what it replies to. Delete it from
        the parked events in the same transaction; do nothing if it is not parked any more."""
        found = await self.find_concern(await self._tools.look_up(message))
        assert found is not None

        async def run(ctx: Context) -> Answer:
            is_parked = await parked_events.take(ctx.db, message.event)
            heard = is_parked and found.concern is not None
            return await self._answer(ctx, found) if heard else None

        await self._tools.run(found, run, marked=True)

    async def _answer(self, ctx: Context, incoming: Incoming) -> Answer:
        """Answer a line if its device counts here."""
        concern, devices = incoming.concern, self._tools.devices
        assert concern is not None
        message = await identity_changes.with_current_trust(ctx.db, incoming.event)
        refused = devices.refuse_line(message, ctx.policy, concern)
        if refused is not None:  # () refuses without a word; None does not refuse
            if refused != () and message.trust is Trust.UNSIGNED:
                await help_rooms.mark_told_of_device(ctx.db, message.sender)
            if message.trust is Trust.PLAIN:  # no effect at all in unencrypted rooms
                return answer_parts(refused)
            line, kind = concern.line, concern.help_kind
            taken = await distress_answers.redact_call(ctx, message, line, kind)
            return [*answer_parts(refused), *taken]
        ctx.is_trusted = devices.counts_everywhere(message.trust)
        if ctx.policy.is_private and ctx.policy.person == message.sender:
            await rooms.note_private_room(ctx.db, message.sender, message.room)
        if message.original and await open_question.end_withdrawn(ctx, message.original):
            own = await self._conversation.attention.find_concern(ctx.db, message, ctx.policy)
            if own is None:  # only the question made it one for us
                return None
            concern = own
        try:
            answer = await self._conversation.answer(ctx, message, concern)
        except UserError:
            self._misread.note(message)
            raise
        except AnswerNeeded:
            if ctx.origin.line == message.event and not ctx.discreet and not concern.help_kind:
                self._misread.note(message)
            raise
        if not ctx.is_understood:
            self._misread.note(message)
        return answer


async def _too_fast(_ctx: Context) -> Answer:
    return _("That was a lot at once. I go on in a minute; please send the rest again then.")
