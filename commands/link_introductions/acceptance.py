"""Networks that are accepted on the word of others, and what they hear of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.api import Answer, Context, Effect, Line, StrictModel, _, hash_parts
from commands.link_introductions import introduction_store, news, texts
from commands.link_introductions.declaration import NAMES_SHOWN, feature
from commands.link_introductions.introduction_store import Acceptance, AcceptanceNews
from commands.link_introductions.standing import LinkStanding
from commands.links import store
from commands.links.connection import agreement
from commands.links.declaration import MOST_PEERS
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import Key, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState


class AcceptedKeys(StrictModel):
    """Body of `accept`: the networks that the sender accepts on others' word."""

    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=MOST_PEERS)]


async def accept_on_word(
    ctx: Context, link: NetworkLink, standing: LinkStanding, some: list[Peer]
) -> Answer:
    """Accept networks on the word of those that introduced them, without comparing codes, after a
    confirmation. Return what to say, if anything."""
    introducers = {
        peer.bot: tuple(by.key for by in standing.introducers(peer) if by.key) for peer in some
    }
    shown = [texts.introduced_line(standing, peer) for peer in some[:NAMES_SHOWN]]
    if len(some) > NAMES_SHOWN:
        shown.append(_("{count} more", count=len(some) - NAMES_SHOWN))
    ctx.confirm(
        _("Nobody of us compared these codes. You would accept them on others' word:"),
        *shown,
        _("Whoever deceived them deceives us too. After a call: `!network compare NAME`"),
        final=True,
        to=hash_parts("accepted", *(f"{bot} {keys}" for bot, keys in introducers.items())),
    )
    for peer in some:
        keys = introducers[peer.bot]
        await introduction_store.put_acceptance(
            ctx.db, link.item, Acceptance(peer.bot, keys, AcceptanceNews.LINKED)
        )
    body = AcceptedKeys(keys=tuple(sorted(peer.key or "" for peer in some)))
    effects: list[Line | Effect] = [
        await outbound.send_message(ctx, link, "accept", body.model_dump())
    ]
    linked, waiting = list[Peer](), list[Peer]()
    for peer in some:
        changed = await store.change_peer(ctx.db, peer, ours=1, compared=0, state=PeerState.CODE)
        if changed.theirs:
            effects += await agreement.complete_link(ctx, link, changed)
            linked.append(peer)
        else:
            waiting.append(peer)
    await ctx.log(
        "accepted_on_word",
        {"names": [peer.name for peer in some[:NAMES_SHOWN]], "count": len(some)},
        room=await ctx.moderators_room(),
    )
    return [*_accepted_lines(linked, waiting), *effects]


def _accepted_lines(linked: list[Peer], waiting: list[Peer]) -> list[Line]:
    lines = []
    if linked:
        lines.append(_("Linked on others' word: {names}.", names=texts.peer_names(linked)))
    if waiting:
        lines.append(
            _(
                "Noted. Linked as soon as they say yes too: {names}.",
                names=texts.peer_names(waiting),
            )
        )
    return lines


@inbound.handles("accept", early=True, of=feature)
async def receive_acceptance(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Note that a network accepts us on others' word; complete the link if we said yes, too. Return
    what to say, if anything."""
    if ctx.signer.public not in said.parse_body(AcceptedKeys).keys:
        return None
    effects = await agreement.receive_yes(ctx, link, peer)
    await news.schedule_news(ctx, link)
    return effects
