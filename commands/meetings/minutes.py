"""The minutes of a meeting: people, agenda, agreements, tasks, information and decisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import DECISION_LINES, TASK_LINES, Context, Line, Moment, Person, Span, _, n_, words
from commands.meetings import agenda_store, store
from commands.meetings.agenda_store import AgendaPoint
from commands.meetings.marked_lines import LineKind
from commands.meetings.store import Meeting, MinutesLine

FILE_STEM = words("acta", "ata", "minutes")
"""The name of the file."""
ON_SCREEN, IN_CAPTION, LONGEST = 25, 3, 300
"""Lines of a section, on request and beside the file, and letters of a line."""
LINK = re.compile(r"https?://[^\s<>\"]{3,500}")


@dataclass(frozen=True, slots=True)
class MinutesSection:
    """A section of the minutes. `shown_first`: its first rows stand beside the file."""

    title: Line
    rows: tuple[Line, ...]
    shown_first: bool = False


@dataclass(frozen=True, slots=True)
class MeetingMinutes:
    """The minutes of a meeting. `head` stands above all parts; `again` says how to get them."""

    head: tuple[Line, ...]
    parts: tuple[MinutesSection, ...]
    again: Line


async def compile_minutes(ctx: Context, meeting: Meeting) -> MeetingMinutes:
    """Return the minutes of a meeting that has ended."""
    kept = await store.list_lines(ctx.db, meeting.item)
    parts = [
        MinutesSection(
            _("Agenda"), tuple(_agenda(await agenda_store.points_of_meeting(ctx.db, meeting.item)))
        ),
        MinutesSection(_("Agreements"), _words(kept, LineKind.AGREED), shown_first=True),
        MinutesSection(_("Tasks"), tuple(await _tasks(ctx, meeting, kept)), shown_first=True),
        MinutesSection(_("Information"), _words(kept, LineKind.INFO)),
        MinutesSection(_("Decisions meanwhile"), tuple(await _decided(ctx, meeting))),
        MinutesSection(_("Links"), tuple(_row(link) for link in _links(kept))),
    ]
    again = _("These minutes again: `!meeting {number}`", number=meeting.item)
    return MeetingMinutes(await _head(ctx, meeting), tuple(one for one in parts if one.rows), again)


async def _head(ctx: Context, meeting: Meeting) -> tuple[Line, ...]:
    number, title = meeting.item, meeting.title
    ended = meeting.ended or meeting.last
    first = (
        _("Minutes of meeting {number}: {title}", number=number, title=title)
        if title
        else _("Minutes of meeting {number}", number=number)
    )
    people = await store.list_participants(ctx.db, number)
    took_part = (
        _("Took part: {people}", people=tuple(Person(one) for one in people))
        if people
        else n_("{count} person took part.", "{count} people took part.", meeting.present)
    )
    return (
        first,
        _(
            "{start}, for {span}.",
            start=Moment(meeting.started),
            span=Span(ended - meeting.started),
        ),
        took_part,
    )


def _agenda(points: Sequence[AgendaPoint]) -> list[Line]:
    rows = []
    for one in points:
        if one.started is None:
            continue
        took = Span((one.ended or one.started) - one.started)
        if one.length is None:
            rows.append(Line("{title}: {took}", {"title": one.title, "took": took}))
        else:
            span = Span(one.length)
            rows.append(_("{title}: {took} of {span}", title=one.title, took=took, span=span))
    return rows


def _words(kept: Sequence[MinutesLine], kind: LineKind) -> tuple[Line, ...]:
    return tuple(_row(one.words) for one in kept if one.kind is kind)


def _row(text: str) -> Line:
    return Line("{words}", {"words": text})


async def _tasks(ctx: Context, meeting: Meeting, kept: Sequence[MinutesLine]) -> list[Line]:
    """Return the tasks as their capability describes them, or else the lines as written."""
    lines = [one for one in kept if one.kind is LineKind.TASK]
    numbers = store.task_numbers(lines)
    offered = ctx.registry.offers(TASK_LINES)
    if not offered:
        return [_row(one.words) for one in lines]
    told: list[Line] = await offered[0](ctx, meeting.room, numbers) if numbers else []
    return [*told, *(_row(one.words) for one in lines if one.task is None)]


async def _decided(ctx: Context, meeting: Meeting) -> list[Line]:
    found: list[Line] = []
    for offer in ctx.registry.offers(DECISION_LINES):
        found += await offer(ctx, meeting.room, meeting.started, meeting.ended or meeting.last)
    return found


def _links(kept: Sequence[MinutesLine]) -> list[str]:
    found = [link.rstrip(".,;:!?)") for one in kept for link in LINK.findall(one.words)]
    return list(dict.fromkeys(found))


def minutes_lines(found: MeetingMinutes) -> list[Line]:
    """Return the lines of a meeting's minutes for the room, short enough to read on a phone."""
    said = list(found.head)
    for part in found.parts:
        said.append(_("{title}:", title=part.title))
        said += [Line("· {row}", {"row": _short(row)}) for row in part.rows[:ON_SCREEN]]
        more = len(part.rows) - ON_SCREEN
        if more > 0:
            said.append(n_("and {count} more, in the file", "and {count} more, in the file", more))
    if not found.parts:
        said.append(_("No line was marked, so there is nothing to keep."))
    return [*said, found.again]


def _short(row: Line) -> Line:
    text = row.values.get("words")
    if row.msgid != "{words}" or not isinstance(text, str) or len(text) <= LONGEST:
        return row
    return _row(f"{text[: LONGEST - 1]}…")


def caption_lines(found: MeetingMinutes) -> list[Line]:
    """Return the lines beside the file of a meeting's minutes: the first agreements and tasks, and
    how to read all."""
    said = [found.head[0], *found.head[2:]]
    for part in found.parts:
        if part.shown_first:
            said.append(_("{title}:", title=part.title))
            said += [Line("· {row}", {"row": _short(row)}) for row in part.rows[:IN_CAPTION]]
            more = len(part.rows) - IN_CAPTION
            if more > 0:
                said.append(
                    n_("and {count} more, in the file", "and {count} more, in the file", more)
                )
    if not found.parts:
        said.append(_("No line was marked, so there is nothing to keep."))
    return [*said, found.again]
