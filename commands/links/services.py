"""Services of the links: the names of linked networks, and chains after a restored backup."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    AFTER_RESTORE,
    LINKED_NETWORKS,
    Answer,
    Context,
    Effect,
    Job,
    Say,
    _,
)
from commands.links import lost_messages, store
from commands.links.declaration import LOST_JOB, feature
from commands.links.protocol import outbound
from commands.links.protocol.chain import MOST_WANTED, RESTART_JUMP, ChainHead
from commands.links.protocol.envelope import FIRST
from commands.links.store import NetworkLink, PeerState

SOON, LATER = timedelta(minutes=5), timedelta(minutes=20)
"""Pauses between requests for our lost messages: others send 500 at once, then six a minute."""
MOST_AT_ONCE, MOST_TIMES = 4, 50
"""So many requests follow each other soon, and so many are sent at most."""
MOST_IN_VAIN, LONGEST_PAUSE = 12, timedelta(days=1)
"""So many requests in a row may bring nothing, each after twice the pause before it or a day: about
as long as what comes back is taken (`RETURNED_WITHIN`)."""

feature.log_line("linked", _("linked the network {name}"))
A_NETWORK = "a network's bot, and no person"
feature.rows("links_link", room="room")
feature.rows("links_peer", person="bot", on_forget="keep", why=A_NETWORK)
feature.at_split("links_link", "stays")  # an agreement with this bot


@feature.offers(LINKED_NETWORKS)
async def linked_names(ctx: Context) -> list[str]:
    """Return the names of all linked networks."""
    return [
        peer.name
        for one in await store.all_links(ctx.db)
        for peer in await store.peers_of_link(ctx.db, one.item)
        if peer.state is PeerState.LINKED
    ]


@feature.offers(AFTER_RESTORE)
async def restart_chains(ctx: Context, _made: datetime) -> list[Effect]:
    """Continue our chains of messages to linked networks after a backup was restored. Return what
    to send.

    What we said after the backup is lost here, and its numbers must not be used again. So each
    chain jumps far ahead, to a number made of the present time, for a backup may be restored twice.
    The others are asked for what we said and for what they hold of us.
    """
    effects: list[Effect] = []
    for one in await store.all_links(ctx.db):
        if one.room is None or not any(
            p.state is PeerState.LINKED for p in await store.peers_of_link(ctx.db, one.item)
        ):
            continue
        await store.mark_owing(ctx.db, one.item)
        far = one.head.seq + RESTART_JUMP + int(ctx.now.timestamp() * 1000)
        await store.set_own_head(ctx.db, one.item, ChainHead(far, FIRST))
        effects.append(await outbound.send_message(ctx, one, "again", {"after": one.head.seq}))
        effects.append(await _want_lost(ctx, one, one.head.seq, far, 1))
    if effects and (room := await ctx.moderators_room()):
        line = _("The other networks are asked what they have from us, so that nothing is lost.")
        effects.append(Say((line,), room=room))
    return effects


async def _want_lost(
    ctx: Context, link: NetworkLink, after: int, before: int, times: int, in_vain: int = 0
) -> Effect:
    """Schedule the next request for messages of ours that a backup lost. Return this one, for those
    that follow `after`. `in_vain`: how many requests in a row brought nothing."""
    pause = (SOON if times < MOST_AT_ONCE else LATER) * 2**in_vain
    await ctx.schedule(
        LOST_JOB,
        ctx.now + min(pause, LONGEST_PAUSE),
        item=link.item,
        after=after,
        before=before,
        times=times,
        in_vain=in_vain,
    )
    lost = {"first": after + 1, "last": after + MOST_WANTED}
    return await outbound.send_message(ctx, link, "want", {"network": ctx.signer.public, **lost})


@feature.runs(LOST_JOB)
async def want_more_lost(ctx: Context, job: Job) -> Answer:
    """Ask linked networks for the next messages of ours that a backup lost, ever more seldom while
    nothing comes: who has them may be off. Return what to send, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    after, before, times = (int(job.payload[name]) for name in ("after", "before", "times"))
    if link is None or not await outbound.is_in_room(ctx, link) or times >= MOST_TIMES:
        return None
    last = await _last_back(ctx, link, after, before)
    in_vain = int(job.payload.get("in_vain", 0)) + 1 if last <= after else 0
    if in_vain > MOST_IN_VAIN:
        return None
    return await _want_lost(ctx, link, max(last, after), before, times + 1, in_vain)


async def _last_back(ctx: Context, link: NetworkLink, after: int, before: int) -> int:
    """Return the number after which to ask: the last that came back of those asked for, else the
    first beyond them, else `after` or a lower one."""
    asked, ours = min(before, after + MOST_WANTED + 1), ctx.signer.public
    last = await lost_messages.last_number_before(ctx.db, link.item, ours, asked)
    if last > after:
        return last
    found = await lost_messages.next_number_held(ctx.db, link.item, ours, asked)
    return found if found < before else last
