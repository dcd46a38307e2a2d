"""Reminders for people who are stuck at a step, and reports of them to the moderators."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Context,
    JobKind,
    Length,
    Line,
    Number,
    RoomId,
    Say,
    Setting,
    UserId,
    _,
    words,
)
from commands.rules.declaration import feature
from storage.database import Tx

REMINDER_DELAY = Setting(
    "door_nudge",
    words("recordar-preguntas", "lembrar-perguntas", "door-reminder"),
    Length(timedelta(hours=1), timedelta(days=20)),
    str(48 * 3600),
    _("After how long who stopped at the door's questions gets one reminder."),
)
"""How long after a step began the newcomer is reminded of it, once."""
feature.settings.append(REMINDER_DELAY)
WEEK = timedelta(days=7)
"""How long after a step began the moderators hear that somebody is stuck at it."""
MOST_A_DAY = 5
"""How many stuck people the moderators hear of one by one in a day. Then one line says: more."""


async def schedule_reminders(
    ctx: Context,
    nudge: JobKind,
    stuck: JobKind,
    room: RoomId,
    *,
    item: Number | None = None,
    person: UserId | None = None,
) -> None:
    """Schedule the job `nudge` for the newcomer, and `stuck` a week later for the moderators."""
    pause = timedelta(seconds=int(await ctx.setting_value(REMINDER_DELAY, room)))
    await ctx.schedule(nudge, ctx.now + pause, item=item, room=room, person=person)
    await ctx.schedule(stuck, ctx.now + WEEK, item=item, room=room, person=person)


async def tell_moderators(ctx: Context, line: Line) -> list[Say]:
    """Return a message with `line` for the moderators' room.

    At most `MOST_A_DAY` such messages are sent in a day (UTC), and then one that says that there
    are more.
    """
    place, today = await ctx.moderators_room(), ctx.now.date().isoformat()
    if place is None:
        return []
    count = await _count_told(ctx.db, today)
    if count > MOST_A_DAY:
        return []
    more = _("More people are stuck for a week. Who is at which step: `!requests`")
    lines = (more,) if count == MOST_A_DAY else (line, _("Who is at which step: `!requests`"))
    return [Say(lines, room=place)]


async def _count_told(tx: Tx, day: str) -> int:
    """Return how many such messages the day (ISO 8601) had before, and count one more."""
    await tx.run("DELETE FROM rules_stuck_told WHERE day != ?", day)
    row = await tx.one(
        "INSERT INTO rules_stuck_told VALUES (?, 1)"
        " ON CONFLICT (day) DO UPDATE SET count = count + 1 RETURNING count - 1 AS before",
        day,
    )
    return int(row["before"]) if row else 0
