"""Draw a month as a picture; its caption says the same in words."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from babel.dates import get_day_names, get_month_names

from bot.api import (
    NOTHING,
    Answer,
    CommandPlace,
    Context,
    Effect,
    FileContent,
    ItemAccess,
    Line,
    Reach,
    RenderLine,
    Rest,
    RoomId,
    SendFile,
    Setting,
    Switch,
    UserError,
    _,
    dates,
    pictures,
    verbatim,
    words,
)
from commands.calendar.declaration import feature
from commands.events import agenda
from commands.events.agenda import AgendaRow
from commands.events.declaration import EVENTS_TOPIC
from commands.events.grammar.periods import Period, read_period

PICTURE_SETTING = Setting(
    "month picture",
    words("imagen-del-mes", "imagem-do-mês", "month-picture"),
    Switch(),
    "no",
    _("Whether a picture of the month follows the weekly digest."),
)
feature.settings.append(PICTURE_SETTING)
FILE_NAME = words("mes", "mes", "month")
COLUMN_WIDTH = (pictures.WIDTH - 2 * pictures.MARGIN) // 7
ROW_HEIGHT = 78
TEXT_SIZE = 12
MOST_IN_DAY = 3
"""How many events a day's cell shows; with more, the last line gives their number."""
MOST_ROWS = 60
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
    topic=EVENTS_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
)
async def send_picture(ctx: Context, *, month: Rest = NOTHING) -> Answer:
    """Send a picture of this month's events or those of the month named. Return the answer. Raises
    `UserError` for a text that names no month."""
    today = dates.to_wall(ctx.said_at, ctx.policy.zone).date()
    found = read_period(month, ctx.said_at, ctx.policy.zone) if month else Period(today, today)
    if found is None:
        raise UserError(
            _("I didn't understand “{words}” as a month.", words=month[:60]),
            _("For example: `!events picture December`"),
        )
    room = ctx.place
    return await _build_picture(ctx, room, found.first)


async def digest_picture(ctx: Context, room: RoomId) -> Sequence[Effect]:
    """Return the picture of this month's events for the weekly digest, if the room wants it."""
    if await ctx.setting_value(PICTURE_SETTING, room) != "yes":
        return []
    return [
        await _build_picture(
            ctx, room, dates.to_wall(ctx.said_at, ctx.policy.zone).date(), post=room
        )
    ]


async def _build_picture(
    ctx: Context, room: RoomId, day: date, post: RoomId | None = None
) -> SendFile:
    weeks = Calendar().monthdatescalendar(day.year, day.month)
    rows = await agenda.rows_in_period(
        ctx, {room: ""}, Period(weeks[0][0], weeks[-1][-1] + timedelta(days=1))
    )
    by_day: dict[date, list[str]] = {}
    for row in rows:
        by_day.setdefault(agenda.wall_time(ctx, row).date(), []).append(_cell_text(ctx, row))
    of_month = [row for row in rows if agenda.wall_time(ctx, row).month == day.month]
    language = ctx.policy.language
    title = f"{_month_name(day, language)} {day.year}"
    today = dates.to_wall(ctx.said_at, ctx.policy.zone).date()
    return SendFile(
        f"{FILE_NAME.in_language(language)}-{day:%Y-%m}.png",
        "image/png",
        partial(_draw_month, title, weeks, by_day, today, language),
        caption=tuple(_caption(ctx, title, of_month)),
        room=post,
        reply_to=None if post else ctx.origin.event,
        thread=None if post else ctx.origin.thread,
    )


def _caption(ctx: Context, title: str, rows: list[AgendaRow]) -> list[Line]:
    lines = [verbatim(title), *agenda.lines_by_day(ctx, rows[:MOST_ROWS])]
    if len(rows) > MOST_ROWS:
        lines.append(_("And {count} more.", count=len(rows) - MOST_ROWS))
    return lines if rows else [*lines, _("Nothing is planned then.")]


def _cell_text(ctx: Context, row: AgendaRow) -> str:
    title = " ".join(row.event.title.split())
    return title if row.event.all_day else f"{agenda.wall_time(ctx, row):%H:%M} {title}"


def _month_name(day: date, language: str) -> str:
    return str(get_month_names("wide", context="stand-alone", locale=language)[day.month])


def _draw_month(
    title: str,
    weeks: Sequence[Sequence[date]],
    by_day: Mapping[date, Sequence[str]],
    today: date,
    language: str,
    _tell: RenderLine,
) -> FileContent:
    head = pictures.MARGIN + 40
    sheet = pictures.Picture(head + 24 + ROW_HEIGHT * len(weeks) + pictures.MARGIN)
    sheet.draw_text(pictures.MARGIN, title, 24)
    names = get_day_names("abbreviated", context="stand-alone", locale=language)
    month = weeks[1][0].month
    for column in range(7):
        sheet.draw_word((pictures.MARGIN + column * COLUMN_WIDTH + 4, head), names[column], 15)
    for number, week in enumerate(weeks):
        for column, day in enumerate(week):
            corner = pictures.MARGIN + column * COLUMN_WIDTH, head + 24 + number * ROW_HEIGHT
            said, faint = by_day.get(day, ()), day.month != month
            _draw_cell(sheet, corner, day, said, strong=day == today, faint=faint)
    return FileContent(*sheet.to_png())


def _draw_cell(
    sheet: pictures.Picture,
    corner: tuple[int, int],
    day: date,
    said: Sequence[str],
    *,
    strong: bool,
    faint: bool,
) -> None:
    x, y = corner
    paper = pictures.FAINT if faint else pictures.PAPER
    sheet.draw_box(
        (x, y, x + COLUMN_WIDTH, y + ROW_HEIGHT), paper, pictures.INK if strong else pictures.SOFT
    )
    sheet.draw_word((x + 5, y + 3), f"{day.day}", 16 if strong else 14)
    shown = list(said[:MOST_IN_DAY]) if len(said) <= MOST_IN_DAY else [*said[: MOST_IN_DAY - 1]]
    if len(said) > len(shown):
        shown.append(f"+{len(said) - len(shown)}")
    for line, words_ in enumerate(shown):
        text = pictures.clip_text(words_, TEXT_SIZE, COLUMN_WIDTH - 8)
        sheet.draw_word((x + 4, y + 22 + line * (TEXT_SIZE + 5)), text, TEXT_SIZE)
