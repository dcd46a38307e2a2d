"""The feature to which the parts of the meetings register, and what all of them use."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import (
    Context,
    Effect,
    Feature,
    Line,
    Say,
    Setting,
    Switch,
    Topic,
    UserError,
    _,
    may_speak,
    words,
)
from commands.meetings import store
from commands.meetings.store import Meeting

feature = Feature("meetings", Path(__file__).parent)

END_JOB = feature.job("end")
LATE_JOB = feature.job("late")
OVER_JOB = feature.job("over")
QUIET_JOB = feature.job("quiet")

MEETINGS = Topic("meetings", words("reuniones", "reuniões", "meetings"), _("Meetings"))
LATE_AFTER = timedelta(minutes=5)
"""A message that comes later than this says so."""

NAMES_IN_MINUTES = Setting(
    "meeting_names",
    words("nombres-en-actas", "nomes-nas-atas", "names-in-minutes"),
    Switch(),
    "no",
    _("Whether minutes name who took part; without it only how many did."),
)
feature.settings.append(NAMES_IN_MINUTES)


async def current_meeting(ctx: Context) -> Meeting:
    """Return the meeting that is going on in this room or thread. Raises `UserError` if there is
    none, and in private."""
    require_room(ctx)
    found = await store.find_open_meeting(ctx.db, ctx.room, ctx.origin.thread or "")
    if found is None:
        raise UserError(_("No meeting is going on here."), _("To begin one: `!meeting start`"))
    return found


def require_room(ctx: Context) -> None:
    """Raise `UserError` if this was typed in private."""
    if ctx.is_private:
        raise UserError(_("A meeting takes place in a room: please write it there."))


async def leads(ctx: Context, meeting: Meeting) -> bool:
    """Return whether the person leads the meeting: whoever began it, or a moderator.

    Anybody does once the person who began it has left the room.
    """
    if await ctx.may_change(meeting):
        return True
    return not await may_speak(ctx, meeting.room, meeting.author)


def meeting_message(
    meeting: Meeting, *lines: Line, loud: bool = False, slot: str | None = None
) -> Effect:
    """Return a message in the room and thread of the meeting."""
    return Say(
        lines,
        room=meeting.room,
        thread=meeting.thread,
        loud=loud,
        item=meeting.item,
        slot=slot,
    )
