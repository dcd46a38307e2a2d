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

from bot.api import Count, Hash, Secret, Signed, digest

Kind = Literal[
    "opened",  # the manifest's hash
    "accepted",  # the commitment of a vote
    "replaced",  # the commitment that a later vote of the same person replaces
    "withdrawn",  # the commitment of a vote that was taken back
    "refused",  # why
    "extended",  # the new end
    "closed",  # the board's root
    "result",  # the result's hash
    "shredded",  # the manifest's hash: the link from voter to vote is gone
]
_What = Annotated[str, Field(max_length=64)]
_Salt = Annotated[str, Field(pattern="^[0-9a-f]{20}$")]
Row = tuple[Count, Kind, _What] | tuple[Count, Kind, _What, _Salt]
"""Time in seconds since 1970, kind, subject and salt.

Rows from before decision 0023 have no salt.
"""

HOUR = 3600
COARSE = ("accepted", "replaced", "withdrawn", "refused")
TAKEN_AWAY = ("replaced", "withdrawn")


def row(at: float, kind: Kind, what: str) -> Row:
    """Return a new row with a fresh salt.

    Servers see who writes when, so rows about votes give only the hour.
    """
    rounded = int(at) // HOUR * HOUR if kind in COARSE else int(at)
    return rounded, kind, what, secrets.token_hex(10)


def after(head: str, seq: int, entry: Row) -> str:
    """Return the head of the chain after `entry` as row `seq`, counted from 1."""
    return digest("row1", head, seq, *entry)


def start(poll: str) -> str:
    """Return the head of the empty chain of a ballot."""
    return digest("chain1", poll)


def heads(poll: str, rows: Iterable[Row]) -> list[str]:
    """Return the head after each row. The first is that of the empty chain."""
    found = [start(poll)]
    for seq, entry in enumerate(rows, start=1):
        found.append(after(found[-1], seq, entry))
    return found


class Head(Signed):
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


def standing(rows: Sequence[Row]) -> int:
    """Return how many votes count according to the log."""
    kinds = [row[1] for row in rows]
    return kinds.count("accepted") - kinds.count("replaced") - kinds.count("withdrawn")


def excluded(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many votes were refused, by reason."""
    found: dict[str, int] = {}
    for _at, kind, why, *_salt in rows:
        if kind == "refused":
            found[why] = found.get(why, 0) + 1
    return found
