"""The end of a link: on our side, on theirs, or because a bot left without a word."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Effect,
    Leave,
    Line,
    Number,
    _,
    items,
)
from commands.joint_decisions import steps
from commands.link_introductions import refutation
from commands.links import store
from commands.links.declaration import (
    require_network_moderator,
)
from commands.links.moderators import tell_moderators
from commands.links.protocol import here_messages, inbound, outbound
from commands.links.store import NetworkLink, Peer, PeerState
from commands.networks.declaration import feature
from commands.shares import inbound_shares, outbound_shares, share_totals


async def leave_link(ctx: Context, one: NetworkLink) -> Answer:
    """End the link with other networks on our side: withdraw what we shared, and mark what they
    shared. Return what to say, if anything.

    Raises `UserError` without the right.
    """
    await require_network_moderator(ctx)
    every = await store.peers_of_link(ctx.db, one.item)
    names = tuple(peer.name or peer.bot for peer in every)
    open_ = tuple(joint.item for joint in await steps.undecided_decisions(ctx, one.item))
    losing = _(
        "Joint decisions that are under way, in which our votes will not count: {numbers}",
        numbers=open_,
    )
    ctx.confirm(
        _("I end the link with {names}. What we shared is taken back there.", names=names),
        *((losing,) if open_ else ()),
        _("What they shared stays here, marked as no longer kept up, but for offers and needs."),
        _("A new link needs a new code."),
        final=True,
    )
    said = await steps.quit_decisions(ctx, one.item)
    told: list[Line | Effect] = []
    if one.room is not None and await outbound.is_in_room(ctx, one):
        if not await outbound.is_room_open(
            ctx, one
        ):  # where it is open, the others only see the bot leave
            said.append(await outbound.send_message(ctx, one, "bye", {}))
        said.append(Leave(one.room))
    for peer in every:
        await store.change_peer(ctx.db, peer, state=PeerState.GONE)
        told += await inbound_shares.end_shares_of(ctx, peer)
    await outbound_shares.end_link_shares(ctx, one.item)
    await ctx.log("unlinked", {"names": list(names)}, room=await ctx.moderators_room())
    await close_link(ctx, one.item, keep=True)
    return [*said, _("The link with {names} is ended.", names=names), *told]


async def close_link(ctx: Context, number: Number, *, keep: bool = False) -> None:
    """End a link with other networks and cancel its jobs. Unless `keep`, delete the link too."""
    await items.close(ctx.db, number)
    await ctx.cancel_jobs(number)
    if not keep:
        await store.drop_link(ctx.db, number)


SHARES_STAY = _(
    "What they shared stays here, marked as no longer kept up, but for offers and needs."
)


@inbound.handles("bye", last=True, of=feature)
async def receive_bye(ctx: Context, one: NetworkLink, peer: Peer, _said: object) -> Answer:
    """End the link with a network that says that it leaves: what it shared is withdrawn. Return
    what to say, if anything.

    If it was seen to leave the room before, only the withdrawal is left to do.
    """
    if peer.state is PeerState.GONE:
        return [*await inbound_shares.schedule_withdrawals(ctx, peer)]
    how = _("{name} ended the link with us.", name=peer.name or peer.bot)
    return await _end_with_peer(ctx, one, peer, how, back=True)


async def end_with_absent(ctx: Context, one: NetworkLink, peer: Peer) -> Answer:
    """End the link with a network whose bot left the room or never came, without a word. Return
    what to say, if anything."""
    if peer.state is PeerState.ASKED:
        return await _end_with_peer(
            ctx,
            one,
            peer,
            _("{bot} did not come into link {number}.", bot=peer.bot, number=one.item),
        )
    return await _end_with_peer(
        ctx,
        one,
        peer,
        _(
            "{name} is no longer in the room of link {number}, so its link with us is ended.",
            name=peer.name or peer.bot,
            number=one.item,
        ),
    )


async def _end_with_peer(
    ctx: Context, one: NetworkLink, peer: Peer, how: Line, *, back: bool = False
) -> list[Line | Effect]:
    """End the link with one network.

    `back`: it said itself that it leaves, so what it shared is withdrawn. Otherwise it stays.
    """
    was, after = peer.state, SHARES_STAY
    await store.change_peer(ctx.db, peer, state=PeerState.GONE)
    over = [] if back else await inbound_shares.end_shares_of(ctx, peer)
    await share_totals.end_peer_totals(ctx, peer)
    if back:
        after = _(
            "What it shared is taken back and goes from here; what we shared stays there,"
            " marked as no longer kept up."
        )
    known = was in (PeerState.LINKED, PeerState.STOPPED)
    introduced = await refutation.lines_at_leaving(ctx, peer)
    told = over + await tell_moderators(ctx, how, *((after,) if known else ()), *introduced)
    if any(
        peer.key in joint.terms.keys for joint in await steps.undecided_decisions(ctx, one.item)
    ):
        await here_messages.schedule_ends(ctx, one)  # its last words may not have reached us all
    left = [p for p in await store.peers_of_link(ctx.db, one.item) if p.state is not PeerState.GONE]
    if not left and one.room is not None:
        await outbound_shares.end_link_shares(ctx, one.item)
        await close_link(ctx, one.item, keep=True)
        told.append(Leave(one.room))
    return [*told, *await inbound_shares.schedule_withdrawals(ctx, peer)] if back else told
