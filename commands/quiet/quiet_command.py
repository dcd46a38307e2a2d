"""`!gone-quiet`: who has not written in a room for weeks, to a moderator alone, and an invitation.

Nothing is kept and nothing is done when people write: the homeserver is asked at that moment who
sent anything, never what, and the answer is forgotten with the message that gives it.
"""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Line,
    Moment,
    Person,
    Room,
    Say,
    SubCommands,
    UserError,
    UserId,
    _,
    log,
    moderators_only,
    n_,
    rooms,
    words,
)
from commands.quiet import opt_out_store
from commands.quiet.declaration import (
    INVITE_AGAIN,
    LEAST_WEEKS,
    MOST_INVITED,
    MOST_WEEKS,
    SEE_QUIET,
    USUAL_WEEKS,
    feature,
)
from commands.rooms.declaration import ROOMS

MOST_NAMED = 40
SUBS = SubCommands(number_first=True)


@feature.command(
    words(
        "sin-escribir",
        "sem-escrever",
        "gone-quiet",
        "inactivos, inactivas, quién no escribe, quiénes no escriben, quién no ha escrito,"
        " quiénes no han escrito, quién está en silencio"
        " | inativos, inativas, quem não escreve, quem não escreveu, quem está em silêncio"
        " | inactive, who is quiet, who's quiet, who went quiet, who has gone quiet",
    ),
    help=_("who has not written here for weeks, for moderators, where the room wants it"),
    example=_("For example: `!gone-quiet 4` (weeks)"),
    topic=ROOMS,
    where=CommandPlace.ROOM,
    subs=SUBS,
)
async def show_quiet(ctx: Context, weeks: int = USUAL_WEEKS) -> Answer:
    """Tell a moderator in private who has sent nothing for so many weeks. The room's log says it.
    Return the answer.

    Raises `UserError` for who doesn't moderate, for rooms that don't allow it, and for weeks that
    the bot can't tell of.
    """
    room = ctx.target_room
    quiet, every = await _find_quiet(ctx, room, weeks)
    await ctx.log("looked", {"weeks": weeks}, room=room.room)
    if not quiet:
        lines = [_("Everybody in “{room}” has sent something lately.", room=_name(room))]
    else:
        shown: list[Person | Line] = [Person(one) for one in quiet[:MOST_NAMED]]
        if len(quiet) > MOST_NAMED:
            shown.append(_("{count} more", count=len(quiet) - MOST_NAMED))
        lines = [
            n_(
                "“{room}”: {count} of {every} has sent nothing for {weeks} weeks: {people}",
                "“{room}”: {count} of {every} have sent nothing for {weeks} weeks: {people}",
                len(quiet),
                room=_name(room),
                every=every,
                weeks=weeks,
                people=tuple(shown),
            ),
            _("They may well read along: that can't be seen, and there is nothing wrong with it."),
            _(
                "I can write to each, kindly and in private: `!gone-quiet {weeks} invite`",
                weeks=weeks,
            ),
        ]
    return _privately(ctx, lines)


feature.log_line("looked", _("asked who has sent nothing here for {weeks} weeks"))
feature.log_line(
    "invited",
    n_(
        "had me invite {count} person who has sent nothing here for {weeks} weeks",
        "had me invite {count} people who have sent nothing here for {weeks} weeks",
        0,
    ),
)


@SUBS.sub(
    words("invitar", "convidar", "invite", "saludar, escribirles | cumprimentar, escrever | greet"),
    help=_("write to each of them in private, kindly"),
    example=_("For example: `!gone-quiet 4 invite`"),
)
async def invite_quiet(ctx: Context, weeks: int = USUAL_WEEKS) -> Answer:
    """Write to each person who has been quiet, in private, after a confirmation. Return the answer.
    Raises `UserError` as `show_quiet` does, for a no, and soon after the last invitation."""
    room = ctx.target_room
    quiet, _every = await _find_quiet(ctx, room, weeks)
    await _require_pause(ctx, room)
    if not quiet:
        return _privately(
            ctx, [_("Everybody in “{room}” has sent something lately.", room=_name(room))]
        )
    people = quiet[:MOST_INVITED]
    lines = _invitation(room)
    ctx.answer_privately |= not ctx.is_private
    ctx.confirm(
        n_(
            "I write to {count} person in private, in the name of who moderates “{room}”:",
            "I write to {count} people in private, in the name of who moderates “{room}”:",
            len(people),
            room=_name(room),
        ),
        *lines,
    )
    await ctx.log("invited", {"count": len(people), "weeks": weeks}, room=room.room)
    told = n_("I wrote to {count} person.", "I wrote to {count} people.", len(people))
    return [told, *(Say(lines, to=one) for one in people)]


def _invitation(room: Room) -> tuple[Line, ...]:
    return (
        _(
            "Who moderates “{room}” sends you greetings: there is a place for you.",
            room=_name(room),
        ),
        _("To catch up: `!welcome`. What is open: `!pending`. Nobody expects an answer."),
        _("If you don't want such letters: `!leave-me-out`"),
    )


async def _require_pause(ctx: Context, room: Room) -> None:
    """Raise `UserError` if an invitation went out from the room not long ago."""
    sought = log.LogFilter(features=(feature.name,), since=ctx.said_at - INVITE_AGAIN)
    for entry in await log.find_entries(ctx.db, room.room, sought, MOST_NAMED):
        if entry.act == "invited":
            raise UserError(
                _("An invitation went out from here already, {moment}.", moment=Moment(entry.at)),
                _("Another one may follow {days} days after it.", days=INVITE_AGAIN.days),
            )


async def _find_quiet(ctx: Context, room: Room, weeks: int) -> tuple[list[UserId], int]:
    """Return who has sent nothing for so many weeks, and how many were looked at.

    Whoever left themselves out is neither. Raises `UserError` and `FetchNeeded`.
    """
    if not await ctx.moderates(room.room):
        raise moderators_only()
    if await ctx.setting_value(SEE_QUIET, room.room) != "yes":
        raise UserError(
            _("This room doesn't want it to be asked who has not written."),
            _("If it is agreed to: `!config see-quiet yes`. Everybody here reads that."),
        )
    if not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise UserError(
            _("From {least} to {most} weeks can be asked for.", least=LEAST_WEEKS, most=MOST_WEEKS)
        )
    since = ctx.said_at - timedelta(weeks=weeks)
    if room.entered > since:
        raise UserError(
            _("I came here on {moment}, and don't look further back.", moment=Moment(room.entered))
        )
    wrote = ctx.fetched.writers(room.room, since)
    if wrote is None:
        raise UserError(
            _("So much was said here that I can't look it through. Ask for fewer weeks.")
        )
    left_out = await opt_out_store.people_left_out(ctx.db)
    here = [one for one in await rooms.members(ctx.db, room.room) if one != ctx.me]
    asked_of = [one for one in here if one not in left_out]
    return [one for one in asked_of if one not in wrote], len(asked_of)


def _name(room: Room) -> str:
    return room.name or room.room


def _privately(ctx: Context, lines: list[Line]) -> Answer:
    """Return the lines for the asker alone. The room reads only that something was answered."""
    if ctx.is_private:
        return lines
    return [_("I wrote to you in private."), Say(tuple(lines), to=ctx.who)]
