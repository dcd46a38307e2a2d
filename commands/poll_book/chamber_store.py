"""The chambers of a decision in the database."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Number
from commands.decision_rules import ballots
from commands.decision_rules.ballots import Part
from commands.poll_book.chambers import ChamberVotes
from commands.poll_book.voter_store import Voter
from storage.database import Tx

Chamber = tuple[str, Sequence[Voter]]
"""A chamber's name and its voters."""


async def put_chambers(tx: Tx, poll: Number, chambers: Sequence[Chamber]) -> None:
    """Store the chambers (groups that must agree each by itself) of a decision, once, when it
    opens."""
    await tx.many(
        "INSERT INTO poll_book_chamber (poll, place, name, size, weight) VALUES (?, ?, ?, ?, ?)",
        [
            (poll, place, name, len(voters), sum(voter.weight for voter in voters))
            for place, (name, voters) in enumerate(chambers, start=1)
        ],
    )
    await tx.many(
        "INSERT INTO poll_book_chamber_voter (poll, voter, place) VALUES (?, ?, ?)",
        [
            (poll, voter.key, place)
            for place, (_name, voters) in enumerate(chambers, start=1)
            for voter in voters
        ],
    )


async def has_chambers(tx: Tx, poll: Number) -> bool:
    """Return whether a decision must pass in several chambers."""
    return await tx.exists("SELECT 1 FROM poll_book_chamber WHERE poll = ?", poll)


async def chambers_of(tx: Tx, poll: Number) -> list[ChamberVotes]:
    """Return the votes of each chamber of a decision, in the order in which they were named."""
    found = []
    for row in await tx.all("SELECT * FROM poll_book_chamber WHERE poll = ? ORDER BY place", poll):
        counts = await tx.all(
            "SELECT ballot, weight FROM poll_book_chamber_count WHERE poll = ? AND place = ?",
            poll,
            row["place"],
        )
        profile = {ballots.parse_ballot(r["ballot"]): r["weight"] for r in counts}
        found.append(ChamberVotes(row["name"], row["size"], row["weight"], row["turnout"], profile))
    return found


async def shift_chamber(tx: Tx, poll: Number, voter: str, parts: Sequence[Part], by: int) -> None:
    """Count a vote in its voter's chamber (`by` 1), or no more (-1), if the decision has
    chambers."""
    row = await tx.one(
        "SELECT place FROM poll_book_chamber_voter WHERE poll = ? AND voter = ?", poll, voter
    )
    if row is None or not parts:
        return
    await tx.many(
        "INSERT INTO poll_book_chamber_count VALUES (?, ?, ?, ?)"
        " ON CONFLICT (poll, place, ballot) DO UPDATE SET weight = weight + excluded.weight",
        [
            (poll, row["place"], ballots.format_ballot(ballot), by * weight)
            for ballot, weight in parts
        ],
    )
    await tx.run(
        "DELETE FROM poll_book_chamber_count WHERE poll = ? AND place = ? AND weight = 0",
        poll,
        row["place"],
    )
    await tx.run(
        "UPDATE poll_book_chamber SET turnout = turnout + ? WHERE poll = ? AND place = ?",
        by,
        poll,
        row["place"],
    )
