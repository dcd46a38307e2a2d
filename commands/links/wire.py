"""Saying something to the other networks: one more message of our own chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.api import Context, SendRaw, rooms
from commands.links import store
from commands.links.base import ROOM
from commands.links.chain import Head
from commands.links.envelope import Envelope
from commands.links.store import Link


def new_id() -> str:
    """The name of something that messages are about: 128 random bits."""
    return token_hex(16)


async def is_in(ctx: Context, link: Link) -> bool:
    """Are we in its room?"""
    room = await rooms.get(ctx.db, link.room) if link.room else None
    return room is not None and room.joined


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
    return one, SendRaw(ROOM, one.content(), now.room)


async def again(
    ctx: Context, link: Link, key: str, first: int, last: int, since: datetime
) -> list[SendRaw]:
    """What we hold of a chain, as it was: ours, or another's that somebody missed.

    What came once more since then is on its way to all who miss it.
    """
    if link.room is None:
        return []
    held = await store.not_again_since(ctx.db, link.item, key, first, last, since)
    await store.went_again(ctx.db, link.item, key, first, last, ctx.read)
    return [SendRaw(ROOM, content, link.room) for content in held]
