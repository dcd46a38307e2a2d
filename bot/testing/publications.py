"""Ask a capability what of an item would become public, as whoever publishes it does."""

from __future__ import annotations

from collections.abc import Mapping

from bot.capability.context import Origin
from bot.capability.data.public_services import PUBLISH_ITEM, Publication, PublicNames
from bot.capability.prefetch import FetchedData, FetchNeeded, fetch
from bot.capability.room_policy import room_policy
from bot.testing.talk import ROOM, Talk
from bot.types import Number, RoomId, UserId
from storage import items, rooms


async def published(
    talk: Talk, number: int, names: PublicNames | None = None, *, room: RoomId = ROOM
) -> Publication:
    """Return the public document of an item as its capability would write it now.

    `names`: who may be named; by default nobody. Raises `UserError` as the provider does, and
    `IndexError` where nothing of this kind can be public.
    """
    env, fetched = talk.machine.env, FetchedData()
    names = PublicNames() if names is None else names
    while True:
        try:
            async with talk.machine.db.transaction() as tx:
                item = await items.get(tx, Number(number))
                assert item is not None, number
                ctx = env.context(
                    tx,
                    who=env.me,
                    origin=Origin(room),
                    policy=await room_policy(tx, room, env.defaults),
                    fetched=fetched,
                )
                return await ctx.registry.offers(PUBLISH_ITEM.of(item.kind))[0](ctx, item, names)
        except FetchNeeded as needed:
            fetched.store(needed.wanted, await fetch(talk.gateway, needed.wanted))


async def everybody(talk: Talk, room: RoomId = ROOM) -> Mapping[UserId, str]:
    """Return the display names of all members of a room, by user id."""
    async with talk.machine.db.reading() as tx:
        return await rooms.member_names(tx, room)


def find_in(publication: Publication, *words: str) -> list[str]:
    """Return which of these words stand anywhere in the document or in a file, in any case."""
    whole = publication.document.to_json().encode() + b"".join(publication.files.values())
    plain = whole.decode("utf-8", "replace").casefold()
    return [word for word in words if word.casefold() in plain]
