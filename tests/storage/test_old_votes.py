"""Polls, votes and secret ballots of before the polls were cut go on where they belong now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.run.app import features
from bot.run.machine import migrate_database
from bot.types import RoomId
from storage.database import Database, Tx
from storage.encryption import keys as keyring
from storage.encryption import root_key
from tests.storage.old_data import Old, begin, put
from tests.storage.test_old_data import told

COMMIT = "796e93f"
KITCHEN = RoomId("!cocina:test")
BOOK = (
    *("poll", "option", "response", "ballot", "count", "voter", "organisation"),
    *("organisation_before", "told", "assembly", "assembly_yes", "restored", "asked"),
)
TABLES = {f"polls_{name}": f"poll_book_{name}" for name in BOOK} | {
    "polls_secret": "ballot_secrecy_ballot",
    **{
        f"polls_secret_{n}": f"ballot_secrecy_{n}" for n in ("key", "vote", "roll", "log", "change")
    },
}
"""The tables of the polls, and what they are called now."""


async def open_old(folder: Path) -> Database:
    """The first network's database as commit 796e93f left it."""
    put(COMMIT, folder)
    keys = root_key.unlock(folder / "a", key_file=folder / "key")
    return await Database.open(folder / "a" / keyring.DATABASE, keys.bare_db, create=False)


async def rows(tx: Tx, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    named = ", ".join(columns)
    return sorted(map(tuple, await tx.all(f"SELECT {named} FROM {table}")), key=repr)  # noqa: S608


async def columns_of(tx: Tx, table: str) -> list[str]:
    return [row["name"] for row in await tx.all(f"SELECT name FROM pragma_table_info('{table}')")]  # noqa: S608


async def plan_shredding(tx: Tx) -> int:
    """A job under the old name that destroys the link of the secret ballot, an hour from now."""
    number = await tx.one("SELECT number FROM polls_secret")
    assert number is not None
    await tx.run(
        "INSERT INTO job (feature, name, room, item, due, try_at, payload)"
        " SELECT 'polls', 'shred', room, number, at, at, '{}'"
        " FROM item WHERE number = ?",
        number["number"],
    )
    return int(number["number"])


async def test_every_row_stands_in_its_table_and_each_job_with_whom_it_belongs(
    tmp_path: Path,
) -> None:
    db = await open_old(tmp_path)
    async with db.transaction() as tx:
        secret = await plan_shredding(tx)
        columns = {
            old: [one for one in await columns_of(tx, old) if one != "turnout"] for old in TABLES
        }
        before = {old: await rows(tx, old, columns[old]) for old in TABLES if columns[old]}
        turnout = dict(await rows(tx, "polls_poll", ["number", "turnout"]))
        turnout |= dict(await rows(tx, "polls_secret", ["number", "turnout"]))
        jobs = await rows(tx, "job", ["id", "name", "item", "due"])
        sequence = await tx.one("SELECT seq FROM sqlite_sequence WHERE name = 'polls_organisation'")
    await migrate_database(db, features())
    async with db.reading() as tx:
        for old, held in before.items():
            assert await rows(tx, TABLES[old], columns[old]) == held, old
            assert not await tx.has_table(old)
        assert dict(await rows(tx, "poll_book_poll", ["number", "turnout"])) == turnout
        assert await rows(tx, "job", ["id", "name", "item", "due"]) == jobs
        of = {row["name"]: row["feature"] for row in await tx.all("SELECT * FROM job")}
        now = await tx.one("SELECT seq FROM sqlite_sequence WHERE name = 'poll_book_organisation'")
        broken = await tx.all("PRAGMA foreign_key_check")
    await db.close()
    assert turnout[secret] == 2 and sum(map(len, before.values())) > 50
    assert (of["shred"], of["close"]) == ("ballot_secrecy", "polls")
    assert sequence and now and sequence["seq"] == now["seq"]
    assert broken == []


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Old]:
    """Both networks on today's code; the first one's secret ballot is about to be shredded."""
    db = await open_old(tmp_path)
    async with db.transaction() as tx:
        await plan_shredding(tx)
    await db.close()
    for name in ("a", "b"):
        await begin(tmp_path / name, tmp_path / "key")
    made = await Old.start(tmp_path, COMMIT)
    yield made
    await made.world.close()


async def test_a_job_of_before_destroys_who_voted_what(old: Old) -> None:
    await old.later(1)
    async with old.talk.machine.db.reading() as tx:
        for table in ("key", "vote", "roll"):
            assert await tx.all(f"SELECT 1 FROM ballot_secrecy_{table}") == []  # noqa: S608
        row = await tx.one("SELECT kind FROM ballot_secrecy_log ORDER BY seq DESC LIMIT 1")
    assert row and row["kind"] == "shredded"


async def test_a_change_of_the_voters_before_is_told_and_taken_back(old: Old) -> None:
    async with old.talk.machine.db.transaction() as tx:  # what came after it is no concern here
        await tx.run("UPDATE log SET undo = NULL WHERE feature != 'polls'")

    async def said(line: str) -> str:
        await old.talk.says("ana", line, room=KITCHEN)
        await old.world.flow()
        return told(old.heard(), KITCHEN)

    old.heard()
    assert "Ana: organización nueva “Coop”, peso 1" in await said("!historial votantes")
    assert "Coop" in await said("!deshacer")
    assert "Deshecho: organización nueva “Coop”" in await said("sí")
    assert "Aquí puede votar quien está en la sala" in await said("!votantes")
