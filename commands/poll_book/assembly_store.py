"""The counts of assemblies in the database, and who confirmed them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId
from commands.decision_rules.ballots import Part
from commands.poll_book import vote_store
from storage.database import Tx

CONFIRMATIONS_NEEDED = 2
"""How many members besides the recorder must confirm a count before it counts."""
FORGOTTEN_PREFIX = "forgotten:"
"""Prefix of the mark that tells one forgotten person from another. It holds nothing else."""

RECORDED_SLOT, NOTED_SLOT, COUNTS_SLOT = "assembly", "assembly-noted", "assembly-counts"
"""The slots of what is said of a count, before its key; `yes` in reply confirms that count."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A show of hands: the counts, who recorded them and who confirmed them."""

    id: int
    poll: Number
    person: UserId
    at: datetime
    parts: tuple[Part, ...]
    people: int
    confirmed: tuple[UserId, ...]

    @property
    def key(self) -> str:
        """What names this count and no other, though its id is given out again once it is
        dropped."""
        said = f"{self.id} {self.at.timestamp()} {vote_store.format_parts(self.parts)}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def counts(self) -> bool:
        """Whether enough members have confirmed the assembly's count of hands."""
        return not self.missing

    @property
    def missing(self) -> int:
        """How many more members must confirm the assembly's count of hands."""
        return max(CONFIRMATIONS_NEEDED - len(self.confirmed), 0)


def is_about_count(slot: str) -> bool:
    """Return whether a message of ours with this slot is about one count of an assembly."""
    return slot_parts(slot)[0] in (RECORDED_SLOT, NOTED_SLOT, COUNTS_SLOT)


def slot_parts(slot: str) -> tuple[str, str]:
    """Return what a slot is for, and the key of a count; "" for those stored without one."""
    kind, _colon, key = slot.partition(" ")[0].partition(":")  # then a room that is not the home
    return kind, key


async def add_assembly(
    tx: Tx, poll: Number, person: UserId, at: datetime, parts: Sequence[Part], people: int
) -> Assembly:
    """Store an assembly's count of `people` hands in a poll, and return it."""
    number = await tx.run(
        "INSERT INTO poll_book_assembly (poll, person, at, parts, people) VALUES (?, ?, ?, ?, ?)",
        poll,
        person,
        at.timestamp(),
        vote_store.format_parts(parts),
        people,
    )
    return Assembly(number, poll, person, at, tuple(parts), people, ())


async def confirm_assembly(tx: Tx, assembly: int, person: UserId) -> bool:
    """Store that this person confirms an assembly's count. Return False if they had done so
    before."""
    return (
        await tx.change(
            "INSERT OR IGNORE INTO poll_book_assembly_yes VALUES (?, ?)", assembly, person
        )
        > 0
    )


async def drop_assembly(tx: Tx, assembly: int) -> None:
    """Delete an assembly's count of hands."""
    await tx.run("DELETE FROM poll_book_assembly WHERE id = ?", assembly)


async def assemblies_of_poll(tx: Tx, poll: Number) -> list[Assembly]:
    """Return all assemblies' counts in a poll in the order in which they were recorded."""
    rows = await tx.all("SELECT * FROM poll_book_assembly WHERE poll = ? ORDER BY id", poll)
    return [await _assembly(tx, row) for row in rows]


async def confirmed_assemblies(tx: Tx, poll: Number) -> list[Assembly]:
    """Return the assemblies' counts in a poll that are confirmed."""
    return [one for one in await assemblies_of_poll(tx, poll) if one.counts]


async def waiting_assemblies(tx: Tx, poll: Number) -> list[Assembly]:
    """Return the assemblies' counts in a poll that are not confirmed yet."""
    return [one for one in await assemblies_of_poll(tx, poll) if not one.counts]


async def polls_of_person(tx: Tx, person: UserId) -> list[Number]:
    """Return the polls with an assembly's count that this person recorded or confirmed."""
    return await tx.column(
        Number,
        "SELECT poll FROM poll_book_assembly WHERE person = ?1 UNION"
        " SELECT poll FROM poll_book_assembly JOIN poll_book_assembly_yes y ON y.assembly = id"
        " WHERE y.person = ?1 ORDER BY poll",
        person,
    )


async def forget_person(tx: Tx, person: UserId) -> None:
    """Replace a person's name on all assemblies' counts with a mark that names nobody."""
    for table in ("poll_book_assembly", "poll_book_assembly_yes"):
        await tx.run(
            f"UPDATE {table} SET person = '{FORGOTTEN_PREFIX}' || hex(randomblob(8))"  # noqa: S608
            " WHERE person = ?",
            person,
        )


async def _assembly(tx: Tx, row: Any) -> Assembly:
    yes = await tx.all(
        "SELECT person FROM poll_book_assembly_yes WHERE assembly = ? ORDER BY person", row["id"]
    )
    return Assembly(
        row["id"],
        Number(row["poll"]),
        UserId(row["person"]),
        datetime.fromtimestamp(row["at"], UTC),
        vote_store.parse_parts(row["parts"]),
        row["people"],
        tuple(UserId(r["person"]) for r in yes),
    )
