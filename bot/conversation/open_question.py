"""Stores a question with the point to resume from, and posts it."""

from __future__ import annotations

from dataclasses import asdict

from bot.capability.context import Context
from bot.capability.errors import Asking
from bot.conversation.private_answers import discreetly
from bot.delivery.entry_writer import Desk
from storage import dialogues, outbox_entries, questions
from storage.database import Tx
from storage.questions import Question


class AskedOutsideAConversation(Exception):
    """A handler asked where nobody can answer.

    Only commands, replies, listeners and dialogues may ask.
    """

    def __init__(self, ctx: Context | None, asking: Asking) -> None:
        feature = ctx.feature if ctx else ""
        super().__init__(
            f"{feature} asks {asking.key!r}, but it is no command, reply, listener or dialogue:"
            " nobody can answer there. Use ctx.begin to ask somebody in private."
        )


async def ask(tx: Tx, desk: Desk, ctx: Context, asking: Asking) -> None:
    """Post the question and store where its answer will be given."""
    assert ctx.road is not None
    lines = discreetly(ctx, asking.lines) if ctx.alone else asking.lines
    written = await desk.post(tx, lines, ctx.origin, ctx.now)
    name, patience = "", asking.patience
    if ctx.road.dialogue is not None:
        one = await dialogues.get(tx, ctx.road.dialogue)
        assert one is not None
        name, patience = one.name, max(one.patience, patience)
        await dialogues.keep(tx, one.id, ctx.known)
    payload = {
        "text": ctx.text,
        "known": ctx.known,
        "key": asking.key,
        "reply_to": ctx.origin.reply_to,
        "sealed": ctx.origin.relation_sealed,
        "mentions": list(ctx.origin.mentions),
        "media": asdict(ctx.origin.media) if ctx.origin.media else None,
        "road": ctx.road.as_json(),
    }
    until, wants = ctx.now + patience, asdict(asking.wants)
    question = Question(
        *ctx.corner, ctx.who, ctx.feature, name, wants, payload, ctx.now, until, None
    )
    await questions.put(tx, question, await outbox_entries.txn_of(tx, written[0]))
    if await dialogues.nudge(
        tx, ctx.who, until
    ):  # the next dialogue waits until this is answered or lapses
        ctx.scheduled = True
