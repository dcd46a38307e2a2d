"""What stood in the name of a capability before it was cut is with whom carries it out now.

Of everything that any version before the cut could have written, not of what one database holds.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.capability.discovery import migration_folders
from bot.capability.registry import Registry
from bot.run.app import features
from bot.run.machine import migrate_database
from bot.testing.talk import KEY
from storage import schema
from storage.database import Database, Tx
from storage.encryption import keys as keyring
from storage.encryption import root_key
from tests.storage.old_data import put

COMMIT = "796e93f"
JOBS = {
    "polls": "close correct final nudge shred",
    "events": "begun bell counts moved_up over remind tidy wave weekly",
    "onboarding": (
        "again ask_rules ballot companion_next companion_over companion_told enough expected greet"
        " invite invited lapse list_over look many_knock nudge nudge_inside orphaned"
        " overdue settled stranger stuck stuck_inside tell tell_next voted"
    ),
    "links": (
        "anew ask closed compare contact counted follow here lend look meet never notice open"
        " recede refuse replaced retract room step strangers tell"
    ),
    "care": "lapse lost open_door rules shred unmute waiting",
    "library": "round",
}
"""The jobs that each of them had before it was cut (commits 796e93f and 642ff6d alike)."""
DIALOGUES = {"onboarding": "question", "links": "approached", "library": "review"}
KINDS = {
    ("polls", "poll"): "polls",
    ("events", "event"): "events",
    ("onboarding", "arrival"): "onboarding",
    ("onboarding", "code"): "codes",
    ("onboarding", "companion"): "welcome",
    ("onboarding", "expected"): "expected_lists",
    ("onboarding", "invitations"): "onboarding",
    ("onboarding", "request"): "doors",
    ("onboarding", "rules"): "rules",
    ("links", "incoming"): "shares",
    ("links", "joint"): "joint_decisions",
    ("links", "link"): "links",
    ("links", "notice"): "shares",
    ("care", "incident"): "incidents",
    ("care", "measure"): "care",
    ("care", "rule"): "ban_lists",
    ("library", "resource"): "library",
}
"""The kinds of items that each had, and whose they are."""
ACTS = {
    "polls": "assembly closed extended picked",
    "events": "cancelled changed moved there",
    "onboarding": (
        "added admitted code_made code_over code_used invited joined list_came list_grew list_made"
        " list_over no_welcome questions rejected removed rules welcome"
    ),
    "links": (
        "asked declined_decision distrusted joined_decision linked proposed reworded shared taken"
        " trusted unlinked withdrawn"
    ),
    "care": (
        "announced banned door_closed door_opened lifted list_followed list_left listed muted"
        " removed warned"
    ),
    "library": "corrected published withdrawn",
}
"""The acts with a sentence of their own."""
UNDOES = {
    "polls": "voters",
    "events": "cancelled changed moved",
    "onboarding": "added code_made list_made no_welcome questions removed rules welcome",
    "care": "banned door_closed listed muted warned",
}
AT_CUT = {"polls": 14, "events": 3, "onboarding": 14, "links": 8, "care": 5, "library": 3}
"""How many steps each had when its parts were cut off."""


def each(of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for owner, names in of.items():
        for name in names.split():
            yield owner, name


async def open_old(folder: Path) -> Database:
    """The first network's database as commit 796e93f left it, without its jobs and items."""
    put(COMMIT, folder)
    keys = root_key.unlock(folder / "a", key_file=folder / "key")
    db = await Database.open(folder / "a" / keyring.DATABASE, keys.bare_db, create=False)
    async with db.transaction() as tx:
        for table in ("job", "question", "dialogue"):
            await tx.run(f"DELETE FROM {table}")  # noqa: S608
    return db


async def add_one_of_each(tx: Tx) -> None:
    for owner, name in each(JOBS):
        await tx.run(
            "INSERT INTO job (feature, name, room, due, try_at, payload)"
            " VALUES (?, ?, '!a:test', 1, 1, '{}')",
            *(owner, name),
        )
    for place, (owner, name) in enumerate(each(DIALOGUES)):
        who = f"@p{place}:test"
        await tx.run(
            "INSERT INTO dialogue (feature, name, person, data, known, patience)"
            " VALUES (?, ?, ?, '{}', '{}', 1)",
            *(owner, name, who),
        )
        await tx.run(
            "INSERT INTO job (feature, name, room, person, due, try_at, payload)"
            " VALUES (?, '@dialogue', ?, ?, 1, 1, '{}')",
            *(owner, who, who),
        )
        await tx.run(
            "INSERT INTO question VALUES (?, '', ?, ?, ?, '{}', ?, 1, 2, NULL, NULL)",
            *(who, who, owner, name, json.dumps({"road": {"kind": "dialogue", "dialogue": place}})),
        )
    for owner, kind in KINDS:
        await tx.run(
            "INSERT INTO item (feature, kind, room, author, title, at)"
            " VALUES (?, ?, '!a:test', '@a:test', 'of each', 1)",
            *(owner, kind),
        )


