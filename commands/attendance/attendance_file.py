"""The attendance of an event or a whole series as one table: who came to which date.

Whoever may change the event gets a row for each person, in private: a year of who was where is more
than one date's list. Everybody else in its room gets how many they were, a row for each date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.api import (
    EXPORT_THEME,
    Answer,
    Context,
    FileContent,
    Line,
    RenderLine,
    SendFile,
    UserError,
    UserId,
    _,
    fold,
    rooms,
    spreadsheets,
    words,
)
from commands.attendance import (
    checkin,
    checkin_store,
    date_keys,
    event_parameters,
    roster,
    rsvp_store,
)
from commands.attendance.declaration import feature
from commands.attendance.event_parameters import EventOrNext
from commands.attendance.headcount import ATTENDEE_SUBS
from commands.attendance.roster import EVERY_DATE, GivenAnswer, Roster
from commands.events import texts
from commands.events.event import MOST_DATES, Date, Event, dates_after, make_date

_MOMENT = timedelta(seconds=1)
FILE_STEM = words("asistencia", "presenca", "attendance")
MIME = "text/csv"
THEME_WORDS = words(
    "asistencia",
    "presença",
    "attendance",
    "asistentes, asistencias, lista de asistencia, asistencia de, asistentes de"
    " | presenças, participantes, lista de presença, presença de"
    " | attendees, attendance list, attendance of",
)
"""What may stand behind `!export` before the event's number."""


@dataclass(frozen=True, slots=True)
class DateAttendance:
    """One date of an event: its roster, and who was noted as present."""

    when: Date
    roster: Roster
    present: frozenset[UserId]


@ATTENDEE_SUBS.sub(
    words(
        "archivo",
        "arquivo",
        "file",
        "planilla, tabla, excel, csv, en archivo, en excel, como archivo"
        " | planilha, tabela, em arquivo, em excel, como arquivo"
        " | table, sheet, spreadsheet, as a file, as file",
    ),
    help=_("who came to each date of an event or a series, as a table"),
    example=_("For example: `!attendees {number} file`", number=57),
)
async def send_attendance(ctx: Context, event: EventOrNext) -> Answer:
    """Send the attendance of an event as a file. Return the answer. Raises `UserError` if nobody
    has answered or attended yet."""
    found = await load_attendance(ctx, event)
    if not found:
        raise UserError(
            _(
                'Of "{title}" ({number}) I have nothing to write down yet: nobody has answered.',
                title=texts.shorten_title(event.title),
                number=event.item,
            ),
            _("To come: `going {number}`", number=event.item),
        )
    named = await ctx.may_change(event)
    names = await rooms.member_names(ctx.db, event.room) if named else {}
    table = partial(_people_table, event, found, names) if named else partial(_counts, event, found)
    to = ctx.who if named or ctx.answer_privately else None
    policy = await (ctx.policy_of_person(to) if to else ctx.policy_of_room(ctx.room))
    file = SendFile(
        f"{FILE_STEM.in_language(policy.language)}-{event.item}.csv",
        MIME,
        table,
        caption=await _caption(ctx, event, found, named=named),
        to=to,
        reply_to=None if to else ctx.origin.event,
        thread=None if to else ctx.origin.thread,
    )
    told = named and not ctx.is_private and not ctx.answer_privately
    return [_("I wrote to you in private."), file] if told else [file]


@feature.offers(EXPORT_THEME)
async def export_attendance(ctx: Context, text: str) -> Answer:
    """Return the message with the attendance file for `!export attendance 57`, or None if the words
    ask for another file."""
    name, _space, number = text.strip().rpartition(" ")
    if not number.lstrip("#").isdecimal() or fold(name) not in map(fold, THEME_WORDS):
        return None
    event, _rest = await event_parameters.find_event_or_next(ctx, number)
    return await send_attendance(ctx, event)


