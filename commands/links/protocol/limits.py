"""Limits on what one network can make us store, show and tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MB = 2**20
AHEAD = 4 * MB
"""Bytes of one network that may wait for earlier messages; others are asked for later."""
MUCH, MOST = 64 * MB, 256 * MB
"""Bytes kept of one network at which people are told, and at which the link stops.

A lively network sends some 25 MB in the 120 days for which messages are kept.
"""
TOLD_AGAIN = timedelta(days=30)
"""How long until people are told again that a network sends much."""
SILENT_AFTER = timedelta(days=3)
"""How long a network is silent before people are told. Each says once a day that it is there."""


@dataclass(frozen=True, slots=True)
class KindLimits:
    """Limits for one network and one kind of thing.

    `told`: how many the moderators read in a day; `!network` has the rest. `waiting`: how many are
    kept until a moderator decides. `unasked`: how often in a day things come in or change where a
    room trusts the network; beyond that a moderator is asked.
    """

    waiting: int = 200
    told: int = 100
    unasked: int = 40


USUAL = KindLimits()
OF_KIND = {"notice": KindLimits(waiting=20, told=20, unasked=8)}
"""Limits of kinds that are not `USUAL`: announcements are few, as each is said to a whole room."""


def limits_of(kind: str) -> KindLimits:
    """Return the limits of size and rate for this kind of message."""
    return OF_KIND.get(kind, USUAL)
