"""Secret ballots for the tests: a database of their own, voters, and what of it is left on disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.api import Number, Signer, UserId, items
from bot.testing.parts import with_needs
from bot.testing.talk import KEY, ROOM, SIGNER, START_TIME, Talk
from commands.ballot_secrecy import ballot_end_store, ballot_store, ballot_votes
from commands.ballot_secrecy.files import formats
from commands.ballot_secrecy.files.log_chain import LogHead
from commands.ballot_secrecy.files.manifest import BallotTerms, Manifest
from commands.ballot_secrecy.files.receipt import Receipt
from commands.ballot_secrecy.files.result import Bundle
from commands.decision_rules.ballots import PollQuestion
from commands.decision_rules.kinds import KINDS
from commands.poll_book import poll_store
from commands.poll_book.poll import Option, PollRule
from commands.poll_book.voter_store import Voter
from storage.database import Database, Tx

OPTIONS = ("Norte", "Sur", "Zoom")
AUTHOR = UserId("@author:test")


def closes() -> datetime:
    """Eight hours after the beginning, which each run of the tests turns."""
    return START_TIME.at + timedelta(hours=8)


def voter(n: int) -> UserId:
    return UserId(f"@voter{n:03}:far.example")


def on_roll(person: UserId) -> Voter:
    """A person as they stand on a roll."""
    return Voter(person, "", 1, person)


async def sign_head(tx: Tx, signer: Signer, number: Number, at: datetime) -> LogHead | None:
    """Return the signed hash at the end of a secret ballot's log, or None if there is no such
    ballot."""
    ballot = await ballot_store.get_ballot(tx, number)
    if ballot is None:
        return None
    rows, found = await ballot_store.last_row(tx, number, ballot.manifest.poll)
    return LogHead(
        poll=ballot.manifest.poll,
        manifest=ballot.manifest.hash,
        rows=rows,
        head=found,
        at=int(at.timestamp()),
    ).sign(signer)


@dataclass(slots=True)
class World:
    """A bot with one secret ballot."""

    talk: Talk
    number: Number
    manifest: Manifest
    receipts: dict[UserId, Receipt] = field(default_factory=dict)
    older: list[Receipt] = field(default_factory=list)

    @classmethod
    async def start(cls, path: Path, voters: int, **terms: Any) -> World:
        """So many people may vote; with `organised`, organisations with these weights."""
        talk = await Talk.start(path, with_needs("ballot_secrecy"))
        async with talk.machine.db.transaction() as tx:
            number = await items.add(tx, "polls", "poll", ROOM, AUTHOR, "¿Dónde?", START_TIME.at)
            asked = {"labels": OPTIONS, "title": "¿Dónde?", **terms.pop("asks", {})}
            kind = KINDS[terms.pop("kind", "choice")]
            given = BallotTerms(kind, PollQuestion(number, **asked), "Red de prueba", closes())
            roll = [on_roll(voter(n)) for n in range(voters)]
            if organised := terms.pop("organised", None):
                roll = [Voter(f"org:{n}", f"Org {n}", w, None) for n, w in enumerate(organised)]
                weights = formats.format_weights(organised)
                given = replace(given, organisations=True, weights=weights)
            given = replace(given, **terms)
            options = [Option(label) for label in given.question.labels]
            rule = PollRule(kind.key, secret=True)
            await poll_store.add_poll(tx, number, given.question.title, options, rule, given.closes)
            made = await ballot_votes.open_ballot(tx, SIGNER, given, roll, START_TIME.at)
        return cls(talk, number, made)

    @property
    def db(self) -> Database:
        return self.talk.machine.db

    async def vote(
        self,
        who: UserId,
        choice: str,
        words: str = "piedra azul",
        at: datetime | None = None,
        **more: Any,
    ) -> Receipt:
        async with self.db.transaction() as tx:
            got = await ballot_votes.cast_vote(
                tx, SIGNER, self.number, who, choice, words, at or START_TIME.at, **more
            )
        if who in self.receipts:
            self.older.append(self.receipts[who])
        self.receipts[who] = got
        return got

    async def close(self, at: datetime | None = None) -> Bundle:
        async with self.db.transaction() as tx:
            return await ballot_end_store.close_ballot(tx, SIGNER, self.number, at or closes())

    async def shred(self, at: datetime | None = None) -> None:
        async with self.db.transaction() as tx:
            assert await ballot_end_store.shred_links(
                tx, self.number, at or closes() + timedelta(hours=72)
            )

    async def dump(self) -> str:
        """Every row of every table, as who has the database's key reads it."""
        async with self.db.reading() as tx:
            tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
            rows = [
                tuple(row)
                for t in tables
                for row in await tx.all(f"SELECT * FROM {t['name']}")  # noqa: S608
            ]
        return "\n".join(repr(row) for row in rows)


Start = Callable[..., Awaitable[World]]
"""The fixture that begins worlds: path, how many voters, terms."""


def pages(path: Path) -> bytes:
    """Every page of the database and of its write-ahead log, free ones too, decrypted.

    SQLCipher 4: AES-256-CBC, 80 bytes at the end of each page for IV and HMAC; the first page
    begins with the salt.
    """
    found = [_page(page, first=n == 0) for n, page in enumerate(_cut(path.read_bytes(), 4096))]
    log = path.with_name(path.name + "-wal").read_bytes()
    frames = _cut(log[32:], 24 + 4096)
    found += [_page(f[24:], first=int.from_bytes(f[:4], "big") == 1) for f in frames]
    return b"".join(found)


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data) - size + 1, size):
        yield data[start : start + size]


def _page(page: bytes, *, first: bool) -> bytes:
    begin, iv = 16 if first else 0, page[-80:-64]
    reader = Cipher(algorithms.AES(KEY), modes.CBC(iv)).decryptor()
    return reader.update(page[begin:-80])
