"""Who says that a translation holds: whoever may write what it is of into all its rooms today."""

from __future__ import annotations

from bot.api import Context, Item, UserId, is_author, may_speak, moderators
from commands.many_rooms.room_choice import may_post
from commands.translations.services import TranslatableWords

MOST_ASKED = 5
"""Of how many moderators the yes is asked; that of one is enough."""


async def needs_no_yes(ctx: Context, item: Item, known: TranslatableWords) -> bool:
    """Return whether the person's translation of an item is shown without anybody's consent.

    It is so for who wrote the item; where they may not write it any more, for a moderator who may.
    """
    if not await ctx.may_change(item) or not await _may_write(ctx, item, known, ctx.who):
        return False
    return is_author(ctx, item) or not await _may_write(ctx, item, known, item.author)


async def list_deciders(ctx: Context, item: Item, known: TranslatableWords) -> tuple[UserId, ...]:
    """Return the people of whom one must accept a translation of an item."""
    if await _may_write(ctx, item, known, item.author):
        return (item.author,)
    return tuple(await moderators(ctx, item.room))


async def _may_write(ctx: Context, item: Item, known: TranslatableWords, person: UserId) -> bool:
    """Return whether the person may do today what was asked of whoever made the item."""
    if not await may_speak(ctx, item.room, person):
        return False
    if known.is_moderated and not await ctx.moderates(item.room, person):
        return False
    for room in item.others:
        if not await may_post(ctx, room, person):
            return False
    return True
