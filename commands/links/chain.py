"""Where a message stands in its network's chain: the next one, known, too early, or a lie."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from commands.links.envelope import FIRST, Envelope

AHEAD_AT_MOST = 1000
"""Farther ahead than this nothing is kept: it is asked for when its turn comes."""
JUMP = 1_000_000
"""So far behind its end a chain goes on after a backup was restored: no place is used twice."""
ASKED_AT_MOST = 100
"""So many messages are asked for at once."""


class Place(StrEnum):
    NEXT = "next"  # it follows the last one that took effect
    KNOWN = "known"  # it took effect already, or is too old to tell
    EARLY = "early"  # something before it is missing
    FAR = "far"  # so much is missing that it is not kept
    FORK = "fork"  # its network signed another message in this place, or another past


@dataclass(frozen=True, slots=True)
class Head:
    """The last message of a chain that took effect here."""

    seq: int = 0
    hash: str = FIRST


def place(head: Head, held: str | None, one: Envelope) -> Place:
    """`held`: the hash of the message that we hold in the same place of the chain, if we do.

    A genuine message is meant: what FORK says can be shown to others only with the signatures.
    """
    if held is not None and held != one.hash:
        return Place.FORK
    if one.seq <= head.seq:
        return Place.KNOWN
    if one.seq == head.seq + 1:
        return Place.NEXT if one.prev == head.hash else Place.FORK
    return Place.EARLY if one.seq - head.seq <= AHEAD_AT_MOST else Place.FAR


def is_anew(head: Head, one: Envelope) -> bool:
    """Does it go on from a backup? Then it stands far behind the end, and names nothing before."""
    return one.kind == "again" and one.prev == FIRST and one.seq > head.seq + 1


def missing(head: Head, waiting: list[int], reach: int) -> tuple[int, int] | None:
    """The first stretch that is missing: from and to, both included.

    `waiting`: what is held beyond the head; `reach`: the last that was ever heard of.
    """
    ahead = min((seq for seq in waiting if seq > head.seq), default=reach + 1)
    if ahead <= head.seq + 1:
        return None
    return head.seq + 1, min(ahead - 1, head.seq + ASKED_AT_MOST)
