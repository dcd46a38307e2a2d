"""`!take-on 57`: whoever takes it on, whatever has that number."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    NOTHING,
    TAKE_ON,
    WAITING_NUMBERS,
    Answer,
    Bare,
    Context,
    ItemAccess,
    MissingArgument,
    Number,
    Reach,
    Rest,
    UserError,
    _,
    line_about,
    run_line,
    words,
)
from commands.help.declaration import HELP, feature


@feature.command(
    words(
        "me encargo",
        "eu assumo",
        "take on",
        "yo me encargo, me encargo yo, déjamelo a mí"
        " | eu me encarrego, me encarrego, deixa comigo | i take it, leave it to me",
    ),
    help=_("you take it on, whatever has that number: a call for help, an incident, a need"),
    example=_("For example: `!take on {number}`", number=57),
    topic=HELP,
    does=ItemAccess.COUNTS,
    reach=Reach.ROOM,
    bare=Bare.NUMBERED,
)
async def take_on(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Take on the item of that number, replied to, or the only one waiting, in whatever way its
    kind has. Return the answer."""
    line = await line_about(ctx, TAKE_ON, text)
    if line is not None:
        return await run_line(ctx, line)
    if text:
        raise UserError(
            _("There is nothing to take on under that number here."),
            _("What is open: `!pending`"),
        )
    waiting = await _waiting(ctx)
    if len(waiting) > 1:
        raise UserError(
            _("Which one do you mean? {numbers}", numbers=tuple(map(str, waiting))),
            _("With the number, for example: `take on {number}`", number=waiting[0]),
        )
    line = await line_about(ctx, TAKE_ON, str(waiting[0])) if waiting else None
    if line is None:
        raise MissingArgument("text", _("the number"))
    return await run_line(ctx, line)


async def _waiting(ctx: Context) -> Sequence[Number]:
    """Return what waits for this person. Numbers that a room may not read: only in private."""
    if not ctx.is_private:
        return ()
    offers = ctx.registry.offers(WAITING_NUMBERS)
    return [number for offer in offers for number in await offer(ctx)]
