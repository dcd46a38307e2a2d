"""Services of the reminders feature: moved rooms and a person's data."""

from __future__ import annotations

from bot.api import (
    EXPORT_PERSON,
    MOVE_ROOM,
    Context,
    Effect,
    Line,
    Moment,
    RoomId,
    UserId,
    _,
    n_,
)
from commands.reminders import reminder_store
from commands.reminders.declaration import feature

feature.rows(
    "item",
    person="author",
    where="feature = 'reminders'",
    on_forget="item",
    says=n_("{count} reminder deleted", "{count} reminders deleted", 0),
)


@feature.offers(MOVE_ROOM)
async def move_room(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Remove the threads of the reminders of a room that was replaced. Items and jobs of the
    reminders have moved already. Return what to send."""
    await reminder_store.clear_threads(ctx.db, new)
    return []


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for every reminder of the person, also those that have rung."""
    return [
        _(
            'Reminder {number}: {moment}, "{text}"',
            number=one.item,
            moment=Moment(one.due, one.zone),
            text=one.title,
        )
        for one in await reminder_store.all_reminders_of(ctx.db, person)
    ]
