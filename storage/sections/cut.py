"""Cuts a database to some rooms, or those rooms out of it: what goes with them is declared once.

An item goes with its room and takes along what hangs on it; what hangs on an item that stays,
stays. Other rows go with the room that they are declared for (`storage/rows`). Rows about people
alone stay, and are copied for those who are in the rooms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.lines import Line
from bot.types import Number, RoomId
from storage.database import Tx
from storage.rows.declared_rows import DeclaredRows
from storage.sections.schema_paths import SchemaPaths, read_paths

OnSplit = Literal["stays", "waits", "empty"]
LOG = frozenset({"log", "log_head"})
MIRRORS = frozenset({"room", "member", "space_child", "room_outsider", "parted", "section_room"})
NOT_COPIED = (
    *("secret", "sync", "live", "seen", "run_history", "restore", "new_identity", "recovery"),
    *("letter", "question", "parked", "waiting", "hole", "stale_room", "dialogue", "edit"),
    *("delayed_message", "invitation", "removal", "private_room_attempt", "member"),
    *("help_room", "device_trouble", "identity", "identity_pin", "destruction", "backup_schedule"),
    *("forgotten_entry", "forgotten_key"),
)
"""What belongs to the bot that hands over, its account, its way with people: never copied."""


@dataclass(frozen=True, slots=True)
class SplitRule:
    """What holds for a table when a network is split.

    "stays": its rows, with the items that they are about. "waits": nothing is split while rows
    (`where`) about items that would go are there; `says` is a sentence with `{number}`. "empty":
    rows that are empty (`where`) after a cut are deleted on both sides.
    """

    table: str
    rule: OnSplit
    where: str = "1"
    says: Line | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What goes: the rooms with those they replaced, and the items. `staying`: items of these
    rooms that stay, because they belong to something that does.
    """

    rooms: frozenset[RoomId]
    items: frozenset[Number]
    staying: frozenset[Number]


async def plan_cut(tx: Tx, rooms: Sequence[RoomId], rules: Sequence[SplitRule]) -> Cut:
    """Return the rooms and items that go to another bot with these rooms, and the items that stay
    though they are of them."""
    paths = await read_paths(tx)
    whole = await _with_replaced(tx, rooms)
    of_rooms = set(
        await tx.column(
            Number,
            "SELECT number FROM item WHERE room IN (SELECT value FROM json_each(?))",
            json_list(whole),
        )
    )
    kept: set[Number] = set()
    for rule in rules:
        column = paths.item_column(rule.table)
        if rule.rule == "stays" and column is not None:
            kept |= set(await tx.column(Number, f"SELECT {column} FROM {rule.table}"))  # noqa: S608
    items = await _follow(tx, paths, of_rooms, kept)
    return Cut(frozenset(whole), frozenset(items), frozenset(of_rooms - items))


async def find_obstacles(tx: Tx, cut: Cut, rules: Sequence[SplitRule]) -> list[Line]:
    """Return a sentence for each item that must end before the network can be split."""
    paths, found = await read_paths(tx), []
    for rule in rules:
        column = paths.item_column(rule.table) or "item"
        if rule.rule == "waits" and rule.says is not None:
            numbers = await tx.column(
                Number,
                f"SELECT DISTINCT {column} FROM {rule.table}"  # noqa: S608
                f" WHERE {rule.where} AND {column} IN (SELECT value FROM json_each(?))",
                json_list(cut.items),
            )
            found += [replace(rule.says, values={"number": n}) for n in sorted(numbers)]
    return found


async def cut_to(
    tx: Tx, cut: Cut, declared: Sequence[DeclaredRows], rules: Sequence[SplitRule]
) -> None:
    """Delete everything but the rooms that are handed over: what is left is for the other bot."""
    paths = await read_paths(tx)
    await tx.run("PRAGMA defer_foreign_keys = ON")
    rooms, items = json_list(cut.rooms), json_list(cut.items)
    people = await tx.column(
        str,
        "SELECT DISTINCT person FROM member WHERE room IN (SELECT value FROM json_each(?))"
        " AND membership IN ('join', 'invite')",
        rooms,
    )
    await tx.run("DELETE FROM item WHERE number NOT IN (SELECT value FROM json_each(?))", items)
    await _delete_by_room(tx, paths, declared, rooms, "NOT IN")
    await _delete_people(tx, paths, declared, people)
    emptied = [*NOT_COPIED, *(r.table for r in rules if r.rule == "stays")]
    for table in emptied:
        await tx.run(f"DELETE FROM {table}")  # noqa: S608 (names of ours)
    await _delete_empty(tx, rules)
    # Only who wrote a message can change it: what is said anew stands in messages of its own.
    await tx.run("UPDATE posted SET slot = NULL")
    await tx.run("UPDATE room SET joined = 0")
    await tx.run("UPDATE person SET private = NULL")
    tx.shred()


