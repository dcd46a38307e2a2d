"""`!network`: the list of linked networks, and the words for all that is done with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.api import Answer, Context, Number, UserError, Words, _, fold_answer, items, words
from commands.links import overview, store
from commands.links.announcements import announce_command
from commands.links.connection import link_commands
from commands.links.declaration import LONGEST_NAME, NETWORKS, feature
from commands.links.joint import joint_proposal
from commands.links.joint import store as joint_store
from commands.links.joint.store import JointDecision
from commands.links.network_names import peers_called
from commands.links.shares import acceptance, outbound_shares, room_trust, share_store
from commands.links.shares.share_store import ReceivedShare
from commands.links.store import NetworkLink, PeerState

LINK = words("conectar", "conectar", "link", "enlazar | ligar | connect")
ADD = words("sumar", "somar", "add")
TRUST = words("confiar", "confiar", "trust")
ACCEPT = words("aceptar", "aceitar", "accept")
DECLINE = words("rechazar", "recusar", "decline")
SHARE = words("compartir", "compartilhar", "share")
ANNOUNCE = words("anunciar", "anunciar", "announce", "anuncio | anúncio | announcement")
PROPOSE = words("proponer", "propor", "propose")
WITHDRAW = words("retirar", "retirar", "withdraw")
LEAVE = words("desconectar", "desconectar", "disconnect", "dejar | deixar | leave")
ACTIONS: tuple[tuple[Words, Callable[[Context, str], Awaitable[Answer]]], ...] = (
    (LINK, link_commands.ask_for_link),
    (ADD, link_commands.add_network),
    (SHARE, outbound_shares.share_item),
    (ANNOUNCE, announce_command.announce_or_change),
    (WITHDRAW, outbound_shares.withdraw_item),
    (PROPOSE, joint_proposal.propose_decision),
    (TRUST, room_trust.trust_network),
)
"""First words that need no number of something that waits, and what they run."""


@feature.command(
    words("red", "rede", "network"),
    help=_("linked networks, and what is shared with them"),
    example=_(
        "For example: `!network`, `!network link @minga:example.org`, `!network share {number}`,"
        " `!network announce “March on Saturday at 18h”` or `!network propose {number}`",
        number=57,
    ),
    topic=NETWORKS,
)
async def network(ctx: Context, *, text: str = "") -> Answer:
    """Show linked networks, or run what the first word names.

    Raises `UserError` if that is unknown or names no link.
    """
    word, _space, rest = text.strip().partition(" ")
    if not word:
        return await overview.show_networks(ctx)
    for act, begin in ACTIONS:
        if _is_word_of(act, word):
            return await begin(ctx, rest)
    if (incoming := await _waiting_share(ctx, rest)) is not None:
        for act, take in ((ACCEPT, acceptance.accept_share), (DECLINE, acceptance.decline_share)):
            if _is_word_of(act, word):
                return await take(ctx, incoming)
    joint = await _joint_decision(ctx, rest)
    if joint is not None and (_is_word_of(ACCEPT, word) or _is_word_of(DECLINE, word)):
        return await joint_proposal.answer_proposal(ctx, joint, yes=_is_word_of(ACCEPT, word))
    for act, do in (
        (ACCEPT, link_commands.accept_link),
        (DECLINE, link_commands.decline_link),
        (LEAVE, link_commands.leave_link),
    ):
        if _is_word_of(act, word):
            return await do(ctx, await _link_meant(ctx, act, rest))
    if (found := await overview.show_network(ctx, text)) is not None:
        return found
    raise UserError(
        _("I didn't understand `{word}`. What can be done:", word=word[:40]),
        _(
            "`!network` · `!network {link} @minga:example.org` · `!network {accept} 57` ·"
            " `!network {decline} 57` · `!network {leave} 57`",
            link=LINK,
            accept=ACCEPT,
            decline=DECLINE,
            leave=LEAVE,
        ),
        _(
            "`!network {share} 57` · `!network {withdraw} 57` · `!network {propose} 57` ·"
            " `!network {announce} “March on Saturday at 18h”`",
            share=SHARE,
            withdraw=WITHDRAW,
            propose=PROPOSE,
            announce=ANNOUNCE,
        ),
    )


def _is_word_of(act: Words, word: str) -> bool:
    return fold_answer(word) in {fold_answer(one) for one in act}


async def _waiting_share(ctx: Context, rest: str) -> ReceivedShare | None:
    """Return what another network shared under this number, or None."""
    number = rest.strip().partition(" ")[0].removeprefix("#")
    if not number.isdecimal() or len(number) > 9:
        return None
    return await share_store.received_by_request(ctx.db, Number(int(number)))


async def _joint_decision(ctx: Context, rest: str) -> JointDecision | None:
    """Return the joint decision of this number, or None."""
    number = rest.strip().partition(" ")[0].removeprefix("#")
    if not number.isdecimal() or len(number) > 9:
        return None
    return await joint_store.get_decision(ctx.db, Number(int(number)))


async def _link_meant(ctx: Context, act: Words, rest: str) -> NetworkLink:
    """Return the link that is named by its number or its network. Raises `UserError` if none is."""
    if not fold_answer(rest):
        raise UserError(
            _("Which link? Its number stands in `!network`."),
            _(
                "For example: `!network {act} {number}`",
                act=act,
                number=await items.newest_open(ctx.db, feature.name) or 57,
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
