"""The unit that `minga init` writes: deploy/minga.service with the paths of this bot."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.operate.config import Config, load_config
from bot.operate.operator_errors import Stop
from bot.operate.setup import questions, service_unit
from bot.operate.setup.service_unit import offer_service, unit_text
from tests.operate.test_config import LEAST, write

ROOT = Path(__file__).parents[3]


@pytest.fixture
def there(tmp_path: Path) -> tuple[Path, Config]:
    """A bot that was set up for systemd, on a machine below `tmp_path`."""
    path = write(tmp_path, f'{LEAST}[storage]\ndata_dir = "{tmp_path}/var/lib/minga-norte"\n')
    return path, load_config(path)


@pytest.fixture
def systemctl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], str]:
    """A systemctl that writes down what it is told."""
    program, told = tmp_path / "bin/systemctl", tmp_path / "told"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return told.read_text


def test_every_path_of_the_unit_is_this_bots(
    there: tuple[Path, Config], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path, config = there
    monkeypatch.setattr(sys, "argv", ["/srv/venv/bin/minga"])
    text = unit_text(path, config)
    for line in (
        "ExecStart=/srv/venv/bin/minga run --config %d/config.toml",
        f"LoadCredential=config.toml:{path}",
        f"LoadCredential=password:{tmp_path}/secrets/password",
        f"LoadCredential=key:{tmp_path}/secrets/key",
        "StateDirectory=minga-norte",
        f"Environment=MINGA_STORAGE__DATA_DIR={tmp_path}/var/lib/minga-norte",
        f"WorkingDirectory={tmp_path}/var/lib/minga-norte",
    ):
        assert line in text.splitlines()
    plain = (ROOT / "deploy/minga.service").read_text()
    assert len(text.splitlines()) == len(plain.splitlines())
    for left in ("/etc/minga", "/opt/minga", "=/var/lib/minga"):
        assert left not in text


def test_a_bot_with_a_token_is_given_its_token(tmp_path: Path) -> None:
    least = LEAST.replace("password_file", "access_token_file").replace("/password", "/token")
    path = write(tmp_path, least)
    assert f"LoadCredential=token:{tmp_path}/secrets/token" in unit_text(path, load_config(path))


def test_it_is_written_and_started(
    there: tuple[Path, Config], systemctl: Callable[[], str], tmp_path: Path
) -> None:
    unit = tmp_path / "minga-norte.service"
    assert offer_service(*there, unit)
    assert systemctl() == "daemon-reload\nenable --now minga-norte\n"
    assert unit.stat().st_mode & 0o777 == 0o644


def test_it_is_asked_only_where_systemd_runs_and_the_data_fits(
    there: tuple[Path, Config],
    systemctl: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(service_unit, "UNIT", tmp_path / "minga.service")
    monkeypatch.setattr(service_unit, "RUNS_SYSTEMD", tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with CliRunner().isolation() as (said, *_):
        assert not offer_service(*there, None), "nobody can be asked"
    command = f"minga init --config {there[0]} --unit {tmp_path}/minga.service"
    assert command in said.getvalue().decode()
    monkeypatch.setattr(questions, "has_terminal", lambda: True)
    with CliRunner().isolation(input="n\n"):
        assert not offer_service(*there, None)
    with CliRunner().isolation(input="\n"):
        assert offer_service(*there, None)
    assert "enable --now minga" in systemctl()
    monkeypatch.setattr(service_unit, "RUNS_SYSTEMD", tmp_path / "no")
    with CliRunner().isolation() as (said, *_):
        assert not offer_service(*there, None)
    assert said.getvalue() == b""


def test_why_it_cannot_be_started_is_said(
    there: tuple[Path, Config], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unit = tmp_path / "minga.service"
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(Stop, match="no systemd"):
        offer_service(*there, unit)
    elsewhere = write(tmp_path)
    with pytest.raises(Stop, match="A service keeps its data in /var/lib"):
        offer_service(elsewhere, load_config(elsewhere), unit)
    failing = tmp_path / "systemctl"
    failing.write_text("#!/bin/sh\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="journalctl -u minga"):
        offer_service(*there, unit)


def test_a_wheel_has_the_unit_in_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    inside = Path(service_unit.__file__).with_name("minga.service").relative_to(ROOT)
    assert packed["deploy/minga.service"] == f"minga/{inside}"
