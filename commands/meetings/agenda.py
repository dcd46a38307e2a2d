"""The agenda: points with a time each, proposed beforehand and gone through in the meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Job,
    Line,
    Moment,
    Reach,
    Span,
    UserError,
    _,
    dates,
    fold,
    words,
)
from commands.meetings import agenda_store, declaration, store
from commands.meetings.agenda_store import AgendaPoint
from commands.meetings.declaration import LATE_AFTER, MEETINGS, OVER_JOB, feature
from commands.meetings.store import Meeting

MOST, LONGEST = 30, 200
LONGEST_TIME = timedelta(hours=8)
_NEXT = re.compile(r"siguiente|sigue|seguir|proximo|proxima|avanzar|avancar|pasar|seguinte|next")
_REMOVE = re.compile(r"quitar|quita|borrar|eliminar|tirar|tira|remover|remove|apagar|delete")
_SEEN = re.compile(r"lista|listar|ver|list|ver")
EXAMPLE = _("For example: `!topic Budget 10m`")


@feature.command(
    words("punto", "pauta", "topic", "orden del día, puntos | ponto, ordem do dia | agenda item"),
    help=_("the agenda: `!topic Budget 10m` proposes a point, `!topic next` goes on"),
    example=EXAMPLE,
    topic=MEETINGS,
    reach=Reach.ROOM,
)
async def handle_agenda(ctx: Context, *, text: str = "") -> Answer:
    """Propose points of a meeting's agenda, one a line; show the agenda; or act on it. Return the
    answer.

    `siguiente`, `quitar 2`, `3`, `5 min`.
    """
    # A number, a length or points, one a line.
    declaration.require_room(ctx)
    found = await store.find_open_meeting(ctx.db, ctx.room, ctx.origin.thread or "")
    if found is not None:
        await store.record_activity(ctx.db, found.item, ctx.said_at)
    said = fold(text.strip(" .!"))
    word, _sep, rest = said.partition(" ")
    if not said or _SEEN.fullmatch(said):
        return await _list(ctx, found)
    if _NEXT.fullmatch(said) or said.isdecimal():
        return await _next_point(ctx, await declaration.current_meeting(ctx), said)
    if _REMOVE.fullmatch(word) and rest.isdecimal():
        return await _remove(ctx, found, int(rest))
    if (more := dates.read_duration(text)) is not None:
        return await _more_time(ctx, await declaration.current_meeting(ctx), more)
    return await _propose(ctx, found, text)


def split_point(line: str) -> tuple[str, timedelta | None]:
    """Return the title and the length of an agenda point: `Presupuesto (10 min)`, `10m
    Presupuesto`."""
    said = line.strip(' \t-*•"').split()
    for size in range(min(4, len(said) - 1), 0, -1):
        head, tail = " ".join(said[:size]), " ".join(said[-size:])
        for phrase, others in ((tail, said[:-size]), (head, said[size:])):
            length = dates.read_duration(phrase.strip("()[],:;-"))
            if length is not None:
                return " ".join(others).strip(' ",:;-(['), length
    return " ".join(said).strip(' "'), None


async def _points(ctx: Context, found: Meeting | None) -> list[AgendaPoint]:
    if found is not None:
        return await agenda_store.points_of_meeting(ctx.db, found.item)
    return await agenda_store.proposed_points(ctx.db, ctx.room, ctx.origin.thread or "")


async def _propose(ctx: Context, found: Meeting | None, text: str) -> Answer:
    fresh = [split_point(re.sub(r"^\s*\d{1,2}[.)]\s+", "", line)) for line in text.split("\n")]
    fresh = [(title, length) for title, length in fresh if title]
    before = await _points(ctx, found)
    if len(before) + len(fresh) > MOST:
        raise UserError(_("That is too much for one meeting: {count} points at most.", count=MOST))
    thread = (found.thread or "") if found else ctx.origin.thread or ""
    for title, length in fresh:
        if len(title) > LONGEST:
            raise UserError(
                _("That is too long for a point: {count} letters at most.", count=LONGEST)
            )
        if length is not None and not timedelta(minutes=1) <= length <= LONGEST_TIME:
            raise UserError(_("A point takes from 1 minute to 8 hours."), EXAMPLE)
        number = found.item if found else None
        await agenda_store.add_point(ctx.db, ctx.room, thread, number, title, length, ctx.who)
    every = await _points(ctx, found)
    lines = point_lines(every[len(before) :], ctx.said_at, every)
    noted = _("Noted for the agenda:") if found else _("Noted for the next meeting:")
    return [noted, *lines]


async def _list(ctx: Context, found: Meeting | None) -> Answer:
    every = await _points(ctx, found)
    if not every:
        return [_("The agenda is empty."), EXAMPLE]
    follows = (
        _("To go on: `!topic next`") if found else _("The meeting begins with `!meeting start`.")
    )
    return [_("Agenda:"), *point_lines(every, ctx.said_at), follows]


def point_lines(
    some: Sequence[AgendaPoint], now: datetime, every: Sequence[AgendaPoint] | None = None
) -> list[Line]:
    """Return one line for each agenda point, with its place in the agenda `every` and its state."""
    places = {one.id: place for place, one in enumerate(every or some, start=1)}
    return [_shown(one, places[one.id], now) for one in some]


def _shown(one: AgendaPoint, place: int, now: datetime) -> Line:
    over = one.over()
    if one.is_current and over is not None and over > now:
        return _(
            "{place}. {title}: now, {span} left",
            place=place,
            title=one.title,
            span=Span(over - now),
        )
    if one.is_current and over is not None:
        return _("{place}. {title}: now, its time is over", place=place, title=one.title)
    if one.is_current:
        return _("{place}. {title}: now", place=place, title=one.title)
    if one.ended is not None:
        return _("{place}. {title}: done", place=place, title=one.title)
    if one.length is not None:
        return Line(
            "{place}. {title} ({span})",
            {"place": place, "title": one.title, "span": Span(one.length)},
        )
    return Line("{place}. {title}", {"place": place, "title": one.title})


async def _require_leader(ctx: Context, meeting: Meeting) -> None:
    if not await declaration.leads(ctx, meeting):
        raise UserError(
            _("You can't do that in this meeting: that is for who began it or the moderators.")
        )


async def _next_point(ctx: Context, meeting: Meeting, said: str) -> Answer:
    """Go on to the next point, or to the one with this number."""
    await _require_leader(ctx, meeting)
    every = await agenda_store.points_of_meeting(ctx.db, meeting.item)
    if said.isdecimal():
        place = int(said)
        following = every[place - 1] if 1 <= place <= len(every) else None
        if following is None:
            raise UserError(_("The agenda has no point {place}.", place=place), EXAMPLE)
    else:
        following = next((one for one in every if one.started is None), None)
    await agenda_store.end_current_point(ctx.db, meeting.item, ctx.said_at)
    await ctx.cancel_jobs(meeting.item, OVER_JOB)
    if following is None:
        return [
            _("No point is left on the agenda."),
            _("To add one: `!topic Budget 10m`. To end: `!meeting end`"),
        ]
    await agenda_store.start_point(ctx.db, following.id, ctx.said_at)
    await _schedule_time_over(ctx, meeting, following.id, following.length)
    place = [one.id for one in every].index(following.id) + 1
    title, length = following.title, following.length
    if length is None:
        return _("Point {place}: {title}", place=place, title=title)
    until = Moment((following.started or ctx.said_at) + length, with_zone=False)
    return _(
        "Point {place}: {title} ({span}, until {moment})",
        place=place,
        title=title,
        span=Span(length),
        moment=until,
    )


async def _schedule_time_over(
    ctx: Context, meeting: Meeting, point: int, length: timedelta | None
) -> None:
    """Schedule the end of a point's time."""
    every = await agenda_store.points_of_meeting(ctx.db, meeting.item)
    started = next(one.started for one in every if one.id == point)
    if length is not None and started is not None and started + length > ctx.said_at:
        await ctx.schedule(
            OVER_JOB, started + length, item=meeting.item, room=meeting.room, point=point
        )


