"""Inbound shares: they wait for a moderator unless a room trusts the network for the kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from bot.api import (
    CONTACT_FOR_ITEM,
    PARSE_SHARED,
    REFRESH_MESSAGES,
    STORE_SHARED,
    WITHDRAW_SHARED,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Number,
    Redact,
    RoomId,
    Say,
    SharedItem,
    UserError,
    UserId,
    _,
    canonical_json,
    items,
    quotable_line,
)
from commands.links import store
from commands.links.connection import handshake
from commands.links.protocol import inbound, limits
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer
from commands.shares import share_store
from commands.shares.contact import contact_end
from commands.shares.declaration import RECEDE_JOB, feature
from commands.shares.outbound_shares import MOST_VERSIONS, ShareBody
from commands.shares.share_store import Fate, ReceivedShare

AT_ONCE = 25
"""How many shares of a network that left are withdrawn in one transaction."""


@inbound.handles("share", of=feature)
async def receive_share(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Store a new item shared by another network, or a newer version of a known one; an older one
    changes nothing. Return what to say, if anything.

    Raises `InvalidMessage` for content that its capability refuses.
    """
    thing = said.parse_body(ShareBody)
    known = await share_store.find_received(ctx.db, link.item, peer.bot, said.id)
    if known is not None and (known.version >= thing.version or known.kind != thing.what):
        return None
    if not ctx.registry.offers(PARSE_SHARED.of(thing.what)):
        await inbound.note_unknown_message(ctx, peer)
        return None
    try:
        seen = await read_share(ctx, thing.what, thing.content)
    except UserError as error:
        raise InvalidMessage("it can't be kept") from error
    title = quotable_line(seen.title)[:300]
    if known is None:
        one = ReceivedShare(
            link.item,
            peer.bot,
            said.id,
            thing.what,
            thing.version,
            title,
            thing.content,
            Fate.WAITING,
            None,
            None,
            "",
        )
        return await _receive_new(ctx, peer, one, seen)
    one = replace(known, version=thing.version)
    if one.fate is Fate.WAITING:
        line = _(
            "{network} changed what waits here ({number}):", network=peer.name, number=one.item
        )
        return await _request_decision(
            ctx, peer, replace(one, title=title, body=thing.content), line, seen
        )
    if one.fate is Fate.TAKEN and one.copy is not None:
        return await _receive_change(ctx, peer, replace(one, title=title, body=thing.content), seen)
    await share_store.put_received(ctx.db, one)
    return None


async def read_share(ctx: Context, kind: str, body: Mapping[str, str]) -> SharedItem:
    """Return a shared item of another network, as its capability reads it.

    Raises `UserError` if that refuses it.
    """
    seen: SharedItem = await ctx.registry.offers(PARSE_SHARED.of(kind))[0](ctx, body)
    return seen


def words_digest(seen: SharedItem) -> str:
    """Return a digest of all text in a shared item that somebody wrote."""
    words = dict(seen.body) if seen.words is None else list(seen.words)
    return sha256(canonical_json(words)).hexdigest()


async def _receive_new(ctx: Context, peer: Peer, one: ReceivedShare, seen: SharedItem) -> Answer:
    told: list[Effect] = []
    for room in (await share_store.trusting_rooms(ctx.db, peer.bot, one.kind))[:1]:
        often, told = await _is_too_often(ctx, peer, one.kind)
        if often:
            break
        try:
            async with ctx.db.savepoint():  # so a refusal half way leaves nothing
                return (await take_in_share(ctx, peer, one, seen, room))[1]
        except UserError:  # the room refused it, so it waits
            break
    waiting, most = (
        await share_store.count_waiting(ctx.db, peer.bot, one.kind),
        limits.limits_of(one.kind),
    )
    home = await ctx.moderators_room()
    if home is None or waiting >= most.waiting:
        return told
    if waiting == most.waiting - 1:
        told += await handshake.tell_moderators(
            ctx,
            _(
                "{count} things of {network} wait here. What more it shares I don't keep until some"
                " are settled: `!network {network}`",
                count=most.waiting,
                network=peer.name,
            ),
            loud=False,
        )
    number = await items.add(ctx.db, feature.name, "incoming", home, peer.bot, peer.name, ctx.now)
    line = _("{network} shares something with us ({number}):", network=peer.name, number=number)
    return [*await _request_decision(ctx, peer, replace(one, item=number), line, seen), *told]


