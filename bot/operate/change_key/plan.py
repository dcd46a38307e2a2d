"""What a change of the key is to do, checked before anything is written."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.i18n import _
from bot.operate.change_key.config_line import with_passphrase_file
from bot.operate.change_key.key_places import KeyKind, KeyPlace
from bot.operate.operator_errors import Stop, TemporaryStop
from storage.encryption.key_change import known_place
from storage.encryption.keys import DATABASE, KEY_STORE
from storage.encryption.secret_files import exists

if TYPE_CHECKING:
    from bot.operate.config import Config

SPARE_BYTES = 64 * 2**20
"""Free space beyond the copy of a database that SQLCipher writes while it changes the key."""
PASSPHRASE_PLACE = Path("/run/minga/passphrase")
"""In memory: a machine that was switched off has no copy."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is changed. `text`: the configuration after it, None if it stays as it is."""

    config: Config
    path: Path
    old: KeyPlace
    new: KeyPlace
    text: str | None

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.config.storage.data_dir

    @property
    def in_place(self) -> bool:
        """Whether the new key is put in the same place as the old one."""
        return self.old.file == self.new.file


def refuse_elsewhere(config: Config) -> None:
    """Raise `Stop` if the folder has no data to lock, or not the files that the bot starts with."""
    if not config.storage.has_data:
        raise Stop(_("There is no data yet: the first start makes it."))
    if os.environ.get("CREDENTIALS_DIRECTORY"):
        raise Stop(_("A service of systemd can't change its key: run this as root, by hand."))


def make_plan(config: Config, path: Path, kind: KeyKind | None, place: Path | None) -> Plan:
    """Return the plan of a change of the key. Raises `Stop` if it could not be carried out to its
    end."""
    old = find_place(config, path, place if kind in (None, KeyKind.CREDENTIAL) else None)
    new = _new_place(config, path, kind or old.kind, place)
    if old.file == new.file:
        new.check_writable()
    else:
        new.check_free()
    _check_room(config.storage.data_dir)
    return Plan(config, path, old, new, edit_configuration(config, path, new))


def find_place(config: Config, path: Path, place: Path | None = None) -> KeyPlace:
    """Return where the key is stored: in the systemd credential if the key's own file is
    missing."""
    where = config.storage
    name = where.key_file.name
    if where.passphrase_file is not None:
        return KeyPlace(KeyKind.PASSPHRASE, where.passphrase_file, name)
    credential = _credential_file(config, path, place)
    if not exists(where.key_file) and exists(credential):
        return KeyPlace(KeyKind.CREDENTIAL, credential, name)
    return KeyPlace(KeyKind.FILE, where.key_file, name)


def _new_place(config: Config, path: Path, kind: KeyKind, place: Path | None) -> KeyPlace:
    where = config.storage
    file = {
        KeyKind.FILE: where.key_file,
        KeyKind.CREDENTIAL: _credential_file(config, path, place),
        KeyKind.PASSPHRASE: where.passphrase_file or (place or PASSPHRASE_PLACE).absolute(),
    }[kind]
    return KeyPlace(kind, file, where.key_file.name)


def _credential_file(config: Config, path: Path, place: Path | None) -> Path:
    """Return the credential's file: the one that is named, that of the last change, or ours."""
    if place is None and (known := known_place(config.storage.data_dir)) is not None:
        kind, file = known
        place = file if kind == KeyKind.CREDENTIAL else None
    return (place or path.with_name("key.cred")).absolute()


def edit_configuration(config: Config, path: Path, new: KeyPlace) -> str | None:
    """Return the configuration's text with the key's new place, None if it names that already.

    Raises `Stop` if it can't be changed.
    """
    wanted = new.file if new.kind is KeyKind.PASSPHRASE else None
    if config.storage.passphrase_file == wanted:
        return None
    _refuse_variables(path)
    text = with_passphrase_file(
        path.read_text(encoding="utf-8"), str(wanted) if wanted is not None else None
    )
    if text is None:
        raise Stop(
            _(
                "{path} is written in a way in which its line passphrase_file can't be changed:"
                " write its settings below [storage], one a line. Nothing was changed.",
                path=path,
            )
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise Stop(
            _("Nothing can be written into {folder}: nothing was changed.", folder=path.parent)
        )
    return text


def _refuse_variables(path: Path) -> None:
    """Raise `Stop` if the environment says where the key is, whatever the file says."""
    for variable in ("MINGA_STORAGE__KEY_FILE", "MINGA_STORAGE__PASSPHRASE_FILE"):
        if variable in os.environ:
            raise Stop(
                _(
                    "{variable} of the environment says where the key is, and would still say it:"
                    " take it out first, and write that into {path}.",
                    variable=variable,
                    path=path,
                )
            )


def _check_room(data: Path) -> None:
    """Raise `TemporaryStop` if the disk may become full on the way."""
    files = (data / name for name in (DATABASE, KEY_STORE))
    needed = sum(file.stat().st_size for file in files if file.exists()) + SPARE_BYTES
    if shutil.disk_usage(data).free < needed:
        raise TemporaryStop(
            _(
                "The disk of {folder} has too little room: {size} MiB are needed meanwhile. Nothing"
                " was changed.",
                folder=data,
                size=needed // 2**20,
            )
        )
