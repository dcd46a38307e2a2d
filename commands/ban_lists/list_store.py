"""Store of shared ban lists, and search for the people here whom their rules name."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from commands.ban_lists.list_rules import BanListRule, entity_hash, names_person, server_name
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class FollowedRule:
    """A rule of a followed list."""

    id: int
    list: RoomId
    rule: BanListRule
    item: Number | None
    said: datetime | None


def _read(row: Any) -> FollowedRule:
    rule = BanListRule(row["kind"], row["key"], row["entity"], row["hashed"], row["reason"])
    item = Number(row["item"]) if row["item"] is not None else None
    said = datetime.fromtimestamp(row["said"], UTC) if row["said"] is not None else None
    return FollowedRule(row["id"], RoomId(row["list"]), rule, item, said)


async def add_list(tx: Tx, room: RoomId, at: datetime) -> None:
    """Record that the ban list kept in this room is followed since `at` (UTC)."""
    await tx.run("INSERT OR IGNORE INTO ban_lists_list VALUES (?, ?)", room, at.timestamp())


async def remove_list(tx: Tx, room: RoomId) -> None:
    """Delete the ban list of this room, which is followed no longer."""
    await tx.run("DELETE FROM ban_lists_list WHERE room = ?", room)


async def followed_lists(tx: Tx) -> list[tuple[RoomId, int]]:
    """Return the followed ban lists with the number of rules of each."""
    rows = await tx.all(
        "SELECT room, (SELECT count(*) FROM ban_lists_rule WHERE list = room) AS n"
        " FROM ban_lists_list ORDER BY since, room"
    )
    return [(RoomId(row["room"]), row["n"]) for row in rows]


async def is_followed(tx: Tx, room: RoomId) -> bool:
    """Return whether the ban list of this room is followed."""
    return await tx.exists("SELECT 1 FROM ban_lists_list WHERE room = ?", room)


async def follows_any(tx: Tx) -> bool:
    """Return whether any ban list is followed."""
    return await tx.exists("SELECT 1 FROM ban_lists_list LIMIT 1")


async def forget_person(tx: Tx, person: UserId) -> None:
    """Replace a person's address in the rules of ban lists by its hash."""
    await tx.run(
        "UPDATE ban_lists_rule SET entity = '', hashed = ? WHERE entity = ?",
        entity_hash(person),
        person,
    )


async def put_rules(
    tx: Tx, room: RoomId, rules: Iterable[BanListRule], *, told: bool = False
) -> None:
    """Insert or replace the rules of a followed ban list.

    New and changed rules count as announced if `told`, else as not announced yet.
    """
    await tx.many(
        "INSERT INTO ban_lists_rule (list, kind, key, entity, hashed, wild, reason, told)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (list, kind, key) DO UPDATE SET"
        " entity = excluded.entity, hashed = excluded.hashed, wild = excluded.wild,"
        " reason = excluded.reason, told = excluded.told"
        " WHERE (ban_lists_rule.entity, ban_lists_rule.hashed)"
        " IS NOT (excluded.entity, excluded.hashed)",
        [(room, r.kind, r.key, r.entity, r.hashed, r.is_pattern, r.reason, told) for r in rules],
    )


async def delete_rule(tx: Tx, room: RoomId, kind: str, key: str) -> FollowedRule | None:
    """Delete a rule that its ban list took back, and return it."""
    row = await tx.one(
        "SELECT * FROM ban_lists_rule WHERE list = ? AND kind = ? AND key = ?", room, kind, key
    )
    if row is None:
        return None
    await tx.run("DELETE FROM ban_lists_rule WHERE id = ?", row["id"])
    return _read(row)


async def unannounced_rules(tx: Tx) -> list[FollowedRule]:
    """Return the ban list rules of which the moderators were not told yet, oldest first."""
    rows = await tx.all("SELECT * FROM ban_lists_rule WHERE NOT told ORDER BY id")
    return [_read(row) for row in rows]


async def mark_announced(tx: Tx, rules: Sequence[FollowedRule]) -> None:
    """Store that the moderators were told of these ban list rules."""
    await tx.many("UPDATE ban_lists_rule SET told = 1 WHERE id = ?", [(one.id,) for one in rules])


async def assign_number(tx: Tx, rule: FollowedRule, item: Number, at: datetime) -> None:
    """Store under which number a ban list rule was announced at `at` (UTC)."""
    await tx.run(
        "UPDATE ban_lists_rule SET item = ?, said = ? WHERE id = ?", item, at.timestamp(), rule.id
    )


async def rule_of_item(tx: Tx, item: Number) -> FollowedRule | None:
    """Return the ban list rule that was announced under this number, or None."""
    row = await tx.one("SELECT * FROM ban_lists_rule WHERE item = ?", item)
    return _read(row) if row else None


async def rules_naming(tx: Tx, person: UserId) -> list[FollowedRule]:
    """Return the stored ban list rules that name this person.

    Found by index, except for the few patterns.
    """
    server = server_name(person)
    rows = await tx.all(
        "SELECT * FROM ban_lists_rule WHERE entity IN (?1, ?2) AND NOT wild"
        " UNION SELECT * FROM ban_lists_rule WHERE hashed IN (?3, ?4)"
        " UNION SELECT * FROM ban_lists_rule WHERE wild ORDER BY id",
        person,
        server,
        entity_hash(person),
        entity_hash(server),
    )
    return [one for one in map(_read, rows) if names_person(one.rule, person)]


_PEOPLE = (
    "SELECT DISTINCT person FROM member JOIN room USING (room) WHERE membership = 'join'"
    " AND room.joined AND private_of IS NULL AND kind != 'm.space'"
)


async def people_named(
    tx: Tx, rules: Sequence[FollowedRule], me: UserId
) -> dict[int, list[UserId]]:
    """Return, by rule id, the people whom ban list rules name among all who share a room with the
    bot.

    Exact names are looked up; patterns are matched in a thread.
    """
    rows = await tx.all(f"{_PEOPLE} ORDER BY person")
    people = [UserId(row["person"]) for row in rows if row["person"] != me]
    return await asyncio.to_thread(_match, rules, people)  # slow with thousands of patterns


def _match(rules: Sequence[FollowedRule], people: Sequence[UserId]) -> dict[int, list[UserId]]:
    by_name: defaultdict[str, list[UserId]] = defaultdict(list)
    hashing = any(one.rule.hashed is not None for one in rules)
    for person in people:
        for kind, name in (("user", str(person)), ("server", server_name(person))):
            by_name[f"{kind}|{name}"].append(person)
            if hashing:
                by_name[f"{kind}#{entity_hash(name)}"].append(person)
    found: dict[int, list[UserId]] = {}
    for one in rules:
        rule = one.rule
        if rule.is_pattern:
            piece = rule.longest_literal  # a quick test before matching
            hit = [person for person in people if piece in person and names_person(rule, person)]
        elif rule.hashed is not None:
            hit = by_name.get(f"{rule.kind}#{rule.hashed}", [])
        else:
            hit = by_name.get(f"{rule.kind}|{rule.entity}", [])
        if hit:
            found[one.id] = hit
    return found
