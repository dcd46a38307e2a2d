"""Storage of what networks said about making a joint decision public, and of the agreed file."""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import Number
from commands.joint_publication.declaration import PublishWord
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class SaidWord:
    """The last word of one network. `file`: the SHA-256 of the bytes that it is about."""

    answer: str
    file: str
    times: int

    @property
    def is_yes(self) -> bool:
        """Whether the network agrees to be named in public."""
        return self.answer == "yes"


@dataclass(frozen=True, slots=True)
class AgreedFile:
    """The file to which we said yes, and the hash of the result in it."""

    statement: str
    content: bytes


async def words_about(tx: Tx, item: Number) -> dict[str, SaidWord]:
    """Return the last yes or no of each network about a joint decision's public file, by its
    key."""
    query = "SELECT * FROM joint_publication_word WHERE item = ?"
    return {
        row["key"]: SaidWord(row["answer"], row["file"], row["times"])
        for row in await tx.all(query, item)
    }


async def put_word(tx: Tx, item: Number, key: str, said: PublishWord) -> None:
    """Store a network's yes or no about a public file in place of its earlier one."""
    await tx.run(
        "INSERT INTO joint_publication_word VALUES (?1, ?2, ?3, ?4, 1)"
        " ON CONFLICT (item, key) DO UPDATE SET answer = ?3, file = ?4, times = times + 1",
        item,
        key,
        said.answer,
        said.file,
    )


async def get_file(tx: Tx, item: Number) -> AgreedFile | None:
    """Return the public file to which we said yes last, or None."""
    row = await tx.one("SELECT * FROM joint_publication_file WHERE item = ?", item)
    return AgreedFile(row["statement"], row["content"]) if row else None


async def put_file(tx: Tx, item: Number, file: AgreedFile) -> None:
    """Store the public file to which we say yes."""
    query = "INSERT OR REPLACE INTO joint_publication_file VALUES (?, ?, ?)"
    await tx.run(query, item, file.statement, file.content)


async def unanswered(tx: Tx, own: str) -> list[Number]:
    """Return the joint decisions for which another network agreed to publish a file, and this
    network has not yet said yes or no to that file. `own` is this network's key."""
    query = (
        "SELECT DISTINCT item FROM joint_publication_word AS w WHERE answer = 'yes' AND key != ?1"
        " AND NOT EXISTS"
        " (SELECT 1 FROM joint_publication_word AS o"
        " WHERE o.item = w.item AND o.key = ?1 AND o.file = w.file) ORDER BY item"
    )
    return await tx.column(Number, query, own)
