"""Storage of introductions, and of the networks that were accepted on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, UserId
from commands.link_introductions.introduction import NetworkIntroduction
from storage.database import Tx


class Refutation(StrEnum):
    """Why an introduction is known to be false, by whom it was seen."""

    NONE = ""
    WORD = "word"  # the same network signed another key, too
    PEOPLE = "people"  # our moderators compared the code, and it is another one


class AcceptanceNews(StrEnum):
    """What our moderators were last told about a network that others introduced."""

    NONE = ""
    WAITING = "waiting"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class StoredIntroduction:
    """An introduction as it is kept. `passed`: when it was last said in the link."""

    introducer: str
    bot: UserId
    key: str
    master: str
    until: float
    passed: float
    refuted: Refutation
    told: bool


@dataclass(frozen=True, slots=True)
class Acceptance:
    """On whose word a network was accepted, by keys; empty before, or after a comparison."""

    bot: UserId
    introducers: tuple[str, ...]
    told: AcceptanceNews


def _stored(row: Any) -> StoredIntroduction:
    return StoredIntroduction(
        row["introducer"],
        UserId(row["bot"]),
        row["key"],
        row["master"],
        row["until"],
        row["passed"],
        Refutation(row["refuted"]),
        bool(row["told"]),
    )


async def introductions_in(tx: Tx, link: Number) -> list[StoredIntroduction]:
    """Return all introductions of networks that were made in a link."""
    query = (
        "SELECT introducer, bot, key, master, until, passed, refuted, told"
        " FROM link_introductions_word WHERE link = ? ORDER BY bot, introducer"
    )
    return [_stored(row) for row in await tx.all(query, link)]


async def get_introduction(
    tx: Tx, link: Number, introducer: str, bot: str
) -> StoredIntroduction | None:
    """Return what a network signed about another one's bot, or None."""
    query = "SELECT * FROM link_introductions_word WHERE link = ? AND introducer = ? AND bot = ?"
    row = await tx.one(query, link, introducer, bot)
    return _stored(row) if row else None


async def put_introduction(
    tx: Tx, link: Number, one: NetworkIntroduction, carrier: str, at: datetime
) -> None:
    """Store an introduction of a network, or a later expiry of one stored already."""
    await tx.run(
        "INSERT INTO link_introductions_word"
        " (link, introducer, bot, key, master, until, content, carrier, passed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        " ON CONFLICT (link, introducer, bot) DO UPDATE SET until = ?6, content = ?7, passed = ?9",
        link,
        one.introducer,
        one.bot,
        one.key,
        one.master,
        float(one.until),
        one.to_json(),
        carrier,
        at.timestamp(),
    )


async def own_introduction(tx: Tx, link: Number, own: str, bot: str) -> NetworkIntroduction | None:
    """Return the signed introduction of another network's bot that we made in a link, or None.
    `own` is our network's key."""
    query = (
        "SELECT content FROM link_introductions_word WHERE link = ? AND introducer = ? AND bot = ?"
    )
    row = await tx.one(query, link, own, bot)
    return NetworkIntroduction.model_validate_json(row["content"]) if row else None


async def mark_passed(tx: Tx, link: Number, introducer: str, bot: str, at: datetime) -> None:
    """Store when an introduction was last repeated in the link."""
    query = (
        "UPDATE link_introductions_word SET passed = ? WHERE link = ? AND introducer = ?"
        " AND bot = ?"
    )
    await tx.run(query, at.timestamp(), link, introducer, bot)


async def count_carried(tx: Tx, link: Number, carrier: str) -> int:
    """Return how many introductions one network brought into a link."""
    query = "SELECT count(*) AS n FROM link_introductions_word WHERE link = ? AND carrier = ?"
    return await tx.count(query, link, carrier)


async def signed_introductions(
    tx: Tx, link: Number, since: float, after: datetime
) -> list[NetworkIntroduction]:
    """Return the signed introductions that hold after an instant and were not repeated since then.

    Refuted ones are left out.
    """
    return await tx.column(
        NetworkIntroduction.model_validate_json,
        "SELECT content FROM link_introductions_word"
        " WHERE link = ? AND passed < ? AND until > ? AND refuted = ''"
        " ORDER BY introducer, bot",
        link,
        since,
        after.timestamp(),
    )


async def refute_introduction(
    tx: Tx, link: Number, introducer: str, bot: str, how: Refutation
) -> None:
    """Store that an introduction of a network is false."""
    query = (
        "UPDATE link_introductions_word SET refuted = ? WHERE link = ? AND introducer = ?"
        " AND bot = ?"
    )
    await tx.run(query, how, link, introducer, bot)


async def mark_told(tx: Tx, link: Number, introducer: str, bot: str) -> None:
    """Store that our moderators were told that an introduction is false."""
    query = (
        "UPDATE link_introductions_word SET told = 1 WHERE link = ? AND introducer = ? AND bot = ?"
    )
    await tx.run(query, link, introducer, bot)


async def first_heard(tx: Tx, link: Number, key: str) -> float:
    """Return when (Unix time) the first stored message of a network came; 0 if none is stored."""
    row = await tx.one(
        "SELECT min(at) AS at FROM links_message WHERE link = ? AND key = ?", link, key
    )
    return float(row["at"]) if row and row["at"] is not None else 0.0


# --- acceptance -----------------------------------------------------------------------------------


async def acceptances_in(tx: Tx, link: Number) -> dict[UserId, Acceptance]:
    """Return on which networks' word the networks of a link were accepted, by their bot."""
    rows = await tx.all("SELECT * FROM link_introductions_accepted WHERE link = ?", link)
    return {
        UserId(row["bot"]): Acceptance(
            UserId(row["bot"]), tuple(row["introducers"].split()), AcceptanceNews(row["told"])
        )
        for row in rows
    }


async def put_acceptance(tx: Tx, link: Number, one: Acceptance) -> None:
    """Store on whose word a network was accepted, and what our moderators were told of it."""
    await tx.run(
        "INSERT OR REPLACE INTO link_introductions_accepted (link, bot, introducers, told)"
        " VALUES (?, ?, ?, ?)",
        link,
        one.bot,
        " ".join(one.introducers),
        one.told,
    )


async def drop_acceptance(tx: Tx, link: Number, bot: UserId) -> None:
    """Delete the record that a network was accepted on others' word."""
    query = "DELETE FROM link_introductions_accepted WHERE link = ? AND bot = ?"
    await tx.run(query, link, bot)
