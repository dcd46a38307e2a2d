"""The log of a secret ballot: a hash chain in which no row can change without its head.

A chain alone proves nothing against whoever keeps it; heads in the hands of members do, so every
receipt holds one. The log holds no names, and gives the times of votes only to the hour. Each row
has a salt that is secret until the end. Without it somebody who votes twice could count from head
to head how many voted in between.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from bot.api import Count, Hash, Secret, SignedModel, hash_parts

LogKind = Literal[
    "opened",  # the manifest's hash
    "accepted",  # the commitment of a vote
    "replaced",  # the commitment that a later vote of the same person replaces
    "withdrawn",  # the commitment of a vote that was taken back
    "refused",  # why
    "extended",  # the new end
    "assembly",  # the hash of a count of paper ballots
    "closed",  # the board's root
    "result",  # the result's hash
    "shredded",  # the manifest's hash: the link from voter to vote is gone
]
_What = Annotated[str, Field(max_length=64)]
_Salt = Annotated[str, Field(pattern="^[0-9a-f]{20}$")]
LogRow = tuple[Count, LogKind, _What] | tuple[Count, LogKind, _What, _Salt]
"""Time in seconds since 1970, kind, subject and salt.

Rows from before decision 0023 have no salt.
"""

HOUR = 3600
HOURLY_KINDS = ("accepted", "replaced", "withdrawn", "refused")
REMOVAL_KINDS = ("replaced", "withdrawn")


def make_row(at: float, kind: LogKind, what: str) -> LogRow:
    """Return a new row of a ballot's log with a fresh salt.

    Servers see who writes when, so rows about votes give only the hour.
    """
    rounded = int(at) // HOUR * HOUR if kind in HOURLY_KINDS else int(at)
    return rounded, kind, what, secrets.token_hex(10)


def head_after(head: str, seq: int, entry: LogRow) -> str:
    """Return the hash of the chain after `entry` as row `seq`, counted from 1."""
    return hash_parts("row1", head, seq, *entry)


def empty_head(poll: str) -> str:
    """Return the hash of a ballot's empty chain."""
    return hash_parts("chain1", poll)


def list_heads(poll: str, rows: Iterable[LogRow]) -> list[str]:
    """Return the chain's hash after each row. The first is that of the empty chain."""
    found = [empty_head(poll)]
    for seq, entry in enumerate(rows, start=1):
        found.append(head_after(found[-1], seq, entry))
    return found


class LogHead(SignedModel):
    """The signed state of the log at some time.

    It is posted on a fixed schedule, so that it points at nobody.
    """

    type: Literal["minga.head"] = "minga.head"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    rows: Count
    head: Hash
    at: Count


def count_standing(rows: Sequence[LogRow]) -> int:
    """Return how many votes of a secret ballot are in force, by the rows of its log."""
    kinds = [row[1] for row in rows]
    return kinds.count("accepted") - kinds.count("replaced") - kinds.count("withdrawn")


def count_refusals(rows: Iterable[LogRow]) -> dict[str, int]:
    """Return how many votes were refused by the rows of a ballot's log, by reason."""
    found: dict[str, int] = {}
    for _at, kind, why, *_salt in rows:
        if kind == "refused":
            found[why] = found.get(why, 0) + 1
    return found
