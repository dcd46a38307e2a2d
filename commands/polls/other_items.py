"""`!results 57` and `!close 57` for what is no poll: handed to the capability of the item."""

from __future__ import annotations

from bot.api import Context, Item, Number, items
from commands.decision_rules import vote_rules


async def find_other(ctx: Context, text: str) -> Item | None:
    """Return the item that is no poll and that the words or the reply name, or None.

    One that the person can't see is left to the poll's own refusal.
    """
    number = vote_rules.first_number(text)
    item = await items.get(ctx.db, Number(int(number))) if number else await ctx.replied_item()
    if item is None or item.kind == "poll" or not await ctx.may_see(item):
        return None
    return item
