"""Declared data of publishing joint decisions, and what waits for an answer."""

from __future__ import annotations

from bot.api import PENDING, Context, Line, RoomId, _, items
from commands.joint_publication import agreement, store
from commands.joint_publication.declaration import feature

for table in ("joint_publication_word", "joint_publication_file"):
    feature.at_split(table, "stays")  # with the network that was named


@feature.offers(PENDING)
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return the joint decisions of this room that another network wants to make public."""
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