async def test_every_job_dialogue_question_and_item_is_with_its_part(tmp_path: Path) -> None:
    db = await open_old(tmp_path)
    async with db.transaction() as tx:
        await add_one_of_each(tx)
    await migrate_database(db, features())
    of = {one.name: one for one in features()}
    async with db.reading() as tx:
        jobs = await tx.all("SELECT * FROM job WHERE name NOT LIKE '@%' AND feature != 'rights'")
        begun = await tx.all("SELECT feature, name FROM dialogue")
        asked = await tx.all("SELECT feature, name FROM question")
        talks = await tx.all("SELECT feature FROM job WHERE name = '@dialogue'")
        made = await tx.all("SELECT feature, kind FROM item WHERE title = 'of each'")
    await db.close()
    assert sorted(row["name"] for row in jobs) == sorted(name for _owner, name in each(JOBS))
    assert not [(r["feature"], r["name"]) for r in jobs if r["name"] not in of[r["feature"]].jobs]
    for rows in (begun, asked):
        assert len(rows) == len(DIALOGUES)
        assert all(row["name"] in of[row["feature"]].dialogues for row in rows)
    assert sorted(r["feature"] for r in talks) == sorted(r["feature"] for r in begun)
    assert sorted((r["feature"], r["kind"]) for r in made) == sorted(
        (whose, kind) for (_owner, kind), whose in KINDS.items()
    )


def test_a_kind_of_item_is_handled_by_whom_it_was_given_to() -> None:
    """A reply to it, and its author's right to see it, are looked up by that name."""
    whose = {kind: name for (_owner, kind), name in KINDS.items()}
    for one in features():
        for kind in (*one.reply_handlers, *one.personal_kinds):
            assert whose.get(kind, one.name) == one.name, kind


def test_a_callback_under_the_old_name_finds_whom_the_job_was_given_to() -> None:
    """It stands in entries of the outbox and with proposals, where no migration goes."""
    registry = Registry(features())
    for owner, name in each(JOBS):
        able = [one.name for one in registry.family(owner) if name in one.jobs]
        assert able == [registry.job_runner(owner, name).name], (owner, name)


def test_a_line_of_the_log_under_the_old_name_has_its_sentence_and_its_undo() -> None:
    registry = Registry(features())
    for owner, act in each(ACTS):
        able = [one.name for one in registry.family(owner) if act in one.log_lines]
        writer = registry.log_writer(owner, act)
        assert writer is not None and able == [writer.name], (owner, act)
    for owner, act in each(UNDOES):
        able = [one.name for one in registry.family(owner) if act in one.undo_handlers]
        writer = registry.log_writer(owner, act)
        assert writer is not None and able == [writer.name], (owner, act)


# --- the tables -----------------------------------------------------------------------------------


async def shape(db: Database) -> dict[str, list[Any]]:
    """Each table's columns, what it refers to, and its indexes, whatever it was called once."""
    found: dict[str, list[Any]] = {}
    async with db.reading() as tx:
        for row in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            name, parts = row["name"], list[Any]()
            for pragma in ("table_xinfo", "foreign_key_list"):
                rows = await tx.all(f"SELECT * FROM pragma_{pragma}('{name}')")  # noqa: S608
                parts.append(sorted(repr(tuple(one)) for one in rows))
            rows = await tx.all(
                "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND type != 'table'", name
            )
            parts.append(sorted((one["name"], one["sql"] or "") for one in rows))
            found[name] = parts
    return found


async def fresh(path: Path) -> Database:
    db = await Database.open(path, KEY)
    async with db.reading() as tx:
        await tx.run("PRAGMA synchronous = OFF")
    return db


async def test_an_old_database_has_the_same_tables_as_a_new_one(tmp_path: Path) -> None:
    old, new = await open_old(tmp_path), await fresh(tmp_path / "new.db")
    for db in (old, new):
        await migrate_database(db, features())
    found, wanted = await shape(old), await shape(new)
    for db in (old, new):
        await db.close()
    assert sorted(found) == sorted(wanted)
    for table, parts in wanted.items():
        assert found[table] == parts, table


async def test_a_later_step_of_whom_they_were_cut_from_does_not_count_on_its_turn(
    tmp_path: Path,
) -> None:
    """On a new database it comes before the parts took their tables, on one of today after."""
    folders = migration_folders(features())
    for root, count in AT_CUT.items():
        steps = sorted(folders[root].glob("*.sql"))
        assert len(steps) >= count
        (tmp_path / root).mkdir()
        for step in steps[:count]:
            shutil.copy(step, tmp_path / root / step.name)
    today, new = await fresh(tmp_path / "today.db"), await fresh(tmp_path / "new.db")
    await schema.migrate(today, {**folders, **{root: tmp_path / root for root in AT_CUT}})
    for db in (today, new):
        await schema.migrate(db, folders)
    found, wanted = await shape(today), await shape(new)
    for db in (today, new):
        await db.close()
    assert found == wanted
