"""Runs handlers in one transaction each: change, answer, jobs and seen mark together.

An unexpected exception is answered with a reference number, never with a traceback.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.capability import room_bounds
from bot.capability.bug_reports import report_bug, report_link_bug
from bot.capability.context import Context, Origin
from bot.capability.errors import AnswerNeeded, UserError
from bot.capability.feature import Answer
from bot.capability.prefetch import FetchedData, FetchNeeded, FetchRequest, FetchSource, fetch
from bot.capability.registry import Registry
from bot.capability.room_policy import Policy
from bot.clock import Clock
from bot.conversation import dialogue, open_question
from bot.conversation.open_question import AskedOutsideAConversation
from bot.conversation.private_answers import make_private
from bot.delivery.effects import Redact
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.outbox import Outbox
from bot.i18n import _
from bot.signing.signer import Signer
from bot.types import BotInvited, EditedMessage, Line, Message, UndecryptedMessage
from storage import dialogues, parked_events, questions, rooms, sync
from storage.database import Database, Tx
from storage.disk import database_failed

RunHandler = Callable[[Context], Awaitable[Answer]]


class _NothingDone(Exception):
    """The handler returned nothing and wrote nothing."""


class TransactionRunner:
    """Runs the handler of an event. If it fails, only its apology is written."""

    def __init__(
        self,
        db: Database,
        registry: Registry,
        desk: AnswerWriter,
        outbox: Outbox,
        clock: Clock,
        gateway: FetchSource,
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
        self.on_schedule: Callable[[], None] = _do_nothing

    async def run_event(
        self,
        what: Any,
        known: Policy,
        run: RunHandler,
        *,
        marked: bool = False,
        lightly: bool = False,
    ) -> bool:
        """Run `run` at most once for the event and commit its changes, answer and mark together.

        `marked`: the event is marked already. `lightly`: if the handler has no answer and changes
        nothing, nothing is written, not even the mark, and the result is False.
        """
        fetched = FetchedData()
        try:
            while wanted := await self._run_attempt(
                what, known, run, fetched, marked=marked or lightly, lightly=lightly
            ):
                fetched.store(wanted, await fetch(self._gateway, wanted))
        except _NothingDone:
            return False
        return True

    async def _run_attempt(
        self,
        what: Any,
        known: Policy,
        run: RunHandler,
        fetched: FetchedData,
        *,
        marked: bool,
        lightly: bool,
    ) -> FetchRequest | None:
        """Run the handler once. Return what must be fetched first, or None when it has finished."""
        origin = _origin(what)
        ctx: Context | None = None
        try:
            async with self._db.transaction() as tx:
                if not marked and not await sync.mark_seen(tx, what.event, self._clock.now()):
                    return None
                if lightly and await sync.seen_among(tx, [what.event]):
                    return None
                ctx = self._context(tx, what, known, origin, fetched)
                before = tx.changes
                answer = room_bounds.require_within_room(ctx, await run(ctx))
                if lightly:
                    if not answer and tx.changes == before:
                        raise _NothingDone
                    await sync.mark_seen(tx, what.event, self._clock.now())
                if ctx.answers_in_private:
                    answer = make_private(ctx, answer)
                await self._desk.write_answer(tx, answer, ctx.origin, what.at)
        except FetchNeeded as fetching:
            return fetching.wanted
        except _NothingDone:
            raise
        except UserError as error:
            await self._write_refusal(what, ctx, origin, error.lines, over=True, gone=error.gone)
        except AnswerNeeded as question:
            await self._ask(what, ctx, origin, question)
        except Exception as error:
            await self._report_bug(what, ctx, origin, error)
        self._outbox.wake()
        if ctx is not None and ctx.has_scheduled:
            self.on_schedule()
        return None

    def _context(
        self, tx: Tx, what: Any, known: Policy, origin: Origin, fetched: FetchedData
    ) -> Context:
        return Context(
            feature="",
            who=what.sender,
            me=self._me,
            said_at=what.at,
            now=self._clock.now(),
            db=tx,
            origin=origin,
            policy=known,
            defaults=self._desk.defaults,
            registry=self._registry,
            fetched=fetched,
            signer=self._signer,
            renderer=self._desk.renderer,
        )

    async def mark_failed(self, what: Any, error: Exception) -> None:
        """Log a bug outside of a handler and mark the event, so that it is not read again.

        Raises the error again if the database failed: it ends the process, and unmarked events come
        again.
        """
        if database_failed(error):
            raise error
        report_bug(error, what.event, None)
        async with self._db.transaction() as tx:
            await sync.mark_seen(tx, what.event, self._clock.now())

    async def _report_bug(
        self, what: Any, ctx: Context | None, origin: Origin, error: Exception
    ) -> None:
        """Answer a bug with its reference number; in link rooms tell our own moderators."""
        if database_failed(error):
            raise error
        reference = report_bug(error, what.event, ctx)
        if not await self._is_in_link_room(what):
            await self._write_refusal(what, ctx, origin, _bug_lines(reference))
            return
        async with self._db.transaction() as tx:
            await sync.mark_seen(tx, what.event, self._clock.now())
            said = await report_link_bug(tx, what.room, reference, self._clock.now())
            await self._desk.write_answer(tx, said, origin, what.at)

    async def _is_in_link_room(self, what: Any) -> bool:
        """Return whether the event is in a link room or invites us into one."""
        if isinstance(what, BotInvited):
            return what.kind == rooms.LINK_ROOM_TYPE
        async with self._db.reading() as tx:
            room = await rooms.get(tx, what.room)
        return room is not None and room.kind == rooms.LINK_ROOM_TYPE

    async def _write_refusal(
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
            await sync.mark_seen(tx, what.event, self._clock.now())
            await parked_events.delete(tx, what.event)
            if ctx is not None:
                await self._end_questions(tx, ctx, over=over)
            if ctx is not None and ctx.answers_in_private:
                await self._desk.write_answer(tx, make_private(ctx, lines), ctx.origin, what.at)
            else:
                taken = [Redact(origin.event, quiet=True)] if gone and origin.event else []
                await self._desk.write_answer(tx, [*lines, *taken], origin, what.at)

    async def _end_questions(self, tx: Tx, ctx: Context, *, over: bool) -> None:
        if ctx.ended_question is not None and await questions.delete(
            tx, *ctx.ended_question, ctx.who
        ):
            ctx.has_scheduled |= await dialogues.schedule_next(tx, ctx.who, ctx.now)
        if over and ctx.resume_point is not None and ctx.resume_point.dialogue is not None:
            await questions.delete(tx, *ctx.question_slot, ctx.who)
            await dialogue.end_dialogue(tx, ctx, ctx.resume_point.dialogue)

    async def _ask(
        self, what: Any, ctx: Context | None, origin: Origin, question: AnswerNeeded
    ) -> None:
        """After a rollback, store the handler's question and ask it."""
        if ctx is None or ctx.resume_point is None:
            await self._report_bug(what, ctx, origin, AskedOutsideAConversation(ctx, question))
            return
        async with self._db.transaction() as tx:
            await sync.mark_seen(tx, what.event, self._clock.now())
            await parked_events.delete(tx, what.event)
            if ctx.ended_question is not None:
                await questions.delete(tx, *ctx.ended_question, ctx.who)
            await open_question.ask_question(tx, self._desk, ctx, question)


def _do_nothing() -> None:
    """Do nothing. In conversation tests the clock is moved by hand."""


def _bug_lines(reference: str) -> tuple[Line, ...]:
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
            requester=what.sender,
        )
    if isinstance(what, BotInvited):
        return Origin(what.room, what.event, requester=what.sender, tells_in_private=True)
    if isinstance(what, EditedMessage):
        return Origin(what.room, what.target, mentions=what.mentions, late=what.late)
    event = what.message if isinstance(what, UndecryptedMessage) else None
    return Origin(
        what.room, event, getattr(what, "thread", None), late=getattr(what, "late", False)
    )
