"""Shares after a restored backup: each network says what it has of the one that lost some."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import Answer, Context, Effect, Line, _
from commands.links import store
from commands.links.connection import handshake
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer
from commands.shares import outbound_shares, share_store
from commands.shares.declaration import feature

MOST_TOLD = 400
"""How many shares a `held` names."""
MOST_VERSIONS = outbound_shares.MOST_VERSIONS
_ID = re.compile(r"[0-9a-f]{32}")


@inbound.handles("again", of=feature)
async def receive_again(
    ctx: Context, link: NetworkLink, peer: Peer, _said: NetworkEnvelope
) -> Answer:
    """Send a network that goes on from a backup a list of what we have of it. Return what to say,
    if anything."""
    ids = await share_store.received_versions(ctx.db, link.item, peer.bot, MOST_TOLD)
    told = await handshake.tell_moderators(
        ctx,
        _("{network} goes on from a backup. What it had shared stays here.", network=peer.name),
        loud=False,
    )
    return [await outbound.send_message(ctx, link, "held", {"of": peer.key, "ids": ids}), *told]


@inbound.handles("held", of=feature)
async def receive_held(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Compare another network's list of what we had shared with it, after we restored a backup,
    with what we know. Return messages that withdraw what we don't know, and schedule an update of
    what it has newer.

    A list is ignored unless one is due. Raises `InvalidMessage` for a malformed one.
    """
    ids = said.body.get("ids")
    if said.body.get("of") != ctx.signer.public or not peer.owes:
        return None
    await store.change_peer(ctx.db, peer, owes=0)
    if not isinstance(ids, dict) or len(ids) > MOST_TOLD:
        raise InvalidMessage("no such list")
    effects: list[Line | Effect] = []
    for name, version in ids.items():
        if not (isinstance(version, int) and 0 < version < MOST_VERSIONS and _ID.fullmatch(name)):
            raise InvalidMessage("no such list")
        one = await share_store.find_sent(ctx.db, link.item, name)
        if one is None and await _was_withdrawn(ctx, link, name):
            continue
        if one is None:
            effects.append(
                await outbound.send_message(ctx, link, "withdraw", {"version": version + 1}, name)
            )
        elif version > one.version:
            await share_store.put_sent(ctx.db, replace(one, version=version, mark=b""))
            await outbound_shares.schedule_share_update(ctx, one.item)
    return effects


async def _was_withdrawn(ctx: Context, link: NetworkLink, name: str) -> bool:
    """Tell whether we withdrew it already, or it is not ours."""
    every = await store.messages_about(ctx.db, link.item, name)
    return any(one.network != ctx.signer.public or one.kind == "withdraw" for one in every)
