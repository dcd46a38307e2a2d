"""One transaction for each thing that happens: change, answer, jobs and seen mark together.

With the outbox the only place that catches what nobody expects: a bug is answered with a
reference, never with a traceback.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog

from bot import files, policy
from bot.clock import Clock
from bot.context import Context, Origin
from bot.conversation import pending
from bot.errors import Asking, Fetching, UserError
from bot.feature import Answer
from bot.gateway import Gateway
from bot.i18n import _
from bot.outbox import Outbox
from bot.policy import Policy
from bot.post import Desk
from bot.registry import Registry
from bot.types import Line, Message, Unreadable
from storage import jobs, letters, parked, questions, sync
from storage.database import Database, Tx
from storage.jobs import Job

log = structlog.get_logger(__name__)

JOB_RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
Handle = Callable[[Context], Awaitable[Answer]]
Files = dict[tuple[str, int], bytes | UserError]


class Once:
    """Runs handlers. What fails leaves nothing behind but its apology."""

    def __init__(
        self,
        db: Database,
        registry: Registry,
        desk: Desk,
        outbox: Outbox,
        clock: Clock,
        gateway: Gateway,
    ) -> None:
        self._db = db
        self._registry = registry
        self._desk = desk
        self._outbox = outbox
        self._clock = clock
        self._gateway = gateway
        self._me = gateway.me
        self._failures: dict[int, int] = {}
        self.on_schedule: Callable[[], None] = _nobody

    async def handle(
        self,
        what: Any,
        known: Policy,
        run: Handle,
        *,
        marked: bool = False,
    ) -> None:
        """Handle, answer, mark: together or not at all. `marked`: the mark was set before."""
        found: Files = {}
        while wanted := await self._try(what, known, run, found, marked=marked):
            found[wanted.media.url, wanted.most] = await files.fetch(self._gateway, wanted)

    async def _try(
        self, what: Any, known: Policy, run: Handle, found: Files, *, marked: bool
    ) -> Fetching | None:
        """Done, or the file without which it can't be."""
        origin = _origin(what)
        ctx: Context | None = None
        try:
            async with self._db.transaction() as tx:
                if not marked and not await sync.first_time(tx, what.event, self._clock.now()):
                    return None
                ctx = self._context(tx, what, known, origin, found)
                answer = await run(ctx)
                await self._desk.post(tx, answer, origin, what.at)
        except Fetching as wanted:
            return wanted
        except UserError as error:
            await self._instead(what, ctx, origin, error.lines)
        except Asking as asking:
            await self._ask(what, ctx, asking)
        except Exception as error:
            await self._instead(what, ctx, origin, _broken(self._bug(error, what.event, ctx)))
        self._outbox.wake()
        if ctx is not None and ctx.scheduled:
            self.on_schedule()
        return None

    def _context(self, tx: Tx, what: Any, known: Policy, origin: Origin, found: Files) -> Context:
        return Context(
            feature="",
            who=what.sender,
            me=self._me,
            now=what.at,
            db=tx,
            origin=origin,
            policy=known,
            defaults=self._desk.defaults,
            registry=self._registry,
            files=found,
        )

    async def set_aside(self, what: Any, error: Exception) -> None:
        """A bug outside of a handler: logged, and the event is not read again and again."""
        self._bug(error, what.event, None)
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())

    async def _instead(
        self, what: Any, ctx: Context | None, origin: Origin, lines: tuple[Line, ...]
    ) -> None:
        """The handler's changes are undone; the person is told. What was answered stays so."""
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())
            await parked.drop(tx, what.event)
            if ctx is not None and ctx.ended is not None:
                await questions.drop(tx, *ctx.ended, ctx.who)
            await self._desk.post(tx, lines, origin, what.at)

    async def _ask(self, what: Any, ctx: Context | None, asking: Asking) -> None:
        """The handler's changes are undone; its question is asked and waits for the answer."""
        if ctx is None:
            raise asking
        async with self._db.transaction() as tx:
            await sync.first_time(tx, what.event, self._clock.now())
            await parked.drop(tx, what.event)
            written = await self._desk.post(tx, asking.lines, ctx.origin, what.at)
            thread = getattr(what, "thread", None) or ""
            question = pending(ctx, asking, thread, name="", data={})
            await questions.put(tx, question, await letters.txn_of(tx, written[0]))

    def _bug(self, error: Exception, event: str, ctx: Context | None) -> str:
        reference = secrets.token_hex(2).upper()
        log.error(
            "dispatch.failed",
            exc_info=error,
            event_id=event,
            feature=ctx.feature if ctx else "",
            reference=reference,
        )
        return reference

    # --- jobs -----------------------------------------------------------------------------------

    async def job(self, job: Job) -> None:
        """Do what fell due, once; what fails is tried again later, never forgotten."""
        origin = Origin(job.room)
        now = self._clock.now()
        ctx: Context | None = None
        try:
            async with self._db.transaction() as tx:
                if not await jobs.take(tx, job.id):
                    return
                known = await policy.of_room(tx, job.room, self._desk.defaults)
                ctx = Context(
                    job.feature,
                    job.person or self._me,
                    self._me,
                    now,
                    tx,
                    origin,
                    known,
                    self._desk.defaults,
                    self._registry,
                )
                handler = self._registry.features[job.feature].jobs[job.name]
                await self._desk.post(tx, await handler(ctx, job), origin, now)
            self._failures.pop(job.id, None)
        except Exception as error:
            self._bug(error, f"job {job.id}", ctx)
            failed = self._failures[job.id] = self._failures.get(job.id, 0) + 1
            async with self._db.transaction() as tx:
                await jobs.move(tx, job.id, now + JOB_RETRIES[min(failed, len(JOB_RETRIES)) - 1])
        self._outbox.wake()


def _nobody() -> None:
    """Nobody waits for jobs (in a conversation test the clock is moved by hand)."""


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
        )
    event = what.event if isinstance(what, Unreadable) else None
    return Origin(
        what.room, event, getattr(what, "thread", None), late=getattr(what, "late", False)
    )
