"""Gap fill: messages missing in a chain are asked for, and sent by whoever holds them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import SystemRandom

from bot.api import Answer, Context, Effect, Job, Line
from commands.links import lost_messages, store
from commands.links.declaration import ASK_JOB, LEND_JOB, feature
from commands.links.protocol import chain, outbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState

ASK_AFTER = timedelta(seconds=20)
"""A gap is asked for only after this time, as what is missing may be on its way."""
LEND_AFTER, LEND_WITHIN = timedelta(minutes=1), timedelta(minutes=1)
"""Others' messages are sent after this time, each network at a random moment of its own."""
LONGEST_PAUSE = 720
"""Turns of two minutes between later requests: at least one a day."""
LAST_TIMES = 64
"""How many such turns a network that has left is waited for: about two hours."""
RESEND_COST, RESEND_BURST = timedelta(seconds=10), timedelta(seconds=5000)
"""A network is sent 500 messages again at once, then one in ten seconds."""
_CHANCE = SystemRandom()


async def schedule_want(ctx: Context, link: NetworkLink, author: Peer) -> None:
    """Schedule, unless it is scheduled already, that the networks of a link are asked in
    `ASK_AFTER` for the messages that we miss."""
    if not await ctx.has_job(link.item, ASK_JOB):
        await ctx.schedule(ASK_JOB, ctx.now + ASK_AFTER, item=link.item)


@feature.runs(ASK_JOB)
async def send_wants(ctx: Context, job: Job) -> Answer:
    """Ask for the first gap in the messages of each network, and look again two minutes later.
    Return what to say, if anything.

    If nothing comes, it asks ever less often: after 2, 4, 8 … minutes, at least once a day.
    """
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None or link.room is None:
        return None
    said: list[Effect] = []
    asked: dict[str, list[int]] = {}
    before: Mapping[str, list[int]] = job.payload.get("asked", {})
    for peer in await store.peers_of_link(ctx.db, link.item):
        if peer.key is None or peer.state in outbound.UNREAD_STATES or peer.reach <= peer.head.seq:
            continue
        gap = await _gap(ctx, link, peer)
        if gap is None:
            continue
        head, times = before.get(peer.key, [peer.head.seq, 0])
        times = times + 1 if head == peer.head.seq else 1
        if peer.state is PeerState.GONE and times > LAST_TIMES:
            continue
        asked[peer.key] = [peer.head.seq, times]
        if times & (times - 1) == 0 or times % LONGEST_PAUSE == 0:
            body = {"network": peer.key, "first": gap[0], "last": gap[1]}
            said.append(await outbound.send_message(ctx, link, "want", body))
    if asked:
        await ctx.schedule(ASK_JOB, ctx.now + 6 * ASK_AFTER, item=link.item, asked=asked)
    return said


async def _gap(ctx: Context, link: NetworkLink, peer: Peer) -> tuple[int, int] | None:
    held = await store.numbers_ahead(
        ctx.db, link.item, peer.key or "", peer.head.seq, chain.MOST_AHEAD
    )
    return chain.first_gap(peer.head, held, peer.reach)


async def receive_want(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> list[Line | Effect]:
    """Answer a network's request for missing messages at once if they are ours; else schedule that
    others' are sent. Return what to say. Raises `InvalidMessage` for a senseless request.

    A request is answered even while messages of that network are missing.
    """
    if one.kind != "want":
        return []
    key, first, last = (one.body.get(name) for name in ("network", "first", "last"))
    if not (isinstance(key, str) and isinstance(first, int) and isinstance(last, int)):
        raise InvalidMessage("no want")
    if not 1 <= first <= last < first + chain.MOST_WANTED:
        raise InvalidMessage("wants too much")
    if not await may_resend(ctx, peer, last - first + 1):
        return []
    if key != ctx.signer.public:  # their own network answers first
        at = ctx.now + LEND_AFTER + _CHANCE.random() * LEND_WITHIN
        since = ctx.now.timestamp()
        lost = key == peer.key  # it went on from a backup
        await ctx.schedule(
            LEND_JOB, at, item=link.item, key=key, first=first, last=last, since=since, lost=lost
        )
        return []
    return [*await outbound.resend_messages(ctx, link, key, first, last, ctx.now - ASK_AFTER)]


async def may_resend(ctx: Context, peer: Peer, count: int) -> bool:
    """Return whether `count` messages may be sent again for this network, and count them if so."""
    now = await store.get_peer(ctx.db, peer.link, peer.bot) or peer
    until = max(now.wanted_at, ctx.now.timestamp()) + count * RESEND_COST.total_seconds()
    if until > (ctx.now + RESEND_BURST).timestamp():
        return False
    await store.change_peer(ctx.db, peer, wanted_at=until)
    return True


@feature.runs(LEND_JOB)
async def lend_messages(ctx: Context, job: Job) -> Answer:
    """Send another network's messages that somebody missed, unless they were sent again since.
    Return what to say, if anything.

    If the author itself asks, because a backup made it lose them, and we hold none of these, send
    the first later one that it lost: its number shows the author where to ask on.
    """
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None:
        return None
    key, first, last = (job.payload[name] for name in ("key", "first", "last"))
    since = datetime.fromtimestamp(job.payload["since"], UTC)
    if job.payload.get("lost"):
        found = await lost_messages.next_number_held(ctx.db, link.item, key, first)
        first, last = (found, found) if found > last else (first, last)
    return await outbound.resend_messages(ctx, link, key, first, last, since)
