"""Declared data of publishing joint decisions, and what waits for an answer."""

from __future__ import annotations

from bot.api import PENDING, Context, Item, Line, Number, RoomId, _, items, public_services
from commands.joint_decisions import store as joint_store
from commands.joint_publication import agreement, store
from commands.joint_publication.declaration import feature

for table in ("joint_publication_word", "joint_publication_file"):
    feature.at_split(table, "stays")  # with the network that was named


@feature.offers(public_services.PART_OF)
async def whole_of(ctx: Context, item: Item) -> Number | None:
    """Return the joint decision of which this vote of ours is a part, or None if it was called
    off."""
    one = await joint_store.decision_of_poll(ctx.db, item.number)
    if one is None or one.returned is joint_store.Returned.OWN:
        return None
    return None if one.told in joint_store.ENDINGS_WITHOUT_RESULT else one.item


@feature.offers(PENDING)
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with the joint decisions of this room that another network wants to make
    public."""
    found = []
    for number in await store.unanswered(ctx.db, ctx.signer.public):
        item = await items.get(ctx.db, number)
        asks = item is not None and item.room == room
        if asks and await agreement.find_asker(ctx, number):
            line = _(
                "May joint decision {number} be public? `!network accept {number}`", number=number
            )
            found.append(line)
    return found
