"""`minga split` as an operator types it: nothing is handed over that nobody could take."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.i18n import verbatim
from bot.operate import cli
from bot.operate.split import section_file
from bot.signing.signer import NAME
from bot.testing.fake_machine import KEY
from bot.types import RoomId
from storage.database import Database
from storage.encryption import keys as keyring
from storage.encryption import secrets as vault
from storage.encryption.keys import DATABASE, Keys
from storage.encryption.root_key import unlock
from storage.files.backup import BackupError
from storage.files.upgrade_copies import kept_copies
from storage.sections import handovers
from tests.operate.test_config import LEAST
from tests.sections.two_bots import GOES, SECOND, TwoBots


class Bot:
    """The first bot, stopped, as an installation has it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        (folder / "secrets").mkdir(mode=0o700)
        (folder / "config.toml").write_text(LEAST.replace("@minga:example.org", "@minga:test"))

    @property
    def keys(self) -> Keys:
        return unlock(self.data, key_file=self.folder / "secrets/key", create=True)

    async def split(self, *words: object) -> Result:
        typed = ["split", "--config", str(self.folder / "config.toml"), *map(str, words)]
        return await asyncio.to_thread(
            CliRunner().invoke, cli.main, typed, env={"LC_MESSAGES": "en"}
        )

    async def open(self) -> Database:
        return await Database.open(self.data / DATABASE, self.keys.db, create=False)

    async def idle(self) -> list[RoomId]:
        db = await self.open()
        async with db.reading() as tx:
            found = await handovers.idle_rooms(tx)
        await db.close()
        return found


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    monkeypatch.setattr(keyring, "harden", lambda: None)
    bots = await TwoBots.start(tmp_path)
    bot = Bot(tmp_path)
    keys = bot.keys
    async with bots.first.machine.db.reading() as tx:
        await tx.run("VACUUM INTO ?", str(bot.data / DATABASE))
    await bots.close()
    db = await Database.open(bot.data / DATABASE, KEY, create=False)
    async with db.transaction() as tx:
        await vault.put(tx, keys.ballots, NAME, bytes(range(32)))
    await db.rekey(keys.db)
    await db.close()
    return bot


ASKED = ("--area", "norte", "--to", SECOND)


async def test_a_file_that_cannot_be_written_is_refused_before_anything_is_handed_over(
    bot: Bot,
) -> None:
    (bot.folder / "there").write_text("mine")
    (bot.folder / "new.key").write_text("mine")
    for name, told in (
        ("there", "exists already"),
        ("new", "exists already"),
        ("nowhere/new", "There is no folder"),
        ("data/new", "would lie beside its data"),
    ):
        said = await bot.split(*ASKED, bot.folder / name)
        assert said.exit_code != 0
        assert told in said.output
        assert await bot.idle() == []


async def test_a_file_that_fails_half_way_leaves_a_word_of_what_to_do(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_given: object) -> None:
        raise BackupError(verbatim("The disk is full."))

    with monkeypatch.context() as patch:
        patch.setattr(section_file, "write_backup", full)
        said = await bot.split(*ASKED, bot.folder / "section")
    assert said.exit_code != 0
    assert "The rooms are handed over, but the file is not written" in said.output
    assert "minga split --take-back" in said.output
    assert await bot.idle() == [GOES]
    said = await bot.split(bot.folder / "section")
    assert said.exit_code == 0, said.output
    assert "Make a backup here now" in said.output
    assert (bot.folder / "section").exists() and (bot.folder / "section.key").exists()


async def test_an_upgrade_by_it_has_a_copy_before_it_too(bot: Bot) -> None:
    db = await bot.open()
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE fact (name TEXT, value TEXT)")  # as before the last step
        await tx.run("DELETE FROM schema_version WHERE owner = 'core_last'")
    await db.close()
    said = await bot.split("--area", "costa", "--to", SECOND, bot.folder / "section")
    assert "There is no area" in said.output
    assert len(kept_copies(bot.data)) == 1
