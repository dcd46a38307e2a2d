"""Declared data of joint decisions."""

from __future__ import annotations

from bot.api import BEING_DECIDED, ITEM_READERS, Context, Item, Line, RoomId, _, items
from commands.joint_decisions import store
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.terms import TermsAnswer
from commands.links.network_names import network_readers

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
        sign = await store.get_word(ctx.db, one.item, "sign", ctx.signer.public)
        item = await items.get(ctx.db, one.item)
        if item and sign is not None and sign.parse_body(TermsAnswer).answer == "yes":
            found.append(item)
    return found


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return a line with the networks that read a joint decision: all in its link."""
    one = await store.get_decision(ctx.db, item.number)
    return await network_readers(ctx, [one.link]) if one is not None else []
