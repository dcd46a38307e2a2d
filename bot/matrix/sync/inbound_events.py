"""From raw events to the inbox: check, decrypt, translate and hand over; and keys that come late.

Codes such as H1 and H7 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.gateway import Inbox
from bot.matrix.crypto.guard import BadCipher, DecryptedEvent, Decryption, MissingKey, NoKey
from bot.matrix.fields import relation_target
from bot.matrix.sync import state_events, translation
from bot.matrix.sync.gap_fill import MessageClock
from bot.matrix.sync.shared_commits import SharedCommits
from bot.matrix.sync.translation import CheckedEvent
from bot.types import (
    EventId,
    InboundEvent,
    Membership,
    MembershipChanged,
    RoomId,
    Trust,
    UndecryptedMessage,
    UserId,
)
from storage import rooms, sync
from storage.catch_up import undecrypted_events
from storage.catch_up.undecrypted_events import UndecryptedEvent
from storage.database import Database
from storage.membership.room import Room

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import CryptoMachine
    from bot.matrix.rooms.upgrades import RoomUpgrades
    from bot.matrix.sync.to_device import Withheld

CLEANUP_INTERVAL = timedelta(days=1)
KEY_PATIENCE = timedelta(minutes=1)
"""How late a key may be before the message's sender is told."""

FINAL_CODES = frozenset({"m.unverified", "m.blacklisted", "m.unauthorised"})
"""Codes of keys that will never come (spec, m.room_key.withheld). Others may come after all."""
MOST_WITHHELD = 10_000

_log = structlog.get_logger()


