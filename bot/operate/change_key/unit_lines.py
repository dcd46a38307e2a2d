"""Tells the systemd unit where the key is now, in a file of ours beside the unit."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.i18n import _
from bot.operate.change_key.key_places import KeyKind, KeyPlace
from bot.operate.operator_words import tell
from storage.encryption.secret_files import replace_file, sync_folder

SYSTEM = Path("/etc/systemd/system")
SYSTEMCTL = "systemctl"
_HEAD = "# Written by `minga change-key`: where the key is.\n[Service]\n"


def unit_lines(place: KeyPlace) -> str:
    """Return the lines that a systemd unit needs, beside deploy/minga.service, to read the key from
    this place.

    A later line for the same credential replaces an earlier one (systemd.exec(5)). Of a passphrase
    the key's own line stays, whose file is gone: a default keeps that from being an error.
    """
    match place.kind:
        case KeyKind.FILE:
            return f"{_HEAD}LoadCredential={place.name}:{place.file}\n"
        case KeyKind.CREDENTIAL:
            return f"{_HEAD}LoadCredentialEncrypted={place.name}:{place.file}\n"
        case KeyKind.PASSPHRASE:
            named = f"LoadCredential={place.file.name}:{place.file}\n"
            return f"{_HEAD}SetCredential={place.name}:none\n{named}"


def find_unit(config: Path) -> Path | None:
    """Return the systemd unit that gives a bot this configuration, or None."""
    for unit in sorted(SYSTEM.glob("minga*.service")):
        if f"LoadCredential=config.toml:{config}\n" in unit.read_text("utf-8", "replace"):
            return unit
    return None


def has_lines(unit: Path) -> bool:
    """Return whether the unit has lines that a change of the key wrote."""
    return _lines_file(unit).exists()


def tell_unit(unit: Path, place: KeyPlace) -> None:
    """Write the lines for the key into the systemd unit, unless it reads that place already, and
    have systemd read them."""
    file, lines = _lines_file(unit), unit_lines(place)
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    if known == lines or (not known and lines.removeprefix(_HEAD) in unit.read_text("utf-8")):
        return
    file.parent.mkdir(mode=0o755, exist_ok=True)
    sync_folder(unit.parent)
    replace_file(file, lines.encode(), like=unit.stat())
    try:
        subprocess.run([SYSTEMCTL, "daemon-reload"], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        tell(_("{file} tells the unit where the key is: systemctl daemon-reload", file=file))
    else:
        tell(_("{file} tells the unit where the key is.", file=file))


def _lines_file(unit: Path) -> Path:
    return unit.with_name(f"{unit.name}.d") / "key.conf"
