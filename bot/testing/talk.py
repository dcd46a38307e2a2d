"""A conversation without a homeserver, for tests: people write, the bot answers, time passes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Self

from bot.capability.feature import Feature
from bot.capability.room_policy import NO_FOLDER, Defaults, PublicFolder
from bot.run.machine import Machine
from bot.run.scheduler import run_due_jobs
from bot.run.stages.limits import Limits
from bot.testing.dated_words import at_hour as at_hour
from bot.testing.dated_words import dated as dated
from bot.testing.dated_words import day_in_words as day_in_words
from bot.testing.dated_words import moment_in_words as moment_in_words
from bot.testing.dated_words import month_in_words as month_in_words
from bot.testing.fake_gateway import BOT, FakeGateway
from bot.testing.fake_machine import KEY as KEY
from bot.testing.fake_machine import KEYS as KEYS
from bot.testing.fake_machine import SIGNER as SIGNER
from bot.testing.fake_machine import START_TIME as START_TIME
from bot.testing.fake_machine import FakeClock as FakeClock
from bot.testing.fake_machine import build_machine
from bot.testing.kept_files import end
from bot.testing.posted_event import PostedEvent as PostedEvent
from bot.testing.state_events import state_events
from bot.types import (
    BotInvited,
    Echo,
    EditedMessage,
    EventId,
    InboundEvent,
    Media,
    MemberPoll,
    Membership,
    MembershipChanged,
    Message,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    Trust,
    UserId,
)
from storage import help_rooms, rooms, settings
from storage.files.restoration import resume_as_restored
from storage.membership import room_state

ROOM = RoomId("!sala:test")


def user_id(name: str) -> UserId:
    """Return the user id of a short name: `ana` gives `@ana:test`."""
    return UserId(name if name.startswith("@") else f"@{name}:test")


@dataclass(slots=True)
class Talk:
    """A conversation: `says` and `tells` are people's lines, `hears` checks the newest answers."""

    machine: Machine
    path: Path
    clock: FakeClock
    gateway: FakeGateway
    features: Sequence[Feature]
    defaults: Defaults
    limits: Limits
    _heard: int = 0
    _ids: count[int] = field(default_factory=count)
    _joined: int = 0
    _entered: int = 0

    @classmethod
    async def start(
        cls,
        path: Path,
        features: Sequence[Feature],
        *,
        language: str = "es",
        zone: str = "America/Bogota",
        commands_per_minute: int = 0,
        bot: UserId = BOT,
        network: str = "Red de prueba",
        public: PublicFolder = NO_FOLDER,
    ) -> Self:
        """Start a conversation in a room with Ana (a moderator), Bea and Carla, and return it."""
        defaults = Defaults(language, zone, frozenset({user_id("ana")}), network, public=public)
        clock, limits = FakeClock(), Limits(commands_per_minute)
        gateway = FakeGateway(bot, now=clock.now)
        machine = await build_machine(path, gateway, clock, features, defaults, limits)
        talk = cls(machine, path, clock, gateway, features, defaults, limits)
        await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50})
        return talk

    # --- rooms ----------------------------------------------------------------------------------

    async def room(
        self,
        room: RoomId,
        name: str,
        members: Sequence[str],
        power: Mapping[str, int] | None = None,
        *,
        version: str = "11",
        bot_power: int = 50,
        join_rule: str = "invite",
        encrypted: bool = True,
        kind: str = "",
        creator: UserId | None = None,
    ) -> RoomId:
        """Create a room with the bot in it, from the state that its server would send, and return
        its id."""
        levels = {
            "users": {user_id(n): p for n, p in (power or {}).items()}
            | {self.gateway.me: bot_power}
        }
        state: dict[str, dict[str, Any]] = {
            "m.room.create": {"room_version": version, **_marked(kind)},
            "m.room.power_levels": levels,
            "m.room.name": {"name": name},
            "m.room.join_rules": {"join_rule": join_rule},
        }
        if encrypted:
            state["m.room.encryption"] = {"algorithm": "m.megolm.v1.aes-sha2"}
        events = state_events(state, (self.gateway.me, *map(user_id, members)), creator)
        known = self.gateway.others if creator else self.gateway.state
        for rights in ("m.room.power_levels", "m.room.join_rules", "m.room.encryption"):
            if rights in state:
                known[room, rights, ""] = state[rights]
        async with self.machine.db.transaction() as tx:
            await rooms.mark_joined(tx, room, self.clock.at)
            await room_state.apply_state(tx, room, events, whole=True)
        return room

    async def private(self, name: str) -> RoomId:
        """Return this person's private room with the bot, created if needed."""
        async with self.machine.db.reading() as tx:
            found = await rooms.private_room(tx, user_id(name))
        if found is None:
            found = await self.room(RoomId(f"!dm-{name}:test"), "", [name])
            async with self.machine.db.transaction() as tx:
                await rooms.set_private(tx, found, user_id(name))
        return found

    async def moves(
        self, name: str, now: Membership, room: RoomId = ROOM, *, by: str | None = None
    ) -> None:
        """Let somebody join, leave, knock or be removed."""
        who, sender = user_id(name), user_id(by) if by else user_id(name)
        async with self.machine.db.transaction() as tx:
            before = await rooms.membership(tx, room, who)
            content = {"membership": now.value, "displayname": name.capitalize()}
            event = {"type": "m.room.member", "state_key": who, "content": content}
            await room_state.apply_state(tx, room, [event | {"sender": sender}], whole=False)
        await self.happens(
            MembershipChanged(room, self._event(), sender, self.clock.at, who, now, before)
        )

    async def set(self, name: str, value: str, room: RoomId = ROOM) -> None:
        """Set a room's setting directly, without anybody writing a message."""
        async with self.machine.db.transaction() as tx:
            await settings.set_value(tx, room, name, value)

    # --- what people do -------------------------------------------------------------------------

    async def says(
        self,
        who: str,
        what: str,
        *,
        room: RoomId = ROOM,
        reply: PostedEvent | EventId | None = None,
        thread: EventId | None = None,
        event: str | None = None,
        mentions: Sequence[str] = (),
        trust: Trust = Trust.SIGNED,
        late: bool = False,
        media: Media | None = None,
        voice: bool = False,
        at: datetime | None = None,
        sealed: bool = True,
        unread: bool = False,
    ) -> EventId:
        """Let somebody write a line in a room, and return its event id.

        What they are asked arrives before it, unless they wrote it `unread` or as a command.
        """
        if not unread and not what.startswith("!"):
            await self._ask_first(user_id(who))
        found = EventId(event) if event else self._event()
        target = reply.event if isinstance(reply, PostedEvent) else reply
        message = Message(
            room,
            found,
            user_id(who),
            at or self.clock.at,
            what,
            late,
            trust,
            target,
            thread,
            tuple(map(user_id, mentions)),
            media,
            voice=voice,
            relation_sealed=sealed,
        )
        self.gateway.said[found] = message
        await self.happens(message)
        return found

    async def _ask_first(self, person: UserId) -> None:
        """Deliver what is to be said, if the person is being asked something in it."""
        async with self.machine.db.reading() as tx:
            query = "SELECT 1 FROM question JOIN letter ON txn = letter WHERE question.person = ?"
            waits = await tx.exists(query, person)
        if waits:
            await self.machine.outbox.deliver_pending()

    async def tells(self, who: str, what: str, **more: Any) -> EventId:
        """Let somebody write a line in private, and return the event's id."""
        return await self.says(who, what, room=await self.private(who), **more)

    async def taps(
        self, who: str, poll: PostedEvent, *choices: int, stamp: int | None = None
    ) -> EventId:
        """Let somebody vote natively for answers by position (from 1), and return the vote's event
        id. None withdraws the vote."""
        answers = tuple(poll.answers[c - 1] for c in choices)
        return await self.votes(who, poll.event, answers, room=poll.room, stamp=stamp)

    async def votes(
        self,
        who: str,
        poll: EventId,
        answers: tuple[str, ...],
        *,
        room: RoomId = ROOM,
        stamp: int | None = None,
        trust: Trust = Trust.SIGNED,
        sealed: bool = True,
    ) -> EventId:
        """Let somebody vote natively, and return the event's id. `sealed`: the ciphertext names the
        poll, as in most clients."""
        event, at = self._event(), self.clock.at
        ms = stamp if stamp is not None else int(at.timestamp() * 1000)
        vote = PollVote(room, event, user_id(who), at, poll, answers, ms, False, trust, sealed)
        if (theirs := self.gateway.polls.get((room, poll))) is not None:
            self.gateway.polls[room, poll] = replace(theirs, votes=(*theirs.votes, vote))
        await self.happens(vote)
        return event

    def polls(
        self,
        who: str,
        question: str,
        *labels: str,
        room: RoomId = ROOM,
        unread: int = 0,
        disclosed: bool = True,
    ) -> EventId:
        """Let a member make a poll in their own app, and return the event's id. Its answer ids are
        `1`, `2` …"""
        event = self._event()
        answers = tuple((str(n), label) for n, label in enumerate(labels, start=1))
        poll = MemberPoll(
            event, user_id(who), question, answers, 1, (), None, unread, disclosed=disclosed
        )
        self.gateway.polls[room, event] = poll
        return event

    async def reacts(self, who: str, target: PostedEvent, key: str) -> None:
        """Let somebody react to a message of the bot with a key, usually an emoji."""
        await self.happens(
            Reaction(target.room, self._event(), user_id(who), self.clock.at, target.event, key)
        )

    async def edits(
        self, who: str, target: EventId, what: str, *, room: RoomId = ROOM, **more: Any
    ) -> None:
        """Let somebody replace the words of a message, their own or (to be refused) another's."""
        before = self.gateway.said.get(target)
        if before is not None and before.sender == user_id(who):
            self.gateway.said[target] = replace(before, text=what, edited_at=self.clock.at)
        await self.happens(
            EditedMessage(room, self._event(), user_id(who), self.clock.at, target, what, **more)
        )

    async def redacts(self, who: str, target: EventId, room: RoomId = ROOM) -> None:
        """Let somebody take a message away."""
        await self.happens(Redaction(room, self._event(), user_id(who), self.clock.at, target))

    async def invites(self, who: str, room: RoomId, *, direct: bool = False) -> None:
        """Let somebody invite the bot into a room; `direct` as a private conversation."""
        await self.happens(
            BotInvited(room, self._event(), user_id(who), self.clock.at, direct, encrypted=True)
        )

    async def happens(self, what: InboundEvent) -> None:
        """Let the bot receive an inbound event."""
        await self.machine.dispatcher.receive(what)

    def _event(self) -> EventId:
        return EventId(f"$e{next(self._ids)}")

    # --- what the bot does ----------------------------------------------------------------------

    async def sent(self) -> list[PostedEvent]:
        """Return everything the bot did since the last call. People invited in private rooms
        join.
        """
        await self.machine.outbox.deliver_pending()
        await self._enter_opened()
        while self._joined < len(self.gateway.made):
            room, person = self.gateway.made[self._joined]
            self._joined += 1
            await self.room(room, "", [person])
            async with self.machine.db.transaction() as tx:
                if await help_rooms.person_of(tx, room) is None:
                    await rooms.set_private(tx, room, person)
            await self.machine.outbox.deliver_pending()
        fresh = list(self.gateway.posted.values())[self._heard :]
        self._heard += len(fresh)
        for post in fresh:
            if (state := post.state) is not None:  # it comes back by sync
                async with self.machine.db.transaction() as tx:
                    await room_state.apply_state(tx, post.room, [state], whole=False)
        return fresh

    async def state(
        self, room: RoomId, kind: str, content: Mapping[str, Any], by: UserId | None = None
    ) -> None:
        """Set an event of a room's state as the server would report it, by somebody (its owner)."""
        new = {key: value for key, value in content.items() if key != "state_key"}
        self.gateway.state[room, kind, ""] = new
        async with self.machine.db.transaction() as tx:
            await room_state.apply_state(tx, room, state_events({kind: new}, (), by), whole=False)

    async def _enter_opened(self) -> None:
        """Report the rooms that the bot created, and their invitations."""
        for room, name in [*self.gateway.opened.items()][self._entered :]:
            self._entered += 1
            made, me = self.gateway.state[room, "m.room.create", ""], self.gateway.me
            public = rooms.PUBLIC_ROOM in made
            kind = rooms.PUBLIC_ROOM if public else str(made.get("type", ""))
            await self.room(
                room, name, [], bot_power=100, kind=kind, creator=me, encrypted=not public
            )
            state = self.gateway.state.items()
            invited = [
                key
                for (where, kind, key), content in state
                if (where, kind) == (room, "m.room.member") and content["membership"] == "invite"
            ]
            for person in invited:
                await self.moves(person, Membership.INVITE, room, by=self.gateway.me)

    async def said(self, room: RoomId | None = None) -> list[PostedEvent]:
        """Return the messages the bot sent since the last call, in one room or in all.

        Everything else that the bot did since then is dropped, as `sent` returns it only once.
        """
        every = await self.sent()
        return [p for p in every if p.kind == "m.room.message" and (room is None or p.room == room)]

    async def hears(self, *expected: str) -> list[PostedEvent]:
        """Assert that the bot sent exactly these messages since the last call.

        Each contains its expected text. Return the messages.
        """
        posts = await self.said()
        plain = [post.plain for post in posts]
        assert len(plain) == len(expected), f"expected {expected}, heard {plain}"
        for words, heard in zip(expected, plain, strict=True):
            assert words in heard, f"expected {words!r} in {heard!r}"
        return posts

    async def hears_nothing(self) -> None:
        """Assert that the bot did nothing since the last call: no message and nothing else."""
        posts = await self.sent()
        assert posts == [], f"heard {[(p.kind, p.plain) for p in posts]}"

    async def answer(self, who: str, what: str, **more: Any) -> str:
        """Let somebody write a line, and return the bot's messages, one a line.

        They are those since the last call of `sent` or what uses it.
        """
        await self.says(who, what, **more)
        return "\n".join(post.plain for post in await self.said())

    # --- time -----------------------------------------------------------------------------------

    async def wait(self, how_long: timedelta) -> None:
        """Let time pass and due jobs run. None runs while the homeserver is away."""
        self.clock.at += how_long
        if not self.gateway.broken:
            self.machine.dispatcher.note_answer(self.clock.at)
            self.machine.dispatcher.contact.mark_handled(self.clock.at)
        await run_due_jobs(self.machine.db, self.machine.dispatcher, self.clock)

    async def wait_until(self, at: datetime) -> None:
        """Let time pass until an instant."""
        await self.wait(at - self.clock.at)

    async def restore_backup(self) -> None:
        """Make the database look like one that an operator restored from a backup just now."""
        async with self.machine.db.transaction() as tx:
            await resume_as_restored(tx, self.clock.at)

    async def restart(self, after: timedelta = timedelta(0)) -> None:
        """Restart the process on the same database."""
        await self.machine.db.close()
        self.clock.at += after
        parts = (self.gateway, self.clock, self.features, self.defaults, self.limits)
        self.machine = await build_machine(self.path, *parts)

    async def close(self, *, leaves_file: bool = False) -> None:
        """Close the bot's database. Its file serves the next conversation, unless it is to stay."""
        await end(self.machine.db, leaves_file=leaves_file)

    async def echo(self, post: PostedEvent) -> None:
        """Let one of the bot's own events come back by sync."""
        txn = next(t for t, p in self.gateway.posted.items() if p is post)
        await self.happens(Echo(post.room, post.event, self.gateway.me, self.clock.at, txn))


def find_number(post: PostedEvent | str) -> int:
    """Return the item's number that stands in a message of the bot."""
    text = post if isinstance(post, str) else post.plain
    match = re.search(r"\b(\d{1,6})\b", text)
    assert match is not None, f"no number in {text!r}"
    return int(match[1])


def _marked(kind: str) -> dict[str, Any]:
    """Return what the creation of a room of this kind holds."""
    return {kind: True} if kind == rooms.PUBLIC_ROOM else {"type": kind} if kind else {}
