"""The `Context` that every handler receives. It holds no Matrix client."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot import dates
from bot.capability import room_policy
from bot.capability.authority import moderators_room, permission
from bot.capability.authority.refusals import moderators_only
from bot.capability.errors import (
    FINAL,
    LONG_PATIENCE,
    YES_NO,
    UserError,
    choice_of,
)
from bot.capability.item_lookup import ItemLookup
from bot.capability.request_state import Origin as Origin
from bot.capability.room_policy import Policy
from bot.capability.settings import Setting
from bot.conversation import disambiguation
from bot.delivery.effects import Callback, SendFile
from bot.delivery.rendering import Reader
from bot.i18n import _
from bot.job_kind import JobKind
from bot.lines import Line
from bot.types import EventId, MemberPoll, Message, Number, RoomId, UserId
from storage import (
    dialogues,
    identities,
    items,
    jobs,
    log,
    outbox_entries,
    questions,
    rooms,
    settings,
)
from storage.membership.room import Room


@dataclass(slots=True)
class Context(ItemLookup):
    """What a handler works with: the request, the database, and what it may do and ask.

    Both times are UTC. `said_at` is that of the message (live: our clock; else the server's stamp
    within bounds) and decides deadlines; `now` is our clock. For a job both are our clock.
    """

    # --- asking, dates ----------------------------------------------------------------------

    async def begin_dialogue(
        self,
        name: str,
        person: UserId,
        data: Mapping[str, Any],
        *,
        patience: timedelta = LONG_PATIENCE,
        first: bool = False,
    ) -> bool:
        """Begin this capability's dialogue `name` with a person, in private, after the commit.

        It starts once they have no other open question; with `first` before other dialogues, and
        in place of one that can wait. Each of its questions waits for `patience`, and a `UserError`
        ends it. Returns False if it is queued already or is left out (`permission.stays_in_room`).
        Raises `KeyError`.
        """
        if name not in self.registry.features[self.feature].dialogues:
            raise KeyError(f"{self.feature} has no dialogue {name!r}")
        if not permission.stays_in_room(self):
            return False
        begun = await dialogues.add(
            self.db, self.feature, name, person, data, patience, first=first
        )
        asked = await questions.get(self.db, RoomId(person), "", person) if first else None
        if asked is not None and self.registry.can_wait(asked.feature, asked.name):
            await questions.delete(self.db, RoomId(person), "", person)
        self.has_scheduled = await dialogues.schedule_next(self.db, person, self.now)
        return begun

    async def is_being_asked(self, person: UserId) -> bool:
        """Return whether the person has an open question that keeps their next dialogue waiting."""
        return bool(await questions.open_questions(self.db, person, self.now))

    async def end_own_question(self, person: UserId) -> None:
        """Delete the person's open question in private if a dialogue of this capability asks it.

        The question of another capability stays: somebody may be answering whether to call for
        help.
        """
        asked = await questions.get(self.db, RoomId(person), "", person)
        if asked is not None and asked.name and asked.feature == self.feature:
            self.ended_question = (RoomId(person), "")
            await questions.delete(self.db, RoomId(person), "", person)
            self.has_scheduled |= await dialogues.schedule_next(self.db, person, self.now)

    def confirm(
        self,
        *lines: Line,
        final: bool = False,
        to: str = "",
        files: tuple[SendFile, ...] = (),
    ) -> None:
        """Ask the person for a yes before going on; `final` if what follows can't be undone.

        `to` says what the yes is to: if that has changed once they answer, they are asked again.
        `files` are posted with the question. Raises `AnswerNeeded` to ask, and `UserError` for a
        no.
        """
        wants = FINAL if final else YES_NO
        answer = self.ask(f"sure{to}", wants, *lines, _("Go on? `yes` or `no`"), files=files)
        if answer != "yes":
            raise UserError(_("I left it as it was."))

    def attached_file(self, most: int, read: Callable[[bytes], Any] = bytes) -> Any:
        """Return what `read` makes, in a thread, of the file of this message or of the one replied
        to.

        Raises `FetchNeeded` at first: the handler runs again with the file. Raises `UserError` if
        there is none, or it has over `most` bytes or can't be had.
        """
        encrypted = self.policy.room is not None and self.policy.room.is_encrypted
        self.has_read_replied |= self.origin.media is None
        media = self.origin.media or self.fetched.media(self.room, self.origin.reply_to)
        return self.fetched.file(self.room, media, most, read, encrypted=encrypted)

    def replied_message(self) -> Message | None:
        """Return the message that this one replies to, or None.

        Raises `FetchNeeded` at first, and `UserError` if it can't be read.
        """
        reply = self.origin.reply_to
        self.has_read_replied = True
        return self.fetched.message(self.room, reply) if reply else None

    def member_poll(self, event: EventId) -> MemberPoll | None:
        """Return a poll that a member's app posted, or None if it can't be read. Raises
        `FetchNeeded` at first."""
        self.has_read_replied |= event == self.origin.reply_to
        return self.fetched.poll(self.room, event)

    async def end_question(self, room: RoomId, thread: str) -> None:
        """Delete the person's open question, also if the handler fails afterwards."""
        self.ended_question = (room, thread)
        if await questions.delete(self.db, room, thread, self.who):
            self.has_scheduled |= await dialogues.schedule_next(self.db, self.who, self.now)

    def parse_date(
        self, phrase: str, *, zone: str | None = None, end_of_day: bool = False
    ) -> datetime:
        """Return the instant (UTC) that `phrase` means in `zone`; ask if there are two.

        Without a time it is 00:00, or 23:59 with `end_of_day`. Raises `UserError` if it is past or
        no date, and `AnswerNeeded` to ask.
        """
        read = dates.read_date(phrase, self.said_at, zone or self.policy.zone)
        when = self.choose_reading(phrase, read)
        if when.has_time or not end_of_day:
            return when.at
        return dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone)

    def choose_reading(self, phrase: str, read: dates.Reading) -> dates.ZonedTime:
        """Return the only reading of a date, or the one that the person chooses.

        Raises `AnswerNeeded` to ask, and `UserError` if there is no reading.
        """
        return disambiguation.choose_reading(self, phrase, read)

    # --- places and people ------------------------------------------------------------------

    async def render_line(self, line: Line, room: RoomId) -> str:
        """Render a line as plain text for the readers of `room`, for titles that are stored, and
        return it."""
        known = await self.policy_of_room(room)
        reader = Reader(
            known.language, known.zone, known.shown_prefix, self.now, known.uses_twelve_hours
        )
        return self.renderer.render_lines((line,), reader).plain

    async def choose_room(self, named: str = "", *, among: Sequence[Room] = ()) -> Room:
        """Return the room that something is made for. Raises `UserError` or `AnswerNeeded`.

        In private that is the one `named`, the only one `among` these (by default those shared with
        the person), or the one that the person chooses.
        """
        if not self.is_private:
            if self.policy.room is None:
                raise UserError(_("I am not in this room any more."))
            return self.policy.room
        shared = among or await rooms.shared_rooms(self.db, self.who)
        if not shared:
            raise UserError(_("We share no room yet. Ask the moderators of your network."))
        if named:
            return disambiguation.room_named(shared, named)
        if len(shared) == 1:
            return shared[0]
        lines = tuple(
            _("{n}) {name}", n=n, name=room.name or room.room)
            for n, room in enumerate(shared[:20], start=1)
        )
        names = [room.name for room in shared[:20]]
        key = " ".join(("room", *(room.room for room in shared[:20])))  # a number answers only this
        answer = self.ask(key, choice_of(len(lines), names=names), _("For which room?"), *lines)
        return shared[int(answer) - 1]

    async def joined_room(self, room: RoomId) -> Room:
        """Return the room that the command is about. Raises `UserError` if the bot has left it."""
        found = await rooms.get(self.db, room)
        if found is None or not found.joined:
            raise UserError(_("I am not in this room any more."))
        return found

    async def moderates(self, room: RoomId | None = None, user: UserId | None = None) -> bool:
        """Return whether the person moderates the room: by power 50, as its creator, or by a
        role."""
        return await permission.moderates(self, room or self.room, user or self.who)

    async def require_moderator(self, room: RoomId | None = None) -> None:
        """Raise `UserError` unless the person moderates the room."""
        if not await self.moderates(room):
            raise moderators_only()

    async def moderators_room(self) -> RoomId | None:
        """Return the room where news about the whole network go, or None."""
        return await moderators_room.moderators_room(self.db)

    async def policy_of_person(self, person: UserId) -> Policy:
        """Return the language, zone, prefix and limits with which the bot answers this person in
        private."""
        return await room_policy.person_policy(self.db, person, self.defaults)

    async def policy_of_room(self, room: RoomId) -> Policy:
        """Return the room's language, zone, prefix and other settings that decide how the bot
        answers there."""
        return await room_policy.room_policy(self.db, room, self.defaults)

    # --- later, settings, log ---------------------------------------------------------------

    async def schedule(
        self,
        kind: JobKind,
        at: datetime,
        *,
        item: Number | None = None,
        room: RoomId | None = None,
        person: UserId | None = None,
        zone: str | None = None,
        payload: Mapping[str, Any] | None = None,
        **facts: Any,
    ) -> int:
        """Schedule a job for `at`, in UTC. Return its id.

        Its payload is `facts`. Names that are not known here go in `payload`, where none of them
        can be taken for another argument, such as `room`.
        With `zone` it runs at the wall time that `at` is there, even if the zone's clocks change
        before. Returns 0, and schedules nothing, where a request from an unsigned device may not
        reach outside its room (`permission.stays_in_room`).
        """
        if not permission.stays_in_room(self, room or self.room):
            return 0
        self.has_scheduled = True
        return await jobs.add(
            self.db,
            kind.feature,
            kind.name,
            room or self.room,
            at,
            person=person,
            item=item,
            wall=dates.to_wall(at, zone) if zone else None,
            zone=zone,
            payload={**(payload or {}), **facts},
            trusted=self.is_trusted,
        )

    async def schedule_callback(self, then: Callback, *, trusted: bool, **payload: Any) -> None:
        """Schedule a callback for now, unless its item was deleted.

        `trusted`: a device that counts everywhere asked for it.
        """
        about = await items.get(self.db, then.item)
        if about is not None:
            self.has_scheduled = True
            await jobs.add(
                self.db,
                then.feature,
                then.job,
                about.room,
                self.now,
                item=then.item,
                payload=payload,
                trusted=trusted,
            )

    async def has_job(self, item: Number, kind: JobKind) -> bool:
        """Return whether a job of this kind is scheduled for the item."""
        return await jobs.is_scheduled(self.db, kind.feature, item, kind.name)

    async def job_due(self, item: Number, kind: JobKind) -> datetime | None:
        """Return when the item's job of this kind is due (UTC), or None if none is scheduled."""
        return await jobs.due_of(self.db, kind.feature, item, kind.name)

    async def cancel_jobs(self, item: Number, kind: JobKind | None = None) -> None:
        """Cancel the item's jobs of this kind, or all those of this capability and those split off
        from it."""
        names = [kind.feature] if kind else [one.name for one in self.registry.family(self.feature)]
        await jobs.cancel(self.db, names, item, kind.name if kind else None)

    async def setting_value(self, setting: Setting, room: RoomId | None = None) -> str:
        """Return the room's stored value of a setting, or its default."""
        place = settings.NETWORK if setting.network else room or self.room
        values = await settings.settings_of(self.db, place)
        return values.get(setting.key, setting.default)

    async def log(
        self,
        act: str,
        facts: Mapping[str, Any],
        *,
        room: RoomId | None = None,
        undo: Mapping[str, Any] | None = None,
    ) -> int:
        """Add a use of power to the room's log, which its members can read. Return the log entry's
        id."""
        return await log.add(
            self.db, room or self.room, self.said_at, self.feature, act, self.who, facts, undo
        )

    async def identity_since(self) -> datetime | None:
        """Return since when the person has their present identity, or None if always.

        Secrets from before are not for whoever holds the name now (decision 0024).
        """
        return await identities.since(self.db, self.who)

    async def count_undelivered(self, person: UserId) -> int:
        """Return how many outbox entries addressed to this person are not delivered yet."""
        return await outbox_entries.count_for_person(self.db, person)

    async def drop_undelivered(self, item: Number, people: Collection[UserId]) -> None:
        """Delete what waits to be sent to these people in private about an item, so that they never
        read it. What is being sent just now arrives."""
        await outbox_entries.delete_about(self.db, item, people)

    async def late_jobs(self) -> tuple[int, datetime | None]:
        """Return how many jobs should have run by now, and when the oldest of them was due
        (UTC)."""
        return await jobs.late_jobs(self.db, self.now)
