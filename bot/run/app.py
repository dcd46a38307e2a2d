"""Builds the bot and runs it. The only module that knows all the parts."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import structlog

from bot import distress
from bot.capability.discovery import features as features
from bot.capability.room_policy import Defaults
from bot.clock import SystemClock
from bot.delivery.results import retry_delay
from bot.gateway import ROOM_KEYS_KEPT_FOR, Refused, SignedOut, TryLater
from bot.i18n import _
from bot.matrix.accounts.mas_tokens import MasTokens
from bot.matrix.accounts.no_accounts import NoAccounts
from bot.matrix.accounts.synapse_tokens import SynapseTokens
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.matrix.login import inspect_account
from bot.operate.config import Config
from bot.operate.first_login import account_of, refuse_foreign_identity
from bot.operate.operator_errors import Stop
from bot.run.duties import handovers, self_destruction
from bot.run.machine import Machine, assemble, migrate_database
from bot.run.stages.limits import Limits
from bot.signing.signer import open_signer
from bot.types import Trust, UserId
from storage.database import Database
from storage.encryption import live_salt
from storage.encryption.key_destruction import overwrite_keys, remove_databases
from storage.encryption.keys import DATABASE, Keys

log = structlog.get_logger(__name__)

ABSENCE_CHECK_INTERVAL = timedelta(hours=1)
"""Interval of the check for people who left; until then they may come back unnoticed."""
SIGN_OUT_PATIENCE = 20.0
"""Seconds that the homeserver has to accept the final sign-out."""
TAKE_BACK_PATIENCE = 30.0
"""Seconds to take back what lies at the homeserver: Synapse gives back about one each second."""


def default_policy(config: Config) -> Defaults:
    """Return the policy's defaults from the configuration."""
    return Defaults(
        config.network.language,
        config.network.timezone,
        frozenset(map(UserId, config.network.moderators)),
        config.network.name,
        config.limits.commands_per_minute == 0,
        config.trust.unsigned_devices,
    )


def trusted_devices(config: Config) -> frozenset[Trust]:
    """Return the kinds of devices whose commands count: signed, unless configured otherwise."""
    more = {Trust.UNSIGNED} if config.trust.unsigned_devices else set()
    more |= {Trust.PLAIN} if config.trust.unencrypted_rooms else set()
    return frozenset({Trust.SIGNED, *more})


async def check_account(config: Config) -> None:
    """Check, before anything is written, that the account is free and usable.

    Waits while the homeserver is away. Raises `Stop` or `UnusableAccount` with the way out.
    """
    attempt = 0
    while True:
        try:
            await refuse_foreign_identity(await inspect_account(account_of(config)), config)
        except TryLater as error:
            attempt += 1
            log.warning("app.homeserver_away", code=error.code)
            await asyncio.sleep(retry_delay(attempt, error.after))
        else:
            return


async def connect(
    config: Config, keys: Keys, db: Database, *, take_over: bool = False
) -> MatrixGateway:
    """Sign in to the configured account. Waits while the homeserver is away."""
    account = account_of(config)
    attempt = 0
    while True:
        try:
            return await MatrixGateway.connect(
                account, db, config.storage.data_dir, keys, take_over=take_over
            )
        except TryLater as error:
            attempt += 1
            log.warning("app.homeserver_away", code=error.code)
            await asyncio.sleep(retry_delay(attempt, error.after))


async def run(config: Config, keys: Keys, *, take_over: bool = False) -> None:
    """Run the bot until cancelled. Raises `SignedOut`.

    `take_over`: start even if another bot has taken the account over since; that one stops.
    """
    found = features()
    keys = await live_salt.ensure_live_salt(config.storage.data_dir, keys)
    db = await Database.open(config.storage.data_dir / DATABASE, keys.db)
    destroyed = False
    try:
        await migrate_database(db, found)
        await refuse_other_account(db, UserId(config.matrix.user_id))
        if await self_destruction.is_due(db):  # the process ended before it was done
            destroyed = True
            await destroy_and_sign_out(config, keys, db)
            return
        gateway = await connect(config, keys, db, take_over=take_over)
        gateway.accounts = office = account_office(config)
        try:
            machine = assemble(
                db,
                gateway,
                SystemClock(),
                found,
                default_policy(config),
                Limits(config.limits.commands_per_minute),
                await open_signer(db, keys.ballots, gateway.me, gateway.vouch),
                trusted_devices(config),
            )
            machine.dispatcher.conversation.attention.bot_name = config.matrix.display_name
            await run_tasks(machine, gateway, config.matrix.display_name)
        except* self_destruction.DestructionDue:
            destroyed = True
            destroy_keys(config)
            await sign_out(gateway)
        finally:
            await office.close()
            await gateway.close()
    finally:
        await db.close()
        if destroyed:
            remove_databases(config.storage.data_dir)


