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
    """Return the first `NAMES_SHOWN` names of networks, and how many more there are."""
    names = [peer.name or peer.bot for peer in some]
    more = len(names) - NAMES_SHOWN
    return (*names[:NAMES_SHOWN], _("{count} more", count=more)) if more > 0 else tuple(names)


def linked_state(standing: LinkStanding, peer: Peer) -> Line:
    """Return the words that say that a network is linked, and how its key became trusted."""
    if peer.compared:
        return _("linked, code compared")
    by = peer_names(standing.relied_on(peer))
    return _("linked, introduced by {names}; code not compared", names=by)


def compare_later_lines(peer: Peer) -> list[Line]:
    """Return lines that say how to compare the codes of networks later."""
    if peer.state is not PeerState.LINKED or peer.compared:
        return []
    return [
        _(
            "After a call in which the codes were the same: `!network compare {name}`",
            name=peer.name,
        )
    ]


def waiting_lines(standing: LinkStanding, peer: Peer) -> list[Line]:
    """Return lines that say who introduced a network that waits for our yes, and what can be
    done."""
    if peer.state is not PeerState.DOUBTED and (peer.state is not PeerState.CODE or peer.ours):
        return []
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
    """Return a line that says which networks introduced a network, and who introduced those."""
    by = standing.introducers(peer)
    first = by[0]
    if first.compared:
        return _("{name}: introduced by {names}", name=peer.name, names=peer_names(by))
    return _(
        "{name}: introduced by {names}, that others introduced to us",
        name=peer.name,
        names=peer_names(by),
    )
