"""News about introductions for our moderators, gathered: one message, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.api import Answer, Context, Effect, Job, Line, _
from commands.link_introductions import introduction_store, refutation, texts
from commands.link_introductions.declaration import NEWS_JOB, feature
from commands.link_introductions.introduction_store import Acceptance, AcceptanceNews
from commands.link_introductions.standing import LinkStanding, get_standing
from commands.links import store
from commands.links.moderators import tell_moderators
from commands.links.protocol import inbound
from commands.links.store import NetworkLink, Peer, PeerState

GATHERED, QUIET = timedelta(seconds=5), timedelta(minutes=10)
"""How long news are gathered, and how long after a message the next one comes at the earliest."""


async def schedule_news(ctx: Context, link: NetworkLink) -> None:
    """Schedule a message to our moderators about new introductions of networks, unless it is
    scheduled."""
    if not await ctx.has_job(link.item, NEWS_JOB):
        await ctx.schedule(NEWS_JOB, ctx.now + GATHERED, item=link.item)


@inbound.on_peer_change
async def schedule_news_of_peer(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Schedule news about what others say of a network, once its key is known or it is linked.
    Return what to say."""
    if peer.state in (PeerState.CODE, PeerState.LINKED):
        await schedule_news(ctx, link)
    return []


@feature.runs(NEWS_JOB)
async def tell_news(ctx: Context, job: Job) -> Answer:
    """Tell our moderators which introduced networks wait for a yes, and which were linked by
    introductions. Return what to say, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None:
        return None
    named = await refutation.name_deceivers(ctx, link)
    standing = await get_standing(ctx, link.item)
    news = await _note_news(ctx, standing)
    waiting, linked = news[AcceptanceNews.WAITING], news[AcceptanceNews.LINKED]
    lines: list[Line] = []
    if waiting:
        lines += _waiting_lines(link, standing, waiting)
    if linked:
        lines.append(_("Linked on others' word: {names}.", names=texts.peer_names(linked)))
    if not lines:
        return named
    await ctx.schedule(NEWS_JOB, ctx.now + QUIET, item=link.item)
    return [*named, *await tell_moderators(ctx, *lines, loud=bool(waiting))]


async def _note_news(
    ctx: Context, standing: LinkStanding
) -> Mapping[AcceptanceNews, Sequence[Peer]]:
    """Return the networks of which something is new, by what it is, and record that it is told.

    What was told and is no longer so is told again when it is.
    """
    found: dict[AcceptanceNews, list[Peer]] = {what: [] for what in AcceptanceNews}
    for peer in standing.peers:
        one = standing.accepted.get(peer.bot, Acceptance(peer.bot, (), AcceptanceNews.NONE))
        news = AcceptanceNews.NONE
        if standing.is_acceptable(peer):
            news = AcceptanceNews.WAITING
        elif peer.state is PeerState.LINKED and one.introducers:
            news = AcceptanceNews.LINKED
        if one.told is not news:
            await introduction_store.put_acceptance(ctx.db, peer.link, replace(one, told=news))
            found[news].append(peer)
    return found


def _waiting_lines(
    link: NetworkLink, standing: LinkStanding, waiting: Sequence[Peer]
) -> list[Line]:
    by = {one.bot: one for peer in waiting for one in standing.introducers(peer)}
    return [
        _(
            "Link {number}: {networks} introduce to us: {names}.",
            number=link.item,
            networks=texts.peer_names(list(by.values())),
            names=texts.peer_names(waiting),
        )
        if len(by) > 1
        else _(
            "Link {number}: {network} introduces to us: {names}.",
            number=link.item,
            network=next(iter(by.values())).name,
            names=texts.peer_names(waiting),
        ),
        _(
            "To accept on their word: `!network accept {number}` · after a call: `!network compare"
            " {name}`",
            number=link.item,
            name=waiting[0].name,
        ),
    ]
