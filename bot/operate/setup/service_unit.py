"""Installs the bot as a service of systemd, from deploy/minga.service, or says how."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.i18n import _
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import tell
from bot.operate.setup import questions

if TYPE_CHECKING:
    from bot.operate.config import Config

UNIT = Path("/etc/systemd/system/minga.service")
CONFIG, DATA = Path("/etc/minga/config.toml"), Path("/var/lib/minga")
"""Where the unit expects them."""
RUNS_SYSTEMD = Path("/run/systemd/system")
"""Is there where systemd runs (sd_booted(3))."""
_PROGRAM = "/opt/minga/bin/minga"


def is_for_service() -> bool:
    """Return whether root sets the bot up on a machine with systemd, where it can run as a
    service."""
    return os.geteuid() == 0 and RUNS_SYSTEMD.is_dir()


def offer_service(path: Path, config: Config, unit: Path | None) -> bool:
    """Install and start the systemd service if it was asked for, or is wanted now. Return whether
    it runs.

    Else say how. Raises `Stop` if it cannot be installed.
    """
    if unit is not None:
        _install(path, config, unit)
        return True
    if not _fits(config) or not RUNS_SYSTEMD.is_dir():
        return False
    may_ask = is_for_service() and questions.has_terminal() and not UNIT.exists()
    question = _("Start it now, and whenever this machine starts?")
    if may_ask and questions.confirm(question, usual=True):
        _install(path, config, UNIT)
        return True
    command = f"minga init --config {path} --unit {UNIT}"
    tell(_("To have it start with this machine, as root: {command}", command=command))
    return False


def _fits(config: Config) -> bool:
    """Return whether the data lies where systemd keeps the data of services."""
    return config.storage.data_dir.parent.parts[-2:] == ("var", "lib")


def _install(path: Path, config: Config, unit: Path) -> None:
    if not _fits(config):
        raise Stop(
            _(
                "A service keeps its data in /var/lib, this one is in {data}: begin with minga init"
                " --data-dir {there}",
                data=config.storage.data_dir,
                there=DATA,
            )
        )
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        raise Stop(_("There is no systemctl: this machine has no systemd to start the bot."))
    try:
        unit.write_text(unit_text(path, config), encoding="utf-8")
        unit.chmod(0o644)
    except OSError as error:
        raise Stop(_("Could not write: {error}", error=error)) from None
    for words in (["daemon-reload"], ["enable", "--now", unit.stem]):
        done = subprocess.run([systemctl, *words], check=False)  # noqa: S603
        if done.returncode != 0:
            raise Stop(_("systemctl did not start the bot: journalctl -u {name}", name=unit.stem))
    tell(_("The bot runs now, and whenever this machine starts: {unit}", unit=unit))
    tell(_("Its log: {command}", command=f"journalctl -u {unit.stem}"))


def unit_text(path: Path, config: Config) -> str:
    """Return the text of the systemd unit with the paths of this bot in it."""
    text = _template().read_text(encoding="utf-8")
    data = config.storage.data_dir
    secret = "token" if config.matrix.access_token_file else "password"
    changes = (
        (_PROGRAM, str(Path(sys.argv[0]).absolute())),
        ("password:/etc/minga/secrets/password", f"{secret}:{path.parent}/secrets/{secret}"),
        ("key:/etc/minga/secrets/key", f"key:{path.parent}/secrets/key"),
        (f"config.toml:{CONFIG}", f"config.toml:{path}"),
        (f"StateDirectory={DATA.name}", f"StateDirectory={data.name}"),
        (str(DATA), str(data)),
    )
    for old, new in changes:
        text = text.replace(old, new)
    return text


def _template() -> Path:
    """Return the unit of this version: inside an installed package, or in the repository."""
    packed = Path(__file__).with_name("minga.service")
    return packed if packed.exists() else Path(__file__).parents[3] / "deploy/minga.service"
