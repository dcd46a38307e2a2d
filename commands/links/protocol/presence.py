"""Presence of other networks: each says daily that it is there; long silence is reported."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import Context, Effect, Moment, _
from commands.links import store
from commands.links.connection import handshake
from commands.links.protocol import limits
from commands.links.store import NetworkLink, Peer, PeerState

NOTE_INTERVAL = 3600.0
"""Seconds between two notes that a network is there: one for each message would cost writes."""


async def note_presence(ctx: Context, peer: Peer) -> Peer:
    """Store that a signed message of this network has come, and return the network as it is stored
    now."""
    now = ctx.now.timestamp()
    if now < peer.heard + NOTE_INTERVAL and not peer.silence_told:
        return peer
    return await store.change_peer(ctx.db, peer, heard=now, silence_told=False)


async def report_silence(ctx: Context, link: NetworkLink) -> list[Effect]:
    """Tell the moderators, once, of each linked network that sent nothing for `SILENT_AFTER`.
    Return the messages."""
    told: list[Effect] = []
    before = (ctx.now - limits.SILENT_AFTER).timestamp()
    for peer in await store.peers_of_link(ctx.db, link.item):
        if peer.state is not PeerState.LINKED or peer.silence_told:
            continue
        if not peer.heard:
            await store.change_peer(ctx.db, peer, heard=ctx.now.timestamp())
        elif peer.heard <= before:
            await store.change_peer(ctx.db, peer, silence_told=True)
            told += await _silence_message(ctx, link, peer)
    return told


async def _silence_message(ctx: Context, link: NetworkLink, peer: Peer) -> list[Effect]:
    return await handshake.tell_moderators(
        ctx,
        _(
            "Nothing has come from {name} since {moment}: its bot may be off.",
            name=peer.name or peer.bot,
            moment=Moment(datetime.fromtimestamp(peer.heard, UTC)),
        ),
        _(
            "What we share waits for it. Ask its moderators by another way; the link itself:"
            " `!network {number}`",
            number=link.item,
        ),
        loud=False,
    )
