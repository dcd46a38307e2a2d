"""`!results 57` and `!close 57` for what is no poll: handed to the capability of the item."""

from __future__ import annotations

from bot.api import Answer, Context, Item, KindService, Number, items
from commands.decision_rules import vote_rules


async def answer_about(ctx: Context, text: str, service: KindService[[Item], Answer]) -> Answer:
    """Return what the capability of the named item answers; None for a poll, or where none does.

    An item that the person can't see is left to the poll's own refusal.
    """
    number = vote_rules.first_number(text)
    item = await items.get(ctx.db, Number(int(number))) if number else await ctx.replied_item()
    if item is None or item.kind == "poll" or not await ctx.may_see(item):
        return None
    for offer in ctx.registry.offers(service.of(item.kind)):
        ctx.answer_privately_about(item)
        return await offer(ctx, item)
    return None
