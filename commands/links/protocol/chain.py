"""The position of a message in its network's chain: next, known, early, far or a fork. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from commands.links.protocol.envelope import FIRST, NetworkEnvelope

MOST_AHEAD = 1000
"""A message farther ahead than this is not kept; it is asked for when its turn comes."""
RESTART_JUMP = 1_000_000
"""After a restored backup a chain goes on this far ahead, and further by its instant: no number is
used twice, though one backup be restored twice."""
MOST_WANTED = 100
"""How many messages are asked for at once."""


class ChainPosition(StrEnum):
    """Where a message stands, as seen from the last one of its chain that took effect."""

    NEXT = "next"  # follows the last one that took effect
    KNOWN = "known"  # took effect already, or is too old to tell
    EARLY = "early"  # a message before it is missing
    FAR = "far"  # so many are missing that it is not kept
    FORK = "fork"  # its network signed another message for this place, or another past


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last message of a chain that took effect here."""

    seq: int = 0
    hash: str = FIRST


def chain_position(head: ChainHead, held: str | None, one: NetworkEnvelope) -> ChainPosition:
    """Return where a network's message stands in its chain: next, repeated, early, or a `FORK`.

    The message has to be genuine. `held`: the hash of the message that is stored under the same
    number, if there is one. A `FORK` can be proved to others with the two signatures.
    """
    if held is not None and held != one.hash:
        return ChainPosition.FORK
    if one.seq <= head.seq:
        return ChainPosition.KNOWN
    if one.seq == head.seq + 1:
        return ChainPosition.NEXT if one.prev == head.hash else ChainPosition.FORK
    return ChainPosition.EARLY if one.seq - head.seq <= MOST_AHEAD else ChainPosition.FAR


def is_restart(head: ChainHead, one: NetworkEnvelope) -> bool:
    """Return whether a network's chain goes on from a restored backup: far ahead, with no message
    before."""
    return one.kind == "again" and one.prev == FIRST and one.seq > head.seq + 1


def first_gap(head: ChainHead, waiting: list[int], reach: int) -> tuple[int, int] | None:
    """Return the first and last number of the first gap in a network's chain, or None.

    At most `MOST_WANTED` numbers. `waiting`: numbers stored beyond the head; `reach`: the highest
    number ever heard of.
    """
    ahead = min((seq for seq in waiting if seq > head.seq), default=reach + 1)
    if ahead <= head.seq + 1:
        return None
    return head.seq + 1, min(ahead - 1, head.seq + MOST_WANTED)
