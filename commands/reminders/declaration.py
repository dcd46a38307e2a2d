"""Declaration of the reminders feature, its limits, and common answers."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from bot.api import Context, Feature, Line, Say, Topic, UserError, _, dates, words
from commands.reminders.reminder_store import Reminder

feature = Feature("reminders", Path(__file__).parent)

AGAIN_JOB = feature.job("again")
RING_JOB = feature.job("ring")

REMINDERS = Topic("reminders", words("recordatorios", "lembretes", "reminders"), _("Reminders"))
MOST_AHEAD = timedelta(days=3653)
DEFAULT_TIME = time(9)
"""When a reminder without an hour rings. The confirmation names it."""


def with_default_time(when: dates.ZonedTime) -> dates.ZonedTime:
    """Return the instant of `DEFAULT_TIME` on a day, for a reminder without an hour."""
    wall = datetime.combine(when.wall.date(), DEFAULT_TIME)
    return dates.ZonedTime(dates.to_utc(wall, when.zone), wall, when.zone, True)


def require_not_too_far(ctx: Context, at: datetime) -> None:
    """Raise `UserError` if the time of a reminder is more than ten years ahead."""
    if at > ctx.said_at + MOST_AHEAD:
        raise UserError(_("That is too far away: ten years at most."))


def answer_about(ctx: Context, one: Reminder, *lines: Line) -> Say:
    """Return an answer to the typed line, so that replies to it are about the reminder."""
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=one.item)
