"""Enter things that are lent into the search index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import Context, Findable, Kind, UserId, _, search, words
from commands.lending.declaration import feature
from commands.lending.loans import Owner, Thing

KIND = "thing"


async def put(ctx: Context, thing: Thing, themes: Sequence[str]) -> None:
    """Index a thing. Only a person's thing is indexed with its owner."""
    one = Findable(
        feature.name,
        str(thing.item),
        KIND,
        thing.room,
        thing.title,
        ctx.now,
        themes=tuple(themes),
        person=thing.keeper if thing.owner is Owner.PERSON else UserId(""),
        item=thing.item,
        network=thing.owner is Owner.NETWORK,
    )
    await search.put(ctx.db, one)


async def drop(ctx: Context, thing: Thing) -> None:
    """Remove a thing from the search index."""
    await search.drop(ctx.db, feature.name, str(thing.item))


@feature.service("kinds")
async def kinds(_ctx: Context) -> Mapping[str, Kind]:
    """Return the kind of things for the search."""
    name = words("cosa", "coisa", "thing", "cosas, préstamo | coisas, empréstimo | things, loan")
    return {KIND: Kind(name, _("`!borrow {number}`"))}
