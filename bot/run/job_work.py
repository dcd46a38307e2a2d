"""A due job as work: taken out in the transaction that runs it, and tried again after a bug."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.capability import room_policy
from bot.capability.authority import room_bounds
from bot.capability.bug_reports import report_link_bug
from bot.capability.context import Context, Origin
from bot.capability.errors import AnswerNeeded, UserError
from bot.capability.feature import Answer
from bot.capability.prefetch import FetchedData
from bot.conversation.private_answers import make_private
from bot.conversation.questions import dialogue, open_question
from bot.delivery.effects import Say
from bot.i18n import _
from bot.lines import Line, Moment
from bot.run.duties import bot_membership, daily_digest, self_destruction
from bot.run.environment import Environment
from storage import dialogues, jobs, rooms
from storage.database import Tx
from storage.jobs import Job

RETRY_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
TELL_AT_FAILURE = 3
"""The failure at which people are told, after more than ten minutes."""
GIVE_UP_AT_FAILURE = 10
"""The failure at which the job is dropped, after about a week."""


@dataclass(frozen=True, slots=True)
class JobWork:
    """One due job. A bug plans a retry with growing pauses."""

    env: Environment
    job: Job

    @property
    def name(self) -> str:
        return f"job {self.job.id}"

    async def begin(self, tx: Tx, fetched: FetchedData) -> Context | None:
        job, defaults = self.job, self.env.defaults
        if not await jobs.take(tx, job.id):
            return None
        origin, policy = Origin(job.room), await room_policy.room_policy(tx, job.room, defaults)
        talk = job.name == dialogues.JOB and job.person is not None
        if talk and job.person is not None:
            origin, policy = await dialogue.dialogue_place(tx, job.person, defaults)
        return self.env.context(
            tx,
            feature=job.feature,
            who=job.person or self.env.me,
            origin=origin,
            policy=policy,
            fetched=fetched,
            discreet=talk,
            is_trusted=job.trusted,
        )

    async def handle(self, ctx: Context) -> Answer:
        return room_bounds.keep_in_room(ctx, await self._run_handler(ctx))

    async def _run_handler(self, ctx: Context) -> Answer:
        job = self.job
        if job.name == dialogues.JOB:
            return make_private(ctx, await dialogue.continue_dialogue(ctx))
        if job.name == self_destruction.JOB:
            await self_destruction.mark_due(ctx.db)
            return None
        if job.name == bot_membership.JOB:
            return await bot_membership.decide_invitation(ctx, job)
        if job.name == daily_digest.JOB:
            return await daily_digest.write_digest(ctx)
        runner = ctx.registry.job_runner(job.feature, job.name)
        ctx.feature = runner.name
        return await runner.jobs[job.name](ctx, job)

    async def refuse(self, tx: Tx, ctx: Context | None, error: UserError) -> None:
        """Delete the job and tell those concerned why it was refused.

        Nobody is told if it was refused for reaching outside its only allowed room.
        """
        job, point = self.job, ctx.resume_point if ctx is not None else None
        if not await jobs.take(tx, job.id):
            return
        if ctx is not None and point is not None and point.dialogue is not None:
            await dialogue.end_dialogue(tx, ctx, point.dialogue)
        if not room_bounds.is_refusal(error.lines) and (job.trusted or job.person is None):
            await self._tell(tx, error.lines)

    async def ask(self, tx: Tx, ctx: Context, question: AnswerNeeded) -> None:
        if await jobs.take(tx, self.job.id):
            await open_question.ask_question(tx, self.env.answers, ctx, question)

    async def fail(self, tx: Tx, ctx: Context | None, reference: str) -> None:
        """After a bug, plan a retry of the job, or delete it after the last one. People are told
        twice: once early, and at the end."""
        job, now = self.job, self.env.clock.now()
        failures = job.tries + 1
        if failures >= GIVE_UP_AT_FAILURE:
            await jobs.take(tx, job.id)
        else:
            pause = RETRY_PAUSES[min(failures, len(RETRY_PAUSES)) - 1]
            await jobs.schedule_retry(tx, job.id, now + pause)
        if failures not in (TELL_AT_FAILURE, GIVE_UP_AT_FAILURE):
            return
        room = await rooms.get(tx, job.room)
        if room is not None and room.kind == rooms.LINK_ROOM_TYPE:
            said = await report_link_bug(tx, job.room, reference, now)
            await self.env.answers.write_answer(tx, said, Origin(job.room), now)
        else:
            last = failures == GIVE_UP_AT_FAILURE
            await self._tell(tx, _failure_lines(job, reference, last=last))

    async def _tell(self, tx: Tx, lines: tuple[Line, ...]) -> None:
        job = self.job
        to = job.person if job.trusted else None
        said = Say(lines, room=None if to else job.room, to=to, loud=True, item=job.item)
        await self.env.answers.write_answer(tx, said, Origin(job.room), self.env.clock.now())


def _failure_lines(job: Job, reference: str, *, last: bool) -> tuple[Line, ...]:
    moment = Moment(job.due, job.zone)
    return (
        _("Number {number}, due {moment}: this failed on my side.", number=job.item, moment=moment)
        if job.item is not None
        else _("Something that was due {moment} failed on my side.", moment=moment),
        _("I stop trying now.") if last else _("I keep trying."),
        _("Please give the moderators the reference {reference}.", reference=reference),
    )