async def refuse_other_account(db: Database, me: UserId) -> None:
    """Raise `Stop` if the data is a section that was handed over to another account."""
    async with db.reading() as tx:
        taken = await handovers.taken_section(tx)
    if taken is not None and not handovers.is_authentic(taken):
        raise Stop(_("The section is not as {account} signed it.", account=taken.peer))
    if taken is not None and taken.account != me:
        raise Stop(
            _("This section was made for {account}, not for {me}.", account=taken.account, me=me),
            _("Name {account} in the configuration.", account=taken.account),
        )


def account_office(config: Config) -> SynapseTokens | MasTokens | NoAccounts:
    """Return what gives accounts of the homeserver. Raises `ConfigError` for an unusable secret."""
    right = config.accounts
    if (token := right.synapse_token()) is not None:
        public = config.matrix.homeserver
        return SynapseTokens(Http(right.synapse_url or public, token), Http(public))
    if right.mas_url and right.mas_client_id and (secret := right.mas_client_secret()):
        return MasTokens(Http(right.mas_url), right.mas_client_id, secret)
    return NoAccounts()


async def destroy_and_sign_out(config: Config, keys: Keys, db: Database) -> None:
    """Destroy the keys, then sign out if the homeserver answers in time."""
    destroy_keys(config)
    try:
        async with asyncio.timeout(SIGN_OUT_PATIENCE):
            gateway = await connect(config, keys, db)
    except TimeoutError:
        log.warning("app.not_signed_out")
        return
    try:
        await sign_out(gateway)
    finally:
        await gateway.close()


def destroy_keys(config: Config) -> None:
    """Destroy the key files of this installation."""
    where = config.storage
    whole = overwrite_keys(where.data_dir, where.key_file)
    log.warning("app.keys_destroyed", key_file_too=whole)


async def sign_out(gateway: MatrixGateway) -> None:
    """Take back what lies at the homeserver for later and sign out; a failure is only logged."""
    try:
        async with asyncio.timeout(TAKE_BACK_PATIENCE):
            count = await gateway.delayed.cancel_all()
        log.warning("app.delayed_taken_back", count=count)
    except (TimeoutError, Refused, TryLater, SignedOut) as error:
        log.warning("app.delayed_left", error=type(error).__name__)
    try:
        await gateway.sign_out()
        log.warning("app.signed_out")
    except (Refused, TryLater, SignedOut) as error:
        log.warning("app.not_signed_out", error=type(error).__name__)


async def run_tasks(machine: Machine, gateway: MatrixGateway, name: str) -> None:
    """Run sync, outbox, scheduler and upkeep side by side; the first failure ends all.

    After a restore, all capabilities are told before anything is handled, and nothing is sent
    before the memberships are read again.
    """
    is_restored = await machine.dispatcher.announce_restore()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(asyncio.to_thread(distress.prepare))
        tasks.create_task(gateway.run(machine.dispatcher))
        tasks.create_task(run_outbox(machine, caught_up=is_restored))
        tasks.create_task(machine.scheduler.run())
        tasks.create_task(run_upkeep(machine, gateway, name))
        tasks.create_task(machine.dispatcher.practice.run())
        tasks.create_task(self_destruction.raise_when_ended(machine.dispatcher.ended))


async def run_outbox(machine: Machine, *, caught_up: bool) -> None:
    """Run the outbox, with `caught_up` only after the first catch-up."""
    if caught_up:
        await machine.dispatcher.contact.caught_up.wait()
    await machine.outbox.run()


async def run_upkeep(machine: Machine, gateway: MatrixGateway, name: str) -> None:
    """After the catch-up, set the display name, then delete old keys and absent people hourly."""
    await machine.dispatcher.contact.caught_up.wait()
    if await machine.dispatcher.announce_identity():
        machine.outbox.wake()
    try:
        await gateway.introduce(name)
    except (Refused, TryLater) as error:
        log.warning("app.name_not_set", code=error.code)
    for hour in itertools.count():
        if hour % 24 == 0:
            forgotten = gateway.machine.purge(datetime.now(UTC) - ROOM_KEYS_KEPT_FOR)
            log.info("app.room_keys_forgotten", count=forgotten)
        await machine.dispatcher.ask_for_rooms()
        if gone := await gateway.drop_absent():
            log.info("app.people_forgotten", count=gone)
        await asyncio.sleep(ABSENCE_CHECK_INTERVAL.total_seconds())
