"""`minga recover`: come back as the same identity, with password and recovery key alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _
from bot.operate.first_login import Repair, account_of, plain_errors, refuse_destroyed, sign_in
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell
from bot.operate.setup.closing import tell_ready
from bot.operate.setup.configuration import ask_configuration
from bot.operate.setup_answers import (
    SECRET_FILE,
    read_text_file,
    with_settings,
    write_settings,
)

if TYPE_CHECKING:
    from bot.matrix.login import Account


@click.command(
    help=in_words(
        _("Come back where all was lost, with the account's password and the recovery key.")
    )
)
@with_settings
@click.option("--recovery-key-file", type=SECRET_FILE, help=in_words(_("Holds the recovery key.")))
def recover(path: Path, recovery_key_file: Path | None, **given: Any) -> None:
    """Give the bot its account and its identity of keys again where all its data was lost, by the
    account's password and the recovery key (`minga recover`). The data are not restored."""
    from bot.operate.config import load_config
    from storage.encryption.keys import harden

    harden()
    path = path.absolute()
    answers = None
    with plain_errors():
        if path.exists():
            tell(_("{path} exists and stays as it is.", path=path))
            config = load_config(path)
            account = account_of(config)
        else:
            found = ask_configuration(given, path, None)
            answers, config, account = found.answers, found.config, found.way_in.account
        refuse_destroyed(config)
        seeds = asyncio.run(_open_identity(account, _recovery_key(recovery_key_file)))
    tell(_("The recovery key opens the account's identity."))
    if answers is not None:
        write_settings(answers, path)
    sign_in(path, Repair(seeds=seeds))
    tell_ready(path)


def _recovery_key(file: Path | None) -> bytes:
    """Return the key from the file, or as it is typed; asked again while it is mistyped."""
    from bot.matrix.crypto.recovery import MISTYPED
    from bot.matrix.crypto.secret_storage import MistypedKey, parse_recovery_key

    text = read_text_file(file)
    while True:
        typed = text or click.prompt(in_words(_("The recovery key, from the paper")))
        try:
            return parse_recovery_key(typed)
        except MistypedKey:
            if text is not None:
                raise Stop(MISTYPED) from None
            tell(MISTYPED)


async def _open_identity(account: Account, key: bytes) -> bytes:
    """Return the seeds of the account's identity. No device is left behind, nothing is written."""
    from bot.matrix.crypto.recovery import recover_seeds
    from bot.matrix.login import brief_login

    async with brief_login(account) as http:
        return await recover_seeds(http, account.user, key)
