"""`!network`: the list of linked networks, and the words for all that is done with them."""

from __future__ import annotations

from bot.api import (
    NO_NUMBER,
    NOTHING,
    Answer,
    Context,
    Number,
    Rest,
    SubCommands,
    UserError,
    Words,
    _,
    fold_answer,
    items,
    words,
)
from commands.joint_decisions import joint_proposal, received_proposal
from commands.joint_decisions import store as joint_store
from commands.joint_publication import agreement
from commands.links import store
from commands.links.declaration import LONGEST_NAME
from commands.links.declaration import feature as links_feature
from commands.links.network_names import peers_called
from commands.links.store import NetworkLink, PeerState
from commands.networks import code_commands, link_commands, link_end, overview
from commands.networks.declaration import NETWORKS, feature
from commands.shares import acceptance, outbound_shares, room_trust, share_store
from commands.shares.announcements import announce_command

LINK = words("conectar", "conectar", "link", "enlazar | ligar | connect")
ADD = words("sumar", "somar", "add")
COMPARE = words(
    *("comparar", "comparar", "compare"),
    "confirmar | confirmar | confirm, código | código | code, coincide | coincide | same",
)
REFUTE = words(
    *("desmentir", "desmentir", "refute"),
    "falso | falso | false, distinto | diferente | different, no coincide | não coincide | wrong",
)
TRUST = words("confiar", "confiar", "trust")
ACCEPT = words("aceptar", "aceitar", "accept", "acepta | aceita | accepts")
DECLINE = words("rechazar", "recusar", "decline", "rechaza | recusa | declines")
SHARE = words("compartir", "compartilhar", "share")
ANNOUNCE = words("anunciar", "anunciar", "announce", "anuncio | anúncio | announcement")
PROPOSE = words("proponer", "propor", "propose", "propone | propõe | proposes")
WITHDRAW = words("retirar", "retirar", "withdraw")
LEAVE = words("desconectar", "desconectar", "disconnect", "dejar | deixar | leave")
NETWORK = SubCommands()
NETWORK.sub(
    LINK,
    help=_("ask another network for a link"),
    example=_("For example: `!network link @minga:example.org`"),
)(link_commands.ask_for_link)
NETWORK.sub(
    ADD,
    help=_("ask one more network into a link"),
    example=_("For example: `!network add @minga:example.org 57`"),
)(link_commands.add_network)
NETWORK.sub(
    SHARE,
    help=_("show other networks what has that number"),
    example=_("For example: `!network share 57`"),
)(outbound_shares.share_item)
NETWORK.sub(
    WITHDRAW,
    help=_("take back what was shared"),
    example=_("For example: `!network withdraw 57`"),
)(outbound_shares.withdraw_item)
NETWORK.sub(ANNOUNCE, help=_("tell all networks something"))(announce_command.announce_or_change)
NETWORK.sub(
    PROPOSE,
    help=_("decide something together with other networks"),
    example=_("For example: `!network propose 57`"),
)(joint_proposal.propose_decision)
NETWORK.sub(TRUST, help=_("take in what a network shares, without being asked"))(
    room_trust.trust_network
)


@feature.command(
    words("red", "rede", "network"),
    help=_("linked networks, and what is shared with them"),
    example=_(
        "For example: `!network`, `!network link @minga:example.org`, `!network share {number}`,"
        " `!network announce “March on Saturday at 18h”` or `!network propose {number}`",
        number=57,
    ),
    topic=NETWORKS,
    subs=NETWORK,
)
async def network(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Show all linked networks, or one of them by its name. Return the answer. Raises `UserError`
    for an unknown one."""
    if not name:
        return await overview.show_networks(ctx)
    if (found := await overview.show_network(ctx, name)) is not None:
        return found
    raise NETWORK.unknown(name)


NETWORK.sub(
    COMPARE,
    help=_("say that the code of a network is the same on both sides"),
    example=_("For example: `!network compare Red Sur`"),
)(code_commands.compare_code)
NETWORK.sub(
    REFUTE,
    help=_("say that the code of a network is not the same, so that nothing of it counts"),
    example=_("For example: `!network refute Red Sur`"),
    suggested=False,
)(code_commands.refute_code)


@NETWORK.sub(ACCEPT, help=_("take in what waits, or a network that asks or was introduced"))
async def accept(ctx: Context, number: Number = NO_NUMBER, *, name: Rest = NOTHING) -> Answer:
    """Accept what another network sent and waits under this number: a share, a joint decision or a
    link. Return the answer."""
    return await _answer(ctx, number, name, yes=True)


@NETWORK.sub(DECLINE, help=_("turn down what waits"))
async def decline(ctx: Context, number: Number = NO_NUMBER, *, name: Rest = NOTHING) -> Answer:
    """Decline what another network sent and waits under this number: a share, a joint decision or a
    link. Return the answer."""
    return await _answer(ctx, number, name, yes=False)


@NETWORK.sub(LEAVE, help=_("end a link"), suggested=False)
async def leave(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """End the link with other networks of that number or name. Return the answer."""
    return await link_end.leave_link(ctx, await _link_meant(ctx, LEAVE, name))


async def _answer(ctx: Context, number: Number, name: str, *, yes: bool) -> Answer:
    """Accept or decline what another network shared or proposed, else a link."""
    if (incoming := await share_store.received_by_request(ctx.db, number)) is not None:
        settle = acceptance.accept_share if yes else acceptance.decline_share
        return await settle(ctx, incoming)
    if await agreement.find_asker(ctx, number) is not None:
        return await agreement.answer_question(ctx, number, yes=yes)
    if (joint := await joint_store.get_decision(ctx.db, number)) is not None:
        return await received_proposal.answer_proposal(ctx, joint, yes=yes)
    named = str(number) if number != NO_NUMBER else name
    link = await _link_meant(ctx, ACCEPT if yes else DECLINE, named)
    if not yes:
        return await link_commands.decline_link(ctx, link)
    return await link_commands.accept_link(ctx, link, named)


async def _link_meant(ctx: Context, act: Words, rest: str) -> NetworkLink:
    """Return the link that is named by its number or its network. Raises `UserError` if none is."""
    if not fold_answer(rest):
        raise UserError(
            _("Which link? Its number stands in `!network`."),
            _(
                "For example: `!network {act} {number}`",
                act=act,
                number=await items.newest_open(ctx.db, links_feature.name) or 57,
            ),
        )
    every = [peer for peer in await store.all_peers(ctx.db) if peer.state is not PeerState.GONE]
    for peer in peers_called(every, rest):
        found = await store.get_link(ctx.db, peer.link)
        if found is not None:
            return found
    raise UserError(
        _("There is no link “{name}”. All of them: `!network`", name=rest[:LONGEST_NAME])
    )
