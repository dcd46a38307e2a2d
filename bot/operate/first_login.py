"""The bot's first login and its repairs. The account is checked before anything is written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.i18n import _, n_
from bot.operate.operator_errors import Stop, TemporaryStop, destroyed_line, stop_for
from bot.operate.operator_words import tell

if TYPE_CHECKING:
    from bot.matrix.gateway import MatrixGateway
    from bot.matrix.login import Account, AccountState
    from bot.operate.config import Config
    from storage.database import Database
    from storage.encryption.keys import Keys


async def look_up_account(account: Account) -> AccountState:
    """Return the account's state as the login server shows it. Raises `UnusableAccount`."""
    from bot.matrix.login import inspect_account

    return await inspect_account(account)


async def refuse_foreign_identity(shown: AccountState, config: Config) -> None:
    """Raise `Stop` if the account has an identity whose keys are not in our data."""
    from bot.matrix.crypto.bot_identity import OCCUPIED, REPLACED

    if shown.master is not None and shown.master not in await known_master_keys(config):
        known = config.storage.has_data
        raise Stop(REPLACED if known else OCCUPIED)


async def known_master_keys(config: Config) -> set[str]:
    """Return the public master keys whose private keys are in our data."""
    from bot.matrix.crypto.bot_identity import own_master_keys
    from storage.database import Database

    if not config.storage.has_data:
        return set()
    keys = unlock_keys(config, create=False)
    db = await Database.open(config.storage.database, keys.db, create=False)
    try:
        async with db.reading() as tx:
            made = await tx.has_table("secret")
        return await own_master_keys(db, keys.xsign, config.matrix.user_id) if made else set()
    finally:
        await db.close()


def refuse_destroyed(config: Config) -> None:
    """Raise `Stop` if the data's keys were destroyed on purpose: no new key is made there."""
    from storage.encryption.key_destruction import is_destroyed

    where = config.storage
    if is_destroyed(where.data_dir, where.key_file, *config.passphrase_files):
        raise Stop(destroyed_line(where.data_dir))


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Return a context that turns every error inside into a `Stop` with one plain sentence."""
    from bot.gateway import Refused, TryLater

    try:
        yield
    except TryLater as error:
        if error.code == "M_LIMIT_EXCEEDED":
            seconds = round(error.after.total_seconds()) if error.after else 60
            raise TemporaryStop(
                _(
                    "The homeserver limits logins: wait {seconds} seconds and run this again.",
                    seconds=seconds,
                )
            ) from None
        raise TemporaryStop(
            _("The homeserver does not answer as it should ({error}). Try again.", error=error)
        ) from None
    except Refused as error:
        raise Stop(_("The homeserver refused ({code}).", code=error.code)) from None
    except Exception as error:
        stop = stop_for(error)
        if stop is None:
            raise
        raise stop from None


@dataclass(frozen=True, slots=True, repr=False)
class Repair:
    """What the login is to mend. `seeds`: of the identity, opened with the recovery key."""

    new_device: bool = False
    new_identity: bool = False
    seeds: bytes | None = None

    @property
    def ends_other_devices(self) -> bool:
        """Whether the account's other devices are signed out, because nobody can say any more whose
        they are."""
        return self.new_identity or self.seeds is not None


def sign_in(path: Path, repair: Repair, *, is_known: bool = False) -> None:
    """Log in, store the login and sign the device with the account's identity.

    `is_known`: the account was looked at just now, and a homeserver counts logins.
    """
    from bot.operate.config import load_config
    from storage.files.disk import hand_over_folder

    with plain_errors():
        config = load_config(path)
        try:
            asyncio.run(_connect(config, repair, is_known=is_known))
        finally:
            hand_over_folder(config.storage.data_dir)
    tell(_("Logged in, and the device is signed by the account's own identity."))
    if repair.new_identity:
        tell(_("The identity is new: at its next start the bot says so in each of its rooms."))
    if repair.seeds is not None:
        tell(_("The identity is the same as before: nobody has to verify the bot again."))


async def stored_token(config: Config) -> str:
    """Return the token of the bot's own login, or '' if there is none."""
    from bot.matrix.login import stored_session
    from storage.database import Database

    keys = unlock_keys(config, create=False)
    db = await Database.open(config.storage.database, keys.db, create=False)
    try:
        return (await stored_session(db, keys.xsign, config.matrix.user_id)).get("token", "")
    finally:
        await db.close()


def account_of(config: Config) -> Account:
    """Return the configured account and credentials. Raises `ConfigError`."""
    from bot.matrix.login import Account

    matrix = config.matrix
    return Account(
        matrix.homeserver,
        matrix.user_id,
        matrix.password(),
        matrix.access_token(),
        matrix.device_id,
    )


def unlock_keys(config: Config, *, create: bool) -> Keys:
    """Return the keys of the data, creating them if asked. Raises `SecretError`."""
    from storage.encryption.root_key import unlock

    where = config.storage
    return unlock(
        where.data_dir,
        key_file=where.key_file,
        passphrase_file=where.passphrase_file,
        create=create,
    )


async def _connect(config: Config, repair: Repair, *, is_known: bool) -> None:
    from bot.capability.discovery import features
    from bot.matrix.crypto.bot_identity import adopt_recovered
    from bot.run.machine import upgrade_database
    from storage.database import Database
    from storage.files import lock

    refuse_destroyed(config)
    foreign_is_fine = repair.new_identity or repair.seeds is not None or is_known
    if not foreign_is_fine and (repair.new_device or not config.storage.has_data):
        await refuse_foreign_identity(await look_up_account(account_of(config)), config)
    keys = unlock_keys(config, create=True)
    with lock.hold(config.storage.data_dir):
        db = await Database.open(config.storage.database, keys.db)
        try:
            await upgrade_database(db, features())
            if repair.seeds is not None:
                await adopt_recovered(db, keys.xsign, repair.seeds, datetime.now(UTC))
            await _log_in(config, keys, db, repair)
        finally:
            await db.close()


async def _log_in(config: Config, keys: Keys, db: Database, repair: Repair) -> None:
    """Log in; with a mended identity, sign out all other devices."""
    from bot.matrix import login
    from bot.matrix.gateway import MatrixGateway

    account, data = account_of(config), config.storage.data_dir
    connect = partial(
        MatrixGateway.connect,
        account,
        db,
        data,
        keys,
        new_identity=repair.new_identity,
        report=tell,
    )
    if repair.new_device:
        await forget_device(config, db)
    try:
        gateway = await connect()
    except login.DeadLogin:
        if not repair.ends_other_devices:
            raise
        await forget_device(config, db)  # this login is dead too: make a new one
        gateway = await connect()
    try:
        await gateway.introduce(config.matrix.display_name)
        if repair.ends_other_devices:
            await _sign_out_others(gateway, account)
    finally:
        await gateway.close()


async def forget_device(config: Config, db: Database) -> None:
    """Delete the stored login and its keys: the next login is as a new device."""
    from bot.matrix import login

    await login.forget_session(db)
    for file in config.storage.data_dir.glob(f"{config.storage.key_store.name}*"):
        file.unlink()


async def _sign_out_others(gateway: MatrixGateway, account: Account) -> None:
    """Sign out all devices of the account but ours."""
    from bot.gateway import Refused, SignedOut, TryLater

    try:
        count = await gateway.drop_devices(account)
    except (Refused, SignedOut, TryLater):
        tell(_("The account's other devices could not be signed out: do it in its settings."))
        return
    if count:
        tell(n_("Signed out {count} other device.", "Signed out {count} other devices.", count))
