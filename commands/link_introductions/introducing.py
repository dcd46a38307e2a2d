"""Introductions that we say, pass on and hear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.api import Answer, Context, Effect, Job, Line
from commands.link_introductions import introduction_store, news, refutation
from commands.link_introductions.declaration import (
    MOST_CARRIED,
    MOST_IN_MESSAGE,
    RENEW_JOB,
    RENEWED_BEFORE,
    VALID_FOR,
    feature,
)
from commands.link_introductions.introduction import (
    IntroductionList,
    NetworkIntroduction,
    check_introduction,
)
from commands.link_introductions.introduction_store import Refutation
from commands.links import store
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState


@inbound.on_peer_change
async def introduce_compared(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Tell the linked networks that we compared this one's code, and repeat what was said before it
    came. That it was accepted on others' word is forgotten. Return what to say."""
    if peer.state is not PeerState.LINKED or not peer.compared or peer.key is None:
        return []
    await introduction_store.drop_acceptance(ctx.db, link.item, peer.bot)
    now = await store.get_link(ctx.db, link.item) or link
    others = [
        one
        for one in await store.peers_of_link(ctx.db, link.item)
        if one.bot != peer.bot and one.state in outbound.PRESENT
    ]
    if not others:
        return []
    for one in others:
        if one.compared and one.state is PeerState.LINKED:
            await _sign(ctx, now, one)  # said before there was anybody to hear it
    own = await _sign(ctx, now, peer)
    since = await introduction_store.first_heard(ctx.db, link.item, peer.key)
    passed = await introduction_store.signed_introductions(ctx.db, link.item, since, ctx.now)
    return await _say(ctx, now, [own, *(one for one in passed if one != own)])


async def _sign(ctx: Context, link: NetworkLink, peer: Peer) -> NetworkIntroduction:
    """Sign and store our introduction of a network, or return the one that holds for long."""
    until = ctx.now + VALID_FOR
    kept = await introduction_store.own_introduction(ctx.db, link.item, ctx.signer.public, peer.bot)
    if kept is not None and kept.until > (ctx.now + RENEWED_BEFORE).timestamp():
        return kept
    one = NetworkIntroduction(
        link=link.name,
        introducer=ctx.signer.public,
        bot=peer.bot,
        key=peer.key or "",
        master=peer.master or "",
        until=int(until.timestamp()),
    ).sign(ctx.signer)
    never = datetime.fromtimestamp(0, UTC)
    await introduction_store.put_introduction(ctx.db, link.item, one, one.introducer, never)
    if not await ctx.has_job(link.item, RENEW_JOB):
        await ctx.schedule(RENEW_JOB, until - RENEWED_BEFORE, item=link.item)
    return one


async def _say(
    ctx: Context, link: NetworkLink, every: Sequence[NetworkIntroduction]
) -> list[Line | Effect]:
    effects: list[Line | Effect] = []
    for start in range(0, len(every), MOST_IN_MESSAGE):
        some = every[start : start + MOST_IN_MESSAGE]
        body = IntroductionList(introductions=tuple(some))
        effects.append(await outbound.send_message(ctx, link, "introduce", body.model_dump()))
        for one in some:
            await introduction_store.mark_passed(
                ctx.db, link.item, one.introducer, one.bot, ctx.now
            )
    return effects


@inbound.handles("introduce", early=True, of=feature)
async def receive_introductions(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Store introductions of networks, whoever passes them on, and tell what follows. Return what
    to say, if anything.

    A network that signs two keys for one bot refutes itself. What is beyond `MOST_CARRIED` is not
    kept. Raises `InvalidMessage` for one that is not genuine, or meant for another link.
    """
    every = said.parse_body(IntroductionList).introductions
    for one in every:
        check_introduction(one, link.name, ctx.now)
    room = MOST_CARRIED - await introduction_store.count_carried(ctx.db, link.item, said.network)
    for one in every:
        if one.until <= ctx.now.timestamp():
            continue
        kept = await introduction_store.get_introduction(ctx.db, link.item, one.introducer, one.bot)
        if kept is not None and (kept.key, kept.master) != (one.key, one.master):
            await introduction_store.refute_introduction(
                ctx.db, link.item, one.introducer, one.bot, Refutation.WORD
            )
        elif kept is not None and kept.until >= one.until:
            await introduction_store.mark_passed(
                ctx.db, link.item, one.introducer, one.bot, ctx.now
            )
        elif kept is not None or room > 0:
            room -= kept is None
            await introduction_store.put_introduction(ctx.db, link.item, one, said.network, ctx.now)
    await news.schedule_news(ctx, link)
    return [*await refutation.name_deceivers(ctx, link)]


@feature.runs(RENEW_JOB)
async def renew_introductions(ctx: Context, job: Job) -> Answer:
    """Sign our introductions of networks anew before they expire, for those that are linked. Return
    what to say, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None or not await outbound.is_in_room(ctx, link):
        return None
    every = await store.peers_of_link(ctx.db, link.item)
    known = [peer for peer in every if peer.compared and peer.state is PeerState.LINKED]
    if len(known) < 2:
        return None
    return await _say(ctx, link, [await _sign(ctx, link, peer) for peer in known])
