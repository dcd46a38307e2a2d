"""Runs handlers in one transaction each: change, answer, jobs and seen mark together.

An unexpected exception is answered with a reference number, never with a traceback.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.capability import room_bounds
from bot.capability.bug_reports import between, report
from bot.capability.context import Context, Origin
from bot.capability.errors import Asking, UserError
from bot.capability.feature import Answer
from bot.capability.prefetch import Fetched, Fetching, Wanted, fetch
from bot.capability.registry import Registry
from bot.capability.room_policy import Policy
from bot.clock import Clock
from bot.conversation import dialogue, open_question
from bot.conversation.open_question import AskedOutsideAConversation
from bot.conversation.private_answers import discreetly
from bot.delivery.effects import Redact
from bot.delivery.entry_writer import Desk
from bot.delivery.outbox import Outbox
from bot.gateway import Gateway
from bot.i18n import _
from bot.signing.signer import Signer
from bot.types import Edited, Invited, Line, Message, Unreadable
from storage import dialogues, parked_events, questions, rooms, sync
from storage.database import Database, Tx
from storage.disk import database_failed

Handle = Callable[[Context], Awaitable[Answer]]


class _Nothing(Exception):
    """The handler returned nothing and wrote nothing."""


class Once:
    """Runs the handler of an event. If it fails, only its apology is written."""

    def __init__(
        self,
        db: Database,
        registry: Registry,
        desk: Desk,
        outbox: Outbox,
        clock: Clock,
        gateway: Gateway,
        signer: Signer,
    ) -> None:
        self._db = db
        self._registry = registry
        self._desk = desk
        self._outbox = outbox
        self._clock = clock
        self._gateway = gateway
        self._me = gateway.me
        self._signer = signer
        self.on_schedule: Callable[[], None] = _nobody

    async def handle(
        self,
        what: Any,
        known: Policy,
        run: Handle,
        *,
        marked: bool = False,
        lightly: bool = False,
    ) -> bool:
        """Run `run` at most once for the event and commit its changes, answer and mark together.

        `marked`: the event is marked already. `lightly`: if the handler has no answer and changes
        nothing, nothing is written, not even the mark, and the result is False.
        """
        fetched = Fetched()
        try:
            while wanted := await self._try(
                what, known, run, fetched, marked=marked or lightly, lightly=lightly
            ):
                fetched.keep(wanted, await fetch(self._gateway, wanted))
        except _Nothing:
            return False
        return True

    async def _try(
        self,
        what: Any,
        known: Policy,
        run: Handle,
        fetched: Fetched,
        *,
        marked: bool,
        lightly: bool,
    ) -> Wanted | None:
        """Run the handler once. Return what must be fetched first, or None when it has finished."""
        origin = _origin(what)
        ctx: Context | None = None
        try:
            async with self._db.transaction() as tx:
                if not marked and not await sync.first_time(tx, what.event, self._clock.now()):
                    return None
                if lightly and await sync.already_seen(tx, [what.event]):
                    return None
                ctx = self._context(tx, what, known, origin, fetched)
                before = tx.changes
                answer = room_bounds.kept(ctx, await run(ctx))
                if lightly:
                    if not answer and tx.changes == before:
                        raise _Nothing
                    await sync.first_time(tx, what.event, self._clock.now())
                if ctx.alone:
                    answer = discreetly(ctx, answer)
                await self._desk.post(tx, answer, ctx.origin, what.at)
        except Fetching as fetching:
            return fetching.wanted
        except _Nothing:
            raise
        except UserError as error:
            await self._instead(what, ctx, origin, error.lines, over=True, gone=error.gone)
        except Asking as question:
            await self._ask(what, ctx, origin, question)
        except Exception as error:
            await self._broke(what, ctx, origin, error)
        self._outbox.wake()
        if ctx is not None and ctx.scheduled:
            self.on_schedule()
        return None

    def _context(
        self, tx: Tx, what: Any, known: Policy, origin: Origin, fetched: Fetched
    ) -> Context:
        return Context(
            feature="",
            who=what.sender,
            me=self._me,
            now=what.at,
            read=self._clock.now(),
            db=tx,
            origin=origin,
            policy=known,
            defaults=self._desk.defaults,
            registry=self._registry,
            fetched=fetched,
            signer=self._signer,
            renderer=self._desk.renderer,
        )

    async def set_aside(self, what: Any, error: Exception) -> None:
        """Log a bug outside of a handler and mark the event, so that it is not read again.

        Raises the error again if the database failed: it ends the process, and unmarked events come
        again.
        """
        if database_failed(error):
            raise error
        report(error, what.event, None)
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())

    async def _broke(
        self, what: Any, ctx: Context | None, origin: Origin, error: Exception
    ) -> None:
        """Answer a bug with its reference number; in link rooms tell our own moderators."""
        if database_failed(error):
            raise error
        reference = report(error, what.event, ctx)
        if not await self._is_between(what):
            await self._instead(what, ctx, origin, _broken(reference))
            return
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())
            said = await between(tx, what.room, reference, self._clock.now())
            await self._desk.post(tx, said, origin, what.at)

    async def _is_between(self, what: Any) -> bool:
        """Return whether the event is in a link room or invites us into one."""
        if isinstance(what, Invited):
            return what.kind == rooms.LINK
        async with self._db.reading() as tx:
            room = await rooms.get(tx, what.room)
        return room is not None and room.kind == rooms.LINK

    async def _instead(
        self,
        what: Any,
        ctx: Context | None,
        origin: Origin,
        lines: tuple[Line, ...],
        *,
        over: bool = False,
        gone: bool = False,
    ) -> None:
        """After a rollback, write the error's lines and mark the event. Answered questions stay so.

        `over`: the request was refused, which ends a dialogue; after a bug its question stays open.
        `gone`: redact the line.
        """
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())
            await parked_events.drop(tx, what.event)
            if ctx is not None:
                await self._conclude(tx, ctx, over=over)
            if ctx is not None and ctx.alone:
                await self._desk.post(tx, discreetly(ctx, lines), ctx.origin, what.at)
            else:
                taken = [Redact(origin.event, quiet=True)] if gone and origin.event else []
                await self._desk.post(tx, [*lines, *taken], origin, what.at)

    async def _conclude(self, tx: Tx, ctx: Context, *, over: bool) -> None:
        if ctx.ended is not None and await questions.drop(tx, *ctx.ended, ctx.who):
            ctx.scheduled |= await dialogues.nudge(tx, ctx.who, ctx.read)
        if over and ctx.road is not None and ctx.road.dialogue is not None:
            await questions.drop(tx, *ctx.corner, ctx.who)
            await dialogue.over(tx, ctx, ctx.road.dialogue)

    async def _ask(self, what: Any, ctx: Context | None, origin: Origin, question: Asking) -> None:
        """After a rollback, store the handler's question and ask it."""
        if ctx is None or ctx.road is None:
            await self._broke(what, ctx, origin, AskedOutsideAConversation(ctx, question))
            return
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())
            await parked_events.drop(tx, what.event)
            if ctx.ended is not None:
                await questions.drop(tx, *ctx.ended, ctx.who)
            await open_question.ask(tx, self._desk, ctx, question)


def _nobody() -> None:
    """Do nothing. In conversation tests the clock is moved by hand."""


def _broken(reference: str) -> tuple[Line, ...]:
    return (
        _("Something went wrong on my side and nothing was changed."),
        _("Please give the moderators the reference {reference}.", reference=reference),
    )


def _origin(what: Any) -> Origin:
    if isinstance(what, Message):
        return Origin(
            what.room,
            what.event,
            what.thread,
            what.reply_to,
            what.mentions,
            what.media,
            what.late,
            what.relation_sealed,
            who=what.sender,
        )
    if isinstance(what, Invited):
        return Origin(what.room, what.event, who=what.sender, discreet=True)
    if isinstance(what, Edited):
        return Origin(what.room, what.target, mentions=what.mentions, late=what.late)
    event = what.message if isinstance(what, Unreadable) else None
    return Origin(
        what.room, event, getattr(what, "thread", None), late=getattr(what, "late", False)
    )
