"""The log of a secret ballot: a chain in which nothing can be changed without changing its head.

A chain alone proves nothing against who keeps it; heads in members' hands do. So one stands in
every receipt. It holds no names, and times of votes only to the hour. Each row has a salt that
nobody sees before the end: who votes twice could else count from head to head how many voted since.
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
"""When (seconds since 1970), what, of what, and a salt (rows of before decision 0023 have none)."""

HOUR = 3600
COARSE = ("accepted", "replaced", "withdrawn", "refused")
TAKEN_AWAY = ("replaced", "withdrawn")


def row(at: float, kind: Kind, what: str) -> Row:
    """Who writes when is seen by servers: a vote's row tells the hour and no more."""
    rounded = int(at) // HOUR * HOUR if kind in COARSE else int(at)
    return rounded, kind, what, secrets.token_hex(10)


def after(head: str, seq: int, entry: Row) -> str:
    """The head once `entry` is row `seq` (from 1)."""
    return digest("row1", head, seq, *entry)


def start(poll: str) -> str:
    return digest("chain1", poll)


def heads(poll: str, rows: Iterable[Row]) -> list[str]:
    """The head after each row; the first is that of the empty chain."""
    found = [start(poll)]
    for seq, entry in enumerate(rows, start=1):
        found.append(after(found[-1], seq, entry))
    return found


class Head(Signed):
    """How the log stood at some time; posted on a fixed clock, so that it points at nobody."""

    type: Literal["minga.head"] = "minga.head"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    rows: Count
    head: Hash
    at: Count


def standing(rows: Sequence[Row]) -> int:
    """How many votes count by the log."""
    kinds = [row[1] for row in rows]
    return kinds.count("accepted") - kinds.count("replaced") - kinds.count("withdrawn")


def excluded(rows: Iterable[Row]) -> dict[str, int]:
    """How many votes were refused, and why."""
    found: dict[str, int] = {}
    for _at, kind, why, *_salt in rows:
        if kind == "refused":
            found[why] = found.get(why, 0) + 1
    return found
