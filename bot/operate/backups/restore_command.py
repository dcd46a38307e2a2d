"""`minga restore`: bring a backup back, or only try whether it would come back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.i18n import _
from bot.operate.backups.backup_command import loaded
from bot.operate.config_option import with_config
from bot.operate.first_login import refuse_destroyed
from bot.operate.operator_words import in_words, tell

if TYPE_CHECKING:
    from bot.operate.config import Config
    from storage.files.backup_format import BackupInfo

_SECRET = _("The private half or the passphrase of the backup (it is not shown)")


@click.command(
    help=in_words(
        _("Bring FILE back where there is no database yet; the bot logs in as a new device.")
    )
)
@with_config
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--check", is_flag=True, help=in_words(_("Only try it on a copy. Nothing is changed or sent."))
)
@click.option(
    "--key",
    "secret_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=in_words(_("A file with the backup's private half or passphrase.")),
)
def restore(path: Path, file: Path, *, check: bool, secret_file: Path | None) -> None:
    """Restore the backup FILE where there is no database yet; the bot then logs in as a new device.

    With `check`, only try it on a copy: nothing is changed or sent. `secret_file` holds the private
    half or the passphrase of the backup's encryption.
    """
    from storage.encryption.keys import harden
    from storage.files.disk import hand_over_folder

    harden()
    with loaded(path) as config:
        secret = _read_secret(config, file, secret_file)
        if check:
            from bot.operate.backups.drill import run_drill

            run_drill(config, file, secret)
            return
        refuse_destroyed(config)
        had_key = config.storage.key_file.exists()
        found = asyncio.run(_restore(config, file, secret))
        if not had_key and config.storage.key_file.exists():
            hand_over_folder(config.storage.key_file.parent)
    tell(_("Restored what was there on {made} UTC.", made=f"{found.made:%Y-%m-%d, %H:%M}"))
    if not had_key and config.storage.key_file.exists():
        tell(
            _("Wrote the data's key: {file}. Keep a copy elsewhere.", file=config.storage.key_file)
        )
    tell(_("Now start the bot: it logs in as a new device, signed by the same identity."))
    tell(_("What was said after that time it does not know, and does not read again."))


async def _restore(config: Config, file: Path, secret: bytes | None) -> BackupInfo:
    from bot.capability.discovery import features, migration_folders
    from storage.files.restoration import restore_backup

    where = config.storage
    return await restore_backup(
        file,
        where.data_dir,
        key_file=where.key_file,
        passphrase_file=where.passphrase_file,
        secret=secret,
        account=config.matrix.user_id,
        owners=migration_folders(features()),
    )


def _read_secret(config: Config, file: Path, secret_file: Path | None) -> bytes | None:
    """Return what opens a backup with a key of its own: from a file, else asked for. Else None."""
    from storage.encryption.secret_files import read_secret
    from storage.files.backup_format import read_backup_info

    kinds = {one["kind"] for one in read_backup_info(file).recipients}
    if secret_file is not None:
        return read_secret(secret_file)
    if kinds == {"root"}:
        return None
    known = config.backup.passphrase_file
    if "passphrase" in kinds and known is not None and known.exists():
        return read_secret(known)
    if not sys.stdin.isatty():
        return None
    return str(click.prompt(in_words(_SECRET), hide_input=True)).encode()
