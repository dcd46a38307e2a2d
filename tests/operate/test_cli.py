"""The `minga` command, as an operator meets it: a process, its words and its exit status."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.operate import cli
from bot.operate.operator_errors import BUG, OPERATOR_MUST_ACT, TRY_AGAIN, Stop
from storage.encryption import keys as keyring
from storage.files import lock
from tests.operate.test_config import LEAST, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def gentle(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process runs other tests too: it keeps its umask and its core dumps."""
    monkeypatch.setattr(keyring, "harden", lambda: None)


def minga(*words: object) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def test_help_is_plain() -> None:
    run = [sys.executable, "-c", "from bot.operate.cli import main; main(['--help'])"]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout  # noqa: S603
    for command in (
        "init",
        "run",
        "doctor",
        "backup",
        "restore",
        "recover",
        "recovery-key",
        "change-key",
        "demo",
    ):
        assert f"\n  {command} " in said


def test_a_health_check_imports_no_capability(tmp_path: Path) -> None:
    """It is started each half minute, on small machines. Here nobody listens at its port."""
    with socket.socket() as taken:  # bound, and closed to whoever calls
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        path = write(tmp_path, f'{LEAST}[watch]\nlisten = "127.0.0.1:{port}"\n')
        run = f"main(['ready', '--config', {str(path)!r}])"
        kept = "[n for n in sys.modules if 'capability' in n or n.split('.')[0] == 'commands']"
        lines = (
            "import sys; from bot.operate.cli import main",
            f"try: {run}",
            f"finally: print({kept})",
        )
        line = [sys.executable, "-c", "\n".join(lines)]
        said = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603
    assert said.returncode == TRY_AGAIN, said.stderr
    assert said.stdout.endswith("[]\n"), said.stdout
    assert said.stderr == "The bot does not answer.\n"


@pytest.mark.parametrize("command", ["run", "backup", "restore"])
def test_a_mistake_in_the_configuration_is_a_line(tmp_path: Path, command: str) -> None:
    path = write(tmp_path, LEAST + "[limits]\ncommands_per_minute = -1")
    words = [] if command == "run" else [tmp_path / "file"]
    result = minga(command, "--config", path, *words)
    assert result.exit_code == OPERATOR_MUST_ACT
    assert result.output.startswith("limits.commands_per_minute: too small. Expected: ")
    assert result.output.count("\n") == 1


def test_a_missing_key_with_data_stops_the_bot(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / keyring.DATABASE).write_bytes(b"x")
    result = minga("run", "--config", path)
    assert result.exit_code == OPERATOR_MUST_ACT
    assert "is missing, and" in result.output
    assert not (tmp_path / "secrets").exists()
    assert (tmp_path / "data" / keyring.DATABASE).read_bytes() == b"x"


def test_only_one_bot_runs_on_a_folder(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "data").mkdir(mode=0o700)
    assert not lock.is_held(tmp_path / "data")
    with lock.hold(tmp_path / "data"):
        assert lock.is_held(tmp_path / "data")
        with pytest.raises(lock.FolderBusy), lock.hold(tmp_path / "data"):
            pass
        result = minga("run", "--config", path)
    assert result.exit_code == TRY_AGAIN, "the other may end at any moment"
    assert "running" in result.output
    assert not lock.is_held(tmp_path / "data")


def test_doctor_names_what_is_wrong_and_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, homeserver='"http://127.0.0.1:1"')
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/key").write_text("ab" * 32)
    (tmp_path / "secrets/key").chmod(0o644)
    before = sorted(tmp_path.rglob("*"))
    result = minga("doctor", "--config", path)
    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("BAD")]
    assert len(wrong) == 3
    assert "chmod 600" in result.output
    assert "password is missing" in result.output
    assert "http://127.0.0.1:1 does not answer" in result.output
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_stop_is_a_clean_end(number: signal.Signals) -> None:
    ended: list[str] = []

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), number)
        try:
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(0.05)
            ended.append("in order")

    cli._run_until_stopped(work)
    assert ended == ["in order"]


def test_a_bug_is_a_line_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        raise ValueError("planted")

    with pytest.raises(SystemExit) as end:
        cli._run_until_stopped(work)
    assert end.value.code == BUG


@pytest.mark.parametrize("code", ["M_UNKNOWN_TOKEN", ""])
def test_a_login_that_dies_while_it_runs_names_the_way_on(code: str) -> None:
    from bot.gateway import SignedOut

    async def work() -> None:
        raise ExceptionGroup("side by side", [SignedOut(code)])

    with pytest.raises(Stop, match=r"signed out\..*minga init --new-device$"):
        cli._run_until_stopped(work)
