"""A quick show of hands: a poll of a few minutes, opened by the capability that counts votes."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    ASK_ROOM,
    Answer,
    Context,
    MissingArgument,
    ParsedArguments,
    Reach,
    UserError,
    _,
    words,
)
from commands.meetings import agenda, declaration, store
from commands.meetings.declaration import MEETINGS, feature

USUAL_LENGTH = timedelta(minutes=3)
LONGEST_LENGTH = timedelta(hours=1)


@feature.command(
    words("manos", "mãos", "hands", "mano alzada | mão levantada | show of hands"),
    help=_("a quick show of hands, open for 3 minutes"),
    example=_("For example: `!hands Shall we go on?` or `!hands Shall we go on? 5m`"),
    topic=MEETINGS,
    reach=Reach.ROOM,
)
async def open_show_of_hands(ctx: Context, parts: ParsedArguments) -> Answer:
    """Open a show of hands in a meeting: for, against or abstain, or between options. Return the
    answer. Raises `UserError` without a meeting or a question, and for more than an hour."""
    declaration.require_room(ctx)
    offered = ctx.registry.offers(ASK_ROOM)
    if not offered:
        raise UserError(_("I can't count votes here, so please count the hands yourselves."))
    question, options, length = _read(parts)
    if not question:
        raise MissingArgument("parts", _("the question"))
    if length > LONGEST_LENGTH:
        raise UserError(_("A show of hands is open for an hour at most; longer is a poll."))
    meeting = await store.find_open_meeting(ctx.db, ctx.room, ctx.origin.thread or "")
    if meeting is not None:
        await store.record_activity(ctx.db, meeting.item, ctx.said_at)
        await store.record_attendance(ctx.db, meeting.item, ctx.who)
    found: Answer = await offered[0](ctx, question, options, ctx.said_at + length)
    return found


def _read(parts: ParsedArguments) -> tuple[str, tuple[str, ...], timedelta]:
    """Parse the question, its options, and how long it is open, which stands at the end."""
    question, options = parts.question_and_options()
    if len(options) == 1:
        title, length = agenda.split_point(f"{question} {options[0]}")
        if length is not None:
            return title, (), length
    if options:
        last, length = agenda.split_point(options[-1])
        return question, ((*options[:-1], last) if length else options), length or USUAL_LENGTH
    title, length = agenda.split_point(question)
    return (title, (), length) if length else (question, (), USUAL_LENGTH)
