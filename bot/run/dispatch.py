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
from bot.conversation.attention import Heeded
from bot.conversation.conversation import LONGEST, Conversation, cut
from bot.conversation.private_answers import each
from bot.delivery import event_content
from bot.delivery.effects import Say
from bot.delivery.entry_writer import Desk
from bot.delivery.outbox import Outbox
from bot.gateway import Gateway
from bot.i18n import _
from bot.run import identity_changes, new_identity, restore_notice
from bot.run.deferred_events import Parked, Parking
from bot.run.due_jobs import Due
from bot.run.flood_detection import Flooded, Watching
from bot.run.homeserver_contact import Contact
from bot.run.limits import Limits
from bot.run.listeners import Listening, Other
from bot.run.practice_rooms import KEY, Practice, Told
from bot.run.transactions import Once
from bot.run.unsigned_devices import Distrust
from bot.signing.signer import Signer
from bot.types import (
    Confirmed,
    Echo,
    Edited,
    EventId,
    Foreign,
    Happening,
    Invited,
    Message,
    Moved,
    Number,
    OldIdentity,
    PollEnd,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    Ruled,
    StateSet,
    Trust,
    Upgraded,
    UserId,
)
from storage import help_rooms, items, outbox_entries, parked_events, room_moves, rooms, sync
from storage.database import Database, Tx

log = structlog.get_logger(__name__)


Heeds = Reaction | Redaction | Ruled | StateSet | Foreign | Edited
"""Events that only capabilities listen for."""


