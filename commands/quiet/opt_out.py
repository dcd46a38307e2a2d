"""`!leave-me-out`: a person is never among those who have not written."""

from __future__ import annotations

from bot.api import (
    EXPORT_PERSON,
    RETENTION_LINES,
    Answer,
    CommandPlace,
    Context,
    Line,
    TakesBack,
    UserId,
    _,
    words,
)
from commands.quiet import opt_out_store
from commands.quiet.declaration import SEE_QUIET, feature
from commands.rooms.declaration import YOURS

feature.rows("quiet_left_out", person="person")


@feature.command(
    words(
        "no-contarme",
        "não-me-contar",
        "leave-me-out",
        "no me cuentes, no me tengan en cuenta | não me conte, não contar comigo"
        " | don't count me, do not count me",
    ),
    help=_("never be among those of whom a moderator asks who has not written"),
    example=_("For example: `!leave-me-out`, and back: `!leave-me-out no`"),
    topic=YOURS,
    where=CommandPlace.PRIVATE,
)
async def leave_me_out(ctx: Context, back: TakesBack) -> Answer:
    """Leave the person out of lists of people who have been quiet, in all rooms, or count them
    again. Return the answer."""
    if back:
        await opt_out_store.count_again(ctx.db, ctx.who)
        return _("You are counted again where a room wants to know who has not written.")
    await opt_out_store.leave_out(ctx.db, ctx.who)
    return [
        _("From now on no moderator hears from me whether you write, in any room."),
        _("To be counted again: `!leave-me-out no`"),
    ]


@feature.offers(RETENTION_LINES)
async def retention_lines(ctx: Context) -> list[Line]:
    """Return the line for a room that says what moderators may ask about quiet people, and that
    nothing is stored for it."""
    if await ctx.setting_value(SEE_QUIET) != "yes":
        return []
    return [
        _("Moderators may ask who has sent nothing for weeks; I keep no list of it."),
        _("To be left out: `!leave-me-out`"),
    ]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return a line that says whether the person left themselves out of lists of quiet people."""
    if await opt_out_store.is_left_out(ctx.db, person):
        return [_("You are left out when a moderator asks who has not written.")]
    return []
