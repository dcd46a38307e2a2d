"""Plain lines in reply to the message about an event."""

from __future__ import annotations

from bot.api import Answer, Context, Item, ItemAccess, Reach
from commands.events import field_changes
from commands.events.attendance import rsvp_commands, shifts
from commands.events.declaration import feature


@feature.reply("event", does=ItemAccess.COUNTS, reach=Reach.ROOM)
async def answer_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Return the answer of the first part that understands the line, or None if it is talk."""
    for answer_by_reply in (
        rsvp_commands.answer_by_reply,
        shifts.answer_by_reply,
        field_changes.change_by_reply,
    ):
        answer = await answer_by_reply(ctx, item, text)
        if answer is not None:
            return answer
    return None