class EventReader:
    """Reads events of rooms. `refused` counts by reason what it refuses."""

    def __init__(
        self,
        db: Database,
        machine: CryptoMachine,
        upgrades: RoomUpgrades,
        me: UserId,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._machine = machine
        self._upgrades = upgrades
        self._me = me
        self._now = now
        self._tidied: datetime | None = None
        self._commits: SharedCommits[dict[EventId, Decryption]] = SharedCommits(machine.transaction)
        self.refused: Counter[str] = Counter()
        self.unknown_devices: set[tuple[RoomId, str]] = set()
        self._withheld: OrderedDict[tuple[RoomId, str, UserId], None] = OrderedDict()

    async def read(
        self, inbox: Inbox, room: Room, raws: Sequence[Mapping[str, Any]], when: MessageClock
    ) -> list[EventId]:
        """Decrypt these events and hand them to the bot, in order.

        Return the ids of those that nothing else marks as seen.
        """
        pairs, opened = await self._open(room.room, raws, when)
        kept: list[UndecryptedEvent] = []
        ours: list[EventId] = []
        for event, raw in pairs:
            found = opened.get(event.event)
            if isinstance(found, MissingKey):
                kept.append(self._waiting_event(event, raw, found))
                continue
            what = await self._read_event(room, event, found)
            if what is None or event.sender == self._me:
                ours.append(event.event)
            if what is not None:
                await inbox.receive(what)
            if isinstance(what, MembershipChanged) and what.after is Membership.JOIN:
                await self._handle_join(inbox, event, what.user)
        if kept:
            async with self._db.transaction() as tx:
                # After a restore the server sends again what was handled before the backup.
                handled = await sync.seen_among(tx, [one.event for one in kept])
                kept = [one for one in kept if one.event not in handled]
                await undecrypted_events.add(tx, kept)
                for sender in dict.fromkeys(one.sender for one in kept):
                    ours += await undecrypted_events.delete_overflow(tx, room.room, sender)
        return ours

    async def peek(
        self, room: Room, raws: Sequence[Mapping[str, Any]], when: MessageClock
    ) -> list[InboundEvent]:
        """Return what these events say that can be read now, without state; hand over nothing."""
        pairs, opened = await self._open(room.room, raws, when)
        found = [(event, opened.get(event.event)) for event, _ in pairs if event.state_key is None]
        read = [await self._read_event(room, *one) for one in found]
        return [what for what in read if what is not None]

    async def _open(
        self, room: RoomId, raws: Sequence[Mapping[str, Any]], when: MessageClock
    ) -> tuple[list[tuple[CheckedEvent, Mapping[str, Any]]], dict[EventId, Decryption]]:
        heard = [translation.check_event(room, raw, when.time_of, when.late) for raw in raws]
        self._count("malformed", heard.count(None))
        pairs = [(h, raw) for h, raw in zip(heard, raws, strict=True) if h is not None]
        return pairs, await self._decrypt_page(room, pairs)

    # --- decrypting ---------------------------------------------------------------------------

    async def _decrypt_page(
        self, room: RoomId, pairs: Iterable[tuple[CheckedEvent, Mapping[str, Any]]]
    ) -> dict[EventId, Decryption]:
        """Decrypt a page's events before the first of them is handed over.

        Keys count only from people in the room; others' events wait until they are (decision 0025).
        """
        sealed = [(h, raw) for h, raw in pairs if _is_encrypted(h) and h.sender != self._me]
        if not sealed:
            return {}
        async with self._db.reading() as tx:
            here = await rooms.who_came(tx, room, {heard.sender for heard, _ in sealed})
        return await self._commits.run(
            lambda: {heard.event: self._decrypt(heard, raw, here) for heard, raw in sealed}
        )

    def _decrypt(
        self, heard: CheckedEvent, raw: Mapping[str, Any], here: Collection[UserId]
    ) -> Decryption:
        if heard.sender not in here:
            return MissingKey.of(raw)
        try:
            plain = self._machine.decrypt(heard.room, raw)
            self._machine.sharer.keep_copy_ahead(heard.room)
            self._count("relation", translation.has_changed_relation(heard, plain.content))
            return plain
        except NoKey as missing:
            if missing.reason != "key":
                self.unknown_devices.add((heard.room, missing.session_id))
            return MissingKey(missing.session_id)
        except BadCipher as bad:
            self._count(bad.reason)
            return None

    def _waiting_event(
        self, heard: CheckedEvent, raw: Mapping[str, Any], locked: MissingKey
    ) -> UndecryptedEvent:
        since = self._now()
        if (heard.room, locked.session, heard.sender) in self._withheld:
            since -= 2 * KEY_PATIENCE  # no key will come: report it with this batch
        return UndecryptedEvent(
            heard.event, heard.room, heard.sender, locked.session, raw, heard.at, heard.late, since
        )

    async def withhold(self, told: Iterable[Withheld]) -> None:
        """Note which senders withhold their keys. Events that wait for such a key for good are
        reported at once."""
        before = self._now() - 2 * KEY_PATIENCE
        for one in told:
            if one.code in FINAL_CODES:
                self._withheld[one.room, one.session, one.sender] = None
                async with self._db.transaction() as tx:
                    await undecrypted_events.shorten_wait(
                        tx, one.room, one.session, one.sender, before
                    )
        while len(self._withheld) > MOST_WITHHELD:
            self._withheld.popitem(last=False)

    # --- what it says ---------------------------------------------------------------------------

    async def _read_event(
        self, room: Room, heard: CheckedEvent, plain: Decryption
    ) -> InboundEvent | None:
        if heard.state_key is not None:
            return await self._read_state(heard)
        if heard.sender == self._me:
            return translation.read_echo(heard)
        if isinstance(plain, DecryptedEvent):
            return translation.read_event(heard, plain.type, plain.content, plain.trust)
        if heard.kind == "m.room.redaction":
            return translation.read_redaction(heard)
        if heard.kind == "m.room.encrypted":
            return None
        if room.is_encrypted and not translation.may_be_unencrypted(heard):
            self._count("plain")  # H1: unencrypted in an encrypted room
            return None
        return translation.read_event(heard, heard.kind, heard.content, Trust.PLAIN)

    async def _read_state(self, heard: CheckedEvent) -> InboundEvent | None:
        if heard.kind == "m.room.member":
            return translation.read_membership_change(heard)
        if heard.kind == "m.room.tombstone" and heard.state_key == "":
            return await self._upgrades.read_tombstone(heard)
        return state_events.read_ban_rule(heard) or state_events.read_rights_change(heard)

    async def _handle_join(self, inbox: Inbox, entry: CheckedEvent, who: UserId) -> None:
        """Read what a person sent before we knew that they are in the room; for us, check
        upgrades."""
        if who != self._me:
            async with self._db.reading() as tx:
                held = await undecrypted_events.sessions_of(tx, entry.room, who)
            for session in held:
                await self.retry_session(inbox, entry.room, session)
            return
        if upgraded := await self._upgrades.check_predecessor(entry.room, entry):
            await inbox.receive(upgraded)

    # --- late keys --------------------------------------------------------------------------------

    async def retry_session(self, inbox: Inbox, room: RoomId, session: str) -> None:
        """Read the events that waited for this session's key.

        They count in the order in which they became readable.
        """
        async with self._db.reading() as tx:
            held = await undecrypted_events.events_for_session(tx, room, session)
            where = await rooms.get(tx, room)
        for message in held if where is not None and where.joined else ():
            await self._retry_event(inbox, message)

    async def _retry_event(self, inbox: Inbox, message: UndecryptedEvent) -> None:
        heard = translation.check_event(
            message.room, message.raw, lambda _: message.at, message.late
        )
        if heard is None:
            return
        opened = (await self._decrypt_page(message.room, [(heard, message.raw)]))[heard.event]
        if isinstance(opened, MissingKey):
            return
        what = None
        if opened is not None:
            what = translation.read_event(heard, opened.type, opened.content, opened.trust)
        if what is not None:
            await inbox.receive(what)
        async with self._db.transaction() as tx:
            await undecrypted_events.delete(tx, [message.event])
            if what is None:
                await sync.mark_all_seen(tx, [message.event], self._now())

    async def waiting_sessions(self) -> set[tuple[RoomId, str]]:
        """Return all sessions for whose key an event waits."""
        async with self._db.reading() as tx:
            return await undecrypted_events.all_sessions(tx)

    async def drop_expired(self) -> None:
        """Delete, once a day, undecrypted events whose keys never came."""
        now = self._now()
        if self._tidied is not None and now - self._tidied < CLEANUP_INTERVAL:
            return
        self._tidied = now
        async with self._db.transaction() as tx:
            await undecrypted_events.forget_before(tx, now - undecrypted_events.KEPT_FOR)

    async def overdue_rooms(self, answered: datetime) -> set[RoomId]:
        """Return rooms with events that are still unreadable a minute after they reached us."""
        async with self._db.reading() as tx:
            late = await undecrypted_events.untold_events(tx, answered - KEY_PATIENCE)
        return {message.room for message in late}

    async def report_unreadable(self, inbox: Inbox, room: RoomId, answered: datetime) -> None:
        """Report the room's unreadable events to the bot, each once.

        Call it in the room's queue, like reading.
        """
        async with self._db.reading() as tx:
            late = await undecrypted_events.untold_events(tx, answered - KEY_PATIENCE)
        told = [message for message in late if message.room == room]
        for message in told:
            heard = translation.check_event(room, message.raw, lambda _: answered, message.late)
            if heard is not None:
                kept = (room, message.session, heard.sender) in self._withheld
                self._machine.ask_keys_again(heard.sender)  # else the next has the same key
                await inbox.receive(
                    UndecryptedMessage(
                        room,
                        EventId(f"unreadable:{heard.event}"),
                        heard.sender,
                        message.at,
                        heard.event,
                        relation_target(heard.relation, "m.thread"),
                        kept,
                    )
                )
        async with self._db.transaction() as tx:
            await undecrypted_events.mark_told(tx, [message.event for message in told])

    async def next_report(self) -> datetime | None:
        async with self._db.reading() as tx:
            since = await undecrypted_events.next_untold(tx)
        return since + KEY_PATIENCE if since else None

    def add_refused(self, refused: Mapping[str, int]) -> None:
        """Add counts, by reason, of events that another part of the sync refused."""
        for reason, many in refused.items():
            self._count(reason, many)

    def _count(self, reason: str, many: int = 1) -> None:
        if many:
            self.refused[reason] += many
            _log.info("refused", code=reason, count=many)  # the log hides a `reason`


def _is_encrypted(heard: CheckedEvent) -> bool:
    return (
        heard.kind == "m.room.encrypted"
        and heard.state_key is None
        and ("redacted_because" not in heard.unsigned)
    )
