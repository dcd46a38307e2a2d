"""How much of one network's things reaches people, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MB = 2**20
AHEAD = 4 * MB
"""Bytes of one network that may wait for something before them; the rest is asked for later."""
MUCH, MOST = 64 * MB, 256 * MB
"""Bytes kept of one network at which people are told, and at which the link with it stops.

A lively network says some 25 MB in the 120 days for which messages are kept.
"""
TOLD_AGAIN = timedelta(days=30)
SILENT_AFTER = timedelta(days=3)
"""Each network says once a day that it is there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one network and one kind. `told`: to the moderators, a day; the rest is in `!network`.

    `waiting`: what it shares beyond that is not kept. `unasked`: so often a day its things come in,
    or change, where a room trusts it; beyond that a moderator is asked.
    """

    waiting: int = 200
    told: int = 100
    unasked: int = 40


USUAL = Limits()
OF_KIND = {"notice": Limits(waiting=20, told=20, unasked=8)}
"""Announcements are few, for each is said to the whole room."""


def of(kind: str) -> Limits:
    return OF_KIND.get(kind, USUAL)
