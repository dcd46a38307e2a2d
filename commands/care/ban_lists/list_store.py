"""Store of shared ban lists, and search for the people here whom their rules name."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from commands.care.ban_lists.list_rules import Rule, digest, server_of, touches
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule of a followed list."""

    id: int
    list: RoomId
    rule: Rule
    item: Number | None
    said: datetime | None


def _read(row: Any) -> Kept:
    rule = Rule(row["kind"], row["key"], row["entity"], row["hashed"], row["reason"])
    item = Number(row["item"]) if row["item"] is not None else None
    said = datetime.fromtimestamp(row["said"], UTC) if row["said"] is not None else None
    return Kept(row["id"], RoomId(row["list"]), rule, item, said)


async def follow(tx: Tx, room: RoomId, at: datetime) -> None:
    await tx.run("INSERT OR IGNORE INTO care_list VALUES (?, ?)", room, at.timestamp())


async def leave(tx: Tx, room: RoomId) -> None:
    await tx.run("DELETE FROM care_list WHERE room = ?", room)


async def followed(tx: Tx) -> list[tuple[RoomId, int]]:
    """Return the lists and the number of rules of each."""
    rows = await tx.all(
        "SELECT room, (SELECT count(*) FROM care_rule WHERE list = room) AS n FROM care_list"
        " ORDER BY since, room"
    )
    return [(RoomId(row["room"]), row["n"]) for row in rows]


async def follows(tx: Tx, room: RoomId) -> bool:
    return await tx.one("SELECT 1 FROM care_list WHERE room = ?", room) is not None


async def any_followed(tx: Tx) -> bool:
    return await tx.one("SELECT 1 FROM care_list LIMIT 1") is not None


async def forget(tx: Tx, person: UserId) -> None:
    """Replace the person's name in rules by its hash."""
    await tx.run(
        "UPDATE care_rule SET entity = '', hashed = ? WHERE entity = ?", digest(person), person
    )


async def put(tx: Tx, room: RoomId, rules: Iterable[Rule], *, told: bool = False) -> None:
    """Insert or replace rules. Those that changed become unannounced again."""
    await tx.many(
        "INSERT INTO care_rule (list, kind, key, entity, hashed, wild, reason, told)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (list, kind, key) DO UPDATE SET"
        " entity = excluded.entity, hashed = excluded.hashed, wild = excluded.wild,"
        " reason = excluded.reason, told = excluded.told"
        " WHERE (care_rule.entity, care_rule.hashed) IS NOT (excluded.entity, excluded.hashed)",
        [(room, r.kind, r.key, r.entity, r.hashed, r.wild, r.reason, told) for r in rules],
    )


async def drop(tx: Tx, room: RoomId, kind: str, key: str) -> Kept | None:
    """Delete a rule that its list took back, and return it."""
    row = await tx.one(
        "SELECT * FROM care_rule WHERE list = ? AND kind = ? AND key = ?", room, kind, key
    )
    if row is None:
        return None
    await tx.run("DELETE FROM care_rule WHERE id = ?", row["id"])
    return _read(row)


async def untold(tx: Tx) -> list[Kept]:
    rows = await tx.all("SELECT * FROM care_rule WHERE NOT told ORDER BY id")
    return [_read(row) for row in rows]


async def told(tx: Tx, rules: Sequence[Kept]) -> None:
    await tx.many("UPDATE care_rule SET told = 1 WHERE id = ?", [(one.id,) for one in rules])


async def number(tx: Tx, rule: Kept, item: Number, at: datetime) -> None:
    """Note that the rule was announced at `at` under this number."""
    await tx.run(
        "UPDATE care_rule SET item = ?, said = ? WHERE id = ?", item, at.timestamp(), rule.id
    )


async def of_item(tx: Tx, item: Number) -> Kept | None:
    row = await tx.one("SELECT * FROM care_rule WHERE item = ?", item)
    return _read(row) if row else None


async def naming(tx: Tx, person: UserId) -> list[Kept]:
    """Return the rules that name this person, by index except for the few patterns."""
    server = server_of(person)
    rows = await tx.all(
        "SELECT * FROM care_rule WHERE entity IN (?1, ?2) AND NOT wild"
        " UNION SELECT * FROM care_rule WHERE hashed IN (?3, ?4)"
        " UNION SELECT * FROM care_rule WHERE wild ORDER BY id",
        person,
        server,
        digest(person),
        digest(server),
    )
    return [one for one in map(_read, rows) if touches(one.rule, person)]


_PEOPLE = (
    "SELECT DISTINCT person FROM member JOIN room USING (room) WHERE membership = 'join'"
    " AND room.joined AND private_of IS NULL AND kind != 'm.space'"
)


async def touched(tx: Tx, rules: Sequence[Kept], me: UserId) -> dict[int, list[UserId]]:
    """Return, by rule id, whom the rules name among all who share a room with the bot.

    Exact names are looked up; patterns are matched in a thread.
    """
    rows = await tx.all(f"{_PEOPLE} ORDER BY person")
    people = [UserId(row["person"]) for row in rows if row["person"] != me]
    return await asyncio.to_thread(_match, rules, people)  # slow with thousands of patterns


def _match(rules: Sequence[Kept], people: Sequence[UserId]) -> dict[int, list[UserId]]:
    by_name: defaultdict[str, list[UserId]] = defaultdict(list)
    hashing = any(one.rule.hashed is not None for one in rules)
    for person in people:
        for kind, name in (("user", str(person)), ("server", server_of(person))):
            by_name[f"{kind}|{name}"].append(person)
            if hashing:
                by_name[f"{kind}#{digest(name)}"].append(person)
    found: dict[int, list[UserId]] = {}
    for one in rules:
        rule = one.rule
        if rule.wild:
            piece = rule.piece  # a quick test before matching
            hit = [person for person in people if piece in person and touches(rule, person)]
        elif rule.hashed is not None:
            hit = by_name.get(f"{rule.kind}#{rule.hashed}", [])
        else:
            hit = by_name.get(f"{rule.kind}|{rule.entity}", [])
        if hit:
            found[one.id] = hit
    return found