async def _request_decision(
    ctx: Context, peer: Peer, one: ReceivedShare, line: Line, seen: SharedItem
) -> list[Effect]:
    """Let the share wait. The moderators read it now, or later in `!network` if there are many."""
    home, most = await ctx.moderators_room(), limits.limits_of(one.kind).told
    count = await share_store.count_today(ctx.db, peer.bot, f"tell {one.kind}", ctx.now)
    if home is None or count > most:
        await share_store.put_received(ctx.db, one)
        much = _(
            "{network} shares a lot today, so I say no more of it here until tomorrow. All"
            " that waits: `!network {network}`",
            network=peer.name,
        )
        return await handshake.tell_moderators(ctx, much, loud=False) if count == most + 1 else []
    await share_store.put_received(ctx.db, replace(one, seen=one.version))
    lines = (line, *seen.lines, how_to_answer(one))
    return [Say(lines, room=home, item=one.item, slot=f"incoming {one.version}")]


def how_to_answer(one: ReceivedShare) -> Line:
    """Return the line that says how to accept or decline what another network shared."""
    if one.fate is Fate.TAKEN:
        return _(
            "To show it so: `!network accept {number}` · to leave it as it is:"
            " `!network decline {number}`",
            number=one.item,
        )
    return _(
        "To show it in a room, write there: `!network accept {number}` · if not:"
        " `!network decline {number}`",
        number=one.item,
    )


async def _receive_change(ctx: Context, peer: Peer, one: ReceivedShare, seen: SharedItem) -> Answer:
    """Update a copy: at once if no text changed or its room trusts the network; else ask."""
    number = one.copy or Number(0)
    room = await room_of_copy(ctx, number)
    if room is None:
        await share_store.put_received(ctx.db, replace(one, body={}))
        return None
    told: list[Effect] = []
    if one.shown == words_digest(seen) or room in await share_store.trusting_rooms(
        ctx.db, peer.bot, one.kind
    ):
        often, told = await _is_too_often(ctx, peer, one.kind)
        if not often:
            effects = (await take_in_share(ctx, peer, one, seen, room))[1]
            return [*await settle_request(ctx, one), *effects]
    item = one.item
    if item is None:
        home = await ctx.moderators_room() or room
        item = await items.add(ctx.db, feature.name, "incoming", home, peer.bot, peer.name, ctx.now)
    await items.reopen(ctx.db, item)
    line = _(
        "{network} wants to change {copy}, which it shares with us ({number}):",
        network=peer.name,
        copy=number,
        number=item,
    )
    return [*await _request_decision(ctx, peer, replace(one, item=item), line, seen), *told]


async def _is_too_often(ctx: Context, peer: Peer, kind: str) -> tuple[bool, list[Effect]]:
    """Tell whether too much was done unasked today, with a message the first time it is."""
    most = limits.limits_of(kind).unasked
    count = await share_store.count_today(ctx.db, peer.bot, kind, ctx.now)
    if count != most + 1:
        return count > most, []
    return True, await handshake.tell_moderators(
        ctx,
        _(
            "{network} shared {count} of this kind today without asking; the rest of today"
            " waits for"
            " a moderator.",
            network=peer.name,
            count=most,
        ),
        loud=False,
    )


async def take_in_share(
    ctx: Context, peer: Peer, one: ReceivedShare, seen: SharedItem, room: RoomId
) -> tuple[ReceivedShare, list[Line | Effect]]:
    """Create a copy of an item that another network shared, or update ours. Returns it as stored,
    and the effects."""
    now = replace(one, fate=Fate.TAKEN, body={}, shown=words_digest(seen))

    async def mark(number: Number) -> None:
        nonlocal now
        now = replace(now, copy=number)
        await share_store.put_received(ctx.db, now)

    offer = ctx.registry.offers(STORE_SHARED.of(one.kind))[0]
    effects = await offer(ctx, seen.body, room, peer.name, one.copy, mark)
    await share_store.put_received(ctx.db, now)
    return now, effects


async def room_of_copy(ctx: Context, number: Number) -> RoomId | None:
    """Return the room in which our copy is shown, or None."""
    item = await items.get(ctx.db, number)
    return item.room if item else None


