"""Whatever table names a room or a person, somebody has declared what becomes of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.capability.discovery import features
from bot.capability.feature import Feature
from bot.capability.registry import Registry
from bot.capability.services import DESCRIBE_LOG_ENTRY, FORGET, MOVE_ROOM
from bot.testing.talk import Talk
from storage.rows.core_rows import CORE_ROWS
from storage.rows.declared_rows import DeclaredRows, Schema, read_schema
from tests.storage.rows import test_forgetting

ROOT = Path(__file__).parents[3]
ID = re.compile(r"[@!][^\s:@!\"]+:[^\s\"]+")
WITHIN = re.compile(r"@[\w.-]+:(?:test|lejos\.org)\b")
"""An address among other text, as the people of the tests have them."""
ROOM_NAMES = frozenset({"room", "space", "predecessor", "successor", "source_room"})
PERSON_NAMES = frozenset(
    {
        *("person", "who", "author", "sender", "keeper", "maker", "owner", "newcomer", "bot"),
        *("borrower", "giver", "taker", "needer", "offerer", "delegate", "alternate", "voter"),
        *("reporter", "speaker", "named", "said_by", "private_of", "taken", "entity"),
    }
)
NO_IDS = {
    "held.named": "JSON; declared as text",
    "lending_thing.owner": "person, room or network",
    "codes_card.taken": "when",
    "poll_book_ballot.alternate": "whether the alternate cast it",
    "poll_book_response.alternate": "the same",
    "schema_version.owner": "the capability",
}
"""Columns that are called so and hold no id."""
DERIVED = {
    "library_resource.place": "made of `room` by the database",
    "library_themes.place": "counted by triggers on library_theme",
    "library_places.place": "counted by triggers on library_resource",
    "links_link.name": "a link's own name",
}
"""Columns that follow from declared ones."""
GOES_WITH_ITEM = frozenset({"directory_entry"})
"""Tables whose rows about a person are deleted with their items, by code."""
UNKEPT = frozenset({"waiting", "question", "dialogue", "sqlite_sequence"})
"""Tables whose texts go with declared rows, or which `storage/rows/people.py` knows by name."""


def declared() -> list[tuple[str, DeclaredRows]]:
    """All declarations, with who made each."""
    return [
        *(("core", rows) for rows in CORE_ROWS),
        *((f.name, rows) for f in features() for rows in f.declared_rows),
    ]


def known_columns() -> set[str]:
    return {f"{rows.table}.{c}" for _owner, rows in declared() for c in rows.columns}


async def schema_of(talk: Talk) -> Schema:
    async with talk.machine.db.reading() as tx:
        return await read_schema(tx)


async def test_each_column_with_the_name_of_an_id_is_declared(talk: Talk) -> None:
    named = {
        f"{table}.{column}"
        for table, columns in (await schema_of(talk)).items()
        for column in columns
        if column in ROOM_NAMES | PERSON_NAMES
    }
    assert named - known_columns() - set(NO_IDS) == set()
    assert len(named) > 100


async def kept_ids(talk: Talk) -> Mapping[str, str]:
    """The columns in which an id stands now, alone or within other text, and one such value."""
    found: dict[str, str] = {}
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in [row["name"] for row in tables if not row["name"].startswith("findable_")]:
            for row in await tx.all(f"SELECT * FROM {table}"):  # noqa: S608
                for column in row.keys():  # noqa: SIM118 - a row is a tuple
                    value = row[column]
                    if isinstance(value, str) and (ID.fullmatch(value) or WITHIN.search(value)):
                        found[f"{table}.{column}"] = value
    return found


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_each_column_in_which_an_id_stands_is_declared(talk: Talk) -> None:
    await test_forgetting.everything(talk)
    await test_forgetting.lived(talk)
    deleted = {
        rows.table
        for _owner, rows in declared()
        if rows.person and (rows.on_forget == "delete" or rows.table in GOES_WITH_ITEM)
    }
    found = await kept_ids(talk)
    left = {
        column: value
        for column, value in found.items()
        if column not in known_columns() and column not in DERIVED
        # A text that goes with its row needs no declaration of its own; an id does.
        if ID.fullmatch(value) or column.partition(".")[0] not in deleted | UNKEPT
    }
    assert left == {}
    assert len(found) > 80


@pytest.mark.parametrize("feature", features(), ids=lambda one: one.name)
def test_what_is_done_in_code_has_a_function(feature: Feature) -> None:
    for rows in feature.declared_rows:
        if rows.room and rows.on_move == "code":
            assert MOVE_ROOM.name in feature.services, rows
        if (rows.person or rows.text) and rows.on_forget == "code":
            assert FORGET.name in feature.services, rows


@pytest.mark.parametrize("feature", features(), ids=lambda one: one.name)
def test_nobody_declares_the_tables_of_another(feature: Feature) -> None:
    for rows in feature.declared_rows:
        own = rows.table.startswith(f"{feature.name}_")
        assert own or rows.where == f"feature = '{feature.name}'", rows


def logged(folder: Path) -> Iterator[str]:
    """The acts that a capability writes into the log under a name that stands in the code."""
    for path in folder.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ctx.log":
                match node.args[0]:
                    case ast.Constant(value=str(act)):
                        yield act


@pytest.mark.parametrize("feature", features(), ids=lambda one: one.name)
def test_each_act_in_the_log_has_its_line(feature: Feature) -> None:
    acts, family = set(logged(feature.folder)), Registry(features()).family(feature.name)
    if not any(DESCRIBE_LOG_ENTRY.name in one.services for one in family):
        assert acts <= {act for one in family for act in one.log_lines}
    assert not feature.log_lines or all(one.lines for one in feature.log_lines.values())
