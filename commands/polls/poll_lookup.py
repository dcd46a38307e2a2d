"""Find the poll that a line is about: by number, by reply, or the only one open here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    Context,
    Item,
    Missing,
    Number,
    UserError,
    UserId,
    _,
    is_in,
    items,
)
from commands.polls import poll_store
from commands.polls.votes import vote_rules


async def hint(ctx: Context, text: str) -> None:
    """Raise `UserError` with the full form of `!vote 2` if 2 is no poll here and one is open."""
    if ctx.private or not vote_rules.is_number(text):
        return
    named = await items.get(ctx.db, Number(int(text)))
    found = await poll_store.open_in(ctx.db, ctx.room, 2)
    if (named is None or named.kind != "poll" or named.room != ctx.room) and len(found) == 1:
        raise UserError(
            _(
                "There is no poll {words} here. To vote in poll {number}: `!vote {number} {words}`",
                words=int(text),
                number=found[0][0],
            )
        )


async def with_option(ctx: Context, numbers: Sequence[Number], text: str) -> Item | None:
    """Return the one open poll that has this option, or None. Secret polls are never it."""
    found = [await poll_store.get(ctx.db, number) for number in numbers]
    said = vote_rules.bare(text)
    fits = [poll for poll in found if said in {vote_rules.bare(one.label) for one in poll.options}]
    if len(fits) != 1 or fits[0].rule.secret:
        return None
    return await items.get(ctx.db, fits[0].number)


async def meant(ctx: Context, text: str, takes: int = 0) -> tuple[Item, str]:
    """Return the poll by its number, by reply, or the only one open, and the text left over.

    Raises `Missing` if no poll is clear.
    """
    replied = await ctx.replied("poll")
    count = (await poll_store.get(ctx.db, replied.number)).places if replied else 0
    try:
        if vote_rules.is_list(text, count):
            if replied is not None:
                return replied, text
            raise Missing("text", _("the number of the poll"))
        return await ctx.item(text, "poll", takes=takes)
    except Missing:
        found = [] if ctx.private else await poll_store.open_in(ctx.db, ctx.room)
        item = await items.get(ctx.db, found[0][0]) if len(found) == 1 else None
        item = item or await with_option(ctx, [number for number, *_rest in found], text)
        if item is None:
            raise Missing("text", _("the number of the poll")) from None
        return item, text


async def named(ctx: Context, text: str) -> Item:
    """Return the poll whose number the words hold, or the open one if there are no words.

    Raises `Missing` if no poll is clear.
    """
    number = vote_rules.number_in(text)
    if text.strip() and not number and await ctx.replied("poll") is None:
        raise Missing("text", _("the number of the poll"))
    return (await meant(ctx, number))[0]


async def joined(ctx: Context, item: Item, person: UserId) -> bool:
    """Return whether this person is in the poll's room now, or in the one it was upgraded from."""
    return await is_in(ctx, item.room, person)
