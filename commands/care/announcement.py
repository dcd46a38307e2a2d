"""`!announce`: say something to the whole room as its moderator."""

from __future__ import annotations

import re

from bot.api import (
    ANNOUNCE_IN_ROOMS,
    NOTHING,
    Answer,
    CommandPlace,
    Context,
    MissingArgument,
    People,
    Rest,
    Say,
    UserError,
    _,
    choice_of,
    moderators_only,
    strip_hidden,
    verbatim,
    words,
)
from commands.care.declaration import MODERATE, feature

LONGEST = 2000


feature.log_line("announced", _("announced something to the room"))


@feature.command(
    words(
        "avisar",
        "avisar",
        "announce",
        "aviso, anunciar, anuncio, comunicado, comunicar | "
        "aviso, anunciar, anúncio, recado, comunicado | "
        "announcement",
    ),
    help=_("say something to the whole room, as its moderator"),
    example=_("For example: `!announce Tomorrow there is no water in the house`"),
    topic=MODERATE,
    where=CommandPlace.ROOM,
)
async def announce(ctx: Context, people: People = (), *, text: Rest = NOTHING) -> Answer:
    """Post an announcement, after asking whether a reminder was meant.

    The Spanish and Portuguese command words mean announcement, warning and reminder.
    """
    if people:
        return _("To warn somebody, write me in private: `warn @name:server` and the reason")
    typed = strip_hidden(text).strip()
    said = typed.strip('"“”')
    if not re.search(r"\w", said):
        raise MissingArgument("text", _("the text"))
    for offer in ctx.registry.offers(ANNOUNCE_IN_ROOMS):
        if (answer := await offer(ctx, typed)) is not None:
            return answer
    if len(said) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    may = ctx.target is not None and await ctx.moderates(ctx.target.room)
    if not may or _means_reminder(ctx):
        return _("For a reminder: `!remind tomorrow 17:00;` and the text")
    if ctx.target is None or not await ctx.moderates(ctx.target.room):
        raise moderators_only()
    await ctx.log("announced", {}, room=ctx.target.room)
    return Say((_("Announcement: {text}", text=verbatim(said)),), room=ctx.target.room, loud=True)


def _means_reminder(ctx: Context) -> bool:
    answer = ctx.ask(
        "which",
        choice_of(2),
        _("An announcement or a reminder?"),
        _("1) an announcement: I say it to the whole room now"),
        _("2) a reminder: I say it at a time you choose"),
        _("Answer with the number."),
    )
    return answer == "2"
