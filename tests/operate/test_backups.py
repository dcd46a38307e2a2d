"""`minga backup`, `restore` and `backup-key`, as an operator types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Tx
from storage.encryption import keys as keyring
from storage.encryption.backup_keys import PUBLIC, parse_half
from storage.files import lock
from storage.files.backup_format import read_backup_info
from storage.files.backup_records import MAGIC
from storage.files.schedule_state import ScheduleState, save_state
from tests.operate.doctor.scene import ROOT, Bot, a_bot, secret

MUST_ACT = 78


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    monkeypatch.setattr(keyring, "harden", lambda: None)  # other tests run in this process
    with a_bot() as found:
        yield found


def everything(folder: Path) -> dict[Path, bytes | None]:
    """All files below a folder and what is in them."""
    found = sorted(folder.rglob("*"))
    return {path: path.read_bytes() if path.is_file() else None for path in found}


def as_process(bot: Bot, *words: object, status: int = 0) -> tuple[bytes, str]:
    """Run the program on its own, its output a pipe."""
    run = [sys.executable, "-c", "from bot.operate.cli import main; main()", *map(str, words)]
    done = subprocess.run(  # noqa: S603
        [*run, "--config", bot.config],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"},
    )
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr.decode()


def with_pair(bot: Bot) -> Path:
    """Let the bot's backups open with a pair's private half only; return that half's file."""
    private = bot.folder / "private"
    said = bot.minga("backup-key", "--file", private)
    assert said.status == 0
    (line,) = (one.strip() for one in said.text.splitlines() if "public_keys" in one)
    bot.add("backup", line)
    return private


def test_a_pair_is_made_and_its_private_half_is_shown_once_or_written(bot: Bot) -> None:
    private = bot.folder / "private"
    said = bot.minga("backup-key", "--file", private)
    (public,) = re.findall(r"minga-public-\w+", said.text)
    assert parse_half(public, PUBLIC)
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.read_text().strip() not in said.text
    again = bot.minga("backup-key", "--file", private)
    assert again.status == MUST_ACT
    assert "exists already" in again.text
    out, told = as_process(bot, "backup-key", status=MUST_ACT)
    assert out == b""
    assert "shown at a terminal only" in told


def test_a_backup_goes_to_standard_output_and_words_elsewhere(bot: Bot) -> None:
    out, told = as_process(bot, "backup", "-")
    assert out.startswith(MAGIC)
    assert "Written. It opens with" in told
    file = bot.folder / "piped"
    file.write_bytes(out)
    assert bot.minga("restore", "--check", file).status == 0


def test_a_pipe_that_closes_is_a_sentence(bot: Bot) -> None:
    run = f"'{sys.executable}' -c 'from bot.operate.cli import main; main()' backup -"
    done = subprocess.run(  # noqa: S602
        f"{{ {run} --config '{bot.config}'; echo $? >'{bot.folder}/status'; }} | head -c 9",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"},
    )
    assert (bot.folder / "status").read_text().strip() == str(MUST_ACT)
    assert done.stderr.strip().count("\n") == 0, done.stderr
    assert "ended before it was whole" in done.stderr


