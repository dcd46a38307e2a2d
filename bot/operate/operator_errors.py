"""Errors that the operator has to resolve: a plain line and an exit status, no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.i18n import ToldError, _
from bot.lines import Line
from bot.operate.operator_words import in_words

OPERATOR_MUST_ACT = 78
"""Exit status (sysexits' EX_CONFIG) after which minga.service does not restart the bot."""
TRY_AGAIN = 1
"""Exit status of what may be over soon: systemd starts the bot again."""
BUG = 70
RESTORE = _("move its folder away and bring the last backup back: minga restore")
NEW_DEVICE = "minga init --new-device"
LOCKED = _("Another program has the data locked, perhaps for a moment: try again in a minute.")


class Stop(click.ClickException):
    """The operator has to do something first. The lines say what."""

    exit_code = OPERATOR_MUST_ACT

    def __init__(self, *lines: Line) -> None:
        super().__init__("\n".join(line.in_english() for line in lines))
        self.lines = lines

    def words(self) -> str:
        """Return the lines in the operator's language."""
        return "\n".join(map(in_words, self.lines))

    def show(self, file: Any = None) -> None:
        """Print the error's lines in the operator's language."""
        click.echo(self.words(), err=True)


class TemporaryStop(Stop):
    """The problem may resolve itself; the next start goes on without a question."""

    exit_code = TRY_AGAIN


def stop_for(error: BaseException) -> Stop | None:
    """Return the `Stop` with which the process ends for this error, or None if it is a bug."""
    from storage.files.disk import DiskTrouble, disk_cause, is_locked
    from storage.files.lock import FolderBusy

    if isinstance(error, Stop):
        return error
    if isinstance(error, FolderBusy):
        return TemporaryStop(*error.lines)
    if is_locked(error):
        return TemporaryStop(LOCKED)
    if told := operator_lines(error):
        return TemporaryStop(*told) if isinstance(disk_cause(error), DiskTrouble) else Stop(*told)
    return None


def operator_lines(error: BaseException) -> tuple[Line, ...]:
    """Return the lines that tell what the operator has to do about this error; none if it is a
    bug."""
    from bot.gateway import SignedOut
    from bot.matrix.login_sentences import DEAD_LOGIN
    from storage.database import WrongKey
    from storage.files.disk import DatabaseDamaged, DiskTrouble, disk_cause

    match error:
        case SignedOut():
            why = str(error)
            return (DEAD_LOGIN,) if not why or why.startswith("M_") else error.lines
        case ToldError() | Stop():
            return error.lines
        case WrongKey():
            return (damage_line(str(error)),)
    match disk_cause(error):
        case DatabaseDamaged() as found:
            return (damage_line(str(found)),)
        case DiskTrouble() as found:
            return found.lines
    return ()


def destroyed_line(data: Path) -> Line:
    """Return the line that says that the data's keys were destroyed on purpose."""
    return _(
        "The keys of {data} were destroyed on purpose, from the chat: nobody can read it"
        " any more. To begin again, move that folder away, put the key back, and restore a"
        " backup: minga restore",
        data=data,
    )


def damage_line(file: str) -> Line:
    """Return the line for a database that can't be read although the key is right."""
    from storage.encryption.keys import KEY_STORE

    if not file:
        return _("A database is damaged. Which one, and what to do: minga doctor")
    if Path(file).name == KEY_STORE:
        return _(
            "{file} is damaged, or belongs to other data (the key is right). Make a new"
            " one, with a new device of the same identity: {command}",
            file=file,
            command=NEW_DEVICE,
        )
    return _(
        "{file} is damaged, or belongs to other data (the key is right): {way_out}",
        file=file,
        way_out=RESTORE,
    )
