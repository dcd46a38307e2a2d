"""`minga recovery-key`: make the paper with which the bot's identity comes back, and show it once.

The key is printed at a terminal or written to a new file, and nowhere else: never to a log, a pipe
or the bot's own data.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.i18n import _
from bot.operate.config_option import with_config
from bot.operate.first_login import plain_errors, refuse_destroyed, unlock_keys
from bot.operate.operator_errors import Stop, TemporaryStop
from bot.operate.operator_words import in_words, tell
from bot.operate.setup.questions import confirm
from bot.types import UserId

if TYPE_CHECKING:
    from bot.matrix.crypto.recovery import RecoveryState
    from bot.operate.config import Config

NOT_SET_UP = _("There is no identity to keep yet: minga init makes it.")
NO_TERMINAL = _(
    "A recovery key is shown at a terminal only, so that no log keeps it. Without one, have it"
    " written to a new file: minga recovery-key --file"
)
NOT_MADE = _("There is no recovery key yet. Make it at a terminal: minga recovery-key")


@click.command(
    help=in_words(
        _("Make a recovery key for the bot's identity and show it once. The bot may be running.")
    )
)
@with_config
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=in_words(_("A new file to write it to, instead of the terminal.")),
)
@click.option("--yes", is_flag=True, help=in_words(_("Replace an earlier key without asking.")))
def recovery_key(path: Path, file: Path | None, *, yes: bool) -> None:
    """Make a recovery key for the bot's identity and show it once. The bot may be running."""
    from bot.matrix.crypto.recovery import RecoveryState
    from bot.operate.config import load_config
    from storage.encryption.keys import harden

    harden()
    if file is None and not sys.stdout.isatty():
        raise Stop(NO_TERMINAL)
    if file is not None:
        _refuse_unusable(file)
    with plain_errors():
        config = load_config(path)
        own, state = _look_up(config)
        if state is not RecoveryState.ABSENT and not yes:
            _ask_to_replace()
        _make_key(config, own, file)


def _refuse_unusable(file: Path) -> None:
    """Raise `Stop` if the key could not be written there, before anything is changed."""
    if file.exists():
        raise Stop(_("{file} exists already: nothing was made.", file=file))
    if not os.access(file.absolute().parent, os.W_OK | os.X_OK):
        raise Stop(_("Nothing can be written into {folder}: nothing was made.", folder=file.parent))


def offer_recovery_key(path: Path) -> None:
    """Make a recovery key at the end of `minga init`, if there is none yet and a terminal shows
    it."""
    from bot.matrix.crypto.recovery import RecoveryState
    from bot.operate.config import load_config

    try:
        with plain_errors():
            config = load_config(path)
            own, state = _look_up(config)
    except Stop as stop:
        stop.show()
        tell(NOT_MADE)
        return
    if state is RecoveryState.PRESENT:
        return
    if not sys.stdout.isatty():
        tell(NOT_MADE)
        return
    try:
        with plain_errors():
            _make_key(config, own, None)
    except Stop as stop:  # the bot is set up all the same
        stop.show()


@dataclass(frozen=True, slots=True, repr=False)
class _OwnIdentity:
    """The identity in our data, and the login that it is stored with."""

    user: UserId
    token: str
    seeds: bytes


def _look_up(config: Config) -> tuple[_OwnIdentity, RecoveryState]:
    """Return our identity, and what the homeserver shows of a recovery key. Raises `Stop`."""
    from storage.files.disk import hand_over_folder

    refuse_destroyed(config)
    try:
        own = asyncio.run(_read_own(config))
    finally:
        hand_over_folder(config.storage.data_dir)
    return own, asyncio.run(_state(config, own))


async def _read_own(config: Config) -> _OwnIdentity:
    from bot.matrix.crypto.bot_identity import own_seeds
    from bot.matrix.login import stored_session
    from storage.database import Database

    if not config.storage.has_data:
        raise Stop(NOT_SET_UP)
    keys, user = unlock_keys(config, create=False), config.matrix.user_id
    db = await Database.open(config.storage.database, keys.db, create=False)
    try:
        token = (await stored_session(db, keys.xsign, user)).get("token")
        seeds = await own_seeds(db, keys.xsign)
    finally:
        await db.close()
    if not token or seeds is None:
        raise Stop(NOT_SET_UP)
    return _OwnIdentity(user, token, seeds)


async def _state(config: Config, own: _OwnIdentity) -> RecoveryState:
    """Return the state of the recovery key. Raises `Stop` if the account has another identity."""
    from bot.matrix.crypto.bot_identity import REPLACED, Identity
    from bot.matrix.crypto.recovery import recovery_state
    from bot.matrix.http import Http
    from bot.matrix.login import account_state

    master = Identity.from_seeds(own.user, own.seeds).master_key
    http = Http(config.matrix.homeserver, own.token)
    try:
        if (await account_state(http, own.user)).master != master:
            raise Stop(REPLACED)
        return await recovery_state(http, own.user, master)
    finally:
        await http.close()


def _ask_to_replace() -> None:
    """Ask whether the earlier key may go. Raises `Stop` if it may not."""
    tell(_("The account has a recovery key already. After a new one it opens nothing any more."))
    if not confirm(_("Make a new one?")):
        raise Stop(_("Nothing was changed."))


def _make_key(config: Config, own: _OwnIdentity, file: Path | None) -> None:
    """Store the identity under a new key, hand the key over, then let it be the only one."""
    from bot.matrix.crypto.secret_storage import format_recovery_key

    _hand_over(format_recovery_key(asyncio.run(_store(config, own))), own.user, file)
    try:
        with plain_errors():
            asyncio.run(_retire_others(config, own))
    except Stop as stop:
        more = _("The new key is good; an older one may open too until you make another.")
        raise TemporaryStop(*stop.lines, more) from None


async def _store(config: Config, own: _OwnIdentity) -> bytes:
    from bot.matrix.crypto.recovery import store_identity
    from bot.matrix.http import Http

    http = Http(config.matrix.homeserver, own.token)
    try:
        return await store_identity(http, own.user, own.seeds)
    finally:
        await http.close()


async def _retire_others(config: Config, own: _OwnIdentity) -> None:
    from bot.matrix.crypto.recovery import retire_other_keys
    from bot.matrix.http import Http

    http = Http(config.matrix.homeserver, own.token)
    try:
        await retire_other_keys(http, own.user)
    finally:
        await http.close()


def _hand_over(key: str, user: UserId, file: Path | None) -> None:
    """Print the key, or write it to a new file. It is kept nowhere else."""
    from storage.encryption.secret_files import write_secret

    if file is not None:
        write_secret(file.absolute(), f"{key}\n".encode())
        tell(_("Wrote the recovery key of {user} to {file}.", user=user, file=file))
    else:
        tell(_("The recovery key of {user}, shown only now. Write it on paper:", user=user))
        click.echo(f"\n    {key}\n")
    tell(
        _(
            "Keep it away from this computer and from the homeserver. With it and the account's"
            " password the bot comes back as the same when this computer is lost: minga recover"
        )
    )
