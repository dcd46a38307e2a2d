"""Polls in the database: what is asked, by which rule, until when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.api import Item, Number, RoomId, TranslatedText, UserId, fold, items, spellings
from commands.decision_rules.ballots import PollVerdict
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.thresholds import format_exact_share, parse_quorum, parse_share
from commands.poll_book.poll import Electorate, Option, Poll, PollRule
from storage.database import Tx

ABSOLUTE_MAJORITY = "absolute"
"""How the database stores a majority of the whole roll, beside `2/3` and `60%`."""


def _time(value: float | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)


def _stamp(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


async def add_poll(
    tx: Tx,
    number: Number,
    title: str,
    options: Sequence[Option],
    rule: PollRule,
    closes: datetime | None,
) -> None:
    """Store a poll for the item with this number."""
    await tx.run(
        "INSERT INTO poll_book_poll (number, room, folded, kind, method, points, most, threshold,"
        " quorum, interim, growing, secret, voters, closes,"
        " seats, quotas)"
        " VALUES (?1, (SELECT room FROM item WHERE number = ?1),"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        fold(title),
        rule.kind,
        rule.method,
        rule.points,
        rule.most,
        ABSOLUTE_MAJORITY
        if rule.absolute
        else format_exact_share(rule.threshold)
        if rule.threshold
        else None,
        rule.quorum.kept if rule.quorum else None,
        rule.interim,
        rule.growing,
        rule.secret,
        rule.voters,
        _stamp(closes),
        rule.seats,
        rule.quotas,
    )
    await tx.many(
        "INSERT INTO poll_book_option (poll, place, label, at) VALUES (?, ?, ?, ?)",
        [(number, place, o.label, _stamp(o.at)) for place, o in enumerate(options, start=1)],
    )


async def get_poll(tx: Tx, number: Number) -> Poll:
    """Return the poll of this item. Raises `LookupError` if there is none."""
    row = await tx.one(
        f"SELECT p.*, title, language, {_TRANSLATIONS} FROM poll_book_poll p"  # noqa: S608
        " JOIN item USING (number) WHERE number = ?",
        number,
    )
    if row is None:
        raise LookupError(number)
    options = await tx.all("SELECT * FROM poll_book_option WHERE poll = ? ORDER BY place", number)
    said, later = _translations(row["translations"])
    return Poll(
        number,
        _translated(row["title"], row["language"], said, 0),
        _rule(row),
        tuple(
            Option(
                _translated(o["label"], row["language"], said, o["place"]),
                _time(o["at"]),
                bool(o["withdrawn"]),
            )
            for o in options
        ),
        row["roll"],
        row["turnout"],
        _time(row["closes"]),
        _time(row["ended"]),
        bool(row["cancelled"]),
        bool(row["final"]),
        PollVerdict(row["verdict"]) if row["verdict"] else None,
        row["weight"],
        row["picked"],
        later,
    )


_TRANSLATIONS = (
    "(SELECT json_group_array(json_array(part, language, text, at)) FROM item_translation"
    " WHERE item = number) AS translations"
)


def _translations(found: str) -> tuple[dict[int, dict[str, str]], dict[str, datetime]]:
    """Return the translations by part and language, and when the later ones were added."""
    said: dict[int, dict[str, str]] = {}
    later: dict[str, float] = {}
    for part, language, text, at in json.loads(found):
        said.setdefault(part, {})[language] = text
        if at is not None:
            later[language] = max(at, later.get(language, at))
    return said, {language: datetime.fromtimestamp(at, UTC) for language, at in later.items()}


def _translated(text: str, language: str, said: dict[int, dict[str, str]], part: int) -> str:
    """Return the title or an option with its translations.

    Where some options are translated, another one says that it is not. Where none is, as with
    names, they need none.
    """
    if part in said or any(other > 0 for other in said):
        return TranslatedText(text, language, said.get(part, {}))
    return text


def _rule(row: Any) -> PollRule:
    absolute = row["threshold"] == ABSOLUTE_MAJORITY
    return PollRule(
        row["kind"],
        row["method"],
        row["points"],
        row["most"],
        parse_share(row["threshold"]) if row["threshold"] and not absolute else None,
        parse_quorum(row["quorum"]) if row["quorum"] else None,
        bool(row["interim"]),
        bool(row["growing"]),
        bool(row["secret"]),
        Electorate(row["voters"]),
        absolute,
        row["seats"],
        row["quotas"],
    )


async def newest_polls_in(tx: Tx, places: Sequence[RoomId], limit: int) -> list[Item]:
    """Return the polls that are shown in these rooms, open or closed, the newest first."""
    rows = await tx.all(
        "SELECT number FROM poll_book_poll JOIN item USING (number)"
        " WHERE item.room IN (SELECT value FROM json_each(?1)) OR number IN"
        " (SELECT item FROM item_shown WHERE room IN (SELECT value FROM json_each(?1)))"
        " ORDER BY number DESC LIMIT ?2",
        json.dumps(places),
        limit,
    )
    return await items.get_each(tx, [Number(row["number"]) for row in rows])


async def open_polls_in(
    tx: Tx, room: RoomId, limit: int = 50
) -> list[tuple[Number, str, datetime | None]]:
    """Return the open polls of a room, first to close first: number, question and end."""
    rows = await tx.all(
        f"SELECT number, title, language, {items.TITLE_TRANSLATIONS}, closes"  # noqa: S608
        " FROM poll_book_poll JOIN item USING (number)"
        " WHERE (item.room = ?1 OR number IN (SELECT item FROM item_shown WHERE room = ?1))"
        " AND item.open AND ended IS NULL ORDER BY closes IS NULL, closes, number LIMIT ?2",
        room,
        limit,
    )
    return [(Number(r["number"]), items.translated_title(r), _time(r["closes"])) for r in rows]


async def find_proposals(tx: Tx, numbers: Sequence[Number]) -> set[Number]:
    """Return which of these polls have stances (for, against) instead of options."""
    rows = await tx.all(
        "SELECT number, kind FROM poll_book_poll WHERE number IN (SELECT value FROM json_each(?))",
        json.dumps([*numbers]),
    )
    return {Number(row["number"]) for row in rows if KINDS[row["kind"]].stances}


async def open_polls_for(tx: Tx, person: UserId) -> list[Number]:
    """Return up to 20 open polls in which this person may vote, newest first."""
    return await tx.column(
        Number,
        "SELECT poll FROM (SELECT poll FROM poll_book_voter WHERE delegate = ?1"
        " UNION SELECT poll FROM poll_book_voter WHERE alternate = ?1) JOIN item ON number = poll"
        " WHERE open ORDER BY poll DESC LIMIT 20",
        person,
    )


async def end_poll(tx: Tx, number: Number, at: datetime, *, cancelled: bool = False) -> None:
    """Store when (UTC) a poll ended."""
    await tx.run(
        "UPDATE poll_book_poll SET ended = ?, cancelled = ? WHERE number = ?",
        at.timestamp(),
        cancelled,
        number,
    )


async def rename_poll(tx: Tx, number: Number, title: str) -> None:
    """Store other words for a poll's question."""
    await items.set_title(tx, number, title)
    await tx.run("UPDATE poll_book_poll SET folded = ? WHERE number = ?", fold(title), number)