@feature.runs(OVER_JOB)
async def announce_time_over(ctx: Context, job: Job) -> Answer:
    """Say once in the meeting that the time of an agenda point is over, if it is still the current
    one. Return what to say, if anything."""
    meeting = await store.get_meeting(ctx.db, job.item) if job.item is not None else None
    if meeting is None or meeting.ended is not None:
        return None
    every = await agenda_store.points_of_meeting(ctx.db, meeting.item)
    current = [one for one in every if one.is_current and one.id == job.payload["point"]]
    if not current or current[0].length is None:
        return None
    place = every.index(current[0]) + 1
    lines = [
        _(
            "Time is over ({span}): {place}. {title}. To go on: `!topic next` · more:"
            " `!topic 5 min`",
            place=place,
            title=current[0].title,
            span=Span(current[0].length),
        ),
    ]
    if ctx.said_at - job.due > LATE_AFTER:
        lines.insert(0, _("Late by {span}, because I was away.", span=Span(ctx.said_at - job.due)))
    return declaration.meeting_message(meeting, *lines, loud=True)


async def _more_time(ctx: Context, meeting: Meeting, more: timedelta) -> Answer:
    """Give the current point more time, counted from now if its time is over."""
    await _require_leader(ctx, meeting)
    every = await agenda_store.points_of_meeting(ctx.db, meeting.item)
    current = next((one for one in every if one.is_current), None)
    if current is None or current.started is None:
        raise UserError(_("No point is being spoken of."), _("To begin: `!topic next`"))
    if more > LONGEST_TIME:
        raise UserError(_("A point takes from 1 minute to 8 hours."), EXAMPLE)
    until = max(current.over() or ctx.said_at, ctx.said_at) + more
    await agenda_store.set_length(ctx.db, current.id, until - current.started)
    await ctx.cancel_jobs(meeting.item, OVER_JOB)
    await _schedule_time_over(ctx, meeting, current.id, until - current.started)
    return _("{title}: until {moment}.", title=current.title, moment=Moment(until, with_zone=False))


feature.log_line("removed", _("removed point {place} of the agenda"))


async def _remove(ctx: Context, found: Meeting | None, place: int) -> Answer:
    """Remove a point. Its proposer, the meeting's leader and moderators may."""
    every = await _points(ctx, found)
    if not 1 <= place <= len(every):
        raise UserError(_("The agenda has no point {place}.", place=place), EXAMPLE)
    one = every[place - 1]
    allowed = ctx.who == one.person or (
        await declaration.leads(ctx, found) if found else await ctx.moderates()
    )
    if not allowed:
        raise UserError(
            _(
                "You can't remove point {place}: that is for who proposed it or the moderators.",
                place=place,
            )
        )
    if one.started is not None:
        raise UserError(_("Point {place} was spoken of already: it stays.", place=place))
    await agenda_store.remove_point(ctx.db, one.id)
    if ctx.who != one.person:
        await ctx.log("removed", {"place": place})
    return _("Removed from the agenda: {title}", title=one.title)
