"""Links that stop by themselves: too much was sent, a chain forked, or an identity changed."""

from __future__ import annotations

from bot.api import (
    Context,
    Effect,
    Line,
    UserId,
    _,
)
from commands.links import store
from commands.links.connection import handshake
from commands.links.protocol import gap_fill, limits, outbound
from commands.links.protocol.envelope import NetworkEnvelope
from commands.links.protocol.message_handlers import HANDLERS as HANDLERS
from commands.links.protocol.message_handlers import (
    STOP_HANDLERS,
)
from commands.links.protocol.message_handlers import handles as handles
from commands.links.protocol.message_handlers import on_peer_change as on_peer_change
from commands.links.protocol.message_handlers import on_stop as on_stop
from commands.links.store import NetworkLink, Peer, PeerState


async def report_size(ctx: Context, link: NetworkLink, author: Peer) -> list[Line | Effect]:
    """Tell the moderators that a network sent far more than networks do, if it did. Return the
    messages.
    """
    now = ctx.now.timestamp()
    if author.held <= limits.MUCH or now < author.held_told + limits.TOLD_AGAIN.total_seconds():
        return []
    await store.change_peer(ctx.db, author, held_told=now)
    line = _(
        "{name} sends far more than networks do: I keep {size} MB of it. At {most} MB I stop"
        " the link.",
        name=author.name or author.bot,
        size=author.held // limits.MB,
        most=limits.MOST // limits.MB,
    )
    talk = _("Talk to its moderators; to end it: `!network disconnect {number}`", number=link.item)
    return [*await handshake.tell_moderators(ctx, line, talk, loud=False)]


async def stop_for_size(ctx: Context, link: NetworkLink, author: Peer) -> list[Line | Effect]:
    """Stop the link with a network that sent too much. Return the messages to the moderators."""
    await store.change_peer(ctx.db, author, state=PeerState.STOPPED)
    line = _(
        "The link with {name} stopped: it sent more than {most} MB.",
        name=author.name or author.bot,
        most=limits.MOST // limits.MB,
    )
    stays = _(
        "What it shared before stays. Talk to its moderators; to end it: `!network disconnect"
        " {number}`",
        number=link.item,
    )
    return [
        *await handshake.tell_moderators(ctx, line, stays),
        *await _end_what_rests_on(ctx, link, author),
    ]


async def _end_what_rests_on(ctx: Context, link: NetworkLink, author: Peer) -> list[Line | Effect]:
    return [one for stopped in STOP_HANDLERS for one in await stopped(ctx, link, author)]


async def stop_for_fork(
    ctx: Context, link: NetworkLink, author: Peer, one: NetworkEnvelope
) -> list[Line | Effect]:
    """Stop the link with a network that signed two messages for one place.

    The message that others may not have is sent on, so that all can see the fork.
    """
    await store.change_peer(ctx.db, author, state=PeerState.STOPPED)
    shown: list[Line | Effect] = []
    place = (
        one.seq
        if await store.message_hash(ctx.db, link.item, one.network, one.seq)
        else one.seq - 1
    )
    shown += await outbound.resend_messages(
        ctx, link, one.network, place, place, ctx.now - gap_fill.ASK_AFTER
    )
    shown += await outbound.post_contents(ctx, link, one.content())
    shown += await handshake.tell_moderators(
        ctx,
        _(
            "The link with {name} stopped: it told some one thing and others another.",
            name=author.name or author.bot,
        ),
        _(
            "What it shared before stays. Talk to its moderators; to end it: `!network disconnect"
            " {number}`",
            number=link.item,
        ),
    )
    return [*shown, *await _end_what_rests_on(ctx, link, author)]


async def stop_links_with(ctx: Context, bot: UserId) -> list[Peer]:
    """Stop all links with a bot whose identity changed. Return the links that were stopped."""
    return [
        await store.change_peer(ctx.db, one, state=PeerState.STOPPED)
        for one in await store.peers_with_bot(ctx.db, bot)
        if one.state not in (PeerState.GONE, PeerState.STOPPED)
    ]
