"""The yes of both sides to a link, after a comparison of the code or on other networks' word."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Effect, Line, RoomId, _
from commands.links import store
from commands.links.connection import hello_steps
from commands.links.declaration import HERE_JOB
from commands.links.moderators import tell_moderators
from commands.links.protocol import outbound
from commands.links.protocol.message_handlers import PEER_HANDLERS
from commands.links.store import NetworkLink, Peer, PeerState

DAY = timedelta(days=1)


async def report_peer_change(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Run what other capabilities do when a network's code can be compared, is compared, or when it
    is linked. Return what they say and send."""
    return [one for then in PEER_HANDLERS for one in await then(ctx, link, peer)]


async def receive_yes(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Store that the other network said yes to a link with us; complete the link if we did, too.
    Return what to say."""
    if peer.state is not PeerState.CODE:
        return []
    peer = await store.change_peer(ctx.db, peer, theirs=1)
    return await complete_link(ctx, link, peer) if peer.ours else []


async def complete_link(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Store that we are linked with a network, after both said yes, and log it. Return what to say.

    The moderators are told at once if they compared its code.
    """
    peer = await store.change_peer(ctx.db, peer, state=PeerState.LINKED)
    if not await ctx.has_job(peer.link, HERE_JOB):
        await ctx.schedule(HERE_JOB, ctx.now + DAY, item=peer.link)
    room = await ctx.moderators_room()
    await ctx.log("linked", {"name": peer.name}, room=room or RoomId(""))
    more = await report_peer_change(ctx, link, peer)
    if not peer.compared:
        return more
    told = await tell_moderators(
        ctx,
        _("{name} and we are linked.", name=peer.name),
        _(
            "To share something with them: `!network share {number}`. All of it: `!network`",
            number=await ctx.example_number(),
        ),
    )
    return [*told, *more]


async def confirm_code(ctx: Context, link: NetworkLink, peer: Peer) -> Answer:
    """Store that our moderators found the networks' code to be the same, after a final
    confirmation. Return what to say, if anything."""
    every = await store.peers_of_link(ctx.db, link.item)
    others = any(p.state is PeerState.LINKED for p in every if p.bot != peer.bot)
    introducing = _("The other networks of the link hear that you compared it, signed.")
    ctx.confirm(
        _(
            "The code of the link with {name}: {code}",
            name=peer.name,
            code=hello_steps.code_with_peer(ctx, peer),
        ),
        *((introducing,) if others else ()),
        _("Did its moderators read the same one to you, by phone or in person?"),
        final=True,
        to=f"compared {peer.link} {peer.key}",
    )
    linked = peer.state is PeerState.LINKED
    state = peer.state if linked else PeerState.CODE
    peer = await store.change_peer(ctx.db, peer, ours=1, compared=1, state=state)
    said = await outbound.send_message(
        ctx,
        link,
        "hello",
        hello_steps.CodeConfirmation(to=peer.bot, key=peer.key or "").model_dump(),
    )
    if linked:
        more = await report_peer_change(ctx, link, peer)
        return [said, _("Noted: the code of {name} is compared now.", name=peer.name), *more]
    if peer.theirs:
        return [said, *await complete_link(ctx, link, peer)]
    return [said, _("Noted. As soon as {name} confirms it too, you are linked.", name=peer.name)]
