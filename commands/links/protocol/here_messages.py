"""Once a day linked networks say how far the chains of messages reach, so that gaps show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import SystemRandom

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
)
from commands.links import store
from commands.links.declaration import ENDS_JOB, HERE_JOB, LEND_JOB, MESSAGE_LIFETIME, feature
from commands.links.protocol import gap_fill, outbound, presence
from commands.links.protocol.chain import MOST_WANTED
from commands.links.protocol.envelope import NetworkEnvelope
from commands.links.protocol.inbound import DAY
from commands.links.protocol.message_handlers import HANDLERS as HANDLERS
from commands.links.protocol.message_handlers import handles as handles
from commands.links.protocol.message_handlers import on_peer_change as on_peer_change
from commands.links.protocol.message_handlers import on_stop as on_stop
from commands.links.store import NetworkLink, Peer, PeerState

MOST_ENDS = 20
"""How many ends of chains a `here` names."""


ENDS_AFTER = timedelta(minutes=2)
"""So long after a network left the others say how much of it they have read."""
_CHANCE = SystemRandom()


PROOF_INTERVAL = timedelta(minutes=30)
"""A message that proves a fork is not sent again within this time."""


@feature.runs(HERE_JOB)
async def send_daily_here(ctx: Context, job: Job) -> Answer:
    """Tell linked networks once a day how far the chains of messages reach, so that gaps show.
    Return what to say, if anything.

    Old messages are deleted.
    """
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None or link.room is None:
        return None
    await ctx.schedule(HERE_JOB, ctx.now + DAY, item=link.item)
    await store.drop_messages_before(ctx.db, ctx.now - MESSAGE_LIFETIME)
    await store.recount_held(ctx.db, link.item)
    return [*await presence.report_silence(ctx, link), *await send_here(ctx, link)]


async def send_here(ctx: Context, link: NetworkLink) -> list[Effect]:
    """Tell linked networks how far our chain of messages and some others' reach, if anybody is
    linked. Return the messages."""
    every = [p for p in await store.peers_of_link(ctx.db, link.item) if p.state is PeerState.LINKED]
    return [await outbound.send_message(ctx, link, "here", chain_ends(every))] if every else []


async def schedule_ends(ctx: Context, link: NetworkLink) -> None:
    """Schedule that the networks of a link are told how much we have read of those that have left.

    Who has left sends nothing again; what one of us missed of it, another may have.
    """
    if not await ctx.has_job(link.item, ENDS_JOB):
        await ctx.schedule(ENDS_JOB, ctx.now + ENDS_AFTER, item=link.item)


@feature.runs(ENDS_JOB)
async def send_ends(ctx: Context, job: Job) -> Answer:
    """Tell the networks of a link how much we have read of those that have left. Return what to
    send, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None or not await outbound.is_in_room(ctx, link):
        return None
    every = await store.peers_of_link(ctx.db, link.item)
    gone = [p for p in every if p.state is PeerState.GONE and p.key is not None]
    if not gone or not any(p.state is PeerState.LINKED for p in every):
        return None
    return await outbound.send_message(ctx, link, "here", chain_ends(gone))


async def _lend_of_gone(ctx: Context, link: NetworkLink, peer: Peer, key: str, seq: int) -> None:
    """Schedule that a network is sent what it has not read of another one that has left."""
    of = await store.peer_by_key(ctx.db, link.item, key)
    if of is None or of.state is not PeerState.GONE or of.head.seq <= seq:
        return
    last = min(of.head.seq, seq + MOST_WANTED)
    if await gap_fill.may_resend(ctx, peer, last - seq):
        at = ctx.now + gap_fill.LEND_AFTER * _CHANCE.random()
        since = ctx.now.timestamp()
        await ctx.schedule(
            LEND_JOB, at, item=link.item, key=key, first=seq + 1, last=last, since=since
        )


def chain_ends(every: Sequence[Peer]) -> dict[str, dict[str, str]]:
    """Return the last stored message of some networks' chains, which shows who told one thing here,
    another there.

    In a large link each names a few, and all together name every one many times.
    """
    some = _CHANCE.sample(every, min(len(every), MOST_ENDS))
    return {"ends": {p.key or "": f"{p.head.seq} {p.head.hash[:16]}" for p in some}}


@handles("here")
async def receive_here(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Handle another network's report of how far its chains of messages reach: send it the messages
    that we have where it holds others at the same number, and those that it missed of a network
    that has left. Return what to say, if anything."""
    named = said.body.get("ends")
    shown: list[Effect] = []
    for key, end in list(named.items())[:MOST_ENDS] if isinstance(named, dict) else ():
        seq, _space, begin = str(end).partition(" ")
        if key == ctx.signer.public or not (seq.isdecimal() and len(seq) < 17 and begin):
            continue
        await _lend_of_gone(ctx, link, peer, key, int(seq))
        held = await store.message_hash(ctx.db, link.item, key, int(seq))
        if (
            held is not None
            and not held.startswith(begin)
            and await gap_fill.may_resend(ctx, peer, 1)
        ):
            since = ctx.now - PROOF_INTERVAL
            shown += await outbound.resend_messages(ctx, link, key, int(seq), int(seq), since)
    return shown
