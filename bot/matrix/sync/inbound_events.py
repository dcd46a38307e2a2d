"""From raw events to the inbox: check, decrypt, translate and hand over; and keys that come late.

Codes such as H1 and H7 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.gateway import Inbox
from bot.matrix.crypto.guard import BadCipher, NoKey, Plain
from bot.matrix.crypto.wire import word
from bot.matrix.fields import mapping, target
from bot.matrix.sync import translation
from bot.matrix.sync.gap_fill import When
from bot.matrix.sync.translation import Heard
from bot.types import EventId, Happening, Membership, Moved, RoomId, Trust, Unreadable, UserId
from storage import rooms, sync, undecrypted_events
from storage.database import Database
from storage.undecrypted_events import Waiting

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import Machine
    from bot.matrix.rooms.upgrades import Upgrades
    from bot.matrix.sync.to_device import Withheld

TIDY_EVERY = timedelta(days=1)
PATIENCE = timedelta(minutes=1)
"""How late a key may be before the message's sender is told."""

FOR_GOOD = frozenset({"m.unverified", "m.blacklisted", "m.unauthorised"})
"""Codes of keys that will never come (spec, m.room_key.withheld). Others may come after all."""
MOST_WITHHELD = 10_000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Locked:
    """An event without a key, and the session that it waits for."""

    session: str


Opened = Plain | Locked | None


