"""Runs each piece of work in one transaction: its changes, answer, jobs and mark, or nothing.

With the outbox this is the only place that catches every exception. A bug is answered with a
reference number, never with a traceback.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.capability.bug_reports import report_bug
from bot.capability.context import Context
from bot.capability.errors import AnswerNeeded, UserError
from bot.capability.feature import Answer
from bot.capability.prefetch import (
    FetchedData,
    FetchFault,
    FetchNeeded,
    FetchRequest,
    FetchSource,
    fetch,
)
from bot.conversation.questions.open_question import AskedOutsideAConversation
from bot.delivery.outbox import Outbox
from bot.run.environment import Environment
from storage.database import Tx
from storage.files.disk import database_failed


class NothingDone(Exception):
    """The work had no answer and changed nothing: nothing is written, not even its mark."""


class Work(Protocol):
    """An inbound event or a due job. Each method only writes to the transaction it is given."""

    @property
    def name(self) -> str:
        """The id of the event or the number of the job, for the log."""

    async def begin(self, tx: Tx, fetched: FetchedData) -> Context | None:
        """Mark the event or job as done. Return the context to handle it in, or None if it was done
        before."""

    async def handle(self, ctx: Context) -> Answer:
        """Handle the event or job and return its answer.

        Raises `UserError`, `AnswerNeeded`, `FetchNeeded` or `NothingDone`.
        """

    async def refuse(self, tx: Tx, ctx: Context | None, error: UserError) -> None:
        """After a rollback, write why the event or job is refused, and mark it as done."""

    async def ask(self, tx: Tx, ctx: Context, question: AnswerNeeded) -> None:
        """After a rollback, write the question that must be answered first, and mark the event or
        job as done."""

    async def fail(self, tx: Tx, ctx: Context | None, reference: str) -> None:
        """After a rollback because of a bug, tell its reference number and mark the event or job as
        done, or plan a retry."""


class TransactionRunner:
    """Runs work at most once. If it fails, only the apology remains."""

    def __init__(
        self,
        env: Environment,
        outbox: Outbox,
        gateway: FetchSource,
        on_schedule: Callable[[], None],
    ) -> None:
        self._env = env
        self._outbox = outbox
        self._gateway = gateway
        self._on_schedule = on_schedule

    async def run(self, work: Work) -> bool:
        """Run the event or job and commit its changes and answer together. Return False for
        `NothingDone`.

        Raises if the database failed: that ends the process, and unmarked work comes again.
        """
        fetched = FetchedData()
        while isinstance(done := await self._attempt(work, fetched), FetchRequest):
            fetched.store(done, await self._fetch(done))
        return done

    def wake_outbox(self) -> None:
        """Let the outbox look for entries that were written outside of a handled event or job."""
        self._outbox.wake()

    async def _attempt(self, work: Work, fetched: FetchedData) -> FetchRequest | bool:
        """Run the work once. Return what must be fetched first, or whether anything was done."""
        ctx: Context | None = None
        try:
            async with self._env.db.transaction() as tx:
                ctx = await work.begin(tx, fetched)
                if ctx is None:
                    return True
                answer = await work.handle(ctx)
                await self._env.answers.write_answer(tx, answer, ctx.origin, ctx.said_at)
        except FetchNeeded as needed:
            return needed.wanted
        except NothingDone:
            return False
        except UserError as error:
            await self._refuse(work, ctx, error)
        except AnswerNeeded as question:
            await self._ask(work, ctx, question)
        except Exception as error:
            await self._fail(work, ctx, error)
        self._outbox.wake()
        if ctx is not None and ctx.has_scheduled:
            self._on_schedule()
        return True

    async def _fetch(self, wanted: FetchRequest) -> object:
        """Return what was fetched; a bug met there is the handler's, whose transaction is over."""
        try:
            return await fetch(self._gateway, wanted)
        except Exception as error:
            return FetchFault(error)

    async def _refuse(self, work: Work, ctx: Context | None, error: UserError) -> None:
        async with self._env.db.transaction() as tx:
            await work.refuse(tx, ctx, error)

    async def _ask(self, work: Work, ctx: Context | None, question: AnswerNeeded) -> None:
        """Ask, if the work can be resumed with the answer. Else asking was a bug."""
        if ctx is None or ctx.resume_point is None:
            await self._fail(work, ctx, AskedOutsideAConversation(ctx, question))
            return
        async with self._env.db.transaction() as tx:
            await work.ask(tx, ctx, question)

    async def _fail(self, work: Work, ctx: Context | None, error: Exception) -> None:
        if database_failed(error):
            raise error
        reference = report_bug(error, work.name, ctx)
        async with self._env.db.transaction() as tx:
            await work.fail(tx, ctx, reference)
