"""Something is taken out: by who may, or because the message that it was is deleted."""

from __future__ import annotations

from bot.api import Answer, Context, Effect, Item, Line, Redact, Redaction, Say, _, items
from commands.library import say, store
from commands.library.base import KIND, feature
from commands.library.store import Resource


@feature.service(f"cancel:{KIND}")
async def cancel(ctx: Context, item: Item) -> list[Line | Effect]:
    """With its versions, and what was said of it anywhere."""
    one = await store.get(ctx.db, item.number)
    if one is None:
        return [_("{number} is not in the library any more.", number=item.number)]
    ctx.confirm(
        _("#{name} ({number}) goes out of the library, with its versions: {text}", name=one.name,
          number=one.item, text=say.about(one)),
        final=True,
    )  # fmt: skip
    if ctx.who != one.keeper:
        await ctx.log("withdrawn", {"number": one.item}, room=one.room)
    return [_("#{name} is out of the library.", name=one.name), *await take_out(ctx, one)]


@feature.on(Redaction)
async def redacted(ctx: Context, what: Redaction) -> Answer:
    """Who takes a message back takes back what was kept of it."""
    gone = await store.made_of(ctx.db, what.target)
    answer: list[Effect] = []
    for one in gone:
        answer += await take_out(ctx, one)
        if what.sender != one.keeper:
            await ctx.log("withdrawn", {"number": one.item}, room=one.room)
    if gone:
        names = tuple(say.called(one) for one in gone)
        line = _("Out of the library, as the message was deleted: {names}", names=names)
        answer.append(Say((line,), room=what.room))
    return answer


async def take_out(ctx: Context, one: Resource) -> list[Effect]:
    """Nothing of it stays here, in the index neither; what I posted of it is taken back."""
    said = await items.recall(ctx.db, one.item, "said:")
    await items.drop(ctx.db, one.item)
    ctx.db.shred()
    return [Redact(event, room=room, quiet=True) for event, room in said]
