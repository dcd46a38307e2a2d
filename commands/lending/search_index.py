"""Enter things that are lent into the search index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import FINDABLE_KINDS, Context, Findable, FindableKind, UserId, _, search, words
from commands.lending.declaration import feature
from commands.lending.loans import LentThing, ThingOwner

THING_KIND = "thing"


async def index_thing(ctx: Context, thing: LentThing, themes: Sequence[str]) -> None:
    """Add a thing that can be lent to the search index. Only a person's thing is indexed with its
    owner."""
    one = Findable(
        feature.name,
        str(thing.item),
        THING_KIND,
        thing.room,
        thing.title,
        ctx.said_at,
        themes=tuple(themes),
        person=thing.keeper if thing.owner is ThingOwner.PERSON else UserId(""),
        item=thing.item,
        network=thing.owner is ThingOwner.NETWORK,
    )
    await search.index_entry(ctx.db, one)


async def unindex_thing(ctx: Context, thing: LentThing) -> None:
    """Remove a thing that can be lent from the search index."""
    await search.delete(ctx.db, feature.name, str(thing.item))


@feature.offers(FINDABLE_KINDS)
async def search_kinds(_ctx: Context) -> Mapping[str, FindableKind]:
    """Return what the search needs to find things for lending: their kind, its name, and the
    command that opens one."""
    name = words("cosa", "coisa", "thing", "cosas, préstamo | coisas, empréstimo | things, loan")
    return {THING_KIND: FindableKind(name, _("`!borrow {number}`"))}
