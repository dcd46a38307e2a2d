"""Back to the database from before an upgrade; killed anywhere, it is one of the two, whole."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.operate import cli
from bot.run.machine import upgrade_database
from bot.types import RoomId, UserId
from storage import releases, schema
from storage.database import Database, WrongKey
from storage.encryption import secret_files
from storage.encryption.keys import DATABASE, Keys
from storage.files import lock, rollback, run_history
from storage.files.rollback import RollbackError, RolledBack, roll_back
from storage.files.run_history import RunHistory, get_history, save_history
from storage.files.upgrade_copies import UpgradeCopy, copy_path, kept_copies, remove_expired
from storage.sections import handovers
from storage.sections.handovers import Handover
from tests.storage.files.test_upgrade_copies import next_version
from tests.storage.old_data import put

ROOT = Keys.from_root(bytes(32), "ab" * 32)
ITEM = (
    "INSERT INTO item (number, feature, kind, room, author, title, at)"
    " VALUES (?, 'polls', 'poll', '!r:test', '@ana:test', 'x', 0)"
)
RUNS = RunHistory(("one", "two"), "a folder", "its word", devices=("TWO", "ONE"))


async def open_in(data: Path) -> Database:
    return await Database.open(data / DATABASE, ROOT.db)


@pytest.fixture
async def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """Version 9.0.0 gave number 1; then 9.1.0 came, which gave 2 and 3 and ran once more."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    monkeypatch.setattr(releases, "program_version", lambda: "9.0.0")
    db = await open_in(data)
    await upgrade_database(db, [])
    async with db.transaction() as tx:
        await tx.run(ITEM, 1)
        await save_history(tx, RunHistory(("one",), "a folder"))
    next_version(monkeypatch, tmp_path)
    await upgrade_database(db, [])
    async with db.transaction() as tx:
        await tx.run(ITEM, 2)
        await tx.run(ITEM, 3)
        await save_history(tx, RUNS)
    await db.close()
    yield data


async def state(data: Path) -> tuple[str, RunHistory, list[int], int]:
    """The version that worked on it, its runs, the items, and the highest number given."""
    db = await Database.open(data, ROOT.db, create=False)
    try:
        async with db.reading() as tx:
            numbers = await tx.column(int, "SELECT number FROM item ORDER BY number")
            highest = await tx.count("SELECT seq AS n FROM sqlite_sequence WHERE name = 'item'")
            return await releases.last_release(tx), await get_history(tx), numbers, highest
    finally:
        await db.close()


def names(data: Path) -> list[str]:
    return sorted(path.name for path in data.iterdir())


async def test_the_copy_is_put_back_to_begin_anew_and_the_newer_one_aside(data: Path) -> None:
    (copy,) = kept_copies(data)
    done = await roll_back(data, ROOT)
    assert (done.to, done.newer, done.lost) == (copy, "9.1.0", 2)
    anew = replace(RUNS, folder="", stale=True)
    assert await state(data / DATABASE) == ("9.0.0", anew, [1], 3), "3 is not given again"
    assert await state(done.aside) == ("9.1.0", RUNS, [1, 2, 3], 3)
    assert {one.version for one in kept_copies(data)} == {"9.0.0", "9.1.0"}
    for path in data.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    remove_expired(data, datetime.now(UTC))
    assert len(kept_copies(data)) == 2


async def test_what_was_put_aside_is_brought_forward_by_its_name(data: Path) -> None:
    aside = (await roll_back(data, ROOT)).aside
    with pytest.raises(RollbackError, match="No copy of an older version"):
        await roll_back(data, ROOT)
    done = await roll_back(data, ROOT, aside)
    assert (done.newer, done.lost) == ("9.0.0", 0)
    assert (await state(data / DATABASE))[2] == [1, 2, 3]


