"""Practice rooms: each has its own bot on a throw-away database.

Every capability works there as usual. The database's key is only in memory. Only marked messages,
polls and files leave it, and only into the practice room: private messages are shown there, and no
state, invitation or removal is carried out. Capabilities need not know of it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import structlog

from bot.capability.registry import Registry
from bot.clock import Clock
from bot.delivery.outbox import Outbox
from bot.gateway import Gateway, Inbox
from bot.run.practice_gateway import PracticeGateway
from bot.run.scheduler import JobRunner, run_due_jobs
from bot.run.stages.deferred_events import PersonEvent
from bot.types import (
    Message,
    RoomId,
    UserId,
)
from storage import questions, rooms, settings
from storage.database import Database
from storage.membership import room_state

log = structlog.get_logger(__name__)

PRACTICE_SETTING = "practice"
"""The setting that makes a room a practice room, for good."""
HELPER = UserId("@equipo:practica")
"""A simulated second person, who is called for help and moderates too."""
MOST_ROOMS, MOST_WAITING = 8, 200


class PracticeDispatcher(Inbox, JobRunner, Protocol):
    """`ended` is set once self-destruction was practised."""

    @property
    def ended(self) -> asyncio.Event: ...


class PracticeMachine(Protocol):
    """The parts of a practice room's own bot that are used from outside."""

    @property
    def db(self) -> Database: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def dispatcher(self) -> PracticeDispatcher: ...


MachineBuilder = Callable[[Database, Gateway, frozenset[UserId]], Awaitable[PracticeMachine]]


@dataclass(slots=True)
class _PracticeRun:
    folder: TemporaryDirectory[str]
    machine: PracticeMachine
    gateway: PracticeGateway

    async def close(self) -> None:
        await self.machine.db.close()
        self.folder.cleanup()


class PracticeRooms:
    """Passes events in practice rooms to the rooms' own bots, one after the other."""

    def __init__(self, db: Database, gateway: Gateway, clock: Clock, build: MachineBuilder) -> None:
        self._db, self._gateway, self._clock, self._build = db, gateway, clock, build
        self._waiting: asyncio.Queue[PersonEvent] = asyncio.Queue(MOST_WAITING)
        self._open: OrderedDict[RoomId, _PracticeRun] = OrderedDict()

    def add_event(self, what: PersonEvent) -> None:
        """Queue an event for the practice bot of its room, in memory only. Events above the queue's
        limit are dropped."""
        if not self._waiting.full():
            self._waiting.put_nowait(what)

    async def run(self) -> None:
        """Handle queued events of practice rooms until cancelled."""
        try:
            while True:
                await self._handle_safely(await self._waiting.get())
        finally:
            await self.close()

    async def handle_pending(self) -> None:
        """Handle all events that are queued now, for tests."""
        while not self._waiting.empty():
            await self._handle_safely(self._waiting.get_nowait())

    async def close(self) -> None:
        """Close and delete the databases of all practice rooms."""
        while self._open:
            await self._open.popitem()[1].close()

    async def _handle_safely(self, what: PersonEvent) -> None:
        try:
            await self._handle(what)
        except Exception:
            log.warning("practice.failed", exc_info=True)
            await self._forget(what.room)

    async def _handle(self, what: PersonEvent) -> None:
        one = await self._run_of(what.room)
        machine, now = one.machine, self._clock.now()
        await self._add_person(one, what.room, what.sender)
        machine.dispatcher.note_answer(now)
        machine.dispatcher.contact.mark_handled(now)
        await run_due_jobs(machine.db, machine.dispatcher, self._clock)
        await machine.dispatcher.receive(await self._redirect_answer(one, what))
        await run_due_jobs(machine.db, machine.dispatcher, self._clock)
        await machine.outbox.deliver_pending()
        if machine.dispatcher.ended.is_set():  # self-destruction was practised
            await self._forget(what.room)

    async def _redirect_answer(self, one: _PracticeRun, what: PersonEvent) -> PersonEvent:
        """If the person has an open private question, treat the line as said in private."""
        if not isinstance(what, Message):
            return what
        async with one.machine.db.reading() as tx:
            asked = await questions.get(tx, RoomId(what.sender), "", what.sender)
            own = await rooms.private_room(tx, what.sender)
        if asked is None or own is None or one.machine.registry.find_command(what.text) is not None:
            return what
        return replace(what, room=own)

    async def _forget(self, room: RoomId) -> None:
        if (one := self._open.pop(room, None)) is not None:
            await one.close()

    async def _run_of(self, room: RoomId) -> _PracticeRun:
        if room not in self._open:
            self._open[room] = await self._open_run(room)
            if len(self._open) > MOST_ROOMS:
                await self._open.popitem(last=False)[1].close()
        self._open.move_to_end(room)
        return self._open[room]

    async def _open_run(self, room: RoomId) -> _PracticeRun:
        async with self._db.reading() as tx:
            people = [one for one in await rooms.members(tx, room) if one != self._gateway.me]
            language = (await settings.settings_of(tx, room)).get("language", "")
            if not language and people:
                language = (await settings.person_settings(tx, people[0]))[0] or ""
        folder = TemporaryDirectory(prefix="minga-practice-")
        db = await Database.open(Path(folder.name) / "practice.db", secrets.token_bytes(32))
        gateway = PracticeGateway(self._gateway, room, language or "es")
        machine = await self._build(db, gateway, frozenset({*people, HELPER}))
        one = _PracticeRun(folder, machine, gateway)
        async with db.transaction() as tx:
            await rooms.mark_joined(tx, room, self._clock.now())
            await room_state.apply_state(
                tx, room, _state(self._gateway.me, [*people, HELPER]), whole=True
            )
            if language:
                await settings.set_value(tx, room, "language", language)
        for person in (*people, HELPER):
            await self._add_private_room(one, person)
        return one

    async def _add_person(self, one: _PracticeRun, room: RoomId, person: UserId) -> None:
        """Add a person who came later."""
        if person in one.gateway.people.values():
            return
        event = _member(person)
        async with one.machine.db.transaction() as tx:
            await room_state.apply_state(tx, room, [event], whole=False)
        await self._add_private_room(one, person)

    async def _add_private_room(self, one: _PracticeRun, person: UserId) -> None:
        own = RoomId(f"!practice{len(one.gateway.people)}:practica")
        one.gateway.people[own] = person
        async with one.machine.db.transaction() as tx:
            await rooms.mark_joined(tx, own, self._clock.now())
            await room_state.apply_state(tx, own, _state(self._gateway.me, [person]), whole=True)
            await rooms.set_private(tx, own, person)


def _state(me: UserId, people: list[UserId]) -> list[dict[str, Any]]:
    """Return a room state in which everybody may do everything."""
    levels = {"users": dict.fromkeys((me, *people), 100)}
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("m.room.create", {"room_version": "11"}),
        ("m.room.power_levels", levels),
        ("m.room.join_rules", {"join_rule": "invite"}),
        ("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}),
    ]
    state = [{"type": kind, "state_key": "", "content": content} for kind, content in kinds]
    return [*state, *map(_member, (me, *people))]


def _member(person: UserId) -> dict[str, Any]:
    content = {"membership": "join", "displayname": person[1:].partition(":")[0]}
    return {"type": "m.room.member", "state_key": person, "content": content}
