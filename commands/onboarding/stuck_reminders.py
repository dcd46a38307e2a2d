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
    settings,
    words,
)
from commands.onboarding.declaration import feature

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
    """Schedule `nudge` for the person, and `stuck` a week later for the moderators."""
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
    day, _space, kept = (await settings.get_fact(ctx.db, "stuck_told") or "").partition(" ")
    count = int(kept) if day == today else 0
    await settings.set_fact(ctx.db, "stuck_told", f"{today} {count + 1}")
    if count > MOST_A_DAY:
        return []
    more = _("More people are stuck for a week. Who is at which step: `!requests`")
    lines = (more,) if count == MOST_A_DAY else (line, _("Who is at which step: `!requests`"))
    return [Say(lines, room=place)]
