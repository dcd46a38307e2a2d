"""Services of the links: log lines, moved rooms, restored backups."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    LINKED_NETWORKS,
    MOVE_ROOM,
    RETENTION_LINES,
    Answer,
    Context,
    Effect,
    Line,
    RoomId,
    Say,
    _,
)
from commands.links import store
from commands.links.connection import handshake, room_guard
from commands.links.declaration import ANNOUNCED_WITHIN, LOOK_JOB, MESSAGE_LIFETIME, feature
from commands.links.protocol import inbound, outbound
from commands.links.protocol.chain import RESTART_JUMP, ChainHead
from commands.links.protocol.envelope import FIRST, InvalidMessage, NetworkEnvelope
from commands.links.shares import outbound_shares, share_store
from commands.links.store import NetworkLink, Peer, PeerState

MOST_TOLD = 400
"""How many shares a `held` names."""
MOST_VERSIONS = outbound_shares.MOST_VERSIONS
_ID = re.compile(r"[0-9a-f]{32}")

LOG_LINES: dict[str, Line] = {
    "asked": _("asked {bot} for a link"),
    "linked": _("linked the network {name}"),
    "unlinked": _("ended the link with {names}"),
    "shared": _("shared {number} with {names}"),
    "reworded": _("changed announcement {number}, in the other networks too"),
    "withdrawn": _("took {number} back from the other networks"),
    "taken": _("took in {number} from {name}"),
    "proposed": _("proposed joint decision {number} to {names}"),
    "joined_decision": _("took part in joint decision {number}"),
    "declined_decision": _("did not take part in joint decision {number}"),
}
"""How each act of ours reads in the log."""
for act, line in LOG_LINES.items():
    feature.log_line(act, line)

A_NETWORK = "a network's bot, and no person"
feature.rows("links_link", room="room")
feature.rows("links_joint", room="room")
feature.rows(
    "links_trusted",
    room="room",
    on_clash="replace",
    person="bot",
    on_forget="keep",
    why=A_NETWORK,
)
for table in ("links_peer", "links_total", "links_received", "links_contact", "links_pace"):
    feature.rows(table, person="bot", on_forget="keep", why=A_NETWORK)
feature.rows("links_contact", person="person", on_forget="code")


@feature.offers(LINKED_NETWORKS)
async def linked_names(ctx: Context) -> list[str]:
    """Return the names of all linked networks."""
    return [
        peer.name
        for one in await store.all_links(ctx.db)
        for peer in await store.peers_of_link(ctx.db, one.item)
        if peer.state is PeerState.LINKED
    ]


@feature.offers(RETENTION_LINES)
async def privacy_lines(ctx: Context) -> list[Line]:
    """Return lines for `!privacy` about what leaves the network; none without a link."""
    if not await store.linked_peers(ctx.db):
        return []
    return [
        _(
            "Linked networks get what moderators share with them, as it is written, and"
            " totals; I add"
            " no names: `!network`. What they say I keep for {count} days.",
            count=MESSAGE_LIFETIME.days,
        ),
        _(
            "Your offers and needs go there only if you share them; your address goes to one person"
            " there, sealed, and only after you said yes to that one."
        ),
    ]


@feature.offers(MOVE_ROOM)
async def guard_moved_room(ctx: Context, _old: RoomId, new: RoomId) -> list[Effect]:
    """Guard a link's room that replaces another."""
    link = await store.link_of_room(ctx.db, new)
    if link is None:
        return []
    await ctx.schedule(
        LOOK_JOB, ctx.now + ANNOUNCED_WITHIN, item=link.item
    )  # its maker may bring others
    return [
        effect for effect in await room_guard.guard_room(ctx, link) if not isinstance(effect, Line)
    ]


@feature.offers(AFTER_RESTORE)
async def restart_chains(ctx: Context, _made: datetime) -> list[Effect]:
    """Restart our chains after a restored backup.

    What was said after the backup is unknown, and nothing else may be said in its place. So each
    chain goes on far ahead, and the others tell what they have of us.
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
    if effects and (room := await ctx.moderators_room()):
        line = _("The other networks are asked what they have from us, so that nothing is lost.")
        effects.append(Say((line,), room=room))
    return effects


@inbound.handles("again")
async def receive_again(
    ctx: Context, link: NetworkLink, peer: Peer, _said: NetworkEnvelope
) -> Answer:
    """Tell a network that goes on from a backup what we have of it."""
    ids = await share_store.received_versions(ctx.db, link.item, peer.bot, MOST_TOLD)
    told = await handshake.tell_moderators(
        ctx,
        _("{network} goes on from a backup. What it had shared stays here.", network=peer.name),
        loud=False,
    )
    return [await outbound.send_message(ctx, link, "held", {"of": peer.key, "ids": ids}), *told]


@inbound.handles("held")
async def receive_held(
    ctx: Context, link: NetworkLink, peer: Peer, said: NetworkEnvelope
) -> Answer:
    """Withdraw what another network has of us and we don't know, and keep the rest up.

    Counts once after we asked. Raises `InvalidMessage` for a senseless list.
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
