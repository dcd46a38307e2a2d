"""Everything a handler may touch. There is no Matrix client in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from bot import dates, meant, permission, policy
from bot.effects import Then
from bot.errors import (
    FINAL,
    LONG_PATIENCE,
    PATIENCE,
    YES_NO,
    Asking,
    Missing,
    UserError,
    Wants,
    choice,
)
from bot.feature import Command, Does
from bot.fetch import Fetched
from bot.i18n import _
from bot.policy import Defaults, Policy
from bot.registry import Registry
from bot.render import Reader, Renderer
from bot.road import Road
from bot.setting import Setting
from bot.signer import Signer
from bot.types import EventId, Line, Media, MemberPoll, Membership, Message, Number, RoomId, UserId
from storage import dialogues, identities, items, jobs, letters, log, questions, rooms, settings
from storage.database import Tx
from storage.items import Item
from storage.rooms import Room


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from and so where its answer goes."""

    room: RoomId
    event: EventId | None = None
    thread: EventId | None = None
    reply_to: EventId | None = None
    mentions: tuple[UserId, ...] = ()
    media: Media | None = None
    late: bool = False
    relation_sealed: bool = True  # see `Message`
    who: UserId | None = None  # who asked for it, and hears what the homeserver refuses:
    discreet: bool = False  # in private, where the room must not read it


