"""`!network compare` and `refute`: what people found when they read the codes to each other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Effect,
    Line,
    Rest,
    UserError,
    _,
    choice_of,
    fold_answer,
)
from commands.link_introductions import refutation
from commands.links import store
from commands.links.connection import agreement, hello_steps
from commands.links.declaration import require_network_moderator
from commands.links.network_names import peers_called
from commands.links.store import NetworkLink, Peer, PeerState
from commands.shares import inbound_shares

MOST_CHOICES = 20
"""How many codes a question shows."""


def waiting_peers(some: Sequence[Peer]) -> list[Peer]:
    """Return the networks that wait for our yes to a link."""
    return [
        peer
        for peer in some
        if peer.state is PeerState.DOUBTED or (peer.state is PeerState.CODE and not peer.ours)
    ]


def choose_peer(ctx: Context, some: Sequence[Peer]) -> Peer:
    """Return the network whose comparison code the line means; ask if there are several."""
    if len(some) == 1:
        return some[0]
    lines = [
        _("{n}) {name}: {code}", n=n, name=peer.name, code=hello_steps.code_with_peer(ctx, peer))
        for n, peer in enumerate(some[:MOST_CHOICES], start=1)
    ]
    names = [peer.name for peer in some[:MOST_CHOICES]]
    answer = ctx.ask("which", choice_of(len(lines), names=names), _("Whose code?"), *lines)
    return some[int(answer) - 1]


async def compare_code(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Store that people found the comparison code of a network to be right: one that waits, or was
    introduced. Return what to say, if anything.

    Raises `UserError` without the right, and if there is no such code to compare.
    """
    link, peer = await _peer_meant(ctx, name, refuting=False)
    return await agreement.confirm_code(ctx, link, peer)


async def refute_code(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Store that people found another comparison code: the link with that network stops. Return
    what to say, if anything.

    Raises `UserError` without the right, and if there is no such code.
    """
    link, peer = await _peer_meant(ctx, name, refuting=True)
    ctx.confirm(
        _(
            "The code of the link with {name}: {code}",
            name=peer.name,
            code=hello_steps.code_with_peer(ctx, peer),
        ),
        _(
            "Did its moderators read another one to you? Then somebody stands between, and I"
            " stop the link with {name}.",
            name=peer.name,
        ),
        final=True,
        to=f"refuted {peer.link} {peer.key}",
    )
    stopped = await store.change_peer(ctx.db, peer, state=PeerState.STOPPED)
    told: list[Line | Effect] = [*await inbound_shares.end_shares_of(ctx, stopped)]
    told += await refutation.refute_code(ctx, link, stopped)
    await ctx.log("refuted_code", {"name": peer.name}, room=await ctx.moderators_room())
    return [
        _("The link with {name} is stopped: nothing of it counts any more.", name=peer.name),
        *told,
    ]


async def _peer_meant(ctx: Context, name: str, *, refuting: bool) -> tuple[NetworkLink, Peer]:
    """Return the network that is named, or the only one whose code is open, with its link."""
    await require_network_moderator(ctx)
    every = await store.all_peers(ctx.db)
    known = [peer for peer in every if _has_code(peer, refuting=refuting)]
    some = peers_called(known, name) if fold_answer(name) else known
    link = await store.get_link(ctx.db, choose_peer(ctx, some).link) if some else None
    if link is None:
        raise UserError(
            _("There is no code of “{name}” to compare. How each is known: `!network`", name=name)
            if fold_answer(name)
            else _("No code waits to be compared. How each network is known: `!network`")
        )
    return link, choose_peer(ctx, some)


def _has_code(peer: Peer, *, refuting: bool) -> bool:
    """Tell whether there is a code to compare, and it was not found to be the same yet."""
    known = peer.state in (PeerState.CODE, PeerState.LINKED, PeerState.DOUBTED)
    return known and peer.nonce is not None and (refuting or not peer.compared)
