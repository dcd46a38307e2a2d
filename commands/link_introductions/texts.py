"""Texts about how a network is known."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, _
from commands.link_introductions.declaration import NAMES_SHOWN
from commands.link_introductions.standing import LinkStanding
from commands.links.store import Peer, PeerState

LINES_SHOWN = 10
"""How many networks a message has a line for."""


def peer_names(some: Sequence[Peer]) -> tuple[str | Line, ...]:
    """Return the first `NAMES_SHOWN` names, and how many more there are."""
    names = [peer.name or peer.bot for peer in some]
    more = len(names) - NAMES_SHOWN
    return (*names[:NAMES_SHOWN], _("{count} more", count=more)) if more > 0 else tuple(names)


def trust_lines(standing: LinkStanding, peer: Peer) -> list[Line]:
    """Return how a network is known, for `!network`; nothing where there is nothing to say."""
    if peer.state is PeerState.LINKED and peer.compared:
        return [_("Code compared by our moderators.")]
    if peer.state is PeerState.LINKED:
        return [
            _(
                "Introduced by {names}, code not compared. After a call: `!network compare"
                " {network}`",
                names=peer_names(standing.relied_on(peer)),
                network=peer.name,
            )
        ]
    if peer.state is PeerState.DOUBTED or (peer.state is PeerState.CODE and not peer.ours):
        return _waiting_lines(standing, peer)
    return []


def _waiting_lines(standing: LinkStanding, peer: Peer) -> list[Line]:
    by = standing.introducers(peer)
    if not by or not standing.needed:
        return []
    if standing.is_acceptable(peer):
        return [
            _(
                "Introduced by {names}. On their word: `!network accept {number}`",
                names=peer_names(by),
                number=peer.link,
            )
        ]
    return [
        _(
            "Introduced by {names}; one more is needed, that does not depend on the same.",
            names=peer_names(by),
        )
    ]


def introduced_line(standing: LinkStanding, peer: Peer) -> Line:
    """Return a line that says by whom a network is introduced, and who introduced those."""
    by = standing.introducers(peer)
    first = by[0]
    if first.compared:
        return _("{name}: introduced by {names}", name=peer.name, names=peer_names(by))
    return _(
        "{name}: introduced by {names}, that others introduced to us",
        name=peer.name,
        names=peer_names(by),
    )
