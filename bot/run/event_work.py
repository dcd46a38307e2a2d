"""An inbound event as work: marked as seen in the transaction that handles it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.capability.authority import room_bounds
from bot.capability.bug_reports import report_link_bug
from bot.capability.context import Context, Origin
from bot.capability.errors import AnswerNeeded, UserError
from bot.capability.feature import Answer
from bot.capability.prefetch import FetchedData
from bot.capability.room_policy import Policy
from bot.conversation.private_answers import make_private
from bot.conversation.questions import dialogue, open_question
from bot.delivery.effects import Redact
from bot.i18n import _
from bot.lines import Line
from bot.run.duties import bot_membership
from bot.run.environment import Environment
from bot.run.transactions import NothingDone
from bot.types import BotInvited, EditedMessage, Message, UndecryptedMessage
from storage import dialogues, questions, rooms, sync
from storage.catch_up import parked_events
from storage.database import Tx

RunHandler = Callable[[Context], Awaitable[Answer]]
"""What answers one event in its context."""


@dataclass(slots=True)
class EventWork:
    """One event and the handler that answers it.

    `marked`: it is marked as seen already, as a parked event is. `lightly`: if the handler has no
    answer and changes nothing, nothing is written (`NothingDone`).
    """

    env: Environment
    what: Any
    policy: Policy
    handler: RunHandler
    marked: bool = False
    lightly: bool = False
    _changes: int = 0

    @property
    def name(self) -> str:
        return str(self.what.event)

    async def begin(self, tx: Tx, fetched: FetchedData) -> Context | None:
        if self.lightly:
            if await sync.seen_among(tx, [self.what.event]):
                return None
        elif not self.marked and not await self._mark(tx):
            return None
        self._changes = tx.changes
        return self.env.context(
            tx,
            who=self.what.sender,
            said_at=self.what.at,
            origin=origin_of(self.what),
            policy=self.policy,
            fetched=fetched,
        )

    async def handle(self, ctx: Context) -> Answer:
        answer = room_bounds.require_within_room(ctx, await self.handler(ctx))
        if self.lightly:
            if not answer and ctx.db.changes == self._changes:
                raise NothingDone
            await self._mark(ctx.db)
        return make_private(ctx, answer) if ctx.answers_in_private else answer

    async def refuse(self, tx: Tx, ctx: Context | None, error: UserError) -> None:
        await self._apologise(tx, ctx, error.lines, over=True, gone=error.gone)

    async def ask(self, tx: Tx, ctx: Context, question: AnswerNeeded) -> None:
        await self._settle(tx)
        if ctx.ended_question is not None:
            await questions.delete(tx, *ctx.ended_question, ctx.who)
        await open_question.ask_question(tx, self.env.answers, ctx, question)

    async def fail(self, tx: Tx, ctx: Context | None, reference: str) -> None:
        """After a bug, answer with its reference number; in a room of linked bots tell our
        moderators instead."""
        if not await self._is_in_link_room(tx):
            await self._apologise(tx, ctx, _bug_lines(reference), over=False, gone=False)
            return
        await self._mark(tx)
        said = await report_link_bug(tx, self.what.room, reference, self.env.clock.now())
        await self.env.answers.write_answer(tx, said, origin_of(self.what), self.what.at)

    async def _mark(self, tx: Tx) -> bool:
        """Mark the event as seen. Return False if it was."""
        return await sync.mark_seen(tx, self.what.event, self.env.clock.now())

    async def _settle(self, tx: Tx) -> None:
        await self._mark(tx)
        await parked_events.take(tx, self.what.event)

    async def _is_in_link_room(self, tx: Tx) -> bool:
        """Return whether the event is in a link room or invites us into one."""
        if isinstance(self.what, BotInvited):
            return self.what.kind == rooms.LINK_ROOM_TYPE
        room = await rooms.get(tx, self.what.room)
        return room is not None and room.kind == rooms.LINK_ROOM_TYPE

    async def _apologise(
        self, tx: Tx, ctx: Context | None, lines: tuple[Line, ...], *, over: bool, gone: bool
    ) -> None:
        """Write the error's lines and mark the event. Answered questions stay answered.

        `over`: the request was refused, which ends a dialogue; after a bug its question stays open.
        `gone`: redact the line.
        """
        await self._settle(tx)
        write, origin = self.env.answers.write_answer, origin_of(self.what)
        if ctx is not None:
            await _end_questions(tx, ctx, over=over)
        if ctx is not None and ctx.answers_in_private:
            await write(tx, make_private(ctx, lines), ctx.origin, self.what.at)
        else:
            taken = [Redact(origin.event, quiet=True)] if gone and origin.event else []
            await write(tx, [*lines, *taken], origin, self.what.at)


async def _end_questions(tx: Tx, ctx: Context, *, over: bool) -> None:
    if ctx.ended_question is not None and await questions.delete(tx, *ctx.ended_question, ctx.who):
        ctx.has_scheduled |= await dialogues.schedule_next(tx, ctx.who, ctx.now)
    if over and ctx.resume_point is not None and ctx.resume_point.dialogue is not None:
        await questions.delete(tx, *ctx.question_slot, ctx.who)
        await dialogue.end_dialogue(tx, ctx, ctx.resume_point.dialogue)


def _bug_lines(reference: str) -> tuple[Line, ...]:
    return (
        _("Something went wrong on my side and nothing was changed."),
        _("Please give the moderators the reference {reference}.", reference=reference),
    )


def origin_of(what: Any) -> Origin:
    """Return the room, thread and event that an event came from, to which its answer goes."""
    if isinstance(what, Message):
        return Origin(
            what.room,
            what.original or what.event,
            what.thread,
            what.reply_to,
            what.mentions,
            what.media,
            what.late,
            what.relation_sealed,
            requester=what.sender,
            line=what.original or what.event,
        )
    if isinstance(what, BotInvited):
        return bot_membership.origin_of(what)
    if isinstance(what, EditedMessage):
        return Origin(
            what.room, what.target, mentions=what.mentions, late=what.late, line=what.target
        )
    event = what.message if isinstance(what, UndecryptedMessage) else None
    return Origin(
        what.room, event, getattr(what, "thread", None), late=getattr(what, "late", False)
    )
