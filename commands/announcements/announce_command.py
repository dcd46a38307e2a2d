"""`!announce`: say something to a room, or to many, as a moderator."""

from __future__ import annotations

import re

from bot.api import (
    NOTHING,
    Answer,
    CommandPlace,
    Context,
    MissingArgument,
    Moment,
    People,
    Rest,
    _,
    choice_of,
    split_arguments,
    strip_hidden,
    words,
)
from commands.announcements import announcing
from commands.announcements.declaration import ANNOUNCEMENTS, READ, feature
from commands.embargo import holding, typed_times
from commands.embargo.declaration import PUBLISH_ARGUMENT
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.translations.declaration import LANGUAGE_OF, WITH_TEXTS
from commands.translations.typed_texts import take_original


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
    topic=ANNOUNCEMENTS,
    where=CommandPlace.ROOM,
)
async def announce(ctx: Context, people: People = (), *, text: Rest = NOTHING) -> Answer:
    """Announce the text here, in the rooms that it names, in several languages, or later. Return
    the answer.

    Without any of these it asks first whether a reminder was meant: the Spanish and Portuguese
    command words mean announcement, warning and reminder.
    """
    if people:
        return _("To warn somebody, write me in private: `warn @name:server` and the reason")
    typed = strip_hidden(text).strip()
    if not re.search(r"\w", typed):
        raise MissingArgument("text", _("the text"))
    known = (ROOMS_ARGUMENT, READ, PUBLISH_ARGUMENT, *WITH_TEXTS)
    parts = split_arguments(typed, known, lambda _words: False)
    parts, own = take_original(parts, ctx.policy.language)
    said = (parts.typed or parts.free).strip()
    if (later := parts.named.get(PUBLISH_ARGUMENT.key)) is not None:
        with typed_times.answer_privately(ctx):
            later, beside = typed_times.split_off_text(ctx, later)
            return await announcing.announce_typed(ctx, parts, f"{said} {beside}", own, later)
    if (loose := await _loose_time(ctx, said)) is not None:
        with typed_times.answer_privately(ctx):
            if await _is_to_wait(ctx, loose[1]):
                return await announcing.announce_typed(ctx, parts, loose[0], own, loose[1])
    is_plain = not parts.flags and not {ROOMS_ARGUMENT.key, *LANGUAGE_OF} & parts.named.keys()
    if is_plain and not (await _may_announce(ctx) and _is_announcement(ctx)):
        return _("For a reminder: `!remind tomorrow 17:00;` and the text")
    return await announcing.announce_typed(ctx, parts, typed if is_plain else said, own, None)


async def _may_announce(ctx: Context) -> bool:
    return ctx.target is not None and await ctx.moderates(ctx.target.room)


def _is_announcement(ctx: Context) -> bool:
    answer = ctx.ask(
        "which",
        choice_of(2),
        _("An announcement or a reminder?"),
        _("1) an announcement: I say it to the whole room now"),
        _("2) a reminder: I say it at a time you choose"),
        _("Answer with the number."),
    )
    return answer == "1"


async def _loose_time(ctx: Context, said: str) -> tuple[str, str] | None:
    """Return the text and the time of an announcement that may be meant to wait, or None."""
    found = typed_times.find_loose_time(ctx, said)
    return found if await _may_announce(ctx) else None


async def _is_to_wait(ctx: Context, typed: str) -> bool:
    """Ask whether it waits until this time. Raises `UserError` for a time that does not fit."""
    when = holding.read_time(ctx, typed)
    answer = ctx.ask(
        "wait",
        choice_of(2, walls=[when.wall]),
        _("When shall it come out?"),
        _("1) I keep it, and it comes out {moment}", moment=Moment(when.at, when.zone)),
        _("2) now"),
        _("Answer with the number."),
    )
    return answer == "1"
