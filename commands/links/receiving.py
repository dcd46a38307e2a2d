"""What another network shares: it waits for a moderator here, unless a room trusts them for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Number,
    Redact,
    Room,
    RoomId,
    Say,
    Shared,
    UserError,
    _,
    harmless,
    items,
)
from commands.links import hearing, shares, store
from commands.links.base import feature
from commands.links.envelope import Envelope, Unfit
from commands.links.shares import Fate, Received
from commands.links.sharing import MOST_VERSIONS, Thing
from commands.links.store import Link, Peer

MOST_WAITING = 200
"""So much of one network waits; what it shares beyond that is not kept."""


@hearing.takes("share")
async def shared(ctx: Context, link: Link, peer: Peer, said: Envelope) -> Answer:
    """New, or a newer version of what we have; an older one changes nothing."""
    thing = said.says(Thing)
    known = await shares.received(ctx.db, link.item, peer.bot, said.id)
    if known is not None and known.version >= thing.version:
        return None
    offers = ctx.registry.services(f"peek:{thing.what}")
    if not offers:
        return None  # a kind that we don't know yet
    try:
        seen: Shared = await offers[0](ctx, thing.content)
    except UserError as error:
        raise Unfit("it can't be kept") from error
    title = harmless(" ".join(seen.title.split()))[:300]
    if known is None:
        one = Received(link.item, peer.bot, said.id, thing.what, thing.version, title,
                       thing.content, Fate.WAITING, None, None, "")  # fmt: skip
        return await _arrived(ctx, peer, one, seen)
    one = replace(known, version=thing.version)
    if one.fate is Fate.WAITING:
        one = replace(one, title=title, body=thing.content)
    await shares.take(ctx.db, one)
    if one.fate is Fate.TAKEN and one.copy is not None:
        room = await _room_of(ctx, one.copy)
        one = replace(one, body=thing.content)
        return (await _kept(ctx, peer, one, room))[1] if room else None
    return None


async def _arrived(ctx: Context, peer: Peer, one: Received, seen: Shared) -> Answer:
    for room in (await shares.trusting(ctx.db, peer.bot, one.kind))[:1]:
        with suppress(UserError):  # what this room does not take waits like the rest
            return (await _kept(ctx, peer, one, room))[1]
    if await shares.count_waiting(ctx.db, peer.bot) >= MOST_WAITING:
        return None
    home = await ctx.moderators_room()
    if home is None:
        return None
    number = await items.add(ctx.db, feature.name, "incoming", home, peer.bot, peer.name, ctx.read)
    await shares.take(ctx.db, replace(one, item=number))
    lines = (
        _("{network} shares something with us ({number}):", network=peer.name, number=number),
        *seen.lines,
        _("To show it in a room, write there: `!network accept {number}` · if not:"
          " `!network decline {number}`", number=number),
    )  # fmt: skip
    return Say(lines, room=home, item=number, slot="incoming")


async def _kept(
    ctx: Context, peer: Peer, one: Received, room: RoomId
) -> tuple[Received, list[Line | Effect]]:
    """It becomes ours, or our copy of it changes."""
    now = replace(one, fate=Fate.TAKEN, body={})

    async def mark(number: Number) -> None:
        nonlocal now
        now = replace(now, copy=number)
        await shares.take(ctx.db, now)

    offer = ctx.registry.services(f"receive:{one.kind}")[0]
    effects = await offer(ctx, one.body, room, peer.name, one.copy, mark)
    await shares.take(ctx.db, now)
    return now, effects


async def _room_of(ctx: Context, number: Number) -> RoomId | None:
    item = await items.get(ctx.db, number)
    return item.room if item else None


async def accept(ctx: Context, one: Received) -> Answer:
    """Show it in the room where this is written."""
    room: Room = await ctx.place()
    if not await ctx.moderates(room.room):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    peer = await store.peer(ctx.db, one.link, one.bot)
    if peer is None or one.fate is not Fate.WAITING:
        raise UserError(_("That is settled already."))
    now, effects = await _kept(ctx, peer, one, room.room)
    if one.item is not None:
        await items.close(ctx.db, one.item)
    await ctx.log("taken", {"number": now.copy, "name": peer.name}, room=room.room)
    said = _("Taken in from {network} as {number}.", network=peer.name, number=now.copy)
    return [said, *effects]


async def decline(ctx: Context, one: Received) -> Answer:
    """Not here; its network is not told why, nor by whom."""
    home = await ctx.moderators_room()
    if not await ctx.moderates() and not (home and await ctx.moderates(home)):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    await shares.take(ctx.db, replace(one, fate=Fate.DECLINED, title="", body={}))
    if one.item is not None:
        await items.close(ctx.db, one.item)
    return _("Turned down: it is shown nowhere here.")


@hearing.takes("withdraw")
async def back(ctx: Context, link: Link, peer: Peer, said: Envelope) -> Answer:
    """They took it back: it is shown no more."""
    one = await shares.received(ctx.db, link.item, peer.bot, said.id)
    version = said.body.get("version")
    if one is None or not isinstance(version, int) or not one.version < version <= MOST_VERSIONS:
        return None
    gone = replace(one, version=version, title="", body={}, fate=Fate.BACK)
    await shares.take(ctx.db, gone)
    effects: list[Line | Effect] = []
    if one.item is not None:
        await items.close(ctx.db, one.item)
        for event, room in await items.recall(ctx.db, one.item, "incoming"):
            effects.append(Redact(event, room=room, quiet=True))
    if one.fate is Fate.TAKEN and one.copy is not None:
        effects += await _recede(ctx, peer, one)
    return effects


async def _recede(ctx: Context, peer: Peer, one: Received) -> list[Line | Effect]:
    effects: list[Line | Effect] = []
    for offer in ctx.registry.services(f"recede:{one.kind}"):
        effects += await offer(ctx, one.copy, peer.name)
    return effects


async def left(ctx: Context, peer: Peer) -> None:
    """They are linked no more: what waits goes, what was taken stays and says so."""
    for one in await shares.of_bot(ctx.db, peer.bot, Fate.WAITING, Fate.TAKEN):
        fate = Fate.LEFT if one.fate is Fate.TAKEN else Fate.DECLINED
        await shares.take(ctx.db, replace(one, fate=fate, body={}))
        if one.item is not None and one.fate is Fate.WAITING:
            await items.close(ctx.db, one.item)
