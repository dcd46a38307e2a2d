"""What `done 57` and `on it 57` mean: each kind of item names its own command.

A number is the same thing in the whole network, so nobody has to know which capability made it.
"""

from __future__ import annotations

import re

from bot.capability.context import Context
from bot.capability.service import KindService
from bot.types import Number
from storage import items
from storage.items import Item

_NUMBER = re.compile(r"\s*#?(\d{1,9})(?![\d:/.,\-]*\d)\s*(.*)", re.DOTALL)


async def line_about(
    ctx: Context, service: KindService[[Item], str | None], text: str
) -> str | None:
    """Return the command line that does the act with the item of this number, or the item replied
    to.

    None if there is no such item or, without a difference to be seen, if its kind has no such act
    for this person.
    """
    found = _NUMBER.fullmatch(text)
    if found is not None:
        item, rest = await items.get(ctx.db, Number(int(found[1]))), found[2]
    else:
        replied = ctx.origin.reply_to
        item, rest = (await items.item_about(ctx.db, replied) if replied else None), text
    if item is None:
        return None
    for offer in ctx.registry.offers(service.of(item.kind)):
        line = await offer(ctx, item)
        if line is not None:
            return f"{line} {rest}".strip()
    return None
