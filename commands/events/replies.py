"""Plain lines in reply to the message about an event."""

from __future__ import annotations

from bot.api import Answer, Context, Item, ItemAccess, Reach
from commands.events import field_changes
from commands.events.declaration import feature
from commands.events.extensions import EVENT_REPLY
from commands.translations.replies import translate_in_reply


@feature.reply("event", does=ItemAccess.COUNTS, reach=Reach.ROOM)
async def answer_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Return the answer to a reply to an event, of the first capability that understands it, or
    None."""
    translated = await translate_in_reply(ctx, text)
    if translated is not None:
        return translated
    for answer_by_reply in ctx.registry.offers(EVENT_REPLY):
        answer = await answer_by_reply(ctx, item, text)
        if answer is not None:
            return answer
    return await field_changes.change_by_reply(ctx, item, text)
