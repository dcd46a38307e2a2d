"""Votes that go: of a person who is forgotten, and those cast for somebody who took theirs back."""

from __future__ import annotations

import secrets

from bot.api import Number, UserId
from commands.poll_book.vote_store import GONE_PREFIX, update_ballot
from storage.database import Tx


async def forget_person(tx: Tx, person: UserId) -> int:
    """Remove a person's name from every poll. Returns in how many polls it was.

    Votes in open polls go, totals of ended ones stay. The votes of organisations stay without the
    name of who cast them.
    """
    rows = await tx.all(
        "SELECT poll, voter, ended FROM poll_book_ballot JOIN poll_book_poll ON number = poll"
        " WHERE person = ?1 OR voter = ?1",
        person,
    )
    polls = await tx.all("SELECT DISTINCT poll FROM poll_book_response WHERE person = ?", person)
    await tx.run("DELETE FROM poll_book_response WHERE voter = ?", person)
    # Two forgotten people stay distinct: the last answer of each still counts as before.
    tag = GONE_PREFIX + secrets.token_hex(8)
    await tx.run(
        "UPDATE poll_book_response SET person = ?, reason = '' WHERE person = ?", tag, person
    )
    for row in rows:
        if row["ended"] is None and row["voter"] == person:
            await update_ballot(tx, Number(row["poll"]), person)
    await tx.run("DELETE FROM poll_book_ballot WHERE voter = ?", person)
    await tx.run("UPDATE poll_book_ballot SET person = '', reason = '' WHERE person = ?", person)
    return len({r["poll"] for r in polls} | {r["poll"] for r in rows})


async def drop_answers_of(tx: Tx, number: Number, voter: str, person: UserId) -> None:
    """Delete the votes that somebody else cast for this voter, who then has their own or none."""
    gone = await tx.change(
        "DELETE FROM poll_book_response WHERE poll = ? AND voter = ? AND person = ?"
        " AND alternate > 0",
        number,
        voter,
        person,
    )
    if gone:
        await update_ballot(tx, number, voter)
