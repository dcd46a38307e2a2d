"""How many people take part in what networks share, and what our own messages say of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from bot.api import (
    ORIGIN_NETWORK,
    PARTICIPANT_TOTALS,
    REFRESH_MESSAGES,
    REMOTE_COUNT_LINES,
    SHARING_CHANGED,
    Answer,
    Context,
    Count,
    Item,
    Line,
    Number,
    StrictModel,
    _,
    items,
)
from commands.links import store
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import NetworkEnvelope
from commands.links.store import NetworkLink, Peer
from commands.shares import share_store
from commands.shares.declaration import feature
from commands.shares.share_store import Fate, ReceivedShare

TOTAL_LINES: dict[str, Line] = {"going": _("coming: {count}"), "maybe": _("maybe: {count}")}
"""What is counted of people who take part, and how each count reads."""


class TotalsBody(StrictModel):
    """Body of `totals`: how many people take part here."""

    counts: dict[str, Annotated[Count, Field(le=10**7)]]


async def send_totals(ctx: Context, item: Item, copy: ReceivedShare) -> Answer:
    """Send how many people take part in a copy to the network that shared it. Return the message,
    or None if they were told the same, or are linked no more."""
    link = await store.get_link(ctx.db, copy.link)
    for offer in ctx.registry.offers(PARTICIPANT_TOTALS.of(item.kind)):
        counts = {
            key: n for key, n in (await offer(ctx, item.number)).items() if key in TOTAL_LINES
        }
        text = repr(sorted(counts.items()))
        if link is None or link.room is None or copy.fate is not Fate.TAKEN or text == copy.told:
            return None
        await share_store.put_received(ctx.db, replace(copy, told=text))
        return await outbound.send_message(
            ctx, link, "totals", TotalsBody(counts=counts).model_dump(), copy.id
        )
    return None


@inbound.handles("totals", of=feature)
async def receive_totals(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Store how many people of another network take part in an item that we share. Return what to
    say, if anything."""
    counts = said.parse_body(TotalsBody).counts
    one = await share_store.find_sent(ctx.db, link.item, said.id)
    if one is not None:
        known = {key: count for key, count in counts.items() if key in TOTAL_LINES}
        await share_store.set_total(ctx.db, one, peer.bot, known)
        item = await items.get(ctx.db, one.item)
        for retell in ctx.registry.offers(REFRESH_MESSAGES.of(item.kind)) if item else ():
            await retell(ctx, one.item)
    return None


async def end_peer_totals(ctx: Context, peer: Peer) -> None:
    """Delete the numbers of people from one network that left a link, and update the messages about
    our shares."""
    await share_store.drop_totals(ctx.db, peer.link, peer.bot)
    for one in await share_store.sent_in_link(ctx.db, peer.link):
        await update_messages(ctx, one.item)


async def update_messages(ctx: Context, number: Number) -> None:
    """Update all that our own messages say of the item: who has it, and the totals."""
    item = await items.get(ctx.db, number)
    if item is not None:
        await update_own_texts(ctx, item)
        for retell in ctx.registry.offers(REFRESH_MESSAGES.of(item.kind)):
            await retell(ctx, number)


async def update_own_texts(ctx: Context, item: Item) -> None:
    """Update what our own messages say about who has the item."""
    for offer in ctx.registry.offers(SHARING_CHANGED.of(item.kind)):
        await offer(ctx, item.number)


@feature.offers(ORIGIN_NETWORK)
async def origin_line(ctx: Context, number: Number) -> Line | None:
    """Return the line that says which network shared the item; None for our own."""
    copy = await share_store.received_by_copy(ctx.db, number)
    if copy is None:
        return None
    peer = await store.get_peer(ctx.db, copy.link, copy.bot)
    return _("Shared by {network}", network=peer.name if peer else copy.bot)


@feature.offers(REMOTE_COUNT_LINES)
async def elsewhere_lines(ctx: Context, number: Number) -> list[Line]:
    """Return lines with the network that shared the item, or how many take part in each other
    network."""
    copy = await share_store.received_by_copy(ctx.db, number)
    if copy is not None:
        peer = await store.get_peer(ctx.db, copy.link, copy.bot)
        name = peer.name if peer else copy.bot
        if copy.fate is Fate.UNLINKED:
            return [_("Shared by {network}, which keeps it up no more.", network=name)]
        return [_("Shared by {network}.", network=name)]
    lines = []
    for name, counts in await share_store.totals(ctx.db, number):
        parts = tuple(
            replace(TOTAL_LINES[key], values={"count": count})
            for key, count in counts.items()
            if count
        )
        if parts:
            lines.append(_("{network}: {counts}", network=name, counts=parts))
    return lines
