"""Routes each inbound event to its handler and commits the result.

Seen mark, change, answer and jobs of an event are committed in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.capability import room_policy
from bot.capability.context import Context, Origin
from bot.capability.feature import Answer, Handler
from bot.capability.registry import Registry
from bot.capability.room_policy import Policy
from bot.clock import Clock
from bot.conversation import distress_answers, event_relations, help_room
from bot.conversation.attention import Concern
from bot.conversation.conversation import MOST_CHARACTERS, Conversation, truncate
from bot.conversation.private_answers import answer_parts
from bot.delivery import event_content
from bot.delivery.effects import Say
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.outbox import Outbox
from bot.gateway import Gateway
from bot.i18n import _
from bot.run import identity_changes, new_identity, restore_notice
from bot.run.deferred_events import ParkedEvents, PersonEvent
from bot.run.due_jobs import JobRunner
from bot.run.flood_detection import FloodDetector, RoomFlood
from bot.run.homeserver_contact import HomeserverStatus
from bot.run.limits import Limits
from bot.run.listeners import ListenerRunner, UnaddressedEvent
from bot.run.practice_rooms import PRACTICE_SETTING, PracticeRooms
from bot.run.transactions import TransactionRunner
from bot.run.unsigned_devices import DeviceTrust
from bot.signing.signer import Signer
from bot.types import (
    BanRuleChanged,
    BotInvited,
    DeviceVerified,
    Echo,
    EditedMessage,
    EventId,
    InboundEvent,
    LinkMessage,
    MembershipChanged,
    Message,
    Number,
    OldIdentity,
    PollEnd,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    RoomRightsChanged,
    RoomUpgraded,
    Trust,
    UserId,
)
from storage import help_rooms, items, outbox_entries, parked_events, room_moves, rooms, sync
from storage.database import Database, Tx

log = structlog.get_logger(__name__)


Listenable = Reaction | Redaction | BanRuleChanged | RoomRightsChanged | LinkMessage | EditedMessage
"""Events that only capabilities listen for."""


class Dispatcher:
    """Implements the `Inbox` protocol and runs jobs."""

    def __init__(
        self,
        db: Database,
        registry: Registry,
        desk: AnswerWriter,
        outbox: Outbox,
        clock: Clock,
        gateway: Gateway,
        limits: Limits,
        signer: Signer,
        trusting: frozenset[Trust] = frozenset({Trust.SIGNED}),
    ) -> None:
        self._db = db
        self._registry = registry
        self._desk = desk
        self._outbox = outbox
        self._clock = clock
        self._me = gateway.me
        self._limits = limits
        self._distrust = DeviceTrust(limits, trusting)
        self._pending_marks: list[EventId] = []
        self._parking = ParkedEvents(db, gateway, clock)
        self._listening = ListenerRunner(registry, limits)
        self._watching = FloodDetector(gateway.me)
        self.contact = HomeserverStatus(clock)
        self._runner = TransactionRunner(db, registry, desk, outbox, clock, gateway, signer)
        self._run_once = self._runner.run_event
        self._due = JobRunner(db, registry, desk, outbox, clock, gateway.me, signer)
        self.run_job = self._due.run_job
        self.ended = self._due.ended
        self.practice: PracticeRooms | None = None
        self.identity_changed = partial(
            new_identity.announce_identity, db, desk, registry, gateway.me, signer
        )
        self.restored = partial(
            restore_notice.announce_restore, db, desk, registry, gateway.me, signer
        )
        self.conversation = Conversation(registry, self._me, desk.defaults.moderators)

    # --- the Inbox ----------------------------------------------------------------------------

    async def receive(self, what: InboundEvent) -> None:
        """Handle one event at most once. An event that raises is marked as seen, not retried."""
        try:
            await self._route(what)
        except Exception as error:
            await self._runner.mark_failed(what, error)

    async def _route(self, what: InboundEvent) -> None:
        if isinstance(what, Echo):
            await self._outbox.confirm_delivery(what)
        elif isinstance(what, Message):
            await self._receive_message(what)
        elif isinstance(what, PollVote | PollEnd):
            await self._receive_vote(what)
        elif isinstance(what, EditedMessage):
            await self._receive_edit(what)
        elif isinstance(
            what, Reaction | Redaction | BanRuleChanged | RoomRightsChanged | LinkMessage
        ):
            await self._notify_listeners(what)
        else:
            await self._receive_other(what)

    def set_wake(self, wake: Callable[[], None]) -> None:
        """Set the function to call after a job was added."""
        self._runner.on_schedule = wake

    def note_answer(self, at: datetime) -> None:
        """Note that the homeserver answered at this time."""
        self.contact.note_answer(at)

    async def commit_batch(self, token: str) -> None:
        """Commit the sync token with the marks of the events that needed no transaction.

        Then handle what was parked and is due.
        """
        held, self._pending_marks = self._pending_marks, []
        async with self._db.transaction() as tx:
            await sync.mark_all_seen(tx, held, self._clock.now())
            await sync.save_token(tx, token)
        for before in await self._parking.ready_events():
            await self._resume_parked(truncate(before) if isinstance(before, Message) else before)

    async def mark_handled(self, live_until: datetime) -> None:
        """Store that everything until `live_until` is handled, so that jobs may run."""
        async with self._db.transaction() as tx:
            await sync.save_live_until(tx, live_until)
        self.contact.mark_handled(live_until)

    # --- messages -----------------------------------------------------------------------------

    async def _receive_message(self, message: Message) -> None:
        async with self._db.reading() as tx:
            helped = await help_rooms.person_of(tx, message.room)
            helping = await help_rooms.open_for(tx, message.sender)
        if helped is not None:
            await self._receive_other(message)
            return
        if helping is not None and message.trust is Trust.SIGNED:
            await self._end_help(message, helping)
        await self._receive_line(message)

    async def _end_help(self, message: Message, room: RoomId) -> None:
        """End the help room of a person whose device is signed now. Idempotent."""
        async with self._db.transaction() as tx:
            known = (await identity_changes.with_current_trust(tx, message)).trust is Trust.SIGNED
            if known and await help_rooms.open_for(tx, message.sender) == room:
                answer = await help_room.close_help_room(tx, room, message.sender)
                await self._desk.write_answer(tx, answer, Origin(room), message.at)
        self._outbox.wake()

    async def _receive_line(self, whole: Message) -> None:
        message = truncate(whole)
        async with self._db.reading() as tx:
            known = await room_policy.room_policy(tx, message.room, self._desk.defaults)
            if self._is_apart(message, known):
                return
            heeded = await self.conversation.attention.find_concern(tx, message, known)
            stranger = heeded is not None and await self._is_stranger(tx, message.sender, known)
            unknown = (
                heeded is None
                and message.reply_to is not None
                and await outbox_entries.has_item_entry(tx, message.room)
            )
        if (flooded := self._watching.detect(message, known)) is not None:
            await self._handle_room_flood(flooded, known)
        if heeded is None and unknown:
            unknown = self._limits.allows_parking(message.sender, message.at)
        if heeded is None and not unknown:
            self._pending_marks.append(message.event)
            return
        if heeded is None:
            await self._run_once(message, known, lambda ctx: self._parking.park(ctx.db, message))
            return
        if not self._allows(message, heeded, stranger=stranger):
            await self._handle_sender_flood(message, known)
            return
        await self._run_once(message, known, lambda ctx: self._answer_line(ctx, message, heeded))

    def _is_apart(self, what: PersonEvent | Listenable, known: Policy) -> bool:
        """Return whether the event must be left alone here.

        That is all conversation in a link room (only bots talk there), everything in a practice
        room (its own bot gets it), and what anybody but its person does in a private room.
        """
        if _among_bots(what, known) or known.person not in (None, what.sender):
            self._pending_marks.append(what.event)
            return True
        if known.values.get(PRACTICE_SETTING) != "yes":
            return False
        self._pending_marks.append(what.event)
        if self.practice is not None and isinstance(what, PersonEvent):
            self.practice.add_event(what)
        return True

    def _allows(self, message: Message, heeded: Concern, *, stranger: bool) -> bool:
        who, at = message.sender, message.at
        if heeded.is_urgent:
            return self._limits.allows_urgent(who, at)
        if heeded.may_be_vote:
            return self._limits.allows_vote(who, at)
        return self._limits.allows(who, message.room, at, stranger=stranger)

    async def _is_stranger(self, tx: Tx, who: UserId, known: Policy) -> bool:
        """Return whether somebody writes in private without sharing a room with the bot."""
        if not known.is_private or who in self._desk.defaults.moderators:
            return False
        return not await rooms.shares_room(tx, who)

    async def _answer_line(self, ctx: Context, message: Message, heeded: Concern) -> Answer:
        message = await identity_changes.with_current_trust(ctx.db, message)
        refused = self._distrust.refuse_line(message, ctx.policy, heeded.line)
        if refused is not None:  # () refuses without a word; None does not refuse
            if refused != () and message.trust is Trust.UNSIGNED:
                await help_rooms.mark_told_of_device(ctx.db, message.sender)
            plain = message.trust is Trust.PLAIN  # no effect at all in unencrypted rooms
            taken = (
                [] if plain else distress_answers.redact_call(ctx, heeded.line, heeded.help_kind)
            )
            return [*answer_parts(refused), *taken]
        ctx.is_trusted = self._distrust.counts_everywhere(message.trust)
        if ctx.policy.is_private and ctx.policy.person == message.sender:
            await rooms.note_private_room(ctx.db, message.sender, message.room)
        return await self.conversation.answer(ctx, message, heeded)

    async def _handle_room_flood(self, what: RoomFlood, known: Policy) -> None:
        """Run the capabilities' listeners for a flood by the room's own measure."""
        hooks = self._registry.listeners(RoomFlood)
        if hooks:
            await self._run_once(what, known, lambda ctx: self._report_flood(ctx, what, hooks))

    async def _report_flood(
        self, ctx: Context, what: RoomFlood, hooks: list[tuple[str, Handler]]
    ) -> Answer:
        """Run the listeners unless the sender moderates the room."""
        if await ctx.moderates(what.room, what.user):
            self._watching.excuse(what)
            return None
        return await self._listening.run_listeners(ctx, what, hooks)

    async def _handle_sender_flood(self, message: Message, known: Policy) -> None:
        """Answer a sender above the rate limit, at most once in ten minutes."""
        self._limits.count_refusal("command", message.at)
        if not self._limits.may_tell(f"flood:{message.sender}", message.at):
            self._pending_marks.append(message.event)
            return
        await self._run_once(message, known, _too_fast)

    async def _resume_parked(self, what: PersonEvent) -> None:
        async with self._db.reading() as tx:
            known = await room_policy.room_policy(tx, what.room, self._desk.defaults)
            heeded = (
                await self.conversation.attention.find_concern(tx, what, known)
                if isinstance(what, Message)
                else None
            )
        await self._run_once(
            what, known, lambda ctx: self._run_parked(ctx, what, heeded), marked=True
        )

    async def _run_parked(self, ctx: Context, what: PersonEvent, heeded: Concern | None) -> Answer:
        """Delete a parked event in the same transaction in which it takes effect."""
        await parked_events.delete(ctx.db, what.event)
        if not isinstance(what, Message):
            return await self._count_vote(ctx, what, park=False)
        return await self._answer_line(ctx, what, heeded) if heeded is not None else None

    # --- polls and the rest ---------------------------------------------------------------------

    async def _receive_vote(self, what: PollVote | PollEnd) -> None:
        known = await self._policy(what.room)
        if self._is_apart(what, known):
            return
        if not self._limits.allows_vote(what.sender, what.at):
            await self._refuse_votes(what)
            return
        await self._run_once(what, known, lambda ctx: self._count_vote(ctx, what))

    async def _refuse_votes(self, what: PollVote | PollEnd) -> None:
        """Tell a sender above the vote limit that the last ones don't count.

        At most once in ten minutes.
        """
        self._limits.count_refusal("vote", what.at)
        if not self._limits.may_tell(f"taps:{what.sender}", what.at):
            self._pending_marks.append(what.event)
            return
        known = await self._policy(what.room)
        await self._run_once(what, known, lambda _ctx: _too_many_votes(what.sender))

    async def _count_vote(
        self, ctx: Context, what: PollVote | PollEnd, *, park: bool = True
    ) -> Answer:
        if await help_rooms.person_of(ctx.db, what.room):
            return None
        item = await items.item_about(ctx.db, what.poll)
        if item is None:
            if park and await outbox_entries.has_item_entry(
                ctx.db, what.room, f"{event_content.POLL_TYPE}.start"
            ):
                await self._parking.park(ctx.db, what)
            return None
        went = await room_moves.successor_of(ctx.db, what.room)
        if item.room not in (what.room, went):  # rules of its own room only
            return None
        what = await identity_changes.with_current_trust(ctx.db, what)
        if not self._distrust.counts_in_room(what.trust, ctx.policy):
            return self._distrust.refuse_vote(what)
        if not event_relations.is_bound(what, item.number):
            return self._refuse_moved_vote(what, item.number)
        ctx.feature, ctx.is_trusted = item.feature, self._distrust.counts_everywhere(what.trust)
        meant = (
            event_relations.untag_vote(what, item.number) if isinstance(what, PollVote) else what
        )
        for hook in self._registry.features[item.feature].hooks.get(type(what), ()):
            answer = await hook(ctx, meant, item)
            if answer is not None:
                return answer
        return None

    def _refuse_moved_vote(self, what: PollVote | PollEnd, number: Number) -> Answer:
        """Tell the sender that the vote's relation is not authentic.

        At most once in ten minutes for each poll.
        """
        self._limits.count_refusal("relation", what.at)
        first = self._limits.may_tell(f"relation:{what.sender}:{number}", what.at)
        return event_relations.unbound_answer(what, number) if first else None

    async def _receive_edit(self, what: EditedMessage) -> None:
        """Pass on an edit from a device that counts, if it is short enough and within limits."""
        known = await self._policy(what.room)
        async with self._db.reading() as tx:
            what = await identity_changes.with_current_trust(tx, what)
        if self._is_apart(what, known):
            return
        if len(what.text) > MOST_CHARACTERS or not self._distrust.counts_in_room(what.trust, known):
            self._pending_marks.append(what.event)
            return
        if not self._limits.allows_edit(what.sender, what.at):
            self._limits.count_refusal("edit", what.at)
            self._pending_marks.append(what.event)
            return
        await self._notify_listeners(what)

    async def _notify_listeners(self, what: Listenable) -> None:
        """Run the listeners for this type of event. Writes nothing if there is none."""
        hooks = self._registry.listeners(type(what))
        if not hooks:
            self._pending_marks.append(what.event)
            return
        known = await self._policy(what.room)
        if self._is_apart(what, known):
            return
        if isinstance(what, Reaction | LinkMessage) and not self._limits.allows_signal(
            what.sender, what.at
        ):
            self._limits.count_refusal("signal", what.at)
            self._pending_marks.append(what.event)
            return
        hear = partial(self._run_listeners, what=what, hooks=hooks)
        if not await self._run_once(what, known, hear, lightly=True):
            self._pending_marks.append(what.event)

    async def _run_listeners(
        self, ctx: Context, what: Listenable, hooks: list[tuple[str, Handler]]
    ) -> Answer:
        if isinstance(what, EditedMessage):
            ctx.is_trusted = self._distrust.counts_everywhere(what.trust)
        return await self._listening.run_listeners(ctx, what, hooks)

    async def _receive_other(self, what: UnaddressedEvent) -> None:
        known = await self._policy(what.room)
        if _among_bots(what, known):
            self._pending_marks.append(what.event)
            return
        await self._run_once(what, known, lambda ctx: self._listening.handle_event(ctx, what))
        if isinstance(what, MembershipChanged | DeviceVerified | OldIdentity):
            self._outbox.release_held()  # an entry may have waited for this person

    async def _policy(self, room: RoomId) -> Policy:
        async with self._db.reading() as tx:
            return await room_policy.room_policy(tx, room, self._desk.defaults)


def _among_bots(what: PersonEvent | Listenable | UnaddressedEvent, known: Policy) -> bool:
    """Return whether this is conversation in a link room, where only `LinkMessage` is handled."""
    talk = not isinstance(
        what, LinkMessage | RoomRightsChanged | MembershipChanged | RoomUpgraded | BotInvited
    )
    return talk and known.room is not None and known.room.kind == rooms.LINK_ROOM_TYPE


async def _too_many_votes(who: UserId) -> Answer:
    lines = (
        _("That was a lot of taps at once, and I could not count the last ones."),
        _("Please vote once more in a minute."),
    )
    return Say(lines, to=who, loud=True)


async def _too_fast(_ctx: Context) -> Answer:
    return _("That was a lot at once. I go on in a minute; please send the rest again then.")
