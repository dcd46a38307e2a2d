"""Saying something to the other networks: one more message of our own chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.api import Context, Room, SendRaw, rooms
from commands.links import store
from commands.links.base import ROOM
from commands.links.chain import Head
from commands.links.envelope import Envelope
from commands.links.store import Link, State

THERE = (State.MEETING, State.CODE, State.LINKED)
"""Those who are in the room, and in good standing."""
SHUT = (State.GONE, State.STOPPED)
"""Nothing of theirs counts."""


def new_id() -> str:
    """The name of something that messages are about: 128 random bits."""
    return token_hex(16)


async def room_of(ctx: Context, link: Link) -> Room | None:
    """Its room, while we are in it."""
    room = await rooms.get(ctx.db, link.room) if link.room else None
    return room if room is not None and room.joined else None


async def is_in(ctx: Context, link: Link) -> bool:
    """Are we in its room?"""
    return await room_of(ctx, link) is not None


async def is_open(ctx: Context, link: Link) -> bool:
    """Are we in its room, and others may come in or read along? Then we say nothing there."""
    room = await room_of(ctx, link)
    return room is not None and not room.closed


async def send(
    ctx: Context, link: Link, kind: str, body: Mapping[str, Any], about: str | None = None
) -> SendRaw:
    """The same, for who needs only the effect."""
    return (await write(ctx, link, kind, body, about))[1]


async def write(
    ctx: Context, link: Link, kind: str, body: Mapping[str, Any], about: str | None = None
) -> tuple[Envelope, SendRaw]:
    """Sign it, keep it and have it sent: all in this transaction.

    `ValueError` if `body` holds what has no place in what is signed.
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
    """To the bots that count in this link; who else is in its room gets no key to read it."""
    if link.room is None:
        return []
    every = await store.peers(ctx.db, link.item)
    readers = tuple(p.bot for p in every if p.state in THERE)
    return [SendRaw(ROOM, content, link.room, readers) for content in contents]


async def again(
    ctx: Context, link: Link, key: str, first: int, last: int, since: datetime
) -> list[SendRaw]:
    """What we hold of a chain, as it was: ours, or another's that somebody missed.

    What came once more since then is on its way to all who miss it.
    """
    held = await store.not_again_since(ctx.db, link.item, key, first, last, since)
    await store.went_again(ctx.db, link.item, key, first, last, ctx.read)
    return await post(ctx, link, *held)