def test_a_drill_says_what_would_come_back_and_changes_nothing(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fill(tx: Tx) -> None:
        for feature, kind in (("polls", "poll"), ("events", "event"), ("events", "event")):
            await tx.run(
                "INSERT INTO item (feature, kind, room, author, title, at)"
                " VALUES (?, ?, '!r:x', '@a:x', 'secret words', 0)",
                feature,
                kind,
            )

    bot.change_data(fill)
    file = bot.folder / "copy.backup"
    assert bot.minga("backup", file).status == 0
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    before, requests = everything(bot.folder), len(bot.server.requests)
    said = bot.minga("restore", "--check", file)
    assert said.status == 0, said.text
    made = f"{read_backup_info(file).made:%Y-%m-%d, %H:%M}"
    assert "whole and would come up" in said.text and made in said.text
    assert re.search(r"Open: .*Events.* 2 · .*1\.|Open: .*1 · .*2\.", said.text), said.text
    assert "secret words" not in said.text
    assert everything(bot.folder) == before
    assert len(bot.server.requests) == requests
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_drill_finds_what_would_not_come_back(bot: Bot) -> None:
    file, bad = bot.folder / "copy.backup", bot.folder / "bad.backup"
    bot.minga("backup", file)
    whole = file.read_bytes()
    for text, told in (
        (whole[:-1], "damaged or was changed"),
        (whole[:5000] + b"x" + whole[5001:], "damaged or was changed"),
        (b"MINGA-BACKUP 3\n" + whole[15:], "A newer Minga made this backup"),
        (b"nothing", "not a backup of Minga"),
    ):
        bad.write_bytes(text)
        said = bot.minga("restore", "--check", bad)
        assert said.status == MUST_ACT
        assert told in said.text
        assert said.text.strip().count("\n") == 0
    bot.change("@minga:", "@other:")
    said = bot.minga("restore", "--check", file)
    assert said.status == MUST_ACT
    assert "This is a backup of @minga:" in said.text


def test_who_has_the_private_half_restores_without_the_data_key(bot: Bot) -> None:
    file, before = bot.folder / "copy.backup", bot.folder / "before.backup"
    bot.minga("backup", before)
    private = with_pair(bot)
    assert bot.minga("backup", file).status == 0
    said = bot.minga("restore", "--check", before, "--key", private)
    assert said.status == MUST_ACT
    assert "leave --key out" in said.text
    said = bot.minga("restore", "--check", file)
    assert said.status == MUST_ACT
    assert "with the private half of" in said.text
    wrong = secret(bot.folder / "wrong", "six words that nobody gave here")
    assert bot.minga("restore", "--check", file, "--key", wrong).status == MUST_ACT
    assert bot.minga("restore", "--check", file, "--key", private).status == 0
    bot.data.rename(bot.folder / "data.old")
    bot.key.unlink()
    said = bot.minga("restore", file, "--key", private)
    assert said.status == 0, said.text
    assert f"Wrote the data's key: {bot.key}" in said.text
    report = bot.doctor()
    assert [line for line in report.of("ok") if "The key fits the data" in line]
    assert [line for line in report.of("ok") if "opens and is sound" in line]


def test_a_restore_names_what_is_in_its_way(bot: Bot) -> None:
    file = bot.folder / "copy.backup"
    said = bot.minga("restore", file)
    assert said.status == MUST_ACT
    assert said.text.strip() == f"There is no file {file}."
    assert "It opens with: the data's key (" in bot.minga("backup", file).text
    with lock.hold(bot.data):
        assert "A bot is running on" in bot.minga("restore", file).text
    (bot.folder / "data.old").mkdir()
    told = f"mv {bot.data} {bot.data}.old1"
    assert bot.minga("restore", file).text.strip().endswith(told)
    subprocess.run(told.split(), check=True)  # noqa: S603
    assert bot.minga("restore", file).status == 0
    assert bot.minga("restore", file).text.strip().endswith(f"{bot.data}.old2")


def test_the_private_half_in_the_configuration_is_refused(bot: Bot) -> None:
    private = with_pair(bot).read_text().strip()
    bot.change(r"minga-public-\w+", private)
    said = bot.minga("backup", bot.folder / "file")
    assert said.status == MUST_ACT
    assert "private half: it must not be on this machine" in said.text
    assert private not in said.text


def test_a_passphrase_of_the_configuration_opens_its_backups(bot: Bot) -> None:
    phrase = secret(bot.folder / "secrets/backup_passphrase", "six words that nobody guesses")
    bot.add("backup", 'passphrase_file = "secrets/backup_passphrase"')
    file = bot.folder / "copy.backup"
    assert "It opens with: passphrase" in bot.minga("backup", file).text
    assert bot.minga("restore", "--check", file).status == 0
    phrase.chmod(0o644)
    said = bot.minga("backup", bot.folder / "second")
    assert said.status == MUST_ACT
    assert "backup.passphrase_file: Others on this machine can read" in said.text


# --- doctor ------------------------------------------------------------------------------------


def scheduled(bot: Bot, *lines: str) -> None:
    for line in lines:
        bot.add("backup", line)
    assert bot.minga("backup", bot.folder / "first").status == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('folder = "nowhere"', r"there is no folder \S*nowhere\. Make it: mkdir -m 700"),
        ('folder = "data"', r"backup\.folder is the folder of the data"),
        ('command = ["no-such-program"]', r"there is no program no-such-program here"),
    ],
)
def test_doctor_names_a_target_that_takes_no_backup(bot: Bot, line: str, told: str) -> None:
    scheduled(bot, line)
    assert [one for one in bot.doctor().of("bad") if re.search(told, one)], str(bot.doctor())


def test_doctor_says_why_the_bots_own_backup_failed(bot: Bot) -> None:
    (bot.folder / "backups").mkdir()
    scheduled(bot, 'folder = "backups"')
    assert bot.doctor().of("bad") == []
    now = datetime.now(UTC)

    async def fails(tx: Tx) -> None:
        from bot.i18n import _

        why = _("There is no folder {parent}.", parent=Path("/gone"))
        await save_state(tx, ScheduleState(b"mark", now, 2, why))

    bot.change_data(fails)
    (line,) = bot.doctor().of("bad")
    assert "in a row: 2" in line
    assert line.endswith("There is no folder /gone.")


def test_doctor_wants_a_fresh_backup_where_the_bot_makes_them(bot: Bot) -> None:
    (bot.folder / "backups").mkdir()
    scheduled(bot, 'folder = "backups"', "every_hours = 6")
    old = (datetime.now(UTC)).timestamp() - 13 * 3600
    os.utime(bot.data / "last-backup", (old, old))
    (line,) = bot.doctor().of("bad")
    assert "The bot makes them while it runs" in line
