"""Services of the links: the names of linked networks, and chains after a restored backup."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    LINKED_NETWORKS,
    Context,
    Effect,
    Say,
    _,
)
from commands.links import store
from commands.links.declaration import feature
from commands.links.protocol import outbound
from commands.links.protocol.chain import MOST_WANTED, RESTART_JUMP, ChainHead
from commands.links.protocol.envelope import FIRST
from commands.links.store import PeerState

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
    """Continue our chains of messages to linked networks far ahead, after a restored backup. Return
    what to send.

    What was said after the backup is unknown, and nothing else may be said in its place. So each
    chain goes on far ahead, and the others tell what they have of us, and send back what we said.
    """
    effects: list[Effect] = []
    for one in await store.all_links(ctx.db):
        if one.room is None or not any(
            p.state is PeerState.LINKED for p in await store.peers_of_link(ctx.db, one.item)
        ):
            continue
        await store.mark_owing(ctx.db, one.item)
        await store.set_own_head(ctx.db, one.item, ChainHead(one.head.seq + RESTART_JUMP, FIRST))
        effects.append(await outbound.send_message(ctx, one, "again", {"after": one.head.seq}))
        lost = {"first": one.head.seq + 1, "last": one.head.seq + MOST_WANTED}
        want = {"network": ctx.signer.public, **lost}
        effects.append(await outbound.send_message(ctx, one, "want", want))
    if effects and (room := await ctx.moderators_room()):
        line = _("The other networks are asked what they have from us, so that nothing is lost.")
        effects.append(Say((line,), room=room))
    return effects
