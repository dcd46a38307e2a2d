"""Services of joint decisions: what is declared, what is being decided, and after a restore."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    BEING_DECIDED,
    ITEM_READERS,
    Context,
    Effect,
    Item,
    Line,
    RoomId,
    Say,
    _,
    items,
)
from commands.joint_decisions import question, store
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.terms import Opening, TermsAnswer, decode_bits
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
        if item and await _takes_part(ctx, one):
            found.append(item)
    return found


@feature.offers(AFTER_RESTORE)
async def hold_ended_decisions(ctx: Context, _made: datetime) -> list[Effect]:
    """After a restored backup, work out no result of a joint decision whose vote was over by then.
    Return what to tell the rooms.

    What we had sealed, opened or seen may be lost here and known to the others: without it another
    result would follow than theirs, and than the one that our room may have read.
    """
    said: list[Effect] = []
    for one in await store.untold_decisions(ctx.db):
        if one.terms.closes > ctx.now.timestamp() or not await _takes_part(ctx, one):
            continue
        await store.put_decision(ctx.db, replace(one, told=store.RESTORED))
        named = {"number": one.item, "title": question.title(one.terms)}
        lines = (
            _("Joint decision {number}, “{title}”: if I said its result, that holds.", **named),
            _("If not, I say it once another network has signed the same."),
        )
        said.append(Say(lines, room=one.room, item=one.item))
    return said


async def _takes_part(ctx: Context, one: store.JointDecision) -> bool:
    """Return whether our network said yes to a joint decision."""
    sign = await store.get_word(ctx.db, one.item, "sign", ctx.signer.public)
    return sign is not None and sign.parse_body(TermsAnswer).answer == "yes"


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
