"""A conversation without a homeserver, for tests: people talk, the bot answers, time passes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from bot import dates
from bot.fake import BOT, FakeGateway, state_events
from bot.fake import Posted as Posted
from bot.fake_machine import BEGINNING as BEGINNING
from bot.fake_machine import KEY as KEY
from bot.fake_machine import KEYS as KEYS
from bot.fake_machine import SIGNER as SIGNER
from bot.fake_machine import FakeClock as FakeClock
from bot.fake_machine import build
from bot.feature import Feature
from bot.limits import Limits
from bot.machine import Machine
from bot.policy import Defaults
from bot.scheduler import run_due
from bot.types import (
    Echo,
    Edited,
    EventId,
    Happening,
    Invited,
    Media,
    MemberPoll,
    Membership,
    Message,
    Moved,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    Trust,
    UserId,
)
from storage import help_rooms, rooms, settings

ROOM = RoomId("!sala:test")
TraceFunction = Callable[[FrameType, str, Any], Any]


def user(name: str) -> UserId:
    return UserId(name if name.startswith("@") else f"@{name}:test")


@dataclass(slots=True)
class Talk:
    """`says` and `tells` are people, `hears` is what the bot answered since."""

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
    ) -> Talk:
        """A room with Ana (who moderates), Bea and Carla in it."""
        defaults = Defaults(language, zone, frozenset({user("ana")}), network)
        clock, limits = FakeClock(), Limits(commands_per_minute)
        gateway = FakeGateway(bot, now=clock.now)
        machine = await build(path, gateway, clock, features, defaults, limits)
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
        """A room with the bot in it, as its server's state would describe it."""
        levels = {
            "users": {user(n): p for n, p in (power or {}).items()} | {self.gateway.me: bot_power}
        }
        state: dict[str, dict[str, Any]] = {
            "m.room.create": {"room_version": version} | ({"type": kind} if kind else {}),
            "m.room.power_levels": levels,
            "m.room.name": {"name": name},
            "m.room.join_rules": {"join_rule": join_rule},
        }
        if encrypted:
            state["m.room.encryption"] = {"algorithm": "m.megolm.v1.aes-sha2"}
        events = state_events(state, (self.gateway.me, *map(user, members)), creator)
        known = self.gateway.others if creator else self.gateway.state
        for rights in ("m.room.power_levels", "m.room.join_rules", "m.room.encryption"):
            if rights in state:
                known[room, rights, ""] = state[rights]
        async with self.machine.db.transaction() as tx:
            await rooms.enter(tx, room, self.clock.at)
            await rooms.apply(tx, room, events, whole=True)
        return room

    async def private(self, name: str) -> RoomId:
        """The private room that this person has with the bot; made if there is none."""
        async with self.machine.db.reading() as tx:
            found = await rooms.private_room(tx, user(name))
        if found is None:
            found = await self.room(RoomId(f"!dm-{name}:test"), "", [name])
            async with self.machine.db.transaction() as tx:
                await rooms.set_private(tx, found, user(name))
        return found

    async def moves(
        self, name: str, now: Membership, room: RoomId = ROOM, *, by: str | None = None
    ) -> None:
        """Somebody joins, leaves, knocks or is removed."""
        who, sender = user(name), user(by) if by else user(name)
        async with self.machine.db.transaction() as tx:
            before = await rooms.membership(tx, room, who)
            content = {"membership": now.value, "displayname": name.capitalize()}
            event = {"type": "m.room.member", "state_key": who, "content": content}
            await rooms.apply(tx, room, [event | {"sender": sender}], whole=False)
        await self.happens(Moved(room, self._event(), sender, self.clock.at, who, now, before))

    async def set(self, name: str, value: str, room: RoomId = ROOM) -> None:
        """Set a room's setting without talking about it."""
        async with self.machine.db.transaction() as tx:
            await settings.put(tx, room, name, value)

    # --- what people do -------------------------------------------------------------------------

    async def says(
        self,
        who: str,
        what: str,
        *,
        room: RoomId = ROOM,
        reply: Posted | EventId | None = None,
        thread: EventId | None = None,
        event: str | None = None,
        mentions: Sequence[str] = (),
        trust: Trust = Trust.SIGNED,
        late: bool = False,
        media: Media | None = None,
        voice: bool = False,
        at: datetime | None = None,
        sealed: bool = True,
    ) -> EventId:
        found = EventId(event) if event else self._event()
        target = reply.event if isinstance(reply, Posted) else reply
        message = Message(
            room,
            found,
            user(who),
            at or self.clock.at,
            what,
            late,
            trust,
            target,
            thread,
            tuple(map(user, mentions)),
            media,
            voice=voice,
            relation_sealed=sealed,
        )
        self.gateway.said[found] = message
        await self.happens(message)
        return found

    async def tells(self, who: str, what: str, **more: Any) -> EventId:
        """The same in private."""
        return await self.says(who, what, room=await self.private(who), **more)

    async def taps(
        self, who: str, poll: Posted, *choices: int, stamp: int | None = None
    ) -> EventId:
        """Vote natively for answers by their place (from 1); none takes the vote back."""
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
        """`sealed`: the poll is named inside the ciphertext too, as most apps do it."""
        event = self._event()
        at = self.clock.at
        ms = stamp if stamp is not None else int(at.timestamp() * 1000)
        vote = PollVote(room, event, user(who), at, poll, answers, ms, False, trust, sealed)
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
        """A poll that a member makes in their own app: its answers are called `1`, `2` …"""
        event = self._event()
        answers = tuple((str(n), label) for n, label in enumerate(labels, start=1))
        poll = MemberPoll(
            event, user(who), question, answers, 1, (), None, unread, disclosed=disclosed
        )
        self.gateway.polls[room, event] = poll
        return event

    async def reacts(self, who: str, target: Posted, key: str) -> None:
        await self.happens(
            Reaction(target.room, self._event(), user(who), self.clock.at, target.event, key)
        )

    async def edits(
        self, who: str, target: EventId, what: str, *, room: RoomId = ROOM, **more: Any
    ) -> None:
        before = self.gateway.said.get(target)
        if before is not None and before.sender == user(who):
            self.gateway.said[target] = replace(before, text=what)
        await self.happens(
            Edited(room, self._event(), user(who), self.clock.at, target, what, **more)
        )

    async def redacts(self, who: str, target: EventId, room: RoomId = ROOM) -> None:
        await self.happens(Redaction(room, self._event(), user(who), self.clock.at, target))

    async def invites(self, who: str, room: RoomId, *, direct: bool = False) -> None:
        await self.happens(
            Invited(room, self._event(), user(who), self.clock.at, direct, encrypted=True)
        )

    async def happens(self, what: Happening) -> None:
        await self.machine.dispatcher.receive(what)

    def _event(self) -> EventId:
        return EventId(f"$e{next(self._ids)}")

    # --- what the bot does ----------------------------------------------------------------------

    async def sent(self) -> list[Posted]:
        """Everything the bot did since the last look; who is invited to a private room comes."""
        await self.machine.outbox.drain()
        await self._enter_opened()
        while self._joined < len(self.gateway.made):
            room, person = self.gateway.made[self._joined]
            self._joined += 1
            await self.room(room, "", [person])
            async with self.machine.db.transaction() as tx:
                if await help_rooms.person_of(tx, room) is None:
                    await rooms.set_private(tx, room, person)
            await self.machine.outbox.drain()
        fresh = list(self.gateway.posted.values())[self._heard :]
        self._heard += len(fresh)
        for post in fresh:
            if (state := post.state) is not None:  # it comes back by sync
                async with self.machine.db.transaction() as tx:
                    await rooms.apply(tx, post.room, [state], whole=False)
        return fresh

    async def state(self, room: RoomId, kind: str, content: Mapping[str, Any]) -> None:
        """The server tells what is set in the room now, by the bot or by somebody's app."""
        new = {key: value for key, value in content.items() if key != "state_key"}
        self.gateway.state[room, kind, ""] = new
        async with self.machine.db.transaction() as tx:
            await rooms.apply(tx, room, state_events({kind: new}, ()), whole=False)

    async def _enter_opened(self) -> None:
        """The server tells of the rooms that the bot opened, and of who is invited to them."""
        for room, name in [*self.gateway.opened.items()][self._entered :]:
            self._entered += 1
            kind = str(self.gateway.state[room, "m.room.create", ""].get("type", ""))
            me = self.gateway.me
            await self.room(room, name, [], bot_power=100, kind=kind, creator=me)
            state = self.gateway.state.items()
            invited = [key for (where, kind, key), content in state
                       if (where, kind) == (room, "m.room.member")
                       and content["membership"] == "invite"]  # fmt: skip
            for person in invited:
                await self.moves(person, Membership.INVITE, room, by=self.gateway.me)

    async def said(self, room: RoomId | None = None) -> list[Posted]:
        """The texts among it (of one room)."""
        every = await self.sent()
        return [p for p in every if p.kind == "m.room.message" and (room is None or p.room == room)]

    async def hears(self, *expected: str) -> list[Posted]:
        """The bot said just as many texts, and each contains what is expected of it."""
        posts = await self.said()
        plain = [post.plain for post in posts]
        assert len(plain) == len(expected), f"expected {expected}, heard {plain}"
        for words, heard in zip(expected, plain, strict=True):
            assert words in heard, f"expected {words!r} in {heard!r}"
        return posts

    async def hears_nothing(self) -> None:
        posts = await self.sent()
        assert posts == [], f"heard {[(p.kind, p.plain) for p in posts]}"

    async def answer(self, who: str, what: str, **more: Any) -> str:
        """What the bot answers to a line, all of it."""
        await self.says(who, what, **more)
        return "\n".join(post.plain for post in await self.said())

    # --- time -----------------------------------------------------------------------------------

    async def wait(self, how_long: timedelta) -> None:
        """Time passes and what falls due is done; nothing while the homeserver is away."""
        self.clock.at += how_long
        if not self.gateway.broken:
            self.machine.dispatcher.heard(self.clock.at)
            await self.machine.dispatcher.ready(self.clock.at)
        await run_due(self.machine.db, self.machine.dispatcher, self.clock)

    async def wait_until(self, at: datetime) -> None:
        await self.wait(at - self.clock.at)

    async def restart(self, after: timedelta = timedelta(0)) -> None:
        """The process ends and begins again on the same file."""
        await self.machine.db.close()
        self.clock.at += after
        self.machine = await build(
            self.path, self.gateway, self.clock, self.features, self.defaults, self.limits
        )

    async def close(self) -> None:
        await self.machine.db.close()

    async def echo(self, post: Posted) -> None:
        """Our own event comes back by sync."""
        txn = next(t for t, p in self.gateway.posted.items() if p is post)
        await self.happens(Echo(post.room, post.event, self.gateway.me, self.clock.at, txn))


def in_words(
    at: datetime, language: str = "es", zone: str = "America/Bogota", now: datetime | None = None
) -> str:
    """A moment as the bot says it, without its zone; what the words are is tested elsewhere."""
    now = now or BEGINNING.at
    return dates.say_moment(at, zone, language, with_zone=False, now=now)


def day_in_words(days: int = 0, language: str = "es", now: datetime | None = None) -> str:
    """So many days after the beginning, as the bot says it in Bogotá."""
    at = BEGINNING.at + timedelta(days=days)
    return dates.say_day(at, "America/Bogota", language, now=now or BEGINNING.at)


def count_steps(call: Callable[[], object]) -> int:
    """How many lines of Python a call runs: the same on every machine, however busy."""
    steps = 0

    def step(_frame: FrameType, what: str, _more: object) -> TraceFunction:
        nonlocal steps
        steps += what == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps


def find_number(post: Posted | str) -> int:
    """The item's number in what the bot said."""
    text = post if isinstance(post, str) else post.plain
    match = re.search(r"\b(\d{1,6})\b", text)
    assert match is not None, f"no number in {text!r}"
    return int(match[1])
