"""A conversation that takes another's open file finds nothing of it, and no file is used twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.run.app import features
from bot.testing.kept_files import KeptDatabase
from bot.testing.talk import KEY, Talk
from storage.connection import DatabaseError
from storage.database import Database

Start = Callable[[str], Awaitable[Talk]]
OFFER = "!ofrecer taladro y escalera"


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a conversation on a file of this name."""

    async def start(name: str) -> Talk:
        return await Talk.start(tmp_path / name, features())

    return start


def inode(talk: Talk) -> int:
    return talk.path.stat().st_ino


async def test_the_next_takes_the_same_file_and_finds_nothing_of_the_last(start: Start) -> None:
    first = await start("first.db")
    before = inode(first)
    assert "taladro" in await first.answer("ana", OFFER)
    assert "taladro" in await first.answer("ana", "!buscar taladro")
    heard = await first.answer("ana", "!pendientes")
    await first.close()
    assert not first.path.exists()

    second = await start("second.db")
    assert inode(second) == before
    assert "taladro" not in await second.answer("ana", "!buscar escalera")
    assert "taladro" in await second.answer("ana", OFFER)
    assert "taladro" in await second.answer("ana", "!buscar taladro")
    assert await second.answer("ana", "!pendientes") == heard
    await second.close()


async def test_two_at_once_have_files_of_their_own(start: Start) -> None:
    one, other = await start("one.db"), await start("other.db")
    assert inode(one) != inode(other)
    await one.answer("ana", OFFER)
    assert "taladro" not in await other.answer("ana", "!buscar escalera")
    await one.close()
    await other.close()


async def test_whoever_used_it_is_refused_when_it_was_given_back(start: Start) -> None:
    talk = await start("a.db")
    db = talk.machine.db
    await talk.close()
    await talk.close()
    with pytest.raises(DatabaseError, match="another conversation's"):
        async with db.reading() as tx:
            await tx.count("SELECT count(*) AS n FROM room")


async def test_what_is_to_stay_is_closed_and_another_can_read_it(start: Start) -> None:
    talk = await start("a.db")
    await talk.answer("ana", OFFER)
    await talk.close(leaves_file=True)
    assert isinstance(talk.machine.db, KeptDatabase)
    db = await Database.open(talk.path, KEY)
    async with db.reading() as tx:
        assert await tx.exists("SELECT 1 FROM room")
    await db.close()


async def test_a_file_that_was_replaced_or_is_read_is_not_used_again(start: Start) -> None:
    for spoil in ("replaced", "read", "attached"):
        talk = await start(f"{spoil}.db")
        before = inode(talk)
        if spoil == "replaced":
            talk.path.rename(talk.path.with_name("away.db"))
            talk.path.touch()
        elif spoil == "read":
            async with talk.machine.db.reading() as tx:
                await tx.run("BEGIN")
        else:
            async with talk.machine.db.reading() as tx:
                await tx.run("ATTACH ':memory:' AS other")
        await talk.close()
        following = await start(f"after-{spoil}.db")
        assert inode(following) != before
        await following.close()


async def test_on_another_disk_a_file_is_opened_as_ever() -> None:
    """Tests write on one of these two, where they are two."""
    for place in (Path("/dev/shm"), Path("/var/tmp")):  # noqa: S108
        if place.is_dir():
            with TemporaryDirectory(dir=place) as folder:
                talk = await Talk.start(Path(folder) / "a.db", features())
                assert "taladro" in await talk.answer("ana", OFFER)
                await talk.close()


async def test_a_setting_of_one_is_not_the_next_ones(start: Start) -> None:
    talk = await start("a.db")
    async with talk.machine.db.reading() as tx:
        await tx.run("PRAGMA foreign_keys = OFF")
    await talk.close()
    following = await start("b.db")
    async with following.machine.db.reading() as tx:
        assert (await tx.all("PRAGMA foreign_keys"))[0][0] == 1
    await following.close()
