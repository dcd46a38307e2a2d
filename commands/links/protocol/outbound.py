"""Outbound messages of a link: each is the next of our own chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.api import Context, Room, SendRaw, rooms
from commands.links import store
from commands.links.declaration import LINK_TYPE
from commands.links.protocol.chain import ChainHead
from commands.links.protocol.envelope import NetworkEnvelope
from commands.links.store import NetworkLink, PeerState

PRESENT = (PeerState.MEETING, PeerState.CODE, PeerState.LINKED)
"""States of peers that are in the room and get the key to what is said."""
STOPPED_STATES = (PeerState.GONE, PeerState.STOPPED)
"""States of peers of which nothing counts."""
UNREAD_STATES = (PeerState.STOPPED, PeerState.DOUBTED)
"""States of peers whose messages are not read. Those of a `DOUBTED` one are asked for later."""


def new_id() -> str:
    """Return a new random id (128 bits) for something that messages between networks are about."""
    return token_hex(16)


async def link_room(ctx: Context, link: NetworkLink) -> Room | None:
    """Return the room of a link with other networks, if the bot is in it, else None."""
    room = await rooms.get(ctx.db, link.room) if link.room else None
    return room if room is not None and room.joined else None


async def is_in_room(ctx: Context, link: NetworkLink) -> bool:
    """Return whether the bot is in the link's room."""
    return await link_room(ctx, link) is not None


async def is_room_open(ctx: Context, link: NetworkLink) -> bool:
    """Return whether the bot is in the link's room and others may come in or read along.

    While they may, nothing is said there.
    """
    room = await link_room(ctx, link)
    return room is not None and not room.is_closed


async def send_message(
    ctx: Context, link: NetworkLink, kind: str, body: Mapping[str, Any], about: str | None = None
) -> SendRaw:
    """Sign a message of ours to the networks of a link and store it; return the effect that sends
    it.

    Raises `ValueError` for a body that can't be signed, and without a room.
    """
    return (await write_message(ctx, link, kind, body, about))[1]


async def write_message(
    ctx: Context, link: NetworkLink, kind: str, body: Mapping[str, Any], about: str | None = None
) -> tuple[NetworkEnvelope, SendRaw]:
    """Sign and store a message to the networks of a link, and return it with the effect that sends
    it.

    All in this transaction. Raises `ValueError` for a body that can't be signed, and without a
    room.
    """
    now = await store.get_link(ctx.db, link.item)
    if now is None or now.room is None:
        raise ValueError("no such link, or no room yet")
    one = NetworkEnvelope(
        link=now.name,
        network=ctx.signer.public,
        seq=now.head.seq + 1,
        prev=now.head.hash,
        kind=kind,
        id=about or new_id(),
        body=dict(body),
    ).sign_with(ctx.signer)
    await store.put_message(ctx.db, link.item, one, ctx.now)
    await store.set_own_head(ctx.db, link.item, ChainHead(one.seq, one.hash))
    return one, (await post_contents(ctx, now, one.content()))[0]


async def post_contents(
    ctx: Context, link: NetworkLink, *contents: Mapping[str, Any]
) -> list[SendRaw]:
    """Return effects that send these event contents into the link's room, readable only for peers
    that are `PRESENT`."""
    if link.room is None:
        return []
    every = await store.peers_of_link(ctx.db, link.item)
    readers = tuple(p.bot for p in every if p.state in PRESENT)
    return [SendRaw(LINK_TYPE, content, link.room, readers) for content in contents]


async def resend_messages(
    ctx: Context, link: NetworkLink, key: str, first: int, last: int, since: datetime
) -> list[SendRaw]:
    """Send stored messages of a network's chain again, ours or another's, and record that. Messages
    that anybody sent again after `since` (UTC) are left out, as they are on their way to all.
    Return what to send."""
    held = await store.messages_not_resent_since(ctx.db, link.item, key, first, last, since)
    await store.mark_resent(ctx.db, link.item, key, first, last, ctx.now)
    return await post_contents(ctx, link, *held)
