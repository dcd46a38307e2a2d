"""Outbound messages of a link: each is the next of our own chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.api import Context, Room, SendRaw, rooms
from commands.links import store
from commands.links.declaration import ROOM
from commands.links.protocol.chain import Head
from commands.links.protocol.envelope import Envelope
from commands.links.store import Link, State

THERE = (State.MEETING, State.CODE, State.LINKED)
"""States of peers that are in the room and get the key to what is said."""
SHUT = (State.GONE, State.STOPPED)
"""States of peers of which nothing counts."""


def new_id() -> str:
    """Return a new id for something that messages are about: 128 random bits."""
    return token_hex(16)


async def room_of(ctx: Context, link: Link) -> Room | None:
    """Return the link's room, if the bot is in it."""
    room = await rooms.get(ctx.db, link.room) if link.room else None
    return room if room is not None and room.joined else None


async def is_in(ctx: Context, link: Link) -> bool:
    """Tell whether the bot is in the link's room."""
    return await room_of(ctx, link) is not None


async def is_open(ctx: Context, link: Link) -> bool:
    """Tell whether the bot is in the link's room and others may come in or read along.

    While they may, nothing is said there.
    """
    room = await room_of(ctx, link)
    return room is not None and not room.closed


async def send(
    ctx: Context, link: Link, kind: str, body: Mapping[str, Any], about: str | None = None
) -> SendRaw:
    """Do the same as `write_message`, and return only the effect."""
    return (await write(ctx, link, kind, body, about))[1]


async def write(
    ctx: Context, link: Link, kind: str, body: Mapping[str, Any], about: str | None = None
) -> tuple[Envelope, SendRaw]:
    """Sign a message, store it and return it with the effect that sends it.

    All in this transaction. Raises `ValueError` for a body that can't be signed, and without a
    room.
    """
    now = await store.get(ctx.db, link.item)
    if now is None or now.room is None:
        raise ValueError("no such link, or no room yet")
    one = Envelope(
        link=now.name,
        network=ctx.signer.public,
        seq=now.head.seq + 1,
        prev=now.head.hash,
        kind=kind,
        id=about or new_id(),
        body=dict(body),
    ).signed(ctx.signer)
    await store.keep(ctx.db, link.item, one, ctx.read)
    await store.extend(ctx.db, link.item, Head(one.seq, one.hash))
    return one, (await post(ctx, now, one.content()))[0]


async def post(ctx: Context, link: Link, *contents: Mapping[str, Any]) -> list[SendRaw]:
    """Return effects that send these contents, readable only for peers that are `PRESENT`."""
    if link.room is None:
        return []
    every = await store.peers(ctx.db, link.item)
    readers = tuple(p.bot for p in every if p.state in THERE)
    return [SendRaw(ROOM, content, link.room, readers) for content in contents]


async def again(
    ctx: Context, link: Link, key: str, first: int, last: int, since: datetime
) -> list[SendRaw]:
    """Send stored messages of a chain again, ours or another's, and record that.

    Those that anybody sent again after `since` are left out, as they are on their way to all.
    """
    held = await store.not_again_since(ctx.db, link.item, key, first, last, since)
    await store.went_again(ctx.db, link.item, key, first, last, ctx.read)
    return await post(ctx, link, *held)