async def settle_request(ctx: Context, one: ReceivedShare, *, redact: bool = False) -> list[Effect]:
    """Close the item under which the moderators were asked whether to accept what another network
    shared. With `redact`, return effects that redact the bot's question about it; else an empty
    list."""
    if one.item is None:
        return []
    await items.close(ctx.db, one.item)
    if not redact:
        return []
    asked = await items.forget_posts(ctx.db, one.item, "incoming")
    return [Redact(event, room=room, quiet=True) for event, room in asked]


@inbound.handles("withdraw", of=feature)
async def receive_withdrawal(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Withdraw the copy of an item that its network no longer shares. Return what to say, if
    anything."""
    one = await share_store.find_received(ctx.db, link.item, peer.bot, said.id)
    version = said.body.get("version")
    if one is None or not isinstance(version, int) or not one.version < version <= MOST_VERSIONS:
        return None
    await share_store.put_received(
        ctx.db, replace(one, version=version, title="", body={}, fate=Fate.WITHDRAWN)
    )
    return await _withdraw_share(ctx, peer, one)


async def _withdraw_share(ctx: Context, peer: Peer, one: ReceivedShare) -> list[Line | Effect]:
    """Close the request about a share and remove our copy. `one`: as it was before."""
    effects: list[Line | Effect] = [*await settle_request(ctx, one, redact=True)]
    if one.fate is not Fate.TAKEN or one.copy is None:
        return effects
    effects += await contact_end.end_contacts_about(ctx, peer, one.copy)
    for offer in ctx.registry.offers(WITHDRAW_SHARED.of(one.kind)):
        effects += await offer(ctx, one.copy, peer.name)
    return effects


async def schedule_withdrawals(ctx: Context, peer: Peer) -> list[Effect]:
    """Schedule the withdrawal of all copies from a network, in parts, as there may be many. Return
    what to send."""
    await ctx.schedule(RECEDE_JOB, ctx.now, item=peer.link, bot=peer.bot)
    return await contact_end.end_contacts_with(ctx, peer)


@feature.runs(RECEDE_JOB)
async def withdraw_next(ctx: Context, job: Job) -> Answer:
    """Withdraw the next copies from a network that left. Does nothing once all are withdrawn.
    Return what to say, if anything."""
    peer = await store.get_peer(ctx.db, job.item or Number(0), UserId(job.payload["bot"]))
    if peer is None:
        return None
    every = await share_store.received_from(
        ctx.db, peer.link, peer.bot, Fate.WAITING, Fate.TAKEN, Fate.UNLINKED
    )
    effects: list[Line | Effect] = []
    for one in every[:AT_ONCE]:
        await share_store.put_received(ctx.db, replace(one, title="", body={}, fate=Fate.WITHDRAWN))
        effects += await _withdraw_share(ctx, peer, one)
    if len(every) > AT_ONCE:
        await schedule_withdrawals(ctx, peer)
    return [one for one in effects if not isinstance(one, Line)]  # nobody typed anything to answer


async def end_shares_of(ctx: Context, peer: Peer) -> list[Line | Effect]:
    """Mark the copies from this network as no longer kept up to date, and delete what waits. Return
    what to say.

    For the end of a link on our side, or when it stops. Copies that are useless without somebody to
    ask are removed.
    """
    effects: list[Line | Effect] = [*await contact_end.end_contacts_with(ctx, peer)]
    for one in await share_store.received_from(
        ctx.db, peer.link, peer.bot, Fate.WAITING, Fate.TAKEN
    ):
        fate = Fate.UNLINKED if one.fate is Fate.TAKEN else Fate.DECLINED
        await share_store.put_received(ctx.db, replace(one, fate=fate, body={}))
        await settle_request(ctx, one)
        if one.copy is not None and await room_of_copy(ctx, one.copy) is not None:
            for retell in ctx.registry.offers(REFRESH_MESSAGES.of(one.kind)):
                await retell(ctx, one.copy)
        if one.copy is not None and ctx.registry.offers(CONTACT_FOR_ITEM.of(one.kind)):
            effects += await _withdraw_share(ctx, peer, one)
    return effects


@inbound.on_stop
async def end_shares_on_stop(ctx: Context, _link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Mark the copies from a network as no longer kept up to date, because the link with it stops.
    Return what to say."""
    return await end_shares_of(ctx, peer)
