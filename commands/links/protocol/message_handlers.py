"""Which function handles each kind of message: the capabilities on top of links add theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.api import Answer, Context, Effect, Feature, Line
from commands.links.declaration import feature
from commands.links.protocol.envelope import NetworkEnvelope
from commands.links.store import NetworkLink, Peer

MessageHandler = Callable[[Context, NetworkLink, Peer, NetworkEnvelope], Awaitable[Answer]]
PeerHandler = Callable[[Context, NetworkLink, Peer], Awaitable[list[Line | Effect]]]
ReturnedHandler = Callable[[Context, NetworkLink, NetworkEnvelope], Awaitable[None]]
RETURNED_HANDLERS: list[ReturnedHandler] = []
"""What runs for a message of ours that a restored backup lost and another network sends back."""
STOP_HANDLERS: list[PeerHandler] = []
"""What else runs when the link with a network stops."""
PEER_HANDLERS: list[PeerHandler] = []
"""What else runs when the code of a network can be compared, when it is, and when it is linked."""
HANDLERS: dict[str, MessageHandler] = {}
"""The handler of each kind of message of a linked network."""
CAPABILITIES: dict[str, str] = {}
"""The capability whose handler that is, where it is not this one."""
HANDLED_AFTER_LEAVING: set[str] = set()
"""Kinds that count also from a network that has left, as all must see the same in any order."""

HANDLED_BEFORE_LINKING: set[str] = set()
"""Kinds that count also from a network that waits to be linked."""


def handles(
    kind: str, *, last: bool = False, early: bool = False, of: Feature = feature
) -> Callable[[MessageHandler], MessageHandler]:
    """Register the decorated function for a kind of network message; it may raise `InvalidMessage`.

    `last`: it also runs for a network that has left meanwhile. `early`: also for one that waits to
    be linked. `of`: the capability in whose name it runs.
    """

    def register(take: MessageHandler) -> MessageHandler:
        HANDLERS[kind], CAPABILITIES[kind] = take, of.name
        if last:
            HANDLED_AFTER_LEAVING.add(kind)
        if early:
            HANDLED_BEFORE_LINKING.add(kind)
        return take

    return register


def on_stop(then: PeerHandler) -> PeerHandler:
    """Register a function that runs when the link with a network stops, and return it as
    registered."""
    STOP_HANDLERS.append(then)
    return then


def on_returned(then: ReturnedHandler) -> ReturnedHandler:
    """Register a function that runs for each message of ours that a restored backup lost, as
    another network sends it back; return it as registered."""
    RETURNED_HANDLERS.append(then)
    return then


def on_peer_change(then: PeerHandler) -> PeerHandler:
    """Register a function that runs when a network's code can be compared, is compared, and when it
    is linked; return it as registered."""
    PEER_HANDLERS.append(then)
    return then
