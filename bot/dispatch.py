"""The one road from what happens to what is done about it.

Each happening has one transaction: seen mark, change, answer and jobs are committed together or
not at all (`bot/once.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import structlog

from bot import door, help_room, moving, policy
from bot.clock import Clock
from bot.contact import Contact
from bot.context import Context, Origin
from bot.conversation import Conversation, Heeded
from bot.due import Due
from bot.feature import Answer, Handler
from bot.gateway import Gateway
from bot.i18n import _
from bot.limits import Limits
from bot.once import Once
from bot.outbox import Outbox
from bot.policy import Policy
from bot.post import Desk
from bot.registry import Registry
from bot.signer import Signer
from bot.types import (
    Echo,
    EventId,
    Foreign,
    Gap,
    Happening,
    Help,
    Invited,
    Media,
    Message,
    Moved,
    NewIdentity,
    PollEnd,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    Say,
    Trust,
    Unreadable,
    Upgraded,
)
from storage import help_rooms, items, letters, moves, parked, rooms, sync
from storage.database import Database

log = structlog.get_logger(__name__)

Other = Invited | Moved | Upgraded | NewIdentity | Unreadable | Gap | Message
"""What needs neither a command nor an item of ours."""


class Dispatcher:
    """Keeps the `Inbox` protocol, and runs jobs."""

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
        self._trusting = trusting
        self._held: list[EventId] = []
        self._maybe_parked = True
        self.contact = Contact(clock)
        self._runner = Once(db, registry, desk, outbox, clock, gateway, signer)
        self._once = self._runner.handle
        self._due = Due(db, registry, desk, outbox, clock, gateway.me, signer)
        self.job = self._due.job
        self.conversation = Conversation(registry, self._me, desk.defaults.moderators)

    # --- the Inbox ----------------------------------------------------------------------------

    async def receive(self, what: Happening) -> None:
        """Handle one thing, once or not at all. What breaks us once is not read again."""
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
        elif isinstance(what, Reaction | Redaction | Foreign):
            await self._if_anybody(what)
        else:
            await self._other(what)

    def on_schedule(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever a job was added."""
        self._runner.on_schedule = wake

    def heard(self, at: datetime) -> None:
        """The homeserver is there."""
        self.contact.heard(at)

    async def settle(self, token: str) -> None:
        """Marks of talk and the sync token, in one commit."""
        held, self._held = self._held, []
        async with self._db.transaction() as tx:
            await sync.mark(tx, held, self._clock.now())
            await sync.save_token(tx, token)
        if self._maybe_parked:
            await self._unpark()

    async def ready(self, live_until: datetime) -> None:
        """What was said until then is handled: jobs may run."""
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
        """The person's device is confirmed now; done twice it does nothing."""
        async with self._db.transaction() as tx:
            if await help_rooms.open_for(tx, message.sender) == room:
                answer = await help_room.end(tx, room, message.sender)
                await self._desk.post(tx, answer, Origin(room), message.at)
        self._outbox.wake()

    async def _said(self, message: Message) -> None:
        async with self._db.reading() as tx:
            known = await policy.of_room(tx, message.room, self._desk.defaults)
            heeded = await self.conversation.heed(tx, message, known)
            unknown = (
                heeded is None
                and message.reply_to is not None
                and await letters.on_the_way(tx, message.room)
            )
        if heeded is None and not unknown:
            self._held.append(message.event)
            return
        if heeded is None:
            await self._once(message, known, lambda ctx: self._park(ctx, message))
            return
        if not self._limits.allows(message.sender, message.room, message.at):
            await self._flooded(message, known)
            return
        await self._once(message, known, lambda ctx: self._heard(ctx, message, heeded))

    async def _heard(self, ctx: Context, message: Message, heeded: Heeded) -> Answer:
        ctx.trusted = message.trust in self._trusting
        refused = await self._distrust(ctx, message, heeded)
        if refused is not None:  # nothing to say is not the same as nothing to refuse
            return refused
        if ctx.policy.private and ctx.policy.person == message.sender:
            await rooms.wrote_in_private(ctx.db, message.sender, message.room)
        return await self.conversation.answer(ctx, message, heeded)

    async def _distrust(self, ctx: Context, message: Message, heeded: Heeded) -> Answer:
        """Commands count only from signed devices, unless room or configuration loosen it."""
        if self._trusts(message.trust, ctx.policy):
            return None
        if not (heeded.heard.marked or heeded.heard.exclaimed):
            return ()
        if not self._limits.first_telling(f"trust:{message.sender}", message.at):
            return ()
        if message.trust is Trust.PLAIN:
            return _("This room is not encrypted, so I do nothing here. Turn encryption on first.")
        return (
            _("I can't act on this: the device you wrote from is not confirmed as yours yet."),
            _("In your app: Settings, then Security or Encryption, then confirm this device."),
            Help(message.sender, help_room.STEPS),
        )

    def _trusts(self, trust: Trust, known: Policy) -> bool:
        """Does what comes from such a device count in this room?"""
        loosened = trust is Trust.UNSIGNED and known.values.get("unsigned") == "yes"
        return loosened or trust in self._trusting

    async def _flooded(self, message: Message, known: Policy) -> None:
        """Too much at once: said once in ten minutes, the rest is only marked."""
        self._limits.count("command", message.at)
        if not self._limits.first_telling(f"flood:{message.sender}", message.at):
            self._held.append(message.event)
            return
        await self._once(message, known, _too_fast)

    async def _park(self, ctx: Context, what: Message | PollVote | PollEnd) -> Answer:
        """It names an event of ours that we do not know yet: wait until our letters are settled."""
        self._maybe_parked = True
        data = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(what).items()}
        data["_kind"] = type(what).__name__
        await parked.park(ctx.db, what.event, what.room, data, what.at)
        return None

    async def _unpark(self) -> None:
        async with self._db.reading() as tx:
            waiting = await parked.settled(tx)
            self._maybe_parked = await parked.any_waiting(tx)
        for data in waiting:
            await self._again(_thawed(data))

    async def _again(self, what: Message | PollVote | PollEnd) -> None:
        async with self._db.reading() as tx:
            known = await policy.of_room(tx, what.room, self._desk.defaults)
            heeded = (
                await self.conversation.heed(tx, what, known) if isinstance(what, Message) else None
            )
        await self._once(what, known, lambda ctx: self._taken_up(ctx, what, heeded), marked=True)

    async def _taken_up(
        self, ctx: Context, what: Message | PollVote | PollEnd, heeded: Heeded | None
    ) -> Answer:
        """What was parked leaves the park in the transaction in which it takes effect."""
        await parked.drop(ctx.db, what.event)
        if not isinstance(what, Message):
            return await self._voted(ctx, what, park=False)
        return await self._heard(ctx, what, heeded) if heeded is not None else None

    # --- polls and the rest ---------------------------------------------------------------------

    async def _poll(self, what: PollVote | PollEnd) -> None:
        if not self._limits.allows_vote(what.sender, what.at):
            self._limits.count("vote", what.at)
            self._held.append(what.event)
            return
        known = await self._policy(what.room)
        await self._once(what, known, lambda ctx: self._voted(ctx, what))

    async def _voted(self, ctx: Context, what: PollVote | PollEnd, *, park: bool = True) -> Answer:
        if await help_rooms.person_of(ctx.db, what.room):
            return None
        item = await items.about(ctx.db, what.poll)
        if item is None:
            if park and await letters.on_the_way(ctx.db, what.room):
                return await self._park(ctx, what)
            return None
        went = await moves.where(ctx.db, what.room)
        if item.room not in (what.room, went):  # another room's looser rules do not reach this poll
            return None
        if not self._trusts(what.trust, ctx.policy):
            return await self._untrusted_vote(ctx, what)
        ctx.feature = item.feature
        for hook in self._registry.features[item.feature].hooks.get(type(what), ()):
            answer = await hook(ctx, what, item)
            if answer is not None:
                return answer
        return None

    async def _untrusted_vote(self, ctx: Context, what: PollVote | PollEnd) -> Answer:
        if not self._limits.first_telling(f"trust:{what.sender}", what.at):
            return None
        lines = (
            _("I could not count your tap: the device you used is not confirmed as yours yet."),
            _("In your app: Settings, then Security or Encryption, then confirm this device."),
        )
        return Say(lines, to=what.sender, loud=True)

    async def _if_anybody(self, what: Reaction | Redaction | Foreign) -> None:
        """What capabilities may listen for; without a listener it costs nothing."""
        hooks = self._registry.hooks(type(what))
        if not hooks:
            self._held.append(what.event)
            return
        known = await self._policy(what.room)
        await self._once(what, known, lambda ctx: self._hooked(ctx, what, hooks))

    async def _hooked(
        self, ctx: Context, what: Happening, hooks: list[tuple[str, Handler]]
    ) -> Answer:
        every: list[Any] = []
        if await help_rooms.person_of(ctx.db, ctx.room):
            return every
        for feature, hook in hooks:
            ctx.feature = feature
            every += _flat(await hook(ctx, what))
        return every

    async def _other(self, what: Other) -> None:
        known = await self._policy(what.room)
        await self._once(what, known, lambda ctx: self._moved(ctx, what))
        if isinstance(what, Moved):
            self._outbox.release()  # a private letter may have waited for this person

    async def _moved(
        self,
        ctx: Context,
        what: Other,
    ) -> Answer:
        own: Answer = None
        if (person := await help_rooms.person_of(ctx.db, what.room)) is not None:
            first = self._limits.first_telling(f"help:{person}", what.at)
            return await help_room.heard(ctx, what, person, first=first)
        if isinstance(what, Invited):
            own = await door.invited(ctx, what)
        elif isinstance(what, Moved):
            own = await door.moved(ctx, what)
        elif isinstance(what, Upgraded):
            own = await moving.upgraded(ctx, what)
        elif isinstance(what, Unreadable):
            return self._unread(what)
        elif isinstance(what, Gap):
            return Say((_("I was away too long and could not read all that was written here."),))
        hooks = self._registry.hooks(type(what))
        return [*_flat(own), *_flat(await self._hooked(ctx, what, hooks))]

    def _unread(self, what: Unreadable) -> Answer:
        if not self._limits.first_telling(f"unread:{what.sender}", what.at):
            return None
        if what.withheld:
            return (
                _("I couldn't read this: your app keeps its keys from me, as nobody verified me."),
                _("In its settings, allow devices that you have not verified, and write it again."),
            )
        return _("I couldn't read this message. If it was for me, please write it again.")

    async def _policy(self, room: RoomId) -> Policy:
        async with self._db.reading() as tx:
            return await policy.of_room(tx, room, self._desk.defaults)


async def _too_fast(_ctx: Context) -> Answer:
    return _("That was a lot at once. I go on in a minute; please send the rest again then.")


def _flat(answer: Answer) -> list[Any]:
    if answer is None:
        return []
    if isinstance(answer, tuple | list):
        return list(answer)
    return [answer]


def _thawed(data: Mapping[str, Any]) -> Message | PollVote | PollEnd:
    kinds = {"Message": Message, "PollVote": PollVote, "PollEnd": PollEnd}
    fields = {k: v for k, v in data.items() if k != "_kind"}
    fields["at"] = datetime.fromisoformat(fields["at"]).astimezone(UTC)
    fields["trust"] = Trust(fields["trust"])
    for name in ("answers", "mentions"):
        if name in fields:
            fields[name] = tuple(fields[name])
    if fields.get("media"):
        fields["media"] = Media(**fields["media"])
    found: Message | PollVote | PollEnd = kinds[data["_kind"]](**fields)
    return found
