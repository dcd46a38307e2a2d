"""What becomes of something that waits when its message is deleted or edited meanwhile."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    EditedMessage,
    Effect,
    EventId,
    Line,
    Moment,
    Redaction,
    Say,
    UserId,
    _,
)
from commands.embargo import held_store, holding
from commands.embargo.declaration import feature
from commands.embargo.held_store import Held


@feature.on(Redaction)
async def drop_redacted(ctx: Context, what: Redaction) -> Answer:
    """Delete the embargoes made of a message that was redacted, and tell their authors. Return what
    to say, if anything."""
    gone = _("The message was deleted, so embargo {number} is deleted too.")
    return await _drop_made_of(ctx, what.target, gone)


@feature.on(EditedMessage)
async def drop_edited(ctx: Context, what: EditedMessage) -> Answer:
    """Delete the embargoes made of a message that was edited, and tell their authors. Return what
    to say, if anything."""
    gone = _("The message was edited, so embargo {number} is deleted. Save it again as it is now.")
    return await _drop_made_of(ctx, what.target, gone, what.sender)


async def _drop_made_of(
    ctx: Context, event: EventId, gone: Line, sender: UserId | None = None
) -> list[Effect]:
    """Delete what holds the message; with a `sender`, only if it is theirs.

    A line typed to the bot may go without the embargo: who is watched takes their traces away.
    """
    told: list[Effect] = []
    for one in await held_store.held_made_of(ctx.db, event):
        said_by = await _said_by(ctx, one)
        if sender not in (None, said_by or one.author):
            continue
        if said_by:
            await holding.drop(ctx, one)
        lines = (replace(gone, values={"number": one.item}),) if said_by else _stays(one)
        told.append(Say(lines, to=one.author))
    return told


async def _said_by(ctx: Context, one: Held) -> UserId | None:
    """Return whose message waits, or None for words typed to the bot."""
    read = ctx.registry.offer_of(one.job.feature, holding.HELD_MESSAGE)
    return (await read(ctx, one)).said_by or None if read is not None else None


def _stays(one: Held) -> tuple[Line, ...]:
    return (
        _(
            "Embargo {number} still comes out {moment}, as you first wrote it.",
            number=one.item,
            moment=Moment(one.due, one.zone),
        ),
        _("To take it back: `cancel {number}`", number=one.item),
    )
