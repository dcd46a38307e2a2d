"""How long anybody waits at a step before they, and then the moderators, hear of it."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Context,
    Length,
    Line,
    Number,
    RoomId,
    Say,
    Setting,
    UserId,
    _,
    settings,
    words,
)
from commands.onboarding.base import feature

NUDGE = Setting(
    "door_nudge",
    words("recordar-preguntas", "lembrar-perguntas", "door-reminder"),
    Length(timedelta(hours=1), timedelta(days=20)),
    str(48 * 3600),
    _("After how long who stopped at the door's questions gets one reminder."),
)
feature.settings.append(NUDGE)
WEEK = timedelta(days=7)
ALOUD = 5
"""So many who are stuck are told one by one in a day; then one line says that there are more."""


async def begin(
    ctx: Context,
    nudge: str,
    stuck: str,
    room: RoomId,
    *,
    item: Number | None = None,
    person: UserId | None = None,
) -> None:
    """One reminder for the person, and after a week a line for the moderators."""
    pause = timedelta(seconds=int(await ctx.setting(NUDGE, room)))
    await ctx.schedule(nudge, ctx.read + pause, item=item, room=room, person=person)
    await ctx.schedule(stuck, ctx.read + WEEK, item=item, room=room, person=person)


async def told(ctx: Context, line: Line) -> list[Say]:
    """For the moderators: few lines a day, however many are stuck."""
    place, today = await ctx.moderators_room(), ctx.read.date().isoformat()
    if place is None:
        return []
    day, _space, kept = (await settings.fact(ctx.db, "stuck_told") or "").partition(" ")
    count = int(kept) if day == today else 0
    await settings.set_fact(ctx.db, "stuck_told", f"{today} {count + 1}")
    if count > ALOUD:
        return []
    more = _("More people are stuck for a week. Who is at which step: `!requests`")
    lines = (more,) if count == ALOUD else (line, _("Who is at which step: `!requests`"))
    return [Say(lines, room=place)]
