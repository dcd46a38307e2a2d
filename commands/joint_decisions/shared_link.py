"""The one link in which all networks of a joint decision hear each other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Line, Number, UserError, _
from commands.joint_decisions.exclusions import first_names
from commands.links.network_names import links_named, peers_named
from commands.links.store import NetworkLink, Peer

ADDITIONS_SHOWN = 3
"""How many networks are named with the line that brings them into a link."""


async def choose_shared_link(
    ctx: Context, networks: str, poll: Number
) -> tuple[NetworkLink, list[Peer], list[Peer]]:
    """Return a link that has all networks named, which of its networks are meant, and which are
    not.

    Raises `UserError` if there is none, with the lines that would make one.
    """
    every = await links_named(ctx, networks)
    wanted = {peer.bot: peer for peer in await peers_named(ctx, networks)}
    if len(every) == 1:
        link, peers = every[0]
        meant = [peer for peer in peers if peer.bot in wanted]
        return link, meant, [peer for peer in peers if peer.bot not in wanted]
    link, inside = max(every, key=lambda one: sum(peer.bot in wanted for peer in one[1]))
    there = {peer.bot for peer in inside}
    within = [peer for peer in inside if peer.bot in wanted]
    missing = [peer for bot, peer in wanted.items() if bot not in there]
    raise UserError(
        _("Those networks are in different rooms: a joint decision needs one link with all."),
        *_addition_lines(link, missing),
        _(
            "Or without the others: `!network propose {number} with {names}`",
            number=poll,
            names=", ".join(peer.name for peer in within),
        ),
    )


def _addition_lines(link: NetworkLink, missing: Sequence[Peer]) -> list[Line]:
    """Return how the network's moderators bring the missing networks into the link of the rest."""
    lines = [
        _(
            "To bring {network} in: `!network add {bot} {link}`",
            network=peer.name,
            bot=peer.bot,
            link=link.item,
        )
        for peer in missing[:ADDITIONS_SHOWN]
    ]
    if len(missing) > ADDITIONS_SHOWN:
        names = first_names([peer.name for peer in missing[ADDITIONS_SHOWN:]])
        lines.append(_("Likewise: {names}.", names=names))
    lines.append(
        _("The network's moderators write that; each network then compares a code with it once.")
    )
    return lines
