"""`minga rollback`: go back to the version from before an upgrade."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.i18n import _, n_
from bot.operate.config_option import with_config
from bot.operate.first_login import plain_errors, refuse_destroyed, unlock_keys
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell

if TYPE_CHECKING:
    from bot.operate.config import Config
    from storage.files.rollback import RolledBack


@click.command(
    help=in_words(
        _("Go back to the database from before an upgrade, or to FILE. Stop the bot first.")
    )
)
@with_config
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def rollback(path: Path, file: Path | None) -> None:
    """Go back to the database from before an upgrade, or to FILE. Stop the bot first."""
    from bot.operate.config import load_config
    from storage.encryption.keys import harden
    from storage.files.disk import hand_over_folder

    harden()
    with plain_errors():
        config = load_config(path)
        refuse_destroyed(config)
        if config.matrix.password() is None:
            raise Stop(
                _(
                    "Going back makes a new device, which needs the account's password"
                    " (matrix.password_file)."
                )
            )
        try:
            done = asyncio.run(_roll_back(config, file))
        finally:
            hand_over_folder(config.storage.data_dir)
    _report(done)


async def _roll_back(config: Config, file: Path | None) -> RolledBack:
    from storage.files import lock
    from storage.files.rollback import roll_back

    data = config.storage.data_dir
    lock.refuse_if_held(data)
    keys = unlock_keys(config, create=False)
    with lock.hold(data):
        return await roll_back(data, keys, file)


def _report(done: RolledBack) -> None:
    from storage.files.upgrade_copies import KEPT_FOR

    made = f"{done.to.made:%Y-%m-%d, %H:%M}"
    tell(_("Back at Minga {version}, as of {made} UTC.", version=done.to.version, made=made))
    tell(_("What was said and voted since then is not in it, and no secret vote of then goes on."))
    if done.lost:
        tell(
            n_(
                "One thing with a number (a poll, an event, a loan) began since, and is lost.",
                "{count} things with a number (polls, events, loans) began since, and are lost.",
                done.lost,
            )
        )
    tell(_("The newer database stays for {days} days: {file}", days=KEPT_FOR.days, file=done.aside))
    tell(
        _(
            "Now install Minga {version} and start it: it logs in as a new device, signed by the"
            " same identity, and tells its rooms.",
            version=done.to.version,
        )
    )
