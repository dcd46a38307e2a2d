"""`!network accept` and `decline` for what another network shared: a moderator decides."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, Number, RoomId, UserError, _, moderators_only
from commands.links import store
from commands.links.declaration import require_network_decider
from commands.links.store import PeerState
from commands.shares import inbound_shares, share_store
from commands.shares.share_store import Fate, ReceivedShare


async def accept_share(ctx: Context, one: ReceivedShare) -> Answer:
    """Take in what another network shared, in the room where this is typed, or update the copy that
    is shown. Return what to say, if anything.

    If it changed since the moderators read it, it is shown to them once more instead. Raises
    `UserError` without the right and if it is settled already.
    """
    room = await _target_room(ctx, one)
    if room is None or not await ctx.moderates(room):
        raise moderators_only()
    peer = await store.get_peer(ctx.db, one.link, one.bot)
    if peer is None or peer.state is not PeerState.LINKED or not one.is_waiting:
        raise UserError(_("That is settled already."))
    seen = await inbound_shares.read_share(ctx, one.kind, one.body)
    if one.seen != one.version:  # they have not read what they would accept
        await share_store.put_received(ctx.db, replace(one, seen=one.version))
        line = _("{network} has it so now:", network=peer.name)
        return [line, *seen.lines, inbound_shares.how_to_answer(one)]
    now, effects = await inbound_shares.take_in_share(ctx, peer, one, seen, room)
    await inbound_shares.settle_request(ctx, one)
    await ctx.log("taken", {"number": now.copy, "name": peer.name}, room=room)
    if one.fate is Fate.TAKEN:
        said = _("{number} is shown as {network} has it now.", number=now.copy, network=peer.name)
    else:
        said = _("Taken in from {network} as {number}.", network=peer.name, number=now.copy)
    return [said, *effects]


async def _target_room(ctx: Context, one: ReceivedShare) -> RoomId | None:
    return await _shown_in(ctx, one) or (
        None if one.fate is Fate.TAKEN else (await ctx.choose_room()).room
    )


async def _shown_in(ctx: Context, one: ReceivedShare) -> RoomId | None:
    """Return the room that shows it already, whose moderators decide on changes; else None."""
    taken = one.fate is Fate.TAKEN and one.copy is not None
    return await inbound_shares.room_of_copy(ctx, one.copy or Number(0)) if taken else None


async def decline_share(ctx: Context, one: ReceivedShare) -> Answer:
    """Decline what another network shared, or the change of a copy that is shown; that network is
    not told. Return what to say, if anything.

    Raises `UserError` without the right and if it is settled already.
    """
    room = await _shown_in(ctx, one)
    if room is None or not await ctx.moderates(room):
        await require_network_decider(ctx)
    if not one.is_waiting:
        raise UserError(_("That is settled already."))
    await inbound_shares.settle_request(ctx, one)
    if one.fate is Fate.TAKEN:
        await share_store.put_received(ctx.db, replace(one, body={}))
        return _("Turned down: {number} stays here as it was.", number=one.copy)
    await share_store.put_received(ctx.db, replace(one, fate=Fate.DECLINED, title="", body={}))
    return _("Turned down: it is shown nowhere here.")
