"""What a capability declares of its tables is carried out as it says, and checked at the start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.api import Feature, _
from bot.matrix.fields import is_user_id
from bot.testing.growth import grows_evenly
from bot.testing.talk import KEY
from bot.types import RoomId, UserId
from storage.database import Database
from storage.rows.declared_rows import (
    addresses_in,
    check_against,
    forget_in_rows,
    items_of,
    move_rows,
    read_schema,
)

OLD, NEW, ANA, BEA = RoomId("!a:x"), RoomId("!b:x"), UserId("@ana:x"), UserId("@bea:x")
TABLES = (
    "CREATE TABLE place (room TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (room, key))",
    "CREATE TABLE list (room TEXT PRIMARY KEY)",
    "CREATE TABLE entry (list TEXT NOT NULL REFERENCES list (room), name TEXT)",
    "CREATE TABLE who (id INTEGER PRIMARY KEY, person TEXT, maker TEXT NOT NULL, words TEXT)",
)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    db = await Database.open(tmp_path / "rows.db", KEY)
    async with db.transaction() as tx:
        for table in TABLES:
            await tx.run(table)
        await tx.many("INSERT INTO place VALUES (?, ?)", [(OLD, "one"), (OLD, "two"), (NEW, "two")])
        await tx.many(
            "INSERT INTO who (person, maker, words) VALUES (?, ?, ?)",
            [(ANA, BEA, f"to {ANA}"), (BEA, ANA, "to all"), (None, BEA, f"by {BEA}")],
        )
    yield db
    await db.close()


def a_feature(**declared: Any) -> Feature:
    feature = Feature("feature", Path())
    feature.rows(**declared)
    return feature


async def moved(db: Database, clash: str) -> list[tuple[str, str]]:
    declared = a_feature(table="place", room="room", on_clash=clash).declared_rows
    async with db.transaction() as tx:
        await move_rows(tx, declared, OLD, NEW)
        rows = await tx.all("SELECT room, key FROM place ORDER BY room, key")
    return [(row["room"], row["key"]) for row in rows]


@pytest.mark.parametrize(
    ("clash", "left"),
    [("stay", [(OLD, "two")]), ("drop", []), ("replace", [])],
)
async def test_a_room_moves_and_what_the_new_one_has_is_decided(
    db: Database, clash: str, left: list[tuple[str, str]]
) -> None:
    assert await moved(db, clash) == [*left, (NEW, "one"), (NEW, "two")]


async def test_what_refers_to_the_room_moves_with_it(db: Database) -> None:
    feature = a_feature(table="list", room="room")
    feature.rows("entry", room="list")
    async with db.transaction() as tx:
        await tx.run("INSERT INTO list VALUES (?)", OLD)
        await tx.run("INSERT INTO entry VALUES (?, 'spam')", OLD)
    async with db.transaction() as tx:
        await move_rows(tx, feature.declared_rows, OLD, NEW)
    async with db.reading() as tx:
        rows = await tx.all("SELECT list, room FROM entry JOIN list ON room = list")
    assert [tuple(row) for row in rows] == [(NEW, NEW)]


async def test_the_items_that_name_a_person_are_found(db: Database) -> None:
    feature = a_feature(table="made", person=("giver", "taker"), on_forget="item")
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE made (item INTEGER, giver TEXT, taker TEXT)")
        for row in ((7, ANA, BEA), (8, BEA, ANA), (9, BEA, BEA)):
            await tx.run("INSERT INTO made VALUES (?, ?, ?)", *row)
        assert await items_of(tx, feature.declared_rows[0], ANA) == [7, 8]


async def forgotten(db: Database, **declared: Any) -> tuple[list[int], list[tuple[Any, ...]]]:
    async with db.transaction() as tx:
        found = await forget_in_rows(tx, a_feature(table="who", **declared).declared_rows, ANA)
        rows = await tx.all("SELECT person, maker, words FROM who ORDER BY id")
    return [count for _rows, count in found], [tuple(row) for row in rows]


async def test_rows_of_a_person_are_deleted_and_counted(db: Database) -> None:
    counts, left = await forgotten(db, person=("person", "maker"), on_forget="delete")
    assert (counts, left) == ([2], [(None, BEA, f"by {BEA}")])


async def test_a_name_is_blanked_as_its_column_allows(db: Database) -> None:
    counts, left = await forgotten(db, person=("person", "maker"), text="words", on_forget="blank")
    assert counts == [2]
    assert left == [(None, BEA, "to @"), (BEA, "", "to all"), (None, BEA, f"by {BEA}")]


async def test_an_address_that_only_begins_so_is_somebody_else(db: Database) -> None:
    others = "@ana:x.org, @ana:x-y.de, @ana:x:8448, @ana:xy"
    async with db.transaction() as tx:
        said = f"{ANA}, {others} and {ANA}. Who? ({ANA})"
        await tx.run("INSERT INTO who (maker, words) VALUES (?, ?)", BEA, said)
    _counts, left = await forgotten(db, person="person", text="words", on_forget="blank")
    assert left[-1][2] == f"@, {others} and @. Who? (@)"


@pytest.mark.parametrize("kept", ["code", "keep"])
async def test_what_stays_or_is_done_in_code_is_left_alone(db: Database, kept: str) -> None:
    counts, left = await forgotten(db, person="person", text="words", on_forget=kept, why="so")
    assert (counts, left[0]) == ([0], (ANA, BEA, f"to {ANA}"))


async def test_a_condition_names_the_rows_that_are_meant(db: Database) -> None:
    counts, left = await forgotten(db, person="person", where="words = 'to all'")
    assert (counts, len(left)) == ([0], 3)


@pytest.mark.parametrize(
    ("table", "column"), [("nowhere", "person"), ("who", "persona"), ("place", "person")]
)
async def test_what_the_schema_lacks_is_found_at_the_start(
    db: Database, table: str, column: str
) -> None:
    async with db.reading() as tx:
        schema = await read_schema(tx)
    with pytest.raises(ValueError, match=f"{table}.{column}, which does not exist"):
        check_against(schema, "feature", a_feature(table=table, person=column).declared_rows)


async def test_one_column_is_declared_once(db: Database) -> None:
    feature = a_feature(table="who", person="person")
    feature.rows("who", person="maker", on_forget="blank")
    async with db.reading() as tx:
        schema = await read_schema(tx)
    check_against(schema, "feature", feature.declared_rows)
    feature.rows("who", person="person", on_forget="blank")
    with pytest.raises(ValueError, match=r"who\.person twice"):
        check_against(schema, "feature", feature.declared_rows)


def test_what_is_kept_needs_a_reason() -> None:
    feature = Feature("feature", Path())
    with pytest.raises(ValueError, match="does not say why"):
        feature.rows("who", person="person", on_forget="keep")
    with pytest.raises(ValueError, match="does not say why"):
        feature.rows("place", room="room", on_move="keep")


def test_a_log_line_is_filled_from_the_facts() -> None:
    feature = Feature("feature", Path())
    feature.log_line("made", _("made {what}. Reason: {reason}", reason="none"))
    line = feature.log_lines["made"].fill({"what": "tea", "other": 1})
    assert line == _("made {what}. Reason: {reason}", what="tea", reason="none")
    assert feature.log_lines["made"].fill({"reason": "thirst"}) is None
    feature.log_line("moved", _("moved {number} to {day}"), _("moved {number}"))
    assert feature.log_lines["moved"].fill({"number": 7}) == _("moved {number}", number=7)
    longer = feature.log_lines["moved"].fill({"number": 7, "day": "24/09"})
    assert longer == _("moved {number} to {day}", number=7, day="24/09")
    with pytest.raises(ValueError, match="describes 'made' twice"):
        feature.log_line("made", _("made {what}"))


@pytest.mark.parametrize(
    "person",
    ["@ana:test.org", "@ana~x:server.org", "@irc_ana[m]:server.org", "@o'neil:[::1]:8448"],
)
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "Hola {}. ¿Vienes?",
        '["{}","@bea:test"]',
        "{}: sí",
        "@bea,{}",
        '["@bea","{}"]',
        "@bea/{}",
        "@bea {}",
        "@@{}",
        "[{}]",
        "[{}](a)",
    ],
)
def test_a_person_is_found_by_any_address_that_is_accepted(person: str, text: str) -> None:
    assert is_user_id(person) and person in addresses_in(text.format(person))


@pytest.mark.parametrize("piece", ["@", "@:", "@a:b", "@a:.", "@" * 250 + ":x"])
def test_texts_full_of_what_begins_an_address_are_read_in_time(piece: str) -> None:
    assert grows_evenly(lambda size: addresses_in((piece * size)[:size]), 60_000)
