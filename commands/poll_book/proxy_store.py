"""Who votes for whom in a poll of people, in the database, and the votes cast like that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import Number, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Proxy:
    """`holder` votes for `voter` as long as nobody nearer does. Distance 1: they were chosen."""

    voter: UserId
    holder: UserId
    distance: int


@dataclass(frozen=True, slots=True)
class HeldVotes:
    """For whom this person's vote counts too, as they did not vote themselves."""

    holder: UserId
    voters: tuple[UserId, ...]


async def set_proxies(tx: Tx, poll: Number, proxies: Sequence[Proxy]) -> None:
    """Replace who votes for whom, by delegation, in a poll. Votes that were cast stay as they
    are."""
    await tx.run("DELETE FROM poll_book_proxy WHERE poll = ?", poll)
    await tx.many(
        "INSERT INTO poll_book_proxy (poll, voter, holder, distance) VALUES (?, ?, ?, ?)",
        [(poll, one.voter, one.holder, one.distance) for one in proxies],
    )


async def proxies_of(tx: Tx, poll: Number) -> list[Proxy]:
    """Return who votes for whom, by delegation, in a poll."""
    rows = await tx.all(
        "SELECT voter, holder, distance FROM poll_book_proxy WHERE poll = ?"
        " ORDER BY voter, distance",
        poll,
    )
    return [Proxy(UserId(r["voter"]), UserId(r["holder"]), r["distance"]) for r in rows]


async def people_on_roll(tx: Tx, poll: Number, people: Sequence[UserId]) -> set[UserId]:
    """Return which of these people may vote in a poll in their own name."""
    return set(
        await tx.column(
            UserId,
            "SELECT voter FROM poll_book_voter WHERE poll = ?"
            " AND voter IN (SELECT value FROM json_each(?))",
            poll,
            json.dumps([*people]),
        )
    )


async def held_votes(tx: Tx, poll: Number, limit: int) -> list[HeldVotes]:
    """Return for each person who votes for others in a poll, by address, for whom: at most `limit`
    voters."""
    rows = await tx.all(
        "SELECT person, voter FROM poll_book_ballot WHERE poll = ? AND alternate > 0"
        " AND person != '' AND voter LIKE '@%' ORDER BY person, voter LIMIT ?",
        poll,
        limit,
    )
    found: dict[UserId, list[UserId]] = {}
    for row in rows:
        found.setdefault(UserId(row["person"]), []).append(UserId(row["voter"]))
    return [HeldVotes(holder, tuple(voters)) for holder, voters in found.items()]


async def votes_cast_for(tx: Tx, voter: UserId) -> list[tuple[Number, UserId]]:
    """Return the polls in which somebody else's vote counts for this voter, and who that is."""
    rows = await tx.all(
        "SELECT poll, person FROM poll_book_ballot WHERE voter = ? AND person != voter"
        " ORDER BY poll",
        voter,
    )
    return [(Number(row["poll"]), UserId(row["person"])) for row in rows]