async def index_title(tx: Tx, number: Number, title: str) -> None:
    """Index a poll's question in each of its languages, so that the list of decisions can be
    searched for it."""
    words = fold(" ".join(spellings(title)))
    await tx.run("UPDATE poll_book_poll SET folded = ? WHERE number = ?", words, number)


async def move_end(tx: Tx, number: Number, closes: datetime) -> None:
    """Store another end (UTC) for a poll."""
    await tx.run("UPDATE poll_book_poll SET closes = ? WHERE number = ?", _stamp(closes), number)


async def add_option(tx: Tx, number: Number, label: str, person: UserId) -> None:
    """Store one more option of a poll, after the others. Votes already cast do not change."""
    await tx.run(
        "INSERT INTO poll_book_option (poll, place, label, person)"
        " SELECT ?1, max(place) + 1, ?2, ?3 FROM poll_book_option WHERE poll = ?1",
        number,
        label,
        person,
    )


async def withdraw_option(tx: Tx, number: Number, place: int) -> bool:
    """Store that this candidate cannot be elected any more. Return False if it was so before."""
    return (
        await tx.change(
            "UPDATE poll_book_option SET withdrawn = 1"
            " WHERE poll = ? AND place = ? AND NOT withdrawn",
            number,
            place,
        )
        > 0
    )


async def store_verdict(tx: Tx, number: Number, verdict: PollVerdict) -> None:
    """Store the verdict (approved, rejected, …) of an ended poll."""
    await tx.run("UPDATE poll_book_poll SET verdict = ? WHERE number = ?", verdict, number)


async def store_roll(tx: Tx, number: Number, size: int, weight: int) -> None:
    """Store how many voters a poll has, and their weight together."""
    await tx.run(
        "UPDATE poll_book_poll SET roll = ?, weight = ? WHERE number = ?", size, weight, number
    )


async def store_pick(tx: Tx, number: Number, place: int) -> None:
    """Store which date was picked in a date poll."""
    await tx.run("UPDATE poll_book_poll SET picked = ? WHERE number = ?", place, number)


async def has_responses(tx: Tx, number: Number) -> bool:
    """Return whether somebody answered a poll, though it may not count: a block whose reason is
    missing, or a vote taken back."""
    return await tx.exists("SELECT 1 FROM poll_book_response WHERE poll = ? LIMIT 1", number)


async def latest_stamp(tx: Tx, number: Number, person: UserId) -> int:
    """Return the latest time of this person's taps in a poll, by the server in milliseconds, or
    0."""
    query = (
        "SELECT coalesce(max(stamp), 0) AS n FROM poll_book_response WHERE poll = ? AND person = ?"
    )
    return await tx.count(query, number, person)


async def make_final(tx: Tx, number: Number) -> None:
    """Store that the result of a poll cannot change any more."""
    await tx.run("UPDATE poll_book_poll SET final = 1 WHERE number = ?", number)


async def mark_told(tx: Tx, number: Number, person: UserId, about: str = "late") -> bool:
    """Return whether this person is told this for the first time in this poll, and store that they
    are.

    Taps can be many, and each person gets one message.
    """
    told = "INSERT OR IGNORE INTO poll_book_told (poll, person, about) VALUES (?, ?, ?)"
    return await tx.change(told, number, person, about) > 0
