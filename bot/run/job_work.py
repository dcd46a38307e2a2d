"""Runs due jobs, each in one transaction. A failed job is retried and its people are told."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.capability import room_bounds, room_policy
from bot.capability.bug_reports import report_bug, report_link_bug
from bot.capability.context import Context, Origin
from bot.capability.errors import AnswerNeeded, UserError
from bot.capability.feature import Answer
from bot.capability.registry import Registry
from bot.clock import Clock
from bot.conversation import dialogue, open_question
from bot.conversation.open_question import AskedOutsideAConversation
from bot.conversation.private_answers import make_private
from bot.delivery.effects import Say
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.outbox import Outbox
from bot.i18n import _
from bot.run.duties import daily_digest, self_destruction
from bot.signing.signer import Signer
from bot.types import Line, Moment, UserId
from storage import dialogues, jobs, rooms
from storage.database import Database, Tx
from storage.disk import database_failed
from storage.jobs import Job

RETRY_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
TELL_AT_FAILURE = 3
"""The failure at which people are told: the job has been failing for over an hour."""
GIVE_UP_AT_FAILURE = 10
"""The failure at which the job is dropped, after about a week."""


class JobRunner:
    """Runs due jobs."""

    def __init__(
        self,
        db: Database,
        registry: Registry,
        desk: AnswerWriter,
        outbox: Outbox,
        clock: Clock,
        me: UserId,
        signer: Signer,
    ) -> None:
        self._db = db
        self._registry = registry
        self._desk = desk
        self._outbox = outbox
        self._clock = clock
        self._me = me
        self._signer = signer
        self.ended = asyncio.Event()

    async def run_job(self, job: Job) -> None:
        """Run a due job and commit its changes and answer, at most once.

        A bug schedules a retry. Raises if the database failed.
        """
        ctx: Context | None = None
        try:
            async with self._db.transaction() as tx:
                if not await jobs.take(tx, job.id):
                    return
                ctx = await self._context(tx, job)
                done = room_bounds.staying(ctx, await self._run_handler(ctx, job))
                await self._desk.write_answer(tx, done, ctx.origin, ctx.said_at)
        except UserError as error:
            await self._write_refusal(job, error.lines, ctx)
        except AnswerNeeded as question:
            await self._ask(job, question, ctx)
        except Exception as error:
            await self._schedule_retry(job, error, ctx)
        if job.name == self_destruction.JOB:
            self.ended.set()
        self._outbox.wake()

    async def _run_handler(self, ctx: Context, job: Job) -> Answer:
        if job.name == dialogues.JOB:
            return make_private(ctx, await dialogue.continue_dialogue(ctx))
        if job.name == self_destruction.JOB:
            await self_destruction.mark_due(ctx.db)
            return None
        if job.name == daily_digest.JOB:
            return await daily_digest.write_digest(ctx)
        return await self._registry.features[job.feature].jobs[job.name](ctx, job)

    async def _context(self, tx: Tx, job: Job) -> Context:
        now = self._clock.now()
        origin = Origin(job.room)
        known = await room_policy.room_policy(tx, job.room, self._desk.defaults)
        talk = job.name == dialogues.JOB and job.person is not None
        if talk and job.person is not None:
            origin, known = await dialogue.dialogue_place(tx, job.person, self._desk.defaults)
        return Context(
            feature=job.feature,
            who=job.person or self._me,
            me=self._me,
            said_at=now,
            now=now,
            db=tx,
            origin=origin,
            policy=known,
            defaults=self._desk.defaults,
            registry=self._registry,
            signer=self._signer,
            renderer=self._desk.renderer,
            discreet=talk,
            is_trusted=job.trusted,
        )

    async def _write_refusal(self, job: Job, lines: tuple[Line, ...], ctx: Context | None) -> None:
        """Drop a job that was refused and tell those concerned why.

        A refusal to leave the room is told to nobody.
        """
        async with self._db.transaction() as tx:
            if await jobs.take(tx, job.id):
                if (
                    ctx is not None
                    and ctx.resume_point is not None
                    and ctx.resume_point.dialogue is not None
                ):
                    await dialogue.end_dialogue(tx, ctx, ctx.resume_point.dialogue)
                if not room_bounds.is_refusal(lines) and (job.trusted or job.person is None):
                    await self._tell(tx, job, lines)

    async def _ask(self, job: Job, question: AnswerNeeded, ctx: Context | None) -> None:
        """Ask a dialogue's question. A question from any other job is a bug."""
        if ctx is None or ctx.resume_point is None:
            await self._schedule_retry(job, AskedOutsideAConversation(ctx, question), ctx)
            return
        async with self._db.transaction() as tx:
            if await jobs.take(tx, job.id):
                await open_question.ask_question(tx, self._desk, ctx, question)

    async def _schedule_retry(self, job: Job, error: Exception, ctx: Context | None) -> None:
        """Schedule a retry with growing pauses; tell people once; give up in the end."""
        if database_failed(error):
            raise error
        reference = report_bug(error, f"job {job.id}", ctx)
        failures = job.tries + 1
        async with self._db.transaction() as tx:
            if failures >= GIVE_UP_AT_FAILURE:
                await jobs.take(tx, job.id)
            else:
                pause = RETRY_PAUSES[min(failures, len(RETRY_PAUSES)) - 1]
                await jobs.schedule_retry(tx, job.id, self._clock.now() + pause)
            if failures not in (TELL_AT_FAILURE, GIVE_UP_AT_FAILURE):
                return
            room = await rooms.get(tx, job.room)
            if room is not None and room.kind == rooms.LINK_ROOM_TYPE:
                said = await report_link_bug(tx, job.room, reference, self._clock.now())
                await self._desk.write_answer(tx, said, Origin(job.room), self._clock.now())
            else:
                await self._tell(
                    tx, job, _failure_lines(job, reference, last=failures == GIVE_UP_AT_FAILURE)
                )

    async def _tell(self, tx: Tx, job: Job, lines: tuple[Line, ...]) -> None:
        to = job.person if job.trusted else None
        room = None if to else job.room
        said = Say(lines, room=room, to=to, loud=True, item=job.item)
        await self._desk.write_answer(tx, said, Origin(job.room), self._clock.now())


def _failure_lines(job: Job, reference: str, *, last: bool) -> tuple[Line, ...]:
    moment = Moment(job.due, job.zone)
    return (
        _("Number {number}, due {moment}: this failed on my side.", number=job.item, moment=moment)
        if job.item is not None
        else _("Something that was due {moment} failed on my side.", moment=moment),
        _("I stop trying now.") if last else _("I keep trying."),
        _("Please give the moderators the reference {reference}.", reference=reference),
    )
