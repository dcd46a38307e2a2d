"""The three places of a key: a file, a credential that systemd-creds sealed, a passphrase."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.i18n import _
from bot.operate.operator_errors import Stop
from storage.encryption.key_change import kept_path
from storage.encryption.secret_files import (
    make_private_folder,
    new_beside,
    read_secret,
    sync_folder,
    write_anew,
)
from storage.files.disk import give_file

SYSTEMD_CREDS = "systemd-creds"


class KeyKind(StrEnum):
    """How the key is kept."""

    FILE = "file"
    CREDENTIAL = "credential"
    PASSPHRASE = "passphrase"  # noqa: S105 - the word for one

    @property
    def kdf(self) -> str:
        """The method by which the root key is made of the secret (`key.json`)."""
        return "scrypt" if self is KeyKind.PASSPHRASE else "file"


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a key is. `name`: what a credential is called in the unit."""

    kind: KeyKind
    file: Path
    name: str

    @property
    def staged(self) -> Path:
        """The file in which a new secret waits until it takes its place."""
        return new_beside(self.file)

    def read(self) -> bytes:
        """Return the secret stored in this place. Raises `SecretError`, or `Stop` if a credential
        can't be opened."""
        content = read_secret(self.file)
        if self.kind is not KeyKind.CREDENTIAL:
            return content
        return _systemd_creds("decrypt", f"--name={self.name}", str(self.file), "-")

    def check_free(self) -> None:
        """Raise `Stop` if a new secret can't be put there: the file exists, or nobody may write."""
        if self.file.exists():
            raise Stop(
                _("{file} exists already: move it away first. Nothing was changed.", file=self.file)
            )
        self.check_writable()

    def check_writable(self) -> None:
        """Raise `Stop` if nothing can be written beside the file."""
        folder = self.file.parent
        with suppress(OSError):
            make_private_folder(folder, tighten=False)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Stop(
                _("Nothing can be written into {folder}: nothing was changed.", folder=folder)
            )

    def stage(self, secret: bytes) -> None:
        """Write a new secret beside its place, durably. A credential is never there unencrypted."""
        if self.kind is KeyKind.CREDENTIAL:
            secret = _systemd_creds("encrypt", f"--name={self.name}", "-", "-", given=secret)
        write_anew(self.staged, secret)
        if os.geteuid() == 0:
            give_file(self.staged, self.file.parent.stat())

    def put(self) -> None:
        """Move the staged secret to its place; what was there is replaced at once."""
        self.staged.replace(self.file)
        sync_folder(self.file.parent)

    def keep(self, key_id: str) -> Path:
        """Copy the secret to a second file whose name tells its key's id. Return that file."""
        kept = kept_path(self.file, key_id)
        kept.unlink(missing_ok=True)
        try:
            os.link(self.file, kept)
        except OSError:  # a file system without links
            write_anew(kept, read_secret(self.file))
        sync_folder(kept.parent)
        return kept


def name_kept(file: Path, key_id: str) -> str:
    """Rename a former key's file so that it tells the key's id. Return that file, "" for none."""
    kept = kept_path(file, key_id)
    if file.exists() and not file.name.endswith(f"-{key_id}"):
        file.replace(kept)
        sync_folder(kept.parent)
        return str(kept)
    return str(file) if file.exists() else ""


def _systemd_creds(*words: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a program's name and words of ours
            [SYSTEMD_CREDS, *words], input=given, capture_output=True, check=True
        )
    except FileNotFoundError:
        raise Stop(
            _(
                "There is no {program} here: a credential needs systemd 250 or newer.",
                program=SYSTEMD_CREDS,
            )
        ) from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
        raise Stop(
            _("{program} failed: {why}. Nothing was changed.", program=SYSTEMD_CREDS, why=last)
        ) from None
    return done.stdout
