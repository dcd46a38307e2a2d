"""`!announce`: say something to a room, or to many, as a moderator."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    NOTHING,
    Answer,
    Behind,
    CommandPlace,
    Context,
    MissingArgument,
    Moment,
    ParsedArguments,
    People,
    Rest,
    Room,
    UserError,
    _,
    choice_of,
    danger_line,
    dates,
    find_addresses,
    find_help_kind,
    moderated_rooms,
    rooms,
    speaks_of_oneself,
    split_arguments,
    strip_hidden,
    verbatim,
    words,
)
from commands.announcements import announcing, typed_rooms
from commands.announcements.declaration import ANNOUNCEMENTS, READ, feature
from commands.embargo import holding, typed_times
from commands.embargo.declaration import PUBLISH_ARGUMENT
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.many_rooms.room_choice import named_homes, rooms_example
from commands.translations.declaration import LANGUAGE_OF, WITH_TEXTS
from commands.translations.typed_texts import take_original

_KNOWN = (ROOMS_ARGUMENT, READ, PUBLISH_ARGUMENT, *WITH_TEXTS)
REMINDER_HINT = _("For a reminder: `!remind tomorrow 17:00;` and the text")
_ENGLISH = re.compile(r"\W{0,3}announce", re.IGNORECASE)

feature.stands_for(
    words(
        "avisa a todas las salas",
        "avisa a todas as salas",
        "tell all rooms",
        "avisa en todas las salas, avise a todas las salas, avisen a todas las salas"
        " | avisa em todas as salas, avise a todas as salas, avisa todas as salas"
        " | tell every room, tell all the rooms",
    ),
    "announce in all rooms",
    begins_calls=True,
)
feature.stands_for(
    words(
        "avisa a todas",
        "avisa a todas",
        "tell everyone",
        "avisa a todos, avisen a todas, avisen a todos, avísales a todas, avísales a todos,"
        " avise a todas, avise a todos, dile a todas, dile a todos, diles a todas, diles a todos,"
        " avisa a todo el mundo, avisa a la gente, avisen a la gente"
        " | avisa a todos, avisa todo mundo, avisa a todo mundo, avisa pra todo mundo,"
        " avisa para todo mundo, avise a todos, avise a todas, avise todo mundo,"
        " avise a todo mundo, fala pra todo mundo, diz pra todo mundo, avisa o pessoal"
        " | tell everybody, tell all, let everyone know, let everybody know",
    ),
    "announce to everyone",
    takes=re.compile(r"(?!(?:l?[ao]s|the|of|who|d[aeo]l?) ).*", re.IGNORECASE | re.DOTALL),
    begins_calls=True,
)


def _is_about_others(text: str) -> bool:
    """Return whether the text has no word of whoever types it: `avísales que los pacos me rodean`
    is a call for help."""
    return not speaks_of_oneself(text)


for _about in (
    *("el", "la", "los", "las", "hay", "no hay", "se cortó", "se suspende", "se suspendió"),
    *("se cancela", "se canceló", "se cambia", "se cambió"),
):  # not of themselves: `avísales que vuelvo a las 10` is somebody who is to be awaited
    _heard = f"avísales que {_about}"
    feature.stands_for(
        words(_heard, _heard, _heard),
        f"announce {_about}",
        begins_calls=True,
        only_if=_is_about_others,
    )


async def find_homes(ctx: Context, text: str) -> list[Room]:
    """Return the rooms in which a private line may announce something: the home of those that it
    names, else all that the person moderates, or one in which they are refused."""
    mine = await moderated_rooms(ctx)
    if not mine or find_addresses(text):
        return (await rooms.shared_rooms(ctx.db, ctx.who))[:1]
    parts = _split(text)
    where, said = parts.named.get(ROOMS_ARGUMENT.key), _said(parts)
    if where is not None:
        return await named_homes(ctx, where) or mine
    if (opening := await typed_rooms.find_opening(ctx, said)) is not None:
        return [opening.rooms[0]]
    every = typed_rooms.find_all(said)
    if every is not None and await typed_rooms.ask_for_all(ctx, every) is not None:
        return mine[:1]
    return await typed_rooms.choose_home(ctx, mine)


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
    homes=find_homes,
    behind=Behind.TEXT,
    warns=True,
)
async def announce(ctx: Context, people: People = (), *, text: Rest = NOTHING) -> Answer:
    """Announce the text here, in the rooms that it names, in several languages, or later. Return
    the answer.

    Where its day has an hour, or no room is named in private, it asks first whether a reminder was
    meant: the Spanish and Portuguese words mean announcement, warning and reminder. So it does
    after a time at which it might have become public: nothing in doubt is said to a room at once.
    """
    if people:
        return _("To warn somebody, write me in private: `warn @name:server` and the reason")
    typed = strip_hidden(text).strip()
    parts, own = take_original(_split(typed), ctx.policy.language)
    where = parts.named.get(ROOMS_ARGUMENT.key)
    said = _said(parts)
    if where is None:
        before = said
        said, where = await _read_rooms(ctx, said)
        typed = said if said != before else typed
        if where is not None:
            parts = replace(parts, named={**parts.named, ROOMS_ARGUMENT.key: where})
    if (later := parts.named.get(PUBLISH_ARGUMENT.key)) is not None:
        with typed_times.answer_privately(ctx):
            later, beside = typed_times.split_off_text(ctx, later)
            return await announcing.announce_typed(ctx, parts, f"{said} {beside}", own, later)
    if (loose := await _loose_time(ctx, said)) is not None:
        with typed_times.answer_privately(ctx):
            if await _is_to_wait(ctx, loose[1]):
                return await announcing.announce_typed(ctx, parts, loose[0], own, loose[1])
    is_plain = where is None and not parts.flags and not LANGUAGE_OF.keys() & parts.named.keys()
    if is_plain and not await _may_announce(ctx):
        in_danger = find_help_kind(typed) is not None
        hint = danger_line(ctx.registry) if in_danger else REMINDER_HINT
        return [_("Announcements come from the moderators: ask them."), hint]
    if not typed_rooms.has_text(said):
        raise MissingArgument("text", _("the text"))
    timed = loose or _find_hour(ctx, typed)
    is_doubtful = timed is not None or (ctx.is_private and not _is_clear(ctx))
    if is_plain and is_doubtful and not _is_announcement(ctx):
        if timed is None:
            return REMINDER_HINT
        reminder = f"{timed[1]}; {timed[0]}"
        return _("For that reminder: `!remind {line}`", line=verbatim(reminder))
    return await announcing.announce_typed(ctx, parts, typed if is_plain else said, own, None)


async def _may_announce(ctx: Context) -> bool:
    return ctx.target is not None and await ctx.moderates(ctx.target.room)


def _split(text: str) -> ParsedArguments:
    return split_arguments(text, _KNOWN, lambda _words: False)


def _said(parts: ParsedArguments) -> str:
    return (parts.typed or parts.free).strip()


async def _read_rooms(ctx: Context, said: str) -> tuple[str, str | None]:
    """Return the text without the rooms that it begins or ends with, and these for the argument if
    they are several. The first is its home."""
    opening = await typed_rooms.find_opening(ctx, said)
    if opening is not None:
        may_here = await _may_announce(ctx)
        if await typed_rooms.is_said_there(ctx, said, opening, may_here=may_here):
            await typed_rooms.require_one_name(ctx, opening)
            ctx.target, ctx.is_target_named = opening.rooms[0], True
            several = len(opening.rooms) > 1
            return opening.text, ", ".join(r.name for r in opening.rooms) if several else None
        return said, None
    if not await _may_announce(ctx):
        return said, None
    ending = None if ctx.is_private else await typed_rooms.find_ending(ctx, said)
    if ending is not None:
        await _settle_ending(ctx, said, ending)
        return (ending.text if ctx.is_target_named else said), None
    if typed_rooms.chosen_for_all(ctx):
        return said, "all"
    if (every := typed_rooms.find_all(said)) is not None:
        where = await typed_rooms.ask_for_all(ctx, every)
        return (every.text if where or every.is_opening else said), where
    if typed_rooms.is_for_no_room(ctx):
        raise UserError(_("I know no room of yours that is called so."), rooms_example())
    return said, None


async def _settle_ending(ctx: Context, said: str, ending: typed_rooms.NamedRooms) -> None:
    """Ask for which room it is: this one, or the one that it ends with, which becomes the target.

    Raises `UserError` for a no, or if several rooms are called so.
    """
    (room,) = ending.rooms
    if not await ctx.moderates(room.room):
        if not await typed_rooms.is_said_here(ctx, said):
            raise UserError(_("I left it as it was."))
    elif await typed_rooms.is_said_there(ctx, said, ending, may_here=True):
        await typed_rooms.require_one_name(ctx, ending)
        ctx.target, ctx.is_target_named = room, True


def _is_clear(ctx: Context) -> bool:
    """Return whether a private line is surely an announcement: its room was named or chosen."""
    return (
        ctx.is_target_named
        or typed_rooms.is_home_chosen(ctx)
        or _ENGLISH.match(ctx.text) is not None
    )


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


def _find_hour(ctx: Context, said: str) -> tuple[str, str] | None:
    """Return the text and its day with an hour, or None. `announce` never means a reminder."""
    found = dates.find_date(said, ctx.said_at, ctx.policy.zone)
    if found is None or not found.rest.strip() or _ENGLISH.match(ctx.text):
        return None
    options = found.reading.options if isinstance(found.reading, dates.AmbiguousDate) else ()
    first = options[0] if options else found.reading
    is_timed = isinstance(first, dates.ZonedTime) and first.has_time
    return (found.rest.strip(), found.phrase) if is_timed else None


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
