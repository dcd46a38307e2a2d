"""Errors that the operator has to resolve: a plain line and an exit status, no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

OPERATOR_MUST_ACT = 78
"""Exit status (sysexits' EX_CONFIG) after which minga.service does not restart the bot."""
TRY_AGAIN = 1
"""Exit status of what may be over soon: systemd starts the bot again."""
BUG = 70
RESTORE = "move its folder away and bring the last backup back: minga restore"
NEW_DEVICE = "minga init --new-device"
DESTROYED = (
    "The keys of {data} were destroyed on purpose, from the chat: nobody can read it any more."
    " To begin again, move that folder away, put the key back, and restore a backup: minga restore"
)


class Stop(click.ClickException):
    """The operator has to do something first. The message says what."""

    exit_code = OPERATOR_MUST_ACT

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class TemporaryStop(Stop):
    """The problem may resolve itself; the next start goes on without a question."""

    exit_code = TRY_AGAIN


def stop_for(error: BaseException) -> Stop | None:
    """Return how the process ends for this error, or None if it is a bug."""
    from storage.files.disk import DiskTrouble, disk_cause
    from storage.files.lock import FolderBusy

    if isinstance(error, Stop):
        return error
    if isinstance(error, FolderBusy):
        return TemporaryStop(str(error))
    if told := operator_message(error):
        return TemporaryStop(told) if isinstance(disk_cause(error), DiskTrouble) else Stop(told)
    return None


def operator_message(error: BaseException) -> str | None:
    """Return what the operator has to do about this error, or None."""
    from bot.gateway import SignedOut
    from bot.matrix.login import DEAD_LOGIN, UnusableAccount
    from bot.operate.config import ConfigError
    from storage.database import WrongKey
    from storage.encryption.keys import SecretError
    from storage.files.disk import DatabaseDamaged, DiskTrouble, disk_cause
    from storage.files.lock import FolderBusy
    from storage.schema import DatabaseTooNew

    match error:
        case ConfigError() | SecretError() | UnusableAccount() | FolderBusy() | Stop():
            return str(error)
        case WrongKey():
            return damage_message(str(error))
        case DatabaseTooNew():
            return f"A newer Minga wrote this database ({error}): install that one."
        case SignedOut():
            why = str(error)
            return DEAD_LOGIN if not why or why.startswith("M_") else why
    match disk_cause(error):
        case DatabaseDamaged() as found:
            return damage_message(str(found))
        case DiskTrouble() as found:
            return str(found)
    return None


def damage_message(file: str) -> str:
    """Return the message for a database that can't be read although the key is right."""
    from storage.encryption.keys import KEY_STORE

    if not file:
        return "A database is damaged. Which one, and what to do: minga doctor"
    if Path(file).name == KEY_STORE:
        return (
            f"{file} is damaged, or belongs to other data (the key is right). Make a new one, with"
            f" a new device of the same identity: {NEW_DEVICE}"
        )
    return f"{file} is damaged, or belongs to other data (the key is right): {RESTORE}"
