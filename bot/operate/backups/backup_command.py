"""`minga backup`: everything in one encrypted file, or to standard output."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.i18n import _
from bot.operate.config_option import with_config
from bot.operate.first_login import plain_errors, refuse_destroyed, unlock_keys
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell

if TYPE_CHECKING:
    from bot.operate.config import Config
    from storage.files.backup_format import BackupInfo, Sealing

STREAM = Path("-")
TERMINAL = _("A backup is no text: send it to a program or a file, such as: minga backup - | …")


@click.command(help=in_words(_("Write everything to one encrypted FILE. The bot may be running.")))
@with_config
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def backup(path: Path, file: Path) -> None:
    """Write everything to one encrypted FILE. The bot may be running."""
    from storage.encryption.keys import harden

    harden()
    if file == STREAM and sys.stdout.isatty():
        raise Stop(TERMINAL)
    with loaded(path) as config:
        made = asyncio.run(_write(config, file))
    opens = made.openers
    if file == STREAM:
        tell(_("Written. It opens with: {opens}.", opens=opens), err=True)
        return
    size = f"{file.stat().st_size:,}"
    tell(_("{file}: {size} bytes. It opens with: {opens}.", file=file, size=size, opens=opens))
    tell(_("With nothing else: keep that key somewhere else than the file."))


async def _write(config: Config, file: Path) -> BackupInfo:
    from storage.encryption.secret_files import make_private_folder
    from storage.files.backup import write_backup, write_stream

    refuse_destroyed(config)
    data, keys, sealing = config.storage.data_dir, unlock_keys(config, create=False), seals(config)
    make_private_folder(data)
    if file != STREAM:
        return await write_backup(data, keys, file.absolute(), sealing)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        return await write_stream(data, keys, out, sealing)


def seals(config: Config) -> Sealing:
    """Return the keys with which a backup of this installation is encrypted. Raises
    `ConfigError`."""
    from storage.files.backup_format import Sealing

    return Sealing(config.backup.recipients(), config.matrix.user_id)


@contextlib.contextmanager
def loaded(path: Path) -> Iterator[Config]:
    """Return a context with the configuration. Errors in it become a `Stop`, and new files of root
    the data's owner's."""
    from bot.operate.config import load_config
    from storage.files.disk import hand_over_folder

    with plain_errors():
        config = load_config(path)
        try:
            yield config
        finally:
            hand_over_folder(config.storage.data_dir)
