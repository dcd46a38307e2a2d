"""Once a week, at the day and hour of the room: what comes in seven days, in one message.

Nothing is said where nothing comes, and nothing a day too late: the next week has its own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    RoomId,
    Say,
    Setting,
    Span,
    Unfit,
    _,
    bare,
    dates,
    settings,
    words,
)
from commands.events import agenda, grid
from commands.events.base import feature, when_chosen
from commands.events.periods import Period

MOST = 30
LATE, TOO_LATE = timedelta(minutes=5), timedelta(days=1)
DAYS = {
    "MO": words("lunes", "segunda-feira", "Monday"),
    "TU": words("martes", "terça-feira", "Tuesday"),
    "WE": words("miércoles", "quarta-feira", "Wednesday"),
    "TH": words("jueves", "quinta-feira", "Thursday"),
    "FR": words("viernes", "sexta-feira", "Friday"),
    "SA": words("sábado", "sábado", "Saturday"),
    "SU": words("domingo", "domingo", "Sunday"),
}
_NO = frozenset({"no", "nao", "não", "off", "nunca", "never"})
_ANY = datetime(2026, 1, 1, tzinfo=UTC)
_WAITS = "weekly digest waits"
"""Kept among the room's settings: the job that is meant. What was planned before says nothing."""


class Weekly:
    """A day of the week and an hour; kept as `MO 09:00`."""

    def read(self, typed: str) -> str:
        if bare(typed) in _NO:
            return "no"
        clear = re.sub(r"\b(\d):(\d\d)\b", r"0\1:\2", typed)  # 9:00 is as in our own example
        for said in (clear, f"cada {clear}"):
            found = dates.recurrence(said, _ANY, "UTC")
            if isinstance(found, dates.DoubtfulSeries):
                hour = f"{found.options[0].start:%H:%M}"
                raise Unfit(_EXPECTED, f"{typed.split()[0]} {hour}")
            if isinstance(found, dates.Recurrence) and found.rule[:18] in _RULES:
                hour = f"{found.start:%H:%M}" if found.has_time else "09:00"
                return f"{found.rule[-2:]} {hour}"
        raise Unfit(_EXPECTED)

    def show(self, kept: str) -> Line:
        if kept == "no":
            return _("no")
        day, hour = kept.split()
        return _("{day}, {hour}", day=DAYS[day], hour=hour)


_EXPECTED = _("a day and an hour, such as `Monday 9:00`, or `no`")
_RULES = frozenset({"FREQ=WEEKLY;BYDAY="})
DIGEST = Setting(
    "weekly digest",
    words("resumen-semanal", "resumo-semanal", "weekly-digest"),
    Weekly(),
    "no",
    _("When I tell once a week what comes in the next seven days."),
)
feature.settings.append(DIGEST)


@when_chosen
async def planned(ctx: Context, key: str, room: RoomId) -> None:
    """Another day and hour, or another clock: from now on by that one."""
    if key in (DIGEST.key, "timezone"):
        await _plan(ctx, room)


async def _plan(ctx: Context, room: RoomId) -> None:
    kept = await ctx.setting(DIGEST, room)
    if kept == "no":
        await settings.put(ctx.db, room, _WAITS, None)
        return
    zone = (await ctx.for_room(room)).zone
    day, hour = kept.split()
    today = dates.to_wall(ctx.read, zone).date()
    start = datetime.combine(today, datetime.strptime(hour, "%H:%M").time())  # noqa: DTZ007
    coming = dates.next_after(f"FREQ=WEEKLY;BYDAY={day}", start, zone, ctx.read)
    assert coming is not None
    job = await ctx.schedule("weekly", coming.at, room=room, zone=zone)
    await settings.put(ctx.db, room, _WAITS, str(job))


@feature.job("weekly")
async def weekly(ctx: Context, job: Job) -> Answer:
    waits = (await settings.all_of(ctx.db, job.room)).get(_WAITS)
    if waits != str(job.id):
        return None
    await _plan(ctx, job.room)
    late = ctx.now - job.due
    if late >= TOO_LATE:
        return None
    today = dates.to_wall(ctx.now, ctx.policy.zone).date()
    rows = await agenda.within(ctx, {job.room: ""}, Period(today, today + timedelta(days=7)))
    if not rows:
        return None
    lines = [_("What comes in the next seven days:"), *agenda.by_day(ctx, rows[:MOST])]
    if late > LATE:
        span = Span(late)
        lines[0] = _("Late by {span}, because I was away. What comes in seven days:", span=span)
    if len(rows) > MOST:
        lines.append(_("And {count} more: `!events this week`", count=len(rows) - MOST))
    lines.append(_("All about one: `!event {number}`", number=rows[0].event.item))
    said: list[Effect] = [Say(tuple(lines), room=job.room)]
    return [*said, *await grid.beside_digest(ctx, job.room)]
