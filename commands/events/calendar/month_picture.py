"""Draw a month as a picture; its caption says the same in words."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from babel.dates import get_day_names, get_month_names

from bot.api import (
    Answer,
    Context,
    Does,
    Effect,
    Line,
    Made,
    Reach,
    RoomId,
    SendFile,
    Setting,
    Switch,
    Tell,
    UserError,
    Where,
    _,
    dates,
    pictures,
    verbatim,
    words,
)
from commands.events import agenda
from commands.events.agenda import Row
from commands.events.declaration import EVENTS, feature
from commands.events.grammar.periods import Period, period

PICTURE = Setting(
    "month picture",
    words("imagen-del-mes", "imagem-do-mes", "month-picture"),
    Switch(),
    "no",
    _("Whether a picture of the month follows the weekly digest."),
)
feature.settings.append(PICTURE)
NAME = words("mes", "mes", "month")
COLUMN = (pictures.WIDTH - 2 * pictures.MARGIN) // 7
ROW = 78
SIZE = 12
IN_DAY = 3
"""How many events a day's cell shows; with more, the last line gives their number."""
MOST = 60
"""How many rows the caption lists at most."""


@feature.command(
    words(
        "eventos-imagen",
        "eventos-imagem",
        "events-picture",
        "agenda imagen, calendario imagen | agenda imagem, calendário imagem | calendar picture",
    ),
    help=_("the month as a picture, with the same in words"),
    example=_("For example: `!events picture December`"),
    topic=EVENTS,
    does=Does.READS,
    reach=Reach.ROOM,
    where=Where.ROOM,
)
async def pictured(ctx: Context, *, text: str = "") -> Answer:
    """Send the picture of this month or the one named. Raises `UserError`."""
    today = dates.to_wall(ctx.now, ctx.policy.zone).date()
    found = period(text, ctx.now, ctx.policy.zone) if text.strip() else Period(today, today)
    if found is None:
        raise UserError(
            _("I didn't understand “{words}” as a month.", words=text[:60]),
            _("For example: `!events picture December`"),
        )
    room = ctx.target.room if ctx.target else ctx.room
    return await _file(ctx, room, found.first)


async def beside_digest(ctx: Context, room: RoomId) -> Sequence[Effect]:
    """Return the picture of this month for the weekly digest, if the room wants it."""
    if await ctx.setting(PICTURE, room) != "yes":
        return []
    return [await _file(ctx, room, dates.to_wall(ctx.now, ctx.policy.zone).date(), post=room)]


async def _file(ctx: Context, room: RoomId, day: date, post: RoomId | None = None) -> SendFile:
    weeks = Calendar().monthdatescalendar(day.year, day.month)
    rows = await agenda.within(
        ctx, {room: ""}, Period(weeks[0][0], weeks[-1][-1] + timedelta(days=1))
    )
    by_day: dict[date, list[str]] = {}
    for row in rows:
        by_day.setdefault(agenda.wall(ctx, row).date(), []).append(_short(ctx, row))
    of_month = [row for row in rows if agenda.wall(ctx, row).month == day.month]
    language = ctx.policy.language
    title = f"{_month(day, language)} {day.year}"
    today = dates.to_wall(ctx.now, ctx.policy.zone).date()
    return SendFile(
        f"{NAME.in_language(language)}-{day:%Y-%m}.png",
        "image/png",
        partial(_drawn, title, weeks, by_day, today, language),
        caption=tuple(_caption(ctx, title, of_month)),
        room=post,
        reply_to=None if post else ctx.origin.event,
        thread=None if post else ctx.origin.thread,
    )


def _caption(ctx: Context, title: str, rows: list[Row]) -> list[Line]:
    lines = [verbatim(title), *agenda.by_day(ctx, rows[:MOST])]
    if len(rows) > MOST:
        lines.append(_("And {count} more.", count=len(rows) - MOST))
    return lines if rows else [*lines, _("Nothing is planned then.")]


def _short(ctx: Context, row: Row) -> str:
    title = " ".join(row.event.title.split())
    return title if row.event.all_day else f"{agenda.wall(ctx, row):%H:%M} {title}"


def _month(day: date, language: str) -> str:
    return str(get_month_names("wide", context="stand-alone", locale=language)[day.month])


def _drawn(
    title: str,
    weeks: Sequence[Sequence[date]],
    by_day: Mapping[date, Sequence[str]],
    today: date,
    language: str,
    _tell: Tell,
) -> Made:
    head = pictures.MARGIN + 40
    sheet = pictures.Sheet(head + 24 + ROW * len(weeks) + pictures.MARGIN)
    sheet.write(pictures.MARGIN, title, 24)
    names = get_day_names("abbreviated", context="stand-alone", locale=language)
    month = weeks[1][0].month
    for column in range(7):
        sheet.word((pictures.MARGIN + column * COLUMN + 4, head), names[column], 15)
    for number, week in enumerate(weeks):
        for column, day in enumerate(week):
            corner = pictures.MARGIN + column * COLUMN, head + 24 + number * ROW
            said, faint = by_day.get(day, ()), day.month != month
            _cell(sheet, corner, day, said, strong=day == today, faint=faint)
    return Made(*sheet.png())


def _cell(
    sheet: pictures.Sheet,
    corner: tuple[int, int],
    day: date,
    said: Sequence[str],
    *,
    strong: bool,
    faint: bool,
) -> None:
    x, y = corner
    paper = pictures.FAINT if faint else pictures.PAPER
    sheet.box((x, y, x + COLUMN, y + ROW), paper, pictures.INK if strong else pictures.SOFT)
    sheet.word((x + 5, y + 3), f"{day.day}", 16 if strong else 14)
    shown = list(said[:IN_DAY]) if len(said) <= IN_DAY else [*said[: IN_DAY - 1]]
    if len(said) > len(shown):
        shown.append(f"+{len(said) - len(shown)}")
    for line, words_ in enumerate(shown):
        text = pictures.clipped(words_, SIZE, COLUMN - 8)
        sheet.word((x + 4, y + 22 + line * (SIZE + 5)), text, SIZE)
