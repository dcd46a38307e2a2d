"""A network that introduced somebody falsely is named, and what rested on its word waits anew."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace

from bot.api import Context, Effect, Line, _
from commands.link_introductions import introduction_store, texts
from commands.link_introductions.introduction_store import Refutation
from commands.link_introductions.standing import LinkStanding, get_standing
from commands.links import store
from commands.links.moderators import tell_moderators
from commands.links.protocol import inbound
from commands.links.store import NetworkLink, Peer, PeerState


async def name_deceivers(ctx: Context, link: NetworkLink) -> list[Line | Effect]:
    """Tell our moderators, once, of each network that introduced another falsely, and doubt what
    rested on it. Return what to say."""
    standing = await get_standing(ctx, link.item)
    lines: list[Line] = []
    for one in standing.false_introductions:
        if one.told:
            continue
        await introduction_store.mark_told(ctx.db, link.item, one.introducer, one.bot)
        lines.append(_false_line(standing, standing.by_key[one.introducer], one.bot, one.refuted))
    if not lines:
        return []
    lines = lines[: texts.LINES_SHOWN]
    doubted = await _doubt(ctx, standing, standing.deceivers)
    return [*await tell_moderators(ctx, *lines, *_doubted_lines(link, doubted))]


def _false_line(standing: LinkStanding, by: Peer, bot: str, how: Refutation) -> Line:
    network = by.name or by.bot
    if bot == standing.me:
        return _("{network} introduces us to others with a key that is not ours.", network=network)
    meant = standing.by_bot.get(bot)  # type: ignore[call-overload]
    name = (meant.name or meant.bot) if meant is not None else bot
    if how is Refutation.WORD:
        return _("{network} signed two different keys for {name}.", network=network, name=name)
    if how is Refutation.PEOPLE:
        return _(
            "{network} introduced {name} with a key whose code is not the one of its people.",
            network=network,
            name=name,
        )
    return _(
        "{network} introduces {name} with another key than {name} shows us: one of them deceives.",
        network=network,
        name=name,
    )


def _doubted_lines(link: NetworkLink, doubted: list[Peer]) -> list[Line]:
    if not doubted:
        return [_("No introduction of theirs counts here any more.")]
    return [
        _(
            "Accepted on that word, so it waits for you again: {names}. Until then it counts for"
            " nothing.",
            names=texts.peer_names(doubted),
        ),
        _(
            "Best by phone: `!network compare {name}` · or on others' word: `!network accept"
            " {number}`",
            name=doubted[0].name,
            number=link.item,
        ),
    ]


async def _doubt(ctx: Context, standing: LinkStanding, keys: Set[str]) -> list[Peer]:
    """Doubt all that was accepted on the word of these alone, and on theirs in turn. Return it."""
    bad, found = set(keys), list[Peer]()
    while fresh := [
        peer
        for peer in _resting_on(standing, bad)
        if peer.key not in bad and not standing.stands_without(peer, bad)
    ]:
        for peer in fresh:
            bad.add(peer.key or "")
            await introduction_store.drop_acceptance(ctx.db, peer.link, peer.bot)
            linked = peer.state is PeerState.LINKED
            state = PeerState.DOUBTED if linked else peer.state
            await store.change_peer(ctx.db, peer, ours=0, state=state)
            if peer.state in (PeerState.LINKED, PeerState.CODE):
                found.append(peer)
    for peer in _resting_on(standing, bad):
        if peer.key not in bad:
            one = standing.accepted[peer.bot]
            rest = tuple(key for key in one.introducers if key not in bad)
            await introduction_store.put_acceptance(
                ctx.db, peer.link, replace(one, introducers=rest)
            )
    return found


def _resting_on(standing: LinkStanding, keys: Iterable[str]) -> list[Peer]:
    """Return the networks that were accepted on the word of any of these."""
    meant = set(keys)
    return [
        peer
        for peer in standing.peers
        if not peer.compared
        and (one := standing.accepted.get(peer.bot)) is not None
        and meant & set(one.introducers)
    ]


@inbound.on_stop
async def doubt_introduced(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Mark as doubtful the networks accepted on the word of one whose link stopped. Return what to
    say."""
    standing = await get_standing(ctx, link.item)
    doubted = await _doubt(ctx, standing, {peer.key or ""})
    if not doubted:
        return []
    return [*await tell_moderators(ctx, *_doubted_lines(link, doubted))]


async def refute_code(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Store that our moderators compared a network's code and found another one. Return what to
    say.

    Whoever introduced it with this key is named; what rested on either waits anew.
    """
    for one in await introduction_store.introductions_in(ctx.db, link.item):
        if one.bot == peer.bot and one.key == peer.key:
            await introduction_store.refute_introduction(
                ctx.db, link.item, one.introducer, one.bot, Refutation.PEOPLE
            )
    await introduction_store.drop_acceptance(ctx.db, link.item, peer.bot)
    return [*await doubt_introduced(ctx, link, peer), *await name_deceivers(ctx, link)]


async def lines_at_leaving(ctx: Context, peer: Peer) -> list[Line]:
    """Return a line about the networks that one which leaves had introduced: they stay as they
    are."""
    standing = await get_standing(ctx, peer.link)
    resting = _resting_on(standing, {peer.key or ""})
    stays = [one for one in resting if one.state is PeerState.LINKED]
    if not stays:
        return []
    return [
        _(
            "Accepted on its word, and still linked: {names}. To be sure: `!network compare"
            " {name}`",
            names=texts.peer_names(stays),
            name=stays[0].name,
        )
    ]