async def test_the_old_program_runs_on_it_and_upgrades_it_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await roll_back(data, ROOT)
    with monkeypatch.context() as old:
        old.setattr(schema, "CORE", Path(schema.__file__).parent / "migrations")
        old.setattr(releases, "program_version", lambda: "9.0.0")
        db = await open_in(data)
        await upgrade_database(db, [])
        await db.close()
    db = await open_in(data)
    await upgrade_database(db, [])
    await db.close()
    assert (await state(data / DATABASE))[0] == "9.1.0"


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
async def test_killed_anywhere_it_is_the_newer_or_the_older_one_and_is_done_again(
    data: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Before and after each thing that it does to a file, one after the other."""
    if not links:

        def refused(*_given: object) -> None:
            raise PermissionError("no links here")

        monkeypatch.setattr(os, "link", refused)
    content = {path.name: path.read_bytes() for path in data.iterdir()}
    ended = 0
    while True:
        for path in data.iterdir():
            path.unlink()
        for name, raw in content.items():
            (data / name).write_bytes(raw)
        ended += 1
        with monkeypatch.context() as patch:
            count_steps(patch, ended)
            try:
                await roll_back(data, ROOT)
            except Killed:
                pass
            else:
                break
        found = await state(data / DATABASE)
        assert found[2] in ([1], [1, 2, 3]), ended
        if found[2] == [1]:
            assert found[1].stale, "no ratchet of the newer one's device goes on"
        else:
            await roll_back(data, ROOT)
        assert (await state(data / DATABASE))[2] == [1]
        assert not [name for name in names(data) if name.startswith(".")]
    assert ended > 8


class Killed(BaseException):
    """The process ended here: what would have been tidied up stays."""


def count_steps(patch: pytest.MonkeyPatch, until: int) -> None:
    """End at the so manieth step."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == until:
            patch.setattr(rollback, "_remove", lambda _file: None)
            raise Killed

    def around(place: Any, name: str) -> None:
        real = getattr(place, name)

        def both(*given: Any, **more: Any) -> Any:
            step()
            found = real(*given, **more)
            step()
            return found

        patch.setattr(place, name, both)

    for place, name in (
        (shutil, "copyfile"),
        (rollback, "_put_aside"),
        (rollback, "_refuse_readers"),
        (secret_files, "sync_folder"),
        (Path, "replace"),
    ):
        around(place, name)


async def test_no_way_back_leads_to_two_bots(data: Path) -> None:
    db = await open_in(data)
    async with db.transaction() as tx:
        await save_history(tx, replace(RUNS, why="Another bot took over."))
    await db.close()
    before = names(data)
    with pytest.raises(RollbackError, match="would make two"):
        await roll_back(data, ROOT)
    assert names(data) == before


async def test_no_way_back_leads_into_rooms_that_another_bot_has_now(data: Path) -> None:
    signed = datetime.now(UTC)
    one = Handover("5e", "out", UserId("@b:test"), signed, "{}", "", "", told=True)
    room = RoomId("!r:test")
    db = await open_in(data)
    async with db.transaction() as tx:
        await handovers.add(tx, one, [room])
    await db.close()
    before = names(data)
    with pytest.raises(RollbackError, match=r"went from one bot to another .* Stay with Minga 9.1"):
        await roll_back(data, ROOT)
    db = await open_in(data)
    async with db.transaction() as tx:
        await handovers.end(tx, room)  # the other bot has it, and this one has left
    await db.close()
    with pytest.raises(RollbackError, match="went from one bot to another"):
        await roll_back(data, ROOT)
    assert names(data) == before
    assert (await state(data / DATABASE))[0] == "9.1.0"


async def test_while_somebody_reads_nothing_is_changed(data: Path) -> None:
    reader = await open_in(data)
    try:
        with pytest.raises(RollbackError, match="is reading"):
            await roll_back(data, ROOT)
    finally:
        await reader.close()
    assert (await state(data / DATABASE))[2] == [1, 2, 3]


async def test_a_copy_that_is_damaged_of_another_key_or_no_copy_is_refused(
    data: Path, tmp_path: Path
) -> None:
    (copy,) = kept_copies(data)
    whole = copy.path.read_bytes()
    for raw in (
        whole[:1000],
        whole[: len(whole) // 2],
        whole[: len(whole) // 2] + b"\0" * 512 + whole[len(whole) // 2 + 512 :],
        b"",
    ):
        copy.path.write_bytes(raw)
        before = names(data)
        with pytest.raises(RollbackError, match="damaged, or locked"):
            await roll_back(data, ROOT, copy.path)
        assert names(data) == before, len(raw)
    copy.path.write_bytes(whole)
    elsewhere = tmp_path / copy.path.name
    elsewhere.write_bytes(whole)
    for other in (elsewhere, data / DATABASE, copy_path(data, "8.0.0", copy.made)):
        with pytest.raises(RollbackError, match="is no copy of"):
            await roll_back(data, ROOT, other)
    with pytest.raises(WrongKey):
        await roll_back(data, replace(ROOT, db=bytes(32)))


async def test_data_from_before_the_first_release_learn_of_the_runs_too(tmp_path: Path) -> None:
    """Which they kept in another table."""
    put("796e93f", tmp_path)
    secret = tmp_path / "a" / DATABASE
    keys = Keys.from_root(bytes(32))
    db = await Database.open(secret, _key_of_old(tmp_path))
    async with db.transaction() as tx:
        await rollback._begin_anew(tx, replace(RUNS, folder="", stale=True))
    await db.rekey(keys.db)
    await db.close()
    db = await Database.open(secret, keys.db)
    await upgrade_database(db, _features())
    async with db.reading() as tx:
        assert await get_history(tx) == replace(RUNS, folder="", stale=True, devices=())
    await db.close()


def _key_of_old(folder: Path) -> bytes:
    from storage.encryption.root_key import unlock

    return unlock(folder / "a", key_file=folder / "key").bare_db


def _features() -> Any:
    from bot.run.app import features

    return features()


def config_in(folder: Path, secret: str) -> Path:
    path = folder / "config.toml"
    path.write_text(
        '[matrix]\nhomeserver = "https://matrix.example.org"\nuser_id = "@minga:example.org"\n'
        f"{secret}\n"
        '[network]\nname = "Red"\nlanguage = "es"\ntimezone = "America/Bogota"\n'
        'moderators = ["@ana:example.org"]\n[storage]\ndata_dir = "data"\nkey_file = "key"\n'
    )
    for name, text in (("password", "secret"), ("token", "t"), ("key", "0123456789abcdef" * 4)):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text)
    return path


def test_the_command_says_what_is_lost_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = UpgradeCopy(tmp_path / "x", "9.0.0", datetime(2026, 11, 28, 21, 40, tzinfo=UTC))

    async def back(*_given: object) -> RolledBack:
        return RolledBack(copy, tmp_path / "aside.db", "9.1.0", 2)

    monkeypatch.setattr("storage.files.rollback.roll_back", back)
    monkeypatch.setattr("bot.operate.rollback.unlock_keys", lambda *_given, **_more: ROOT)
    (tmp_path / "data").mkdir(mode=0o700)
    config = config_in(tmp_path, 'password_file = "password"')
    said = CliRunner().invoke(
        cli.main, ["rollback", "--config", str(config)], env={"LC_MESSAGES": "en"}
    )
    assert said.exit_code == 0, said.output
    for words in ("9.0.0, as of 2026-11-28, 21:40 UTC", "2 things with a number", "aside.db"):
        assert words in said.output
    assert "Now install Minga 9.0.0 and start it" in said.output


@pytest.mark.parametrize(
    ("secret", "busy", "told", "status"),
    [
        ('access_token_file = "token"', False, "needs the account's password", 78),
        ('password_file = "password"', True, "A bot is running", 1),
        ('password_file = "password"', False, "key.json", 78),
    ],
)
def test_the_command_refuses_in_a_sentence(
    tmp_path: Path, secret: str, busy: bool, told: str, status: int
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / DATABASE).write_bytes(b"x")
    words = ["rollback", "--config", str(config_in(tmp_path, secret))]
    if busy:
        with lock.hold(data):
            said = CliRunner().invoke(cli.main, words, env={"LC_MESSAGES": "en"})
    else:
        said = CliRunner().invoke(cli.main, words, env={"LC_MESSAGES": "en"})
    assert (said.exit_code, told in said.output) == (status, True), said.output
    assert (data / DATABASE).read_bytes() == b"x"


async def test_an_older_copy_has_no_place_for_the_devices(data: Path) -> None:
    """The account's data at the homeserver names them too."""
    db = await open_in(data)
    async with db.transaction() as tx:
        await tx.run("ALTER TABLE run_history DROP COLUMN devices")
        await rollback._begin_anew(tx, replace(RUNS, folder="", stale=True))
        assert await get_history(tx) == replace(RUNS, folder="", stale=True, devices=())
    await db.close()


def test_the_names_of_the_history_are_those_that_are_written() -> None:
    assert set(RunHistory.__slots__) == {"runs", "folder", "over", "stale", "why", "devices"}
    assert run_history.get_history is get_history
