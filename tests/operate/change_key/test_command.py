"""`minga change-key`, as an operator meets it."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.operate.change_key import plan, steps
from bot.operate.doctor.data_folder import DataFolder
from bot.operate.first_login import unlock_keys
from bot.operate.operator_errors import OPERATOR_MUST_ACT, TRY_AGAIN
from storage.database import Database, WrongKey
from storage.encryption import key_change
from storage.encryption.backup_keys import Opener
from storage.encryption.key_destruction import overwrite_keys
from storage.encryption.keys import DATABASE, KEY_STORE, SecretError, read_header
from storage.encryption.root_key import unlock
from storage.files import lock
from storage.files.backup import write_backup
from storage.files.backup_format import read_backup_info
from storage.files.backup_records import LAST_BACKUP, BackupError
from storage.files.restoration import Demand, restore_backup, unseal_copy
from tests.operate.change_key.scene import PHRASES, Installation, key_of, place_of

pytestmark = pytest.mark.usefixtures("quick_passphrases")
EACH = ["file", "passphrase", "credential"]


async def installed(folder: Path, kind: str = "file") -> Installation:
    made = Installation(folder / "bot")
    with made.systems():
        await made.make(kind)
    return made


def in_thread(work: Any, *given: Any) -> Any:
    """Run what begins an event loop of its own."""
    return asyncio.to_thread(work, *given)


async def started(bot: Installation) -> dict[str, Any]:
    with bot.systems():
        return await bot.start()


async def findings(bot: Installation) -> str:
    """What doctor finds wrong with the data."""
    checks = DataFolder(bot.load()).check()
    return "\n".join([str(one) async for one in checks if one.kind == "bad"])


@pytest.mark.parametrize("old", EACH)
@pytest.mark.parametrize("new", EACH)
async def test_everything_opens_with_the_new_key_and_nothing_with_the_old(
    tmp_path: Path, old: str, new: str
) -> None:
    bot = await installed(tmp_path, old)
    whole, before = await started(bot), key_of(bot)
    old_place = place_of(bot)
    secret = old_place.read()
    said = await in_thread(bot.change, new)
    assert said.exit_code == 0, said.output
    assert await started(bot) == whole, "identity, login, device, ratchets, hashes: all the same"
    place = place_of(bot)
    assert place.kind == new
    assert key_of(bot) != before and key_of(bot) in said.output
    assert place.read() != secret
    assert stat.S_IMODE(place.file.stat().st_mode) == 0o600
    kept = key_change.kept_path(old_place.file, before)
    assert str(kept) in said.output
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert bot.config.read_text().startswith("# What people write stays as it is.")
    header = read_header(bot.data) or {}
    assert not {"next", "old", "begun"} & header.keys()
    assert secret.strip() not in said.output.encode()
    assert place.read().strip() not in said.output.encode()
    assert bot.dropin.exists() == ((old, new) != ("file", "file"))


async def test_the_old_key_opens_neither_database(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    before = unlock_keys(bot.load(), create=False)
    await in_thread(bot.change, "file")
    after = unlock_keys(bot.load(), create=False)
    for name, old, new in (
        (DATABASE, before.db, after.db),
        (KEY_STORE, before.niodb, after.niodb),
    ):
        with pytest.raises(WrongKey):
            await Database.open(bot.data / name, old, create=False)
        await (await Database.open(bot.data / name, new, create=False)).close()
    same = {
        n
        for n in ("nio_pickle", "xsign", "ballots", "backup")
        if getattr(before, n) == getattr(after, n)
    }
    assert same == set()


async def test_the_old_key_with_the_new_header_opens_nothing(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    before = key_of(bot)
    await in_thread(bot.change, "file")
    with pytest.raises(SecretError, match=f"{key_of(bot)}, this is (?!{before})"):
        unlock(bot.data, key_file=key_change.kept_path(bot.key, before))


async def test_twice_is_as_good_as_once(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    whole = await started(bot)
    first = key_of(bot)
    await in_thread(bot.change, "file")
    second = key_of(bot)
    await in_thread(bot.change, "file")
    assert await started(bot) == whole
    assert {path.name for path in key_change.kept_keys(bot.key)} == {
        f"key-{first}",
        f"key-{second}",
    }
    assert overwrite_keys(bot.data, bot.key)
    assert [path for path in bot.key.parent.iterdir() if path.name.startswith("key")] == []


async def test_the_old_key_is_destroyed_if_that_is_wished(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    old = bot.key.read_bytes()
    said = await in_thread(bot.change, "file", "--destroy-old")
    assert "was overwritten and deleted" in said.output
    files = [path for path in bot.folder.rglob("*") if path.is_file()]
    assert [path for path in files if old.strip() in path.read_bytes()] == []
    assert key_change.kept_keys(bot.key) == []


async def test_a_bot_that_runs_is_left_alone(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    before = {path: path.read_bytes() for path in bot.folder.rglob("*") if path.is_file()}
    with lock.hold(bot.data):
        said = await in_thread(bot.change, "file")
    assert said.exit_code == TRY_AGAIN and "stop it first" in said.output
    after = {path: path.read_bytes() for path in bot.folder.rglob("*") if path.is_file()}
    assert after.items() >= before.items()


@pytest.mark.parametrize(
    ("to", "secret", "says"),
    [
        ("file", "ab" * 32, "is no random key.*openssl rand"),
        ("file", "short", "too short for a key.*openssl rand"),
        ("passphrase", "palabra palabra ", "too easy to guess: use six random words"),
        ("passphrase", "corta", "too short: use 12"),
    ],
)
async def test_what_anybody_could_guess_is_refused(
    tmp_path: Path, to: str, secret: str, says: str
) -> None:
    bot = await installed(tmp_path)
    bot.think_of(secret)
    before = {path: path.read_bytes() for path in bot.folder.rglob("*") if path.is_file()}
    said = await in_thread(bot.change, to, *(["--from", str(bot.typed)] if to == "file" else []))
    assert said.exit_code == OPERATOR_MUST_ACT
    assert re.search(says, said.output), said.output
    after = {path: path.read_bytes() for path in bot.folder.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} <= {bot.data / lock.NAME}


async def test_the_key_that_it_has_already_is_no_new_one(tmp_path: Path) -> None:
    bot = await installed(tmp_path, "passphrase")
    bot.think_of(PHRASES[0])
    said = await in_thread(bot.change, "passphrase")
    assert said.exit_code == OPERATOR_MUST_ACT and "has already" in said.output
    other = await installed(tmp_path / "other")
    said = await in_thread(other.change, "file", "--from", str(other.key))
    assert said.exit_code == OPERATOR_MUST_ACT and "has already" in said.output


async def test_a_passphrase_is_asked_for_at_a_terminal_only(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    bot.words = lambda to, *more: [  # type: ignore[method-assign]
        "change-key",
        "--config",
        str(bot.config),
        "--to",
        to,
        "--place",
        str(bot.phrase),
    ]
    said = await in_thread(bot.change, "passphrase")
    assert said.exit_code == OPERATOR_MUST_ACT and "--from FILE" in said.output
    assert place_of(bot).kind == "file" and not bot.phrase.exists()


async def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    bot.phrase.write_text("mine")
    said = await in_thread(bot.change, "passphrase")
    assert said.exit_code == OPERATOR_MUST_ACT and "exists already" in said.output
    assert bot.phrase.read_text() == "mine"


@pytest.mark.parametrize("variable", ["MINGA_STORAGE__KEY_FILE", "MINGA_STORAGE__PASSPHRASE_FILE"])
async def test_a_variable_that_would_still_win_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    kind = "passphrase" if "PASSPHRASE" in variable else "file"
    bot = await installed(tmp_path, kind)
    monkeypatch.setenv(variable, str(place_of(bot).file))
    said = await in_thread(bot.change, "file" if kind == "passphrase" else "passphrase")
    assert said.exit_code == OPERATOR_MUST_ACT and variable in said.output
    assert (await in_thread(bot.change, kind)).exit_code == 0, "in its place nothing is told"


async def test_a_configuration_that_can_not_be_changed_is_named_first(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    text = bot.config.read_text().replace("[storage]  # where it lies\n", "")
    text = text.replace('data_dir = "data"\nkey_file = "secrets/key"\n', "")
    bot.config.write_text(f'storage = {{ data_dir = "data" }}\n{text}')
    said = await in_thread(bot.change, "passphrase")
    assert said.exit_code == OPERATOR_MUST_ACT and "passphrase_file can't be changed" in said.output
    assert not bot.phrase.exists() and key_change.pending_change(bot.data) is None


async def test_too_little_room_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await installed(tmp_path)
    monkeypatch.setattr(plan, "SPARE_BYTES", 2**60)
    said = await in_thread(bot.change, "file")
    assert said.exit_code == TRY_AGAIN and "too little room" in said.output
    assert key_change.kept_keys(bot.key) == []


async def test_who_still_reads_sees_what_was_there(tmp_path: Path) -> None:
    """A backup that was begun before."""
    bot = await installed(tmp_path)
    whole = await started(bot)
    db = await Database.open(bot.data / DATABASE, unlock_keys(bot.load(), create=False).db)
    async with db.reading() as tx:
        await tx.run("BEGIN")
        before = [tuple(row) for row in await tx.all("SELECT * FROM secret")]
        assert (await in_thread(bot.change, "file")).exit_code == 0
        assert [tuple(row) for row in await tx.all("SELECT * FROM secret")] == before
        await tx.run("COMMIT")
    assert await started(bot) == whole
    await db.close()
    assert await started(bot) == whole


async def test_while_another_command_writes_it_waits_for_another_call(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    whole = await started(bot)
    db = await Database.open(bot.data / KEY_STORE, unlock_keys(bot.load(), create=False).niodb)
    async with db.reading() as tx:
        await tx.run("BEGIN IMMEDIATE")
        said = await in_thread(bot.change, "file")
        await tx.run("COMMIT")
    await db.close()
    assert said.exit_code == TRY_AGAIN and "still uses" in said.output, said.output
    with pytest.raises(SecretError, match=r"was interrupted.*minga change-key"):
        unlock_keys(bot.load(), create=False)
    assert "was interrupted. Nothing is lost" in await findings(bot)
    assert await started(bot) == whole
    assert await findings(bot) == ""


async def test_a_broken_database_is_named_before_anything_is_done(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    file = bot.data / KEY_STORE
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    said = await in_thread(bot.change, "file")
    assert said.exit_code == OPERATOR_MUST_ACT and "minga init --new-device" in said.output
    assert key_change.pending_change(bot.data) is None


async def test_what_had_not_begun_leaves_all_as_before_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await installed(tmp_path)
    whole, before = await started(bot), key_of(bot)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(steps, "_swap", killed)
        patch.setattr(steps, "take_back", lambda _: None)
        await in_thread(bot.change, "file")
    assert "interrupted before it began" in await findings(bot)
    assert before in await findings(bot)
    assert await started(bot) == whole
    assert (await in_thread(bot.change, "file")).exit_code == 0
    assert await findings(bot) == ""
    assert key_of(bot) != before


async def test_old_backups_open_with_the_old_key_and_doctor_says_so(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    before, backup = key_of(bot), tmp_path / "night"
    await write_backup(bot.data, unlock_keys(bot.load(), create=False), backup)
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
    os.utime(bot.data / LAST_BACKUP, (an_hour_ago, an_hour_ago))
    assert await findings(bot) == ""
    await in_thread(bot.change, "file")
    told = await findings(bot)
    assert f"only with the old key {before}. Make a new one" in told and key_of(bot) in told
    kept = key_change.kept_path(bot.key, before)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch(mode=0o600)
    elsewhere.write_bytes(bot.key.read_bytes())
    with pytest.raises(SecretError, match=f"locked with key {before}"):
        await restore_backup(backup, tmp_path / "there", key_file=elsewhere)
    await restore_backup(backup, tmp_path / "there", key_file=kept)
    newer = tmp_path / "newer"
    await write_backup(bot.data, unlock_keys(bot.load(), create=False), newer)
    assert await findings(bot) == ""
    named = read_backup_info(newer).key_header
    assert named.keys() == {"version", "kdf", "salt", "id", "check"}


@pytest.mark.parametrize("kind", ["file", "passphrase"])
async def test_an_old_backup_finds_the_old_key_and_never_replaces_the_new(
    tmp_path: Path, kind: str
) -> None:
    bot = await installed(tmp_path, kind)
    before, backup = key_of(bot), tmp_path / "night"
    await write_backup(bot.data, unlock_keys(bot.load(), create=False), backup)
    assert (await in_thread(bot.change, kind)).exit_code == 0
    where = bot.load().storage
    opener = Opener(where.key_file, where.passphrase_file)
    await unseal_copy(backup, tmp_path / "drill", Demand(opener))
    now, there = place_of(bot).file, tmp_path / "there"
    new = now.read_bytes()

    async def restore(passphrase_file: Path | None) -> None:
        await restore_backup(
            backup, there, key_file=where.key_file, passphrase_file=passphrase_file
        )

    told = "keep it under another name" if kind == "file" else "take passphrase_file out"
    with pytest.raises(BackupError, match=told):
        await restore(where.passphrase_file)
    assert now.read_bytes() == new and not (there / DATABASE).exists()
    if kind == "file":
        now.rename(now.with_name("key.other"))
        await restore(None)
        assert unlock(there, key_file=where.key_file).db
        assert before in {path.name[-12:] for path in bot.key.parent.iterdir()}


async def test_a_key_that_is_still_there_though_it_was_to_go_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await installed(tmp_path)
    before = key_of(bot)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "settle_former", lambda _: None)
        await in_thread(bot.change, "file", "--destroy-old")
    kept = key_change.kept_path(bot.key, before)
    assert f"was to be destroyed and still is in {kept}" in await findings(bot)
    steps.settle_former(bot.data)
    assert await findings(bot) == "" and not kept.exists()


async def test_a_passphrase_that_is_missing_or_mistyped_says_how_it_is_typed(
    tmp_path: Path,
) -> None:
    bot = await installed(tmp_path, "passphrase")
    how = f"install -D -m 600 /dev/stdin {bot.phrase}, "
    right = bot.phrase.read_text()
    bot.phrase.write_text(right.replace(" ", "  ", 1))
    assert f"does not open this data (key {key_of(bot)})" in await findings(bot)
    assert how in await findings(bot)
    bot.phrase.unlink()
    told = await findings(bot)
    assert f"{bot.phrase} is missing" in told and how in told
    bot.phrase.touch(mode=0o600)
    bot.phrase.write_text(right)
    assert await findings(bot) == ""


async def test_no_data_no_change(tmp_path: Path) -> None:
    bot = await installed(tmp_path)
    for file in bot.data.iterdir():
        file.unlink()
    said = await in_thread(bot.change, "file")
    assert said.exit_code == OPERATOR_MUST_ACT and "There is no data yet" in said.output