async def load_attendance(ctx: Context, event: Event) -> list[DateAttendance]:
    """Return the event's dates until now, and later ones with answers, the oldest first."""
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    present = await checkin_store.presence_by_date(ctx.db, event.item)
    if not answers and not present:
        return []
    first = make_date(event, event.start)
    dates = {when.key: when for when in dates_after(event, first.at - _MOMENT, MOST_DATES)}
    dates |= {key: make_date(event, key) for key in present if key not in dates}
    own: dict[str, list[GivenAnswer]] = {}
    for answer in answers:
        own.setdefault(answer.key, []).append(answer)
    every = own.get(EVERY_DATE, [])
    kept = [
        when
        for when in dates.values()
        if when.at <= ctx.said_at or when.key in present or when.key.isoformat() in own
    ]
    if not kept:  # nothing has begun, and all answers are about all dates
        kept = sorted(dates.values(), key=lambda when: when.at)[:1]
    found: list[DateAttendance] = []
    for when in sorted(kept, key=lambda when: when.at):
        key = date_keys.answer_key(event, when)
        said = every if key == EVERY_DATE else [*every, *own.get(key, ())]
        seated = roster.build_roster(said, key, event.seats)
        found.append(DateAttendance(when, seated, frozenset(present.get(when.key, ()))))
    return found


async def _caption(
    ctx: Context, event: Event, found: Sequence[DateAttendance], *, named: bool
) -> tuple[Line, ...]:
    title = texts.shorten_title(event.title)
    begun = any(one.when.at <= ctx.said_at for one in found)
    if named:
        what = (
            _("{number}, “{title}”: who came, with names. Please keep this file safe.")
            if begun
            else _("{number}, “{title}”: who comes, with names. Please keep this file safe.")
        )
    else:
        what = (
            _("{number}, “{title}”: how many came, by date.")
            if begun
            else _("{number}, “{title}”: how many come, by date.")
        )
    lines = [replace(what, values={"number": event.item, "title": title})]
    if await ctx.setting_value(checkin.PRESENCE, event.room) != "yes":
        lines.append(
            _("This room doesn't keep who was there, so the table holds who said that they come.")
        )
        lines.append(_("Its moderators can change that: `!config presence yes`"))
    return tuple(lines)


# --- tables ---------------------------------------------------------------------------------------


def _people_table(
    event: Event,
    found: Sequence[DateAttendance],
    names: Mapping[UserId, str],
    tell: RenderLine,
) -> FileContent:
    """Return a row for each person and a column for each date, with how often they came."""
    head = [_("person"), _("name"), _("was there"), _("said yes")]
    rows = [[*map(tell, head), *(_day(event, one.when) for one in found)]]
    cells = [_cells(one) for one in found]
    places = [{given.person for given in one.roster.going} for one in found]
    for person in sorted(set[UserId]().union(*cells)):
        came = sum(person in one.present for one in found)
        said = sum(person in going for going in places)
        own = [tell(by_person[person]) if person in by_person else "" for by_person in cells]
        rows.append([person, names.get(person, ""), str(came), str(said), *own])
    rows.append([tell(_("was there")), "", "", "", *(str(len(one.present)) for one in found)])
    rows.append([tell(_("said yes")), "", "", "", *(str(one.roster.taken) for one in found)])
    return FileContent(spreadsheets.to_csv(rows))


def _counts(event: Event, found: Sequence[DateAttendance], tell: RenderLine) -> FileContent:
    """Return a row for each date: how many were there, said yes, may have come, waited."""
    head = [_("date"), _("was there"), _("said yes"), _("maybe"), _("waiting list")]
    rows = [[tell(one) for one in head]]
    for one in found:
        known = one.roster
        counts = (len(one.present), known.taken, len(known.maybe), len(known.waiting))
        rows.append([_day(event, one.when), *map(str, counts)])
    return FileContent(spreadsheets.to_csv(rows))


def _day(event: Event, when: Date) -> str:
    """Return the date as spreadsheets sort it, on the event's clock."""
    return f"{when.start:%Y-%m-%d}" if event.all_day else f"{when.start:%Y-%m-%d %H:%M}"


def _cells(one: DateAttendance) -> dict[UserId, Line]:
    """Return what stands for each person at a date. Like the list, it leaves out who declined."""
    found: dict[UserId, Line] = {}
    for given in one.roster.going:
        yes = _("said yes, +{count}", count=given.guests) if given.guests else _("said yes")
        found[given.person] = yes
    found |= {given.person: _("maybe") for given in one.roster.maybe}
    found |= {given.person: _("waiting list") for given in one.roster.waiting}
    return found | dict.fromkeys(one.present, _("was there"))
