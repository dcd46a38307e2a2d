"""`minga backup-key`: a pair of keys with which a machine can make backups, but not read them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.i18n import _
from bot.operate.config_option import with_config
from bot.operate.first_login import plain_errors
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell

NO_TERMINAL = _(
    "The private half is shown at a terminal only, so that no log keeps it. Without one, have it"
    " written to a new file: minga backup-key --file"
)


@click.command(
    help=in_words(_("Make a key for backups. Its private half is shown once and kept nowhere."))
)
@with_config
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=in_words(_("A new file for the private half, on another disk than this machine's.")),
)
def backup_key(path: Path, file: Path | None) -> None:
    """Make a key for backups. Its private half is shown once and kept nowhere."""
    from storage.encryption.backup_keys import create_pair, spaced
    from storage.encryption.keys import harden
    from storage.encryption.secret_files import write_secret

    harden()
    if file is None and not sys.stdout.isatty():
        raise Stop(NO_TERMINAL)
    public, private = create_pair()
    with plain_errors():
        if file is not None:
            try:
                write_secret(file.absolute(), f"{private}\n".encode())
            except FileExistsError:
                raise Stop(_("{file} exists already: nothing was made.", file=file)) from None
            tell(_("Wrote the private half to {file}. Take it away from this machine.", file=file))
        else:
            tell(_("The private half, shown only now. Write it on paper:"))
            click.echo(f"\n    {spaced(private)}\n")
    tell(_("All backups open with it, and with nothing else: two copies, in two places."))
    tell(_("The public half, for {config}, under [backup]:", config=path))
    click.echo(f'\n    public_keys = ["{public}"]\n')