class Reader:
    """Reads events of rooms. `refused` counts by reason what it refuses."""

    def __init__(
        self,
        db: Database,
        machine: Machine,
        upgrades: Upgrades,
        me: UserId,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._machine = machine
        self._upgrades = upgrades
        self._me = me
        self._now = now
        self._tidied: datetime | None = None
        self.refused: Counter[str] = Counter()
        self.unknown_devices: set[tuple[RoomId, str]] = set()
        self._withheld: OrderedDict[tuple[RoomId, str, UserId], None] = OrderedDict()

    async def read(
        self, inbox: Inbox, room: rooms.Room, raws: Sequence[Mapping[str, Any]], when: When
    ) -> list[EventId]:
        """Hand over what these events say, in order.

        Return the ids that nobody else marks as seen.
        """
        heard = [translation.hear(room.room, raw, when.of, when.late) for raw in raws]
        self._count("malformed", heard.count(None))
        pairs = [(h, raw) for h, raw in zip(heard, raws, strict=True) if h is not None]
        opened = await self._open(room.room, pairs)
        kept: list[Waiting] = []
        ours: list[EventId] = []
        for event, raw in pairs:
            found = opened.get(event.event)
            if isinstance(found, Locked):
                kept.append(self._wait(event, raw, found))
                continue
            what = await self._meaning(room, event, found)
            if what is None or event.sender == self._me:
                ours.append(event.event)
            if what is not None:
                await inbox.receive(what)
            if isinstance(what, Moved) and what.now is Membership.JOIN:
                await self._entered(inbox, event, what.user)
        if kept:
            async with self._db.transaction() as tx:
                # After a restore the server sends again what was handled before the backup.
                handled = await sync.already_seen(tx, [one.event for one in kept])
                kept = [one for one in kept if one.event not in handled]
                await undecrypted_events.put(tx, kept)
                for sender in dict.fromkeys(one.sender for one in kept):
                    ours += await undecrypted_events.overflow(tx, room.room, sender)
        return ours

    # --- decrypting ---------------------------------------------------------------------------

    async def _open(
        self, room: RoomId, pairs: Iterable[tuple[Heard, Mapping[str, Any]]]
    ) -> dict[EventId, Opened]:
        """Decrypt a page's events before the first of them is handed over.

        Keys count only from people in the room; others' events wait until they are (decision 0025).
        """
        sealed = [(h, raw) for h, raw in pairs if _is_cipher(h) and h.sender != self._me]
        if not sealed:
            return {}
        async with self._db.reading() as tx:
            here = await rooms.came(tx, room, {heard.sender for heard, _ in sealed})
        return {
            heard.event: self._decrypt(heard, raw) if heard.sender in here else _not_here(raw)
            for heard, raw in sealed
        }

    def _decrypt(self, heard: Heard, raw: Mapping[str, Any]) -> Opened:
        try:
            plain = self._machine.decrypt(heard.room, raw)
            self._count("relation", translation.moved_by_server(heard, plain.content))
            return plain
        except NoKey as missing:
            if missing.reason != "key":
                self.unknown_devices.add((heard.room, missing.session_id))
            return Locked(missing.session_id)
        except BadCipher as bad:
            self._count(bad.reason)
            return None

    def _wait(self, heard: Heard, raw: Mapping[str, Any], locked: Locked) -> Waiting:
        since = self._now()
        if (heard.room, locked.session, heard.sender) in self._withheld:
            since -= 2 * PATIENCE  # no key will come: report it with this batch
        return Waiting(
            heard.event, heard.room, heard.sender, locked.session, raw, heard.at, heard.late, since
        )

    async def withhold(self, told: Iterable[Withheld]) -> None:
        """Note that senders withhold keys. Events that wait for one for good are told at once."""
        before = self._now() - 2 * PATIENCE
        for one in told:
            if one.code in FOR_GOOD:
                self._withheld[one.room, one.session, one.sender] = None
                async with self._db.transaction() as tx:
                    await undecrypted_events.hasten(tx, one.room, one.session, one.sender, before)
        while len(self._withheld) > MOST_WITHHELD:
            self._withheld.popitem(last=False)

    # --- what it says ---------------------------------------------------------------------------

    async def _meaning(self, room: rooms.Room, heard: Heard, plain: Opened) -> Happening | None:
        if heard.state_key is not None:
            return await self._state(heard)
        if heard.sender == self._me:
            return translation.echo(heard)
        if isinstance(plain, Plain):
            return translation.said(heard, plain.type, plain.content, plain.trust)
        if heard.kind == "m.room.redaction":
            return translation.redaction(heard)
        if heard.kind == "m.room.encrypted":
            return None
        if room.encrypted and heard.kind not in translation.ALWAYS_PLAIN:
            self._count("plain")  # H1: unencrypted in an encrypted room
            return None
        return translation.said(heard, heard.kind, heard.content, Trust.PLAIN)

    async def _state(self, heard: Heard) -> Happening | None:
        if heard.kind == "m.room.member":
            return translation.moved(heard)
        if heard.kind == "m.room.tombstone" and heard.state_key == "":
            return await self._upgrades.of(heard)
        return translation.ruled(heard) or translation.state_set(heard)

    async def _entered(self, inbox: Inbox, entry: Heard, who: UserId) -> None:
        """Read what a person sent before we knew that they are in the room; for us, check
        upgrades."""
        if who != self._me:
            async with self._db.reading() as tx:
                held = await undecrypted_events.sessions_of(tx, entry.room, who)
            for session in held:
                await self.retry(inbox, entry.room, session)
            return
        if upgraded := await self._upgrades.entered(entry.room, entry):
            await inbox.receive(upgraded)

    # --- late keys --------------------------------------------------------------------------------

    async def retry(self, inbox: Inbox, room: RoomId, session: str) -> None:
        """Read the events that waited for this session.

        They count in the order in which they became readable.
        """
        async with self._db.reading() as tx:
            held = await undecrypted_events.for_session(tx, room, session)
            where = await rooms.get(tx, room)
        for message in held if where is not None and where.joined else ():
            await self._again(inbox, message)

    async def _again(self, inbox: Inbox, message: Waiting) -> None:
        heard = translation.hear(message.room, message.raw, lambda _: message.at, message.late)
        if heard is None:
            return
        opened = (await self._open(message.room, [(heard, message.raw)]))[heard.event]
        if isinstance(opened, Locked):
            return
        what = None
        if opened is not None:
            what = translation.said(heard, opened.type, opened.content, opened.trust)
        if what is not None:
            await inbox.receive(what)
        async with self._db.transaction() as tx:
            await undecrypted_events.drop(tx, [message.event])
            if what is None:
                await sync.mark(tx, [message.event], self._now())

    async def sessions(self) -> set[tuple[RoomId, str]]:
        """Return all sessions that an event waits for."""
        async with self._db.reading() as tx:
            return await undecrypted_events.sessions(tx)

    async def tidy(self) -> None:
        """Once a day drop events whose keys never came."""
        now = self._now()
        if self._tidied is not None and now - self._tidied < TIDY_EVERY:
            return
        self._tidied = now
        async with self._db.transaction() as tx:
            await undecrypted_events.forget_before(tx, now - undecrypted_events.KEPT)

    async def overdue(self, answered: datetime) -> set[RoomId]:
        """Return rooms with events that are still unreadable a minute after they reached us."""
        async with self._db.reading() as tx:
            return {w.room for w in await undecrypted_events.untold(tx, answered - PATIENCE)}

    async def tell(self, inbox: Inbox, room: RoomId, answered: datetime) -> None:
        """Report the room's unreadable events, each once.

        Call it in the room's queue, like reading.
        """
        async with self._db.reading() as tx:
            late = await undecrypted_events.untold(tx, answered - PATIENCE)
        told = [message for message in late if message.room == room]
        for message in told:
            heard = translation.hear(room, message.raw, lambda _: answered, message.late)
            if heard is not None:
                thread = target(heard.relates, "m.thread")
                kept = (room, message.session, heard.sender) in self._withheld
                await inbox.receive(
                    Unreadable(
                        room,
                        EventId(f"unreadable:{heard.event}"),
                        heard.sender,
                        message.at,
                        heard.event,
                        thread,
                        kept,
                    )
                )
        async with self._db.transaction() as tx:
            await undecrypted_events.told(tx, [message.event for message in told])

    async def next_to_tell(self) -> datetime | None:
        async with self._db.reading() as tx:
            since = await undecrypted_events.next_untold(tx)
        return since + PATIENCE if since else None

    def count(self, refused: Mapping[str, int]) -> None:
        """Add counts of what was refused elsewhere, by reason."""
        for reason, many in refused.items():
            self._count(reason, many)

    def _count(self, reason: str, many: int = 1) -> None:
        if many:
            self.refused[reason] += many
            _log.info("refused", reason=reason, count=many)


def _not_here(raw: Mapping[str, Any]) -> Locked | None:
    session = word(mapping(raw.get("content")).get("session_id"))
    return Locked(session) if session else None


def _is_cipher(heard: Heard) -> bool:
    return (
        heard.kind == "m.room.encrypted"
        and heard.state_key is None
        and ("redacted_because" not in heard.unsigned)
    )
