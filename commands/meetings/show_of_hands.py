"""A quick show of hands: a poll of a few minutes, opened by the capability that counts votes."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Missing,
    Parts,
    Reach,
    UserError,
    _,
    words,
)
from commands.meetings import agenda, declaration, store
from commands.meetings.declaration import MEETINGS, feature

USUAL = timedelta(minutes=3)
LONGEST = timedelta(hours=1)


@feature.command(
    words("manos", "mãos", "hands", "mano alzada | mão levantada | show of hands"),
    help=_("a quick show of hands, open for 3 minutes"),
    example=_("For example: `!hands Shall we go on?` or `!hands Shall we go on? 5m`"),
    topic=MEETINGS,
    reach=Reach.ROOM,
)
async def hands(ctx: Context, parts: Parts) -> Answer:
    """Open a vote for, against or abstain, or between options. Raises `UserError`."""
    declaration.in_a_room(ctx)
    offered = ctx.registry.services("ask")
    if not offered:
        raise UserError(_("I can't count votes here, so please count the hands yourselves."))
    question, options, length = _read(parts)
    if not question:
        raise Missing("parts", _("the question"))
    if length > LONGEST:
        raise UserError(_("A show of hands is open for an hour at most; longer is a poll."))
    meeting = await store.going_on(ctx.db, ctx.room, ctx.origin.thread or "")
    if meeting is not None:
        await store.alive(ctx.db, meeting.item, ctx.now)
        await store.attends(ctx.db, meeting.item, ctx.who)
    found: Answer = await offered[0](ctx, question, options, ctx.now + length)
    return found


def _read(parts: Parts) -> tuple[str, tuple[str, ...], timedelta]:
    """Parse the question, its options, and how long it is open, which stands at the end."""
    question, options = parts.question_and_options()
    if len(options) == 1:
        title, length = agenda.split(f"{question} {options[0]}")
        if length is not None:
            return title, (), length
    if options:
        last, length = agenda.split(options[-1])
        return question, ((*options[:-1], last) if length else options), length or USUAL
    title, length = agenda.split(question)
    return (title, (), length) if length else (question, (), USUAL)