@dataclass(slots=True)
class Context:
    """One command, reply, vote or job being handled, inside one transaction.

    `now` is UTC and the time of the message by DESIGN §4, so that a deadline is judged by it;
    `read` is our clock when it is handled, which may be much later.
    """

    feature: str
    who: UserId
    me: UserId
    now: datetime
    read: datetime
    db: Tx
    origin: Origin
    policy: Policy
    defaults: Defaults
    registry: Registry
    signer: Signer
    renderer: Renderer
    known: dict[str, str] = field(default_factory=dict)
    fetched: Fetched = field(default_factory=Fetched)
    text: str = ""
    target: Room | None = None
    """The room a command makes something for (`Where.ROOM`)."""
    road: Road | None = None
    """What is being run; None where nobody could answer a question."""
    discreet: bool = False
    """What is said goes to the person alone, not to where it came from (`Where.PRIVATE`)."""
    aside: bool = False
    """So does what is of another room; the line stays, and this room hears of it."""
    looked: bool = False
    """The message replied to was read for it."""
    loosely: str = ""
    """An answer to a question, whose place a homeserver may have chosen."""
    whispered: bool = False
    """So does what answers talk; the line stays, and this room hears nothing."""
    ended: tuple[RoomId, str] | None = None
    """Where a question of this person ended; a refusal undoes everything else."""
    scheduled: bool = False
    trusted: bool = True
    """False where only this room's looser rules let the device count: for this room's things."""
    does: Does = Does.READS
    """What the command that runs does with the thing it is about."""
    agreed: bool = False
    """Others agreed to what is done now: it is not `who` alone that does it."""

    @property
    def room(self) -> RoomId:
        return self.origin.room

    @property
    def private(self) -> bool:
        return self.policy.private

    @property
    def alone(self) -> bool:
        return self.discreet or self.aside or self.whispered

    @property
    def corner(self) -> tuple[RoomId, str]:
        """Where a question to this person is kept."""
        if self.alone:
            return RoomId(self.who), ""
        return policy.corner(self.policy, self.who, self.origin.room, self.origin.thread)

    # --- asking, dates ----------------------------------------------------------------------

    def ask(self, key: str, wants: Wants, *lines: Line, patience: timedelta = PATIENCE) -> str:
        """The answer to a question. The first time it ends the handler, which runs anew then.

        An answer to `yesno` is `yes` or `no`, to `choice` its number, else the words.
        """
        if key not in self.known:
            raise Asking(key, wants, lines, patience=patience)
        return self.known[key]

    def ask_anew(self, key: str, wants: Wants, *lines: Line, patience: timedelta = PATIENCE) -> str:
        """What was answered does not do: ask for it once more."""
        self.known.pop(key, None)
        return self.ask(key, wants, *lines, patience=patience)

    async def begin(
        self,
        name: str,
        person: UserId,
        data: Mapping[str, Any],
        *,
        patience: timedelta = LONG_PATIENCE,
    ) -> bool:
        """Begin this capability's dialogue `name` with a person, in private, when this is done.

        It waits while something else is being asked of them; each question waits for `patience`.
        A `UserError` ends it, as it ends a command; `ask_anew` asks again. False: it waits already,
        or is left out (`permission.stays`).
        """
        if name not in self.registry.features[self.feature].dialogues:
            raise KeyError(f"{self.feature} has no dialogue {name!r}")
        if not permission.stays(self):
            return False
        begun = await dialogues.add(self.db, self.feature, name, person, data, patience)
        self.scheduled = await dialogues.nudge(self.db, person, self.read)
        return begun

    def confirm(self, *lines: Line, final: bool = False) -> None:
        """Go on only after a yes. `final`: it cannot be undone."""
        answer = self.ask("sure", FINAL if final else YES_NO, *lines, _("Go on? `yes` or `no`"))
        if answer != "yes":
            raise UserError(_("I left it as it was."))

    def file(self, most: int, read: Callable[[bytes], Any] = bytes) -> Any:
        """The file that came with the message, or with the one replied to, decrypted.

        What `read` makes of it, in a thread: it may take seconds, and may raise `UserError`. Raises
        it too if there is none, if it has more than `most` bytes or can't be had.
        Like what follows it may end the handler, which runs anew when the thing is here.
        """
        encrypted = self.policy.room is not None and self.policy.room.encrypted
        self.looked |= self.origin.media is None
        media = self.origin.media or self.fetched.media(self.room, self.origin.reply_to)
        return self.fetched.file(self.room, media, most, read, encrypted=encrypted)

    def replied_message(self) -> Message | None:
        """The message replied to; None without a reply. Raises `UserError` if it can't be read."""
        reply = self.origin.reply_to
        self.looked = True
        return self.fetched.message(self.room, reply) if reply else None

    def member_poll(self, event: EventId) -> MemberPoll | None:
        """A poll that a member made in their own app; None if it is none or can't be read."""
        self.looked |= event == self.origin.reply_to
        return self.fetched.poll(self.room, event)

    async def end_question(self, room: RoomId, thread: str) -> None:
        """The person's question waits no more, even if what they wrote comes to nothing."""
        self.ended = (room, thread)
        if await questions.drop(self.db, room, thread, self.who):
            self.scheduled |= await dialogues.nudge(self.db, self.who, self.read)

    def date(self, phrase: str, *, zone: str | None = None, end_of_day: bool = False) -> datetime:
        """The instant (UTC) that `phrase` means; asks when two are meant.

        Without a clock time it is the beginning of the day, or its last minute. Raises
        `UserError` for what is past or cannot be read.
        """
        when = self.reading(phrase, dates.read(phrase, self.now, zone or self.policy.zone))
        if when.has_time or not end_of_day:
            return when.at
        return dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone)

    def reading(self, phrase: str, read: dates.Reading) -> dates.When:
        """The one reading that is meant; asks where there are two. Raises `UserError`."""
        return meant.reading(self, phrase, read)

    # --- places and people ------------------------------------------------------------------

    async def in_words(self, line: Line, room: RoomId) -> str:
        """A sentence as this room reads it: for a title, which is kept as plain text."""
        known = await self.for_room(room)
        reader = Reader(known.language, known.zone, known.shown_prefix, self.read, known.twelve)
        return self.renderer.lines((line,), reader).plain

    async def place(self, named: str = "") -> Room:
        """The room that something is made for; in private the person says which."""
        if not self.private:
            if self.policy.room is None:
                raise UserError(_("I am not in this room any more."))
            return self.policy.room
        shared = await rooms.shared_rooms(self.db, self.who)
        if not shared:
            raise UserError(_("We share no room yet. Ask the moderators of your network."))
        if named:
            return meant.room_named(shared, named)
        if len(shared) == 1:
            return shared[0]
        lines = tuple(
            _("{n}) {name}", n=n, name=room.name or room.room)
            for n, room in enumerate(shared[:20], start=1)
        )
        names = [room.name for room in shared[:20]]
        answer = self.ask("room", choice(len(lines), names=names), _("For which room?"), *lines)
        return shared[int(answer) - 1]

    async def power(self, user: UserId | None = None, room: RoomId | None = None) -> int:
        """A person's power in a room, as the server's state says; -1 for who is not in it."""
        place, person = room or self.room, user or self.who
        if await rooms.membership(self.db, place, person) is not Membership.JOIN:
            return -1
        known = await rooms.get(self.db, place)
        return known.power_of(person) if known else -1

    async def moderates(self, room: RoomId | None = None, user: UserId | None = None) -> bool:
        """Power 50 or more in the room (creators of version 12 too), or a role that it gave."""
        return await permission.moderates(self, room or self.room, user or self.who)

    async def moderators_room(self) -> RoomId | None:
        """Where what concerns the whole network is told."""
        return await permission.moderators_room(self.db)

    async def for_person(self, person: UserId) -> Policy:
        return await policy.of_person(self.db, person, self.defaults)

    async def for_room(self, room: RoomId) -> Policy:
        return await policy.of_room(self.db, room, self.defaults)

    # --- items ------------------------------------------------------------------------------

    async def new_item(self, kind: str, title: str, room: RoomId | None = None) -> Number:
        """The next number of the network, for a thing of this room. Raises `UserError`."""
        place = room or self.room
        await permission.need_voice(self, place)
        return await items.add(self.db, self.feature, kind, place, self.who, title, self.now)

    async def may_see(self, item: Item) -> bool:
        """Whoever is in its room (`bot/permission.py`); who wrote it and was put out is not."""
        return await permission.may_see(self, item)

    async def may_change(self, item: permission.Authored) -> bool:
        """Its author or who moderates its room, while they are there and may speak."""
        return await permission.may_change(self, item)

    def speaks_of(self, item: Item) -> Item:
        """Not everybody here may see what is of another room: it is said in private."""
        self.aside |= not self.private and item.room != self.room
        return item

    async def item(self, text: str, *kinds: str, takes: int = 1) -> tuple[Item, str]:
        """The item that is meant, and what is left of `text`.

        In a reply it may be left out: the first number is the item's only if it equals it and more
        follow than this item `takes`. `UserError`: none for them, as `does` asks; `Missing`: no
        number.
        """
        replied = await self.replied(*kinds)
        match = re.match(r"\s*#?(\d{1,9})(?![\d:/.,]*\d)\s*(.*)", text, re.DOTALL)
        if replied is not None:
            numbers = re.findall(r"\d+", text)
            if match is not None and int(match[1]) == replied.number and len(numbers) > takes:
                return replied, match[2]
            if match is None or len(numbers) <= takes:
                return replied, text.strip()
        if match is None:
            raise Missing("number", _("the number"))
        found = await items.get(self.db, Number(int(match[1])))
        if (
            found is None
            or (kinds and found.kind not in kinds)
            or not await permission.reaches(self, found)
        ):
            raise UserError(
                _("There is no number {number} here.", number=match[1]),
                _("What is open: `!pending`"),
            )
        return self.speaks_of(found), match[2]

    async def replied(self, *kinds: str) -> Item | None:
        """The item that the message replied to is about, if it is of these kinds."""
        if self.origin.reply_to is None:
            return None
        item = await items.about(self.db, self.origin.reply_to)
        if item is None or (kinds and item.kind not in kinds):
            return None
        if not await permission.reaches(self, item):
            return None
        return self.speaks_of(item)

    async def known_number(
        self, feature: str | None = None, otherwise: int = 57, kinds: Sequence[str] = ()
    ) -> int:
        """A number for an example: the newest thing here that it can be.

        In private it is the person's own; of a capability or of some kinds, what they see too.
        """
        if not self.private:
            found = await items.newest(self.db, feature, rooms=(self.room,), kinds=kinds)
            return found or otherwise
        shared = await rooms.shared_rooms(self.db, self.who) if feature or kinds else []
        there = [room.room for room in shared]
        found = await items.newest(self.db, feature, rooms=there, author=self.who, kinds=kinds)
        return found or otherwise

    async def example(self, command: Command) -> Line:
        """How a command is typed, with a number that can be acted on here if there is one."""
        values = command.example.values
        if "number" not in values:
            return command.example
        own = self.registry.features[command.feature].replies or command.of
        feature = command.feature if own else None
        number = await self.known_number(feature, values["number"], command.of)
        return replace(command.example, values={**values, "number": number})

    # --- later, settings, log ---------------------------------------------------------------

    async def schedule(
        self,
        name: str,
        at: datetime,
        *,
        item: Number | None = None,
        room: RoomId | None = None,
        person: UserId | None = None,
        zone: str | None = None,
        **payload: Any,
    ) -> int:
        """Wake this capability's job `name` at `at` (UTC); with `zone`, at that wall time.

        0 where it is left out (`permission.stays`).
        """
        if not permission.stays(self, room or self.room):
            return 0
        self.scheduled = True
        return await jobs.add(
            self.db,
            self.feature,
            name,
            room or self.room,
            at,
            person=person,
            item=item,
            wall=dates.to_wall(at, zone) if zone else None,
            zone=zone,
            payload=payload,
            trusted=self.trusted,
        )

    async def call_back(self, then: Then, *, trusted: bool, **payload: Any) -> None:
        """Wake the job of another capability, unless what it is about is there no more.

        `trusted`: as it was when it was asked for, whoever is at hand now.
        """
        about = await items.get(self.db, then.item)
        if about is not None:
            self.scheduled = True
            await jobs.add(
                self.db, then.feature, then.job, about.room, self.read, item=then.item,
                payload=payload, trusted=trusted,
            )  # fmt: skip

    async def waits(self, item: Number, name: str) -> bool:
        """Is a job of this name to come for the item?"""
        return await jobs.waits(self.db, self.feature, item, name)

    async def call_off(self, item: Number, name: str | None = None) -> None:
        await jobs.call_off(self.db, self.feature, item, name)

    async def setting(self, setting: Setting, room: RoomId | None = None) -> str:
        """What the room chose (as it is kept), else the default."""
        place = settings.NETWORK if setting.network else room or self.room
        values = await settings.all_of(self.db, place)
        return values.get(setting.key, setting.default)

    async def log(
        self,
        act: str,
        facts: Mapping[str, Any],
        *,
        room: RoomId | None = None,
        undo: Mapping[str, Any] | None = None,
    ) -> int:
        """A use of power: one line that every member of the room can read."""
        return await log.add(
            self.db, room or self.room, self.now, self.feature, act, self.who, facts, undo
        )

    async def identity_since(self, person: UserId | None = None) -> datetime | None:
        """From when on the person is who they are now; None: as long as we have known them.

        What somebody did in secret before then is no business of whoever has their name now (0024).
        """
        return await identities.since(self.db, person or self.who)

    async def waiting_letters(self, person: UserId) -> int:
        return await letters.to_person(self.db, person)
