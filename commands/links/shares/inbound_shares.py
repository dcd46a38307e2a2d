"""Inbound shares: they wait for a moderator unless a room trusts the network for the kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Number,
    Redact,
    RoomId,
    Say,
    Shared,
    UserError,
    UserId,
    _,
    canonical,
    items,
    quotable,
)
from commands.links import store
from commands.links.connection import handshake
from commands.links.contact import contact_end
from commands.links.declaration import feature
from commands.links.protocol import inbound, limits
from commands.links.protocol.envelope import Envelope, Unfit
from commands.links.shares import share_store
from commands.links.shares.outbound_shares import MOST_VERSIONS, Thing
from commands.links.shares.share_store import Fate, Received
from commands.links.store import Link, Peer

AT_ONCE = 25
"""How many shares of a network that left are withdrawn in one transaction."""


@inbound.takes("share")
async def shared(ctx: Context, link: Link, peer: Peer, said: Envelope) -> Answer:
    """Take in a new share, or a newer version of a known one; an older one changes nothing.

    Raises `InvalidMessage` for content that its capability refuses.
    """
    thing = said.says(Thing)
    known = await share_store.received(ctx.db, link.item, peer.bot, said.id)
    if known is not None and (known.version >= thing.version or known.kind != thing.what):
        return None
    if not ctx.registry.services(f"peek:{thing.what}"):
        await inbound.beyond(ctx, peer)
        return None
    try:
        seen = await peek(ctx, thing.what, thing.content)
    except UserError as error:
        raise Unfit("it can't be kept") from error
    title = quotable(seen.title)[:300]
    if known is None:
        one = Received(link.item, peer.bot, said.id, thing.what, thing.version, title,
                       thing.content, Fate.WAITING, None, None, "")  # fmt: skip
        return await _arrived(ctx, peer, one, seen)
    one = replace(known, version=thing.version)
    if one.fate is Fate.WAITING:
        line = _("{network} changed what waits here ({number}):", network=peer.name,
                 number=one.item)  # fmt: skip
        return await _ask(ctx, peer, replace(one, title=title, body=thing.content), line, seen)
    if one.fate is Fate.TAKEN and one.copy is not None:
        return await _changed(ctx, peer, replace(one, title=title, body=thing.content), seen)
    await share_store.take(ctx.db, one)
    return None


async def peek(ctx: Context, kind: str, body: Mapping[str, str]) -> Shared:
    """Return what another network wrote, as its capability reads it.

    Raises `UserError` if that refuses it.
    """
    seen: Shared = await ctx.registry.services(f"peek:{kind}")[0](ctx, body)
    return seen


def words_of(seen: Shared) -> str:
    """Return a digest of all text in the share that somebody wrote."""
    words = dict(seen.body) if seen.words is None else list(seen.words)
    return sha256(canonical(words)).hexdigest()


async def _arrived(ctx: Context, peer: Peer, one: Received, seen: Shared) -> Answer:
    told: list[Effect] = []
    for room in (await share_store.trusting(ctx.db, peer.bot, one.kind))[:1]:
        often, told = await _too_often(ctx, peer, one.kind)
        if often:
            break
        try:
            async with ctx.db.savepoint():  # so a refusal half way leaves nothing
                return (await kept(ctx, peer, one, seen, room))[1]
        except UserError:  # the room refused it, so it waits
            break
    waiting, most = await share_store.count_waiting(ctx.db, peer.bot, one.kind), limits.of(one.kind)
    home = await ctx.moderators_room()
    if home is None or waiting >= most.waiting:
        return told
    if waiting == most.waiting - 1:
        told += await handshake.tell(
            ctx,
            _("{count} things of {network} wait here. What more it shares I don't keep until some"
              " are settled: `!network {network}`", count=most.waiting, network=peer.name),
            loud=False,
        )  # fmt: skip
    number = await items.add(ctx.db, feature.name, "incoming", home, peer.bot, peer.name, ctx.read)
    line = _("{network} shares something with us ({number}):", network=peer.name, number=number)
    return [*await _ask(ctx, peer, replace(one, item=number), line, seen), *told]


async def _ask(ctx: Context, peer: Peer, one: Received, line: Line, seen: Shared) -> list[Effect]:
    """Let the share wait. The moderators read it now, or later in `!network` if there are many."""
    home, most = await ctx.moderators_room(), limits.of(one.kind).told
    count = await share_store.today(ctx.db, peer.bot, f"tell {one.kind}", ctx.read)
    if home is None or count > most:
        await share_store.take(ctx.db, one)
        much = _("{network} shares a lot today, so I say no more of it here until tomorrow. All"
                 " that waits: `!network {network}`", network=peer.name)  # fmt: skip
        return await handshake.tell(ctx, much, loud=False) if count == most + 1 else []
    await share_store.take(ctx.db, replace(one, seen=one.version))
    lines = (line, *seen.lines, how_to_answer(one))
    return [Say(lines, room=home, item=one.item, slot=f"incoming {one.version}")]


def how_to_answer(one: Received) -> Line:
    """Return the line that says how to accept or decline."""
    if one.fate is Fate.TAKEN:
        return _("To show it so: `!network accept {number}` · to leave it as it is:"
                 " `!network decline {number}`", number=one.item)  # fmt: skip
    return _("To show it in a room, write there: `!network accept {number}` · if not:"
             " `!network decline {number}`", number=one.item)  # fmt: skip


async def _changed(ctx: Context, peer: Peer, one: Received, seen: Shared) -> Answer:
    """Update a copy: at once if no text changed or its room trusts the network; else ask."""
    number = one.copy or Number(0)
    room = await room_of(ctx, number)
    if room is None:
        await share_store.take(ctx.db, replace(one, body={}))
        return None
    told: list[Effect] = []
    if one.shown == words_of(seen) or room in await share_store.trusting(
        ctx.db, peer.bot, one.kind
    ):
        often, told = await _too_often(ctx, peer, one.kind)
        if not often:
            effects = (await kept(ctx, peer, one, seen, room))[1]
            return [*await settle(ctx, one), *effects]
    item = one.item
    if item is None:
        home = await ctx.moderators_room() or room
        item = await items.add(
            ctx.db, feature.name, "incoming", home, peer.bot, peer.name, ctx.read
        )
    await items.reopen(ctx.db, item)
    line = _("{network} wants to change {copy}, which it shares with us ({number}):",
             network=peer.name, copy=number, number=item)  # fmt: skip
    return [*await _ask(ctx, peer, replace(one, item=item), line, seen), *told]


async def _too_often(ctx: Context, peer: Peer, kind: str) -> tuple[bool, list[Effect]]:
    """Tell whether too much was done unasked today, with a message the first time it is."""
    most = limits.of(kind).unasked
    count = await share_store.today(ctx.db, peer.bot, kind, ctx.read)
    if count != most + 1:
        return count > most, []
    return True, await handshake.tell(
        ctx,
        _("{network} shared {count} of this kind today without asking; the rest of today waits for"
          " a moderator.", network=peer.name, count=most),
        loud=False,
    )  # fmt: skip


async def kept(
    ctx: Context, peer: Peer, one: Received, seen: Shared, room: RoomId
) -> tuple[Received, list[Line | Effect]]:
    """Make the share a thing of ours, or update our copy. Returns it as stored, and the effects."""
    now = replace(one, fate=Fate.TAKEN, body={}, shown=words_of(seen))

    async def mark(number: Number) -> None:
        nonlocal now
        now = replace(now, copy=number)
        await share_store.take(ctx.db, now)

    offer = ctx.registry.services(f"receive:{one.kind}")[0]
    effects = await offer(ctx, seen.body, room, peer.name, one.copy, mark)
    await share_store.take(ctx.db, now)
    return now, effects


async def room_of(ctx: Context, number: Number) -> RoomId | None:
    """Return the room in which our copy is shown, or None."""
    item = await items.get(ctx.db, number)
    return item.room if item else None


async def settle(ctx: Context, one: Received, *, unsay: bool = False) -> list[Effect]:
    """Close the request about a share; with `unsay` also redact it."""
    if one.item is None:
        return []
    await items.close(ctx.db, one.item)
    if not unsay:
        return []
    asked = await items.recall(ctx.db, one.item, "incoming")
    return [Redact(event, room=room, quiet=True) for event, room in asked]


@inbound.takes("withdraw")
async def back(ctx: Context, link: Link, peer: Peer, said: Envelope) -> Answer:
    """Withdraw what its network took back."""
    one = await share_store.received(ctx.db, link.item, peer.bot, said.id)
    version = said.body.get("version")
    if one is None or not isinstance(version, int) or not one.version < version <= MOST_VERSIONS:
        return None
    await share_store.take(ctx.db, replace(one, version=version, title="", body={}, fate=Fate.BACK))
    return await _recede(ctx, peer, one)


async def _recede(ctx: Context, peer: Peer, one: Received) -> list[Line | Effect]:
    """Close the request about a share and remove our copy. `one`: as it was before."""
    effects: list[Line | Effect] = [*await settle(ctx, one, unsay=True)]
    if one.fate is not Fate.TAKEN or one.copy is None:
        return effects
    effects += await contact_end.taken_back(ctx, peer, one.copy)
    for offer in ctx.registry.services(f"recede:{one.kind}"):
        effects += await offer(ctx, one.copy, peer.name)
    return effects


async def withdrawn(ctx: Context, peer: Peer) -> list[Effect]:
    """Schedule the withdrawal of all that a network shared, in parts, as it may be much."""
    await ctx.schedule("recede", ctx.read, item=peer.link, bot=peer.bot)
    return await contact_end.left(ctx, peer)


@feature.job("recede")
async def recede(ctx: Context, job: Job) -> Answer:
    """Withdraw the next shares of a network that left. Does nothing once all are withdrawn."""
    peer = await store.peer(ctx.db, job.item or Number(0), UserId(job.payload["bot"]))
    if peer is None:
        return None
    every = await share_store.of_peer(
        ctx.db, peer.link, peer.bot, Fate.WAITING, Fate.TAKEN, Fate.LEFT
    )
    effects: list[Line | Effect] = []
    for one in every[:AT_ONCE]:
        await share_store.take(ctx.db, replace(one, title="", body={}, fate=Fate.BACK))
        effects += await _recede(ctx, peer, one)
    if len(every) > AT_ONCE:
        await withdrawn(ctx, peer)
    return [one for one in effects if not isinstance(one, Line)]  # nobody typed anything to answer


async def left(ctx: Context, peer: Peer) -> list[Line | Effect]:
    """Mark what was taken in from this network as kept up no more, and drop what waits.

    For the end of a link on our side, or when it stops. Copies that are useless without somebody to
    ask are removed.
    """
    effects: list[Line | Effect] = [*await contact_end.left(ctx, peer)]
    for one in await share_store.of_peer(ctx.db, peer.link, peer.bot, Fate.WAITING, Fate.TAKEN):
        fate = Fate.LEFT if one.fate is Fate.TAKEN else Fate.DECLINED
        await share_store.take(ctx.db, replace(one, fate=fate, body={}))
        await settle(ctx, one)
        if one.copy is not None and await room_of(ctx, one.copy) is not None:
            for retell in ctx.registry.services(f"retell:{one.kind}"):
                await retell(ctx, one.copy)
        if one.copy is not None and ctx.registry.services(f"approach:{one.kind}"):
            effects += await _recede(ctx, peer, one)
    return effects


@inbound.stops
async def stopped(ctx: Context, _link: Link, peer: Peer) -> list[Line | Effect]:
    """Do the same when the link with a network stops."""
    return await left(ctx, peer)
