"""Stores a question with the point to resume from, and posts it."""

from __future__ import annotations

from dataclasses import asdict

from bot.capability.context import Context
from bot.capability.errors import AnswerNeeded
from bot.capability.feature import Answer
from bot.conversation.private_answers import make_private
from bot.delivery.effects import Say
from bot.delivery.entry_writer import AnswerWriter
from bot.types import EventId
from storage import dialogues, outbox_entries, questions
from storage.database import Tx
from storage.questions import Question


def _said(ctx: Context, asking: AnswerNeeded) -> Answer:
    """Return the question. One with which the bot begins notifies: nobody waits for it."""
    if ctx.resume_point is None or ctx.resume_point.dialogue is None:
        return (*asking.lines, *asking.files)
    said = Say(
        asking.lines,
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        loud=ctx.origin.event is None,
    )
    return (said, *asking.files)


class AskedOutsideAConversation(Exception):
    """A handler asked where nobody can answer.

    Only commands, replies, listeners and dialogues may ask.
    """

    def __init__(self, ctx: Context | None, asking: AnswerNeeded) -> None:
        feature = ctx.feature if ctx else ""
        super().__init__(
            f"{feature} asks {asking.key!r}, but it is no command, reply, listener or dialogue:"
            " nobody can answer there. Use ctx.begin to ask somebody in private."
        )


async def ask_question(tx: Tx, answers: AnswerWriter, ctx: Context, asking: AnswerNeeded) -> None:
    """Post a question to a person and store it, with the room and thread where its answer will be
    given."""
    assert ctx.resume_point is not None
    said = _said(ctx, asking)
    if ctx.answers_in_private:
        said = make_private(ctx, [*asking.lines, *asking.files])
    written = await answers.write_answer(tx, said, ctx.origin, ctx.said_at)
    files = written[1 : 1 + len(asking.files)]
    name, patience = "", asking.patience
    if ctx.resume_point.dialogue is not None:
        one = await dialogues.get(tx, ctx.resume_point.dialogue)
        assert one is not None
        name, patience = one.name, max(one.patience, patience)
        await dialogues.save_answers(tx, one.id, ctx.answers)
    payload = {
        "text": ctx.text,
        # who takes a sensitive line out of a room hides it, and may mean it all the same
        "line": None if ctx.discreet else ctx.origin.line,
        "known": ctx.answers,
        "key": asking.key,
        "reply_to": ctx.origin.reply_to,
        "sealed": ctx.origin.relation_sealed,
        "mentions": list(ctx.origin.mentions),
        "media": asdict(ctx.origin.media) if ctx.origin.media else None,
        "road": ctx.resume_point.to_json(),
        "files": [await outbox_entries.txn_of(tx, one) for one in files],
    }
    until, wants = ctx.said_at + patience, asdict(asking.wants)
    question = Question(
        *ctx.question_slot, ctx.who, ctx.feature, name, wants, payload, ctx.said_at, until, None
    )
    await questions.save(tx, question, await outbox_entries.txn_of(tx, written[0]))
    if await dialogues.schedule_next(
        tx, ctx.who, until
    ):  # the next dialogue waits until this is answered or lapses
        ctx.has_scheduled = True


async def end_withdrawn(ctx: Context, line: EventId) -> bool:
    """End the question whose answer would run this line again: the person redacted or edited it.
    Return whether there was one."""
    if (question := await questions.find_resuming(ctx.db, ctx.who, line)) is None:
        return False
    await ctx.end_question(question.room, question.thread)
    return True