async def cut_out(
    tx: Tx, cut: Cut, declared: Sequence[DeclaredRows], rules: Sequence[SplitRule]
) -> None:
    """Delete the rooms that are handed over to another bot. Their log stays, for who asks."""
    paths = await read_paths(tx)
    await tx.run("PRAGMA defer_foreign_keys = ON")
    mirrored = LOG | MIRRORS
    moving = [rows for rows in declared if rows.on_move != "keep" and rows.table not in mirrored]
    items = json_list(cut.items)
    await tx.run("DELETE FROM item WHERE number IN (SELECT value FROM json_each(?))", items)
    await _delete_by_room(tx, paths, moving, json_list(cut.rooms), "IN")
    await _delete_empty(tx, rules)
    tx.shred()


# --- which go --------------------------------------------------------------------------------


async def _with_replaced(tx: Tx, rooms: Sequence[RoomId]) -> set[RoomId]:
    """Return the rooms with all that they replaced."""
    rows = await tx.all(
        "WITH RECURSIVE whole(room) AS (SELECT value FROM json_each(?) UNION"
        " SELECT old FROM room_move JOIN whole ON new = whole.room) SELECT room FROM whole",
        json_list(rooms),
    )
    return {RoomId(row["room"]) for row in rows}


async def _follow(
    tx: Tx, paths: SchemaPaths, of_rooms: set[Number], kept: set[Number]
) -> set[Number]:
    """Return the items that go: each item follows the one that it belongs to."""
    owners: dict[Number, Number] = {}
    for table, own, owner in paths.pairs():
        query = f"SELECT {own} AS own, {owner} AS owner FROM {table} WHERE {owner} IS NOT NULL"  # noqa: S608
        owners |= {Number(r["own"]): Number(r["owner"]) for r in await tx.all(query)}

    def first_owner(number: Number) -> Number:
        seen = {number}
        while (owner := owners.get(number)) is not None and owner not in seen:
            number = owner
            seen.add(number)
        return number

    candidates = of_rooms | set(owners)
    return {n for n in candidates if first_owner(n) in of_rooms and first_owner(n) not in kept}


# --- what is deleted -------------------------------------------------------------------------


async def _delete_by_room(
    tx: Tx, paths: SchemaPaths, declared: Sequence[DeclaredRows], rooms: str, way: str
) -> None:
    """Delete rows whose room is (`IN`) or is not (`NOT IN`) among the rooms.

    Rows of an item went with it. A row for the whole network has no room.
    """
    among = f"{way} (SELECT value FROM json_each(?))"  # noqa: S608
    done = {"item", "job", "person", "finding_place"}
    for rows in declared:
        if not rows.room or rows.table in done:
            continue
        done.add(rows.table)
        column = rows.room[0]
        alone = "".join(f" AND {one} IS NULL" for one in paths.item_references(rows.table))
        query = f"DELETE FROM {rows.table} WHERE {column} {among} AND {column} != ''{alone}"  # noqa: S608
        await tx.run(query, rooms)
    await _delete_without_item(tx, paths)
    await tx.run(f"DELETE FROM job WHERE item IS NULL AND room {among} AND room != ''", rooms)  # noqa: S608
    await tx.run(
        "DELETE FROM findable WHERE item IS NULL AND place IN"  # noqa: S608
        f" (SELECT id FROM finding_place WHERE room {among})",
        rooms,
    )
    await tx.run(
        f"DELETE FROM finding_place WHERE room {among}"  # noqa: S608
        " AND id NOT IN (SELECT place FROM findable)",
        rooms,
    )


async def _delete_without_item(tx: Tx, paths: SchemaPaths) -> None:
    """Delete what names an item that is gone, where the schema does not do it."""
    for table, columns in paths.columns.items():
        if "item" in columns and table not in paths.with_item and table != "delayed_message":
            await tx.run(
                f"DELETE FROM {table} WHERE item IS NOT NULL"  # noqa: S608
                " AND item NOT IN (SELECT number FROM item)"
            )


async def _delete_empty(tx: Tx, rules: Sequence[SplitRule]) -> None:
    for rule in rules:
        if rule.rule == "empty":
            await tx.run(f"DELETE FROM {rule.table} WHERE {rule.where}")  # noqa: S608


async def _delete_people(
    tx: Tx, paths: SchemaPaths, declared: Sequence[DeclaredRows], people: Sequence[str]
) -> None:
    """Delete what is kept about people who are in none of the rooms."""
    placed = {rows.table for rows in declared if rows.room} - {"person"}
    for rows in declared:
        if not rows.person or rows.table in placed | paths.with_item | set(NOT_COPIED):
            continue
        for column in rows.person:
            await tx.run(
                f"DELETE FROM {rows.table} WHERE {column} != ''"  # noqa: S608
                f" AND {column} NOT IN (SELECT value FROM json_each(?))",
                json.dumps(people),
            )


def json_list(values: Iterable[RoomId] | Iterable[Number]) -> str:
    """Return the values as a JSON list for SQL's json_each."""
    return json.dumps(list(values))
