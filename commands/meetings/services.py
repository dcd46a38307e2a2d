"""The services of meetings for other capabilities."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    BEING_DECIDED,
    CANCEL,
    EXPORT_PERSON,
    MOVE_ROOM,
    PENDING_OF_KIND,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Moment,
    RoomId,
    UserId,
    _,
    is_author,
    items,
    n_,
)
from commands.meetings import declaration, meeting_end, store
from commands.meetings.declaration import feature

feature.rows("meetings_meeting", room="room", person="speaker", on_forget="blank")
feature.rows("meetings_point", room="room", person="person", text="title", on_forget="blank")
feature.rows("meetings_line", text="words", on_forget="blank")
feature.rows("item", text="title", where="feature = 'meetings'", on_forget="blank")
feature.rows(
    "meetings_person",
    person="person",
    says=n_("{count} meeting", "{count} meetings", 0),
)
feature.log_line("ended", _("ended meeting {number}"))


@feature.offers(PENDING_OF_KIND.of("meeting"))
async def list_open_meetings(ctx: Context, room: RoomId) -> list[Line]:
    """List the meetings going on in a room."""
    return [
        _(
            "Meeting {number} is going on since {moment}.",
            number=one.item,
            moment=Moment(one.started),
        )
        for one in await store.open_meetings_in(ctx.db, room)
    ]


@feature.offers(BEING_DECIDED)
async def meetings_going_on(ctx: Context, room: RoomId) -> list[Item]:
    """Return the meetings going on in a room."""
    return await items.open_in(ctx.db, room, "meeting")


@feature.offers(CANCEL.of("meeting"))
async def cancel_meeting(ctx: Context, item: Item) -> Answer:
    """End a meeting now, with its minutes; say so if it has ended already. Return what to say, if
    anything."""
    meeting = await store.get_meeting(ctx.db, item.number)
    if meeting is None or meeting.ended is not None:
        return _("Meeting {number} has ended. Its minutes: `!meeting {number}`", number=item.number)
    if not is_author(ctx, item):
        await ctx.log("ended", {"number": item.number}, room=item.room)
    effects = await meeting_end.finish_meeting(ctx, meeting, ctx.said_at)
    told = _("Meeting {number} has ended. Its minutes: `!meeting {number}`", number=item.number)
    return effects if item.room == ctx.room else [told, *effects]


@feature.offers(AFTER_RESTORE)
async def report_lost_lines(ctx: Context, made: datetime) -> list[Effect]:
    """Tell each room with an open meeting that lines of the minutes after the backup are lost.
    Return the messages."""
    return [
        declaration.meeting_message(
            one,
            _(
                "Meeting {number} goes on, but what I kept after {moment} is lost: please write it"
                " again.",
                number=one.item,
                moment=Moment(made),
            ),
        )
        for one in await store.all_open_meetings(ctx.db)
    ]


@feature.offers(MOVE_ROOM)
async def move_threads(ctx: Context, _old: RoomId, new: RoomId) -> list[Effect]:
    """Take meetings and agenda of a replaced room out of their threads, which the new room does not
    have. Return what to send."""
    await store.move_threads(ctx.db, new)
    return []


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """List the meetings in which a person took part."""
    return [
        _("You took part in meeting {number}.", number=number)
        for number in await store.meetings_of_person(ctx.db, person)
    ]