class Dispatcher:
    """Implements the `Inbox` protocol and runs jobs."""

    def __init__(
        self,
        db: Database,
        registry: Registry,
        desk: Desk,
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
        self._distrust = Distrust(limits, trusting)
        self._held: list[EventId] = []
        self._parking = Parking(db, gateway, clock)
        self._listening = Listening(registry, limits)
        self._watching = Watching(gateway.me)
        self.contact = Contact(clock)
        self._runner = Once(db, registry, desk, outbox, clock, gateway, signer)
        self._once = self._runner.handle
        self._due = Due(db, registry, desk, outbox, clock, gateway.me, signer)
        self.job = self._due.job
        self.ended = self._due.ended
        self.practice: Practice | None = None
        self.identity_changed = partial(new_identity.tell, db, desk, registry, gateway.me, signer)
        self.restored = partial(restore_notice.tell, db, desk, registry, gateway.me, signer)
        self.conversation = Conversation(registry, self._me, desk.defaults.moderators)

    # --- the Inbox ----------------------------------------------------------------------------

    async def receive(self, what: Happening) -> None:
        """Handle one event at most once. An event that raises is marked as seen, not retried."""
        try:
            await self._received(what)
        except Exception as error:
            await self._runner.set_aside(what, error)

    async def _received(self, what: Happening) -> None:
        if isinstance(what, Echo):
            await self._outbox.echo(what)
        elif isinstance(what, Message):
            await self._message(what)
        elif isinstance(what, PollVote | PollEnd):
            await self._poll(what)
        elif isinstance(what, Edited):
            await self._edited(what)
        elif isinstance(what, Reaction | Redaction | Ruled | StateSet | Foreign):
            await self._if_anybody(what)
        else:
            await self._other(what)

    def on_schedule(self, wake: Callable[[], None]) -> None:
        """Set the function to call after a job was added."""
        self._runner.on_schedule = wake

    def heard(self, at: datetime) -> None:
        """Note that the homeserver answered at this time."""
        self.contact.heard(at)

    async def settle(self, token: str) -> None:
        """Commit the sync token with the marks of the events that needed no transaction.

        Then handle what was parked and is due.
        """
        held, self._held = self._held, []
        async with self._db.transaction() as tx:
            await sync.mark(tx, held, self._clock.now())
            await sync.save_token(tx, token)
        for before in await self._parking.settled():
            await self._again(cut(before) if isinstance(before, Message) else before)

    async def ready(self, live_until: datetime) -> None:
        """Store that everything until `live_until` is handled, so that jobs may run."""
        async with self._db.transaction() as tx:
            await sync.save_live(tx, live_until)
        self.contact.ready(live_until)

    # --- messages -----------------------------------------------------------------------------

    async def _message(self, message: Message) -> None:
        async with self._db.reading() as tx:
            helped = await help_rooms.person_of(tx, message.room)
            helping = await help_rooms.open_for(tx, message.sender)
        if helped is not None:
            await self._other(message)
            return
        if helping is not None and message.trust is Trust.SIGNED:
            await self._end_help(message, helping)
        await self._said(message)

    async def _end_help(self, message: Message, room: RoomId) -> None:
        """End the help room of a person whose device is signed now. Idempotent."""
        async with self._db.transaction() as tx:
            known = (await identity_changes.judged(tx, message)).trust is Trust.SIGNED
            if known and await help_rooms.open_for(tx, message.sender) == room:
                answer = await help_room.end(tx, room, message.sender)
                await self._desk.post(tx, answer, Origin(room), message.at)
        self._outbox.wake()

    async def _said(self, whole: Message) -> None:
        message = cut(whole)
        async with self._db.reading() as tx:
            known = await room_policy.of_room(tx, message.room, self._desk.defaults)
            if self._is_apart(message, known):
                return
            heeded = await self.conversation.attention.heed(tx, message, known)
            stranger = heeded is not None and await self._is_stranger(tx, message.sender, known)
            unknown = (
                heeded is None
                and message.reply_to is not None
                and await outbox_entries.on_the_way(tx, message.room)
            )
        if (flooded := self._watching.look(message, known)) is not None:
            await self._flooded_room(flooded, known)
        if heeded is None and unknown:
            unknown = self._limits.allows_waiting(message.sender, message.at)
        if heeded is None and not unknown:
            self._held.append(message.event)
            return
        if heeded is None:
            await self._once(message, known, lambda ctx: self._parking.park(ctx.db, message))
            return
        if not self._allows(message, heeded, stranger=stranger):
            await self._flooded(message, known)
            return
        await self._once(message, known, lambda ctx: self._heard(ctx, message, heeded))

    def _is_apart(self, what: Told | Heeds, known: Policy) -> bool:
        """Return whether the event must be left alone here.

        That is all conversation in a link room (only bots talk there), everything in a practice
        room (its own bot gets it), and what anybody but its person does in a private room.
        """
        if _among_bots(what, known) or known.person not in (None, what.sender):
            self._held.append(what.event)
            return True
        if known.values.get(KEY) != "yes":
            return False
        self._held.append(what.event)
        if self.practice is not None and isinstance(what, Told):
            self.practice.take(what)
        return True

    def _allows(self, message: Message, heeded: Heeded, *, stranger: bool) -> bool:
        who, at = message.sender, message.at
        if heeded.urgent:
            return self._limits.allows_urgent(who, at)
        if heeded.vote:
            return self._limits.allows_vote(who, at)
        return self._limits.allows(who, message.room, at, stranger=stranger)

    async def _is_stranger(self, tx: Tx, who: UserId, known: Policy) -> bool:
        """Return whether somebody writes in private without sharing a room with the bot."""
        if not known.private or who in self._desk.defaults.moderators:
            return False
        return not await rooms.shares_room(tx, who)

    async def _heard(self, ctx: Context, message: Message, heeded: Heeded) -> Answer:
        message = await identity_changes.judged(ctx.db, message)
        refused = self._distrust.of_line(message, ctx.policy, heeded.heard)
        if refused is not None:  # () refuses without a word; None does not refuse
            if refused != () and message.trust is Trust.UNSIGNED:
                await help_rooms.told_of_device(ctx.db, message.sender)
            plain = message.trust is Trust.PLAIN  # no effect at all in unencrypted rooms
            taken = [] if plain else distress_answers.taken_away(ctx, heeded.heard, heeded.door)
            return [*each(refused), *taken]
        ctx.trusted = self._distrust.everywhere(message.trust)
        if ctx.policy.private and ctx.policy.person == message.sender:
            await rooms.wrote_in_private(ctx.db, message.sender, message.room)
        return await self.conversation.answer(ctx, message, heeded)

    async def _flooded_room(self, what: Flooded, known: Policy) -> None:
        """Run the capabilities' listeners for a flood by the room's own measure."""
        hooks = self._registry.hooks(Flooded)
        if hooks:
            await self._once(what, known, lambda ctx: self._too_much(ctx, what, hooks))

    async def _too_much(
        self, ctx: Context, what: Flooded, hooks: list[tuple[str, Handler]]
    ) -> Answer:
        """Run the listeners unless the sender moderates the room."""
        if await ctx.moderates(what.room, what.user):
            self._watching.excuse(what)
            return None
        return await self._listening.told(ctx, what, hooks)

    async def _flooded(self, message: Message, known: Policy) -> None:
        """Answer a sender above the rate limit, at most once in ten minutes."""
        self._limits.count("command", message.at)
        if not self._limits.first_telling(f"flood:{message.sender}", message.at):
            self._held.append(message.event)
            return
        await self._once(message, known, _too_fast)

    async def _again(self, what: Parked) -> None:
        async with self._db.reading() as tx:
            known = await room_policy.of_room(tx, what.room, self._desk.defaults)
            heeded = (
                await self.conversation.attention.heed(tx, what, known)
                if isinstance(what, Message)
                else None
            )
        await self._once(what, known, lambda ctx: self._taken_up(ctx, what, heeded), marked=True)

    async def _taken_up(self, ctx: Context, what: Parked, heeded: Heeded | None) -> Answer:
        """Delete a parked event in the same transaction in which it takes effect."""
        await parked_events.drop(ctx.db, what.event)
        if not isinstance(what, Message):
            return await self._voted(ctx, what, park=False)
        return await self._heard(ctx, what, heeded) if heeded is not None else None

    # --- polls and the rest ---------------------------------------------------------------------

    async def _poll(self, what: PollVote | PollEnd) -> None:
        known = await self._policy(what.room)
        if self._is_apart(what, known):
            return
        if not self._limits.allows_vote(what.sender, what.at):
            await self._too_many_taps(what)
            return
        await self._once(what, known, lambda ctx: self._voted(ctx, what))

    async def _too_many_taps(self, what: PollVote | PollEnd) -> None:
        """Tell a sender above the vote limit that the last ones don't count.

        At most once in ten minutes.
        """
        self._limits.count("vote", what.at)
        if not self._limits.first_telling(f"taps:{what.sender}", what.at):
            self._held.append(what.event)
            return
        known = await self._policy(what.room)
        await self._once(what, known, lambda _ctx: _too_many(what.sender))

    async def _voted(self, ctx: Context, what: PollVote | PollEnd, *, park: bool = True) -> Answer:
        if await help_rooms.person_of(ctx.db, what.room):
            return None
        item = await items.about(ctx.db, what.poll)
        if item is None:
            if park and await outbox_entries.on_the_way(
                ctx.db, what.room, f"{event_content.POLL}.start"
            ):
                await self._parking.park(ctx.db, what)
            return None
        went = await room_moves.where(ctx.db, what.room)
        if item.room not in (what.room, went):  # rules of its own room only
            return None
        what = await identity_changes.judged(ctx.db, what)
        if not self._distrust.counts(what.trust, ctx.policy):
            return self._distrust.of_vote(what)
        if not event_relations.bound(what, item.number):
            return self._moved_by_server(what, item.number)
        ctx.feature, ctx.trusted = item.feature, self._distrust.everywhere(what.trust)
        meant = event_relations.untagged(what, item.number) if isinstance(what, PollVote) else what
        for hook in self._registry.features[item.feature].hooks.get(type(what), ()):
            answer = await hook(ctx, meant, item)
            if answer is not None:
                return answer
        return None

    def _moved_by_server(self, what: PollVote | PollEnd, number: Number) -> Answer:
        """Tell the sender that the vote's relation is not authentic.

        At most once in ten minutes for each poll.
        """
        self._limits.count("relation", what.at)
        first = self._limits.first_telling(f"relation:{what.sender}:{number}", what.at)
        return event_relations.left(what, number) if first else None

    async def _edited(self, what: Edited) -> None:
        """Pass on an edit from a device that counts, if it is short enough and within limits."""
        known = await self._policy(what.room)
        async with self._db.reading() as tx:
            what = await identity_changes.judged(tx, what)
        if self._is_apart(what, known):
            return
        if len(what.text) > LONGEST or not self._distrust.counts(what.trust, known):
            self._held.append(what.event)
            return
        if not self._limits.allows_edit(what.sender, what.at):
            self._limits.count("edit", what.at)
            self._held.append(what.event)
            return
        await self._if_anybody(what)

    async def _if_anybody(self, what: Heeds) -> None:
        """Run the listeners for this type of event. Writes nothing if there is none."""
        hooks = self._registry.hooks(type(what))
        if not hooks:
            self._held.append(what.event)
            return
        known = await self._policy(what.room)
        if self._is_apart(what, known):
            return
        if isinstance(what, Reaction | Foreign) and not self._limits.allows_signal(
            what.sender, what.at
        ):
            self._limits.count("signal", what.at)
            self._held.append(what.event)
            return
        hear = partial(self._told, what=what, hooks=hooks)
        if not await self._once(what, known, hear, lightly=True):
            self._held.append(what.event)

    async def _told(self, ctx: Context, what: Heeds, hooks: list[tuple[str, Handler]]) -> Answer:
        if isinstance(what, Edited):
            ctx.trusted = self._distrust.everywhere(what.trust)
        return await self._listening.told(ctx, what, hooks)

    async def _other(self, what: Other) -> None:
        known = await self._policy(what.room)
        if _among_bots(what, known):
            self._held.append(what.event)
            return
        await self._once(what, known, lambda ctx: self._listening.happened(ctx, what))
        if isinstance(what, Moved | Confirmed | OldIdentity):
            self._outbox.release()  # an entry may have waited for this person

    async def _policy(self, room: RoomId) -> Policy:
        async with self._db.reading() as tx:
            return await room_policy.of_room(tx, room, self._desk.defaults)


def _among_bots(what: Told | Heeds | Other, known: Policy) -> bool:
    """Return whether this is conversation in a link room, where only `LinkMessage` is handled."""
    talk = not isinstance(what, Foreign | StateSet | Moved | Upgraded | Invited)
    return talk and known.room is not None and known.room.kind == rooms.LINK


async def _too_many(who: UserId) -> Answer:
    lines = (
        _("That was a lot of taps at once, and I could not count the last ones."),
        _("Please vote once more in a minute."),
    )
    return Say(lines, to=who, loud=True)


async def _too_fast(_ctx: Context) -> Answer:
    return _("That was a lot at once. I go on in a minute; please send the rest again then.")
