"""Services of joint decisions: what is declared, what is being decided, and who reads it."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    BEING_DECIDED,
    ITEM_READERS,
    SEALED_AT,
    Context,
    Item,
    Line,
    Number,
    RoomId,
    _,
    items,
)
from commands.joint_decisions import store
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.home_result import sealing_time
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.store import Returned
from commands.joint_decisions.terms import Opening, decode_bits
from commands.links.network_names import readers_line

feature.log_line("proposed", _("proposed joint decision {number} to {names}"))
feature.log_line("joined_decision", _("took part in joint decision {number}"))
feature.log_line("declined_decision", _("did not take part in joint decision {number}"))
feature.rows("joint_decisions_decision", room="room")
feature.at_split(
    "joint_decisions_decision",
    "waits",
    "result IS NULL",
    _("Number {number} is decided with other networks."),
)


@feature.offers(BEING_DECIDED)
async def joint_decisions_in(ctx: Context, room: RoomId) -> list[Item]:
    """Return the open joint decisions of linked networks that this room takes part in, also before
    its vote opens."""
    found: list[Item] = []
    for one in await store.open_decisions_in(ctx.db, room):
        item = await items.get(ctx.db, one.item)
        if item and await store.takes_part(ctx.db, one, ctx.signer.public):
            found.append(item)
    return found


@feature.offers(SEALED_AT)
async def sealed_at(ctx: Context, poll: Number) -> datetime | None:
    """Return when our counts of a joint decision are sealed (UTC); None for another poll, and for
    one that is our own again."""
    one = await store.decision_of_poll(ctx.db, poll)
    if one is None or one.told is not None or one.returned is Returned.OWN:
        return None
    return sealing_time(one.terms)


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return a line with the other networks whose people read a joint decision: those that take
    part, or before it opens those that are asked. None for a device that counts in one room only.
    """
    one = await store.get_decision(ctx.db, item.number)
    if one is None or not ctx.is_trusted:
        return []
    opened = await store.get_word(ctx.db, one.item, "open", one.terms.proposer)
    part = set(one.terms.keys)
    if opened is not None:
        part = set(decode_bits(one.terms.keys, opened.parse_body(Opening).part))
    names = await network_names(ctx, one)
    others = [names[key] for key in one.terms.keys if key in part - {ctx.signer.public}]
    return [readers_line(others)] if others else []
