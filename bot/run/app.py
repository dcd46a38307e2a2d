"""Builds the bot and runs it. The only module that knows all the parts."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.capability.discovery import features as features
from bot.capability.room_policy import Defaults, PublicFolder
from bot.clock import SystemClock
from bot.delivery.results import retry_delay
from bot.gateway import ROOM_KEYS_KEPT_FOR, Refused, TryLater
from bot.i18n import _
from bot.matrix.accounts.mas_tokens import MasTokens
from bot.matrix.accounts.no_accounts import NoAccounts
from bot.matrix.accounts.synapse_tokens import SynapseTokens
from bot.matrix.gateway import MatrixGateway
from bot.matrix.http import Http
from bot.matrix.login import inspect_account
from bot.matrix.sync.rollback import OlderHomeserver
from bot.operate.config import Config
from bot.operate.first_login import account_of, forget_device, refuse_foreign_identity
from bot.operate.operator_errors import Stop, TemporaryStop
from bot.operate.watch.lookout import Lookout
from bot.operate.watch.service_manager import AWAY, ServiceManager
from bot.run.backup_schedule import BackupPlan, BackupSchedule
from bot.run.duties import handovers, self_destruction
from bot.run.farewell import destroy_keys, sign_out
from bot.run.free_memory import return_free_memory
from bot.run.machine import Machine, assemble, open_upgraded
from bot.run.stages.limits import Limits
from bot.signing.signer import open_signer
from bot.types import Trust, UserId
from storage import sync
from storage.database import Database
from storage.encryption import live_salt
from storage.encryption.key_destruction import remove_databases
from storage.encryption.keys import DATABASE, Keys
from storage.files.upgrade_copies import remove_expired

log = structlog.get_logger(__name__)

Found = TypeVar("Found")
Endless = Callable[[], Coroutine[Any, Any, None]]
"""What runs until it is cancelled."""

ABSENCE_CHECK_INTERVAL = timedelta(hours=1)
"""Interval of the check for people who left; until then they may come back unnoticed."""
SIGN_OUT_PATIENCE = 20.0
"""Seconds that the homeserver has to accept the final sign-out."""


def default_policy(config: Config) -> Defaults:
    """Return the policy's defaults from the configuration."""
    return Defaults(
        config.network.language,
        config.network.timezone,
        frozenset(map(UserId, config.network.moderators)),
        config.network.name,
        config.limits.commands_per_minute == 0,
        config.trust.unsigned_devices,
        PublicFolder(
            config.publishing.folder, config.publishing.address or "", config.publishing.templates
        ),
    )


def trusted_devices(config: Config) -> frozenset[Trust]:
    """Return the kinds of devices whose commands count: signed, unless configured otherwise."""
    more = {Trust.UNSIGNED} if config.trust.unsigned_devices else set()
    more |= {Trust.PLAIN} if config.trust.unencrypted_rooms else set()
    return frozenset({Trust.SIGNED, *more})


async def check_account(config: Config, service: ServiceManager) -> None:
    """Check, before anything is written, that no other bot uses the account and that it is usable.

    Waits while the homeserver is away. Raises `Stop` or `UnusableAccount` with the way out.
    """

    async def check() -> None:
        await refuse_foreign_identity(await inspect_account(account_of(config)), config)

    await wait_for_homeserver(check, service)


async def connect(
    config: Config,
    keys: Keys,
    db: Database,
    service: ServiceManager,
    *,
    take_over: bool = False,
) -> MatrixGateway:
    """Sign in to the configured account, and return its gateway. Waits while the homeserver is
    away. What giving keys ahead took of the memory is returned."""
    sign_in = partial(
        MatrixGateway.connect,
        *(account_of(config), db, config.storage.data_dir, keys),
        take_over=take_over,
        on_keys_given=return_free_memory,
    )
    return await wait_for_homeserver(sign_in, service)


async def wait_for_homeserver(
    ask: Callable[[], Awaitable[Found]], service: ServiceManager
) -> Found:
    """Call `ask` again and again, with pauses, while it raises `TryLater`, and return what it
    returns. Meanwhile systemd shows that the homeserver is away."""
    attempt = 0
    while True:
        try:
            return await ask()
        except TryLater as error:
            attempt += 1
            log.warning("app.homeserver_away", code=error.code)
            service.announce_ready(AWAY)
            await asyncio.sleep(retry_delay(attempt, error.after))


async def run(
    config: Config,
    keys: Keys,
    service: ServiceManager | None = None,
    *,
    take_over: bool = False,
) -> None:
    """Run the bot until cancelled, telling systemd by `service`. Raises `SignedOut`.

    `take_over`: start even if another bot has taken the account over since; that one stops.
    """
    service = service or ServiceManager()
    found = features()
    keys = await live_salt.ensure_live_salt(config.storage.data_dir, keys)
    plan = backup_plan(config, keys)
    db = await open_upgraded(config.storage.data_dir / DATABASE, keys.db, found)
    destroyed = is_older = False
    try:
        await refuse_other_account(db, UserId(config.matrix.user_id))
        if await self_destruction.is_due(db):  # the process ended before it was done
            destroyed = True
            await destroy_and_sign_out(config, keys, db, service)
            return
        gateway = await connect(config, keys, db, service, take_over=take_over)
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
            service.announce_ready()
            beside = watching(machine, gateway, config, service)
            if plan is not None:
                beside.append(BackupSchedule(plan, machine.env, machine.outbox.wake).run)
            await run_tasks(machine, gateway, config.matrix.display_name, service, beside)
        except* self_destruction.DestructionDue:
            destroyed = True
            destroy_keys(config)
            await sign_out(gateway)
        except* OlderHomeserver:
            is_older = True
        finally:
            await office.close()
            await gateway.close()
        if is_older:
            await forget_device(config, db)
            await sync.forget_newest_event(db)  # or the next start would find the same
            raise TemporaryStop(*OlderHomeserver().lines)
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
    """Return the object that creates accounts of the homeserver for newcomers.

    Raises `ConfigError` for an unusable secret.
    """
    right = config.accounts
    if (token := right.synapse_token()) is not None:
        public = config.matrix.homeserver
        return SynapseTokens(Http(right.synapse_url or public, token), Http(public))
    if right.mas_url and right.mas_client_id and (secret := right.mas_client_secret()):
        return MasTokens(Http(right.mas_url), right.mas_client_id, secret)
    return NoAccounts()


def backup_plan(config: Config, keys: Keys) -> BackupPlan | None:
    """Return when, how and where the bot makes backups by itself, or None if none are configured.

    Raises `ConfigError`.
    """
    wanted = config.backup
    if not wanted.is_scheduled:
        return None
    return BackupPlan(
        data=config.storage.data_dir,
        keys=keys,
        recipients=wanted.recipients(),
        account=config.matrix.user_id,
        folder=wanted.folder,
        command=wanted.command or (),
        at=wanted.hour,
        zone=config.network.timezone,
        every=timedelta(hours=wanted.every_hours) if wanted.every_hours else None,
        keep_days=wanted.keep_days,
        keep_files=wanted.keep_files,
    )


async def destroy_and_sign_out(
    config: Config, keys: Keys, db: Database, service: ServiceManager
) -> None:
    """Destroy the keys, then sign out if the homeserver answers in time."""
    destroy_keys(config)
    try:
        async with asyncio.timeout(SIGN_OUT_PATIENCE):
            gateway = await connect(config, keys, db, service)
    except TimeoutError:
        log.warning("app.not_signed_out")
        return
    try:
        await sign_out(gateway)
    finally:
        await gateway.close()


def watching(
    machine: Machine, gateway: MatrixGateway, config: Config, service: ServiceManager
) -> list[Endless]:
    """Return the endless tasks that report the bot's condition to the log, systemd and
    monitoring."""
    contact, owed, where = machine.dispatcher.contact, machine.outbox.owed, config.watch
    lookout = Lookout(machine.db, contact, owed, SystemClock(), service.show)
    found: list[Endless] = [
        lookout.run,
        partial(service.feed_watchdog, gateway.sync.pulse.is_alive),
    ]
    if where.listen is not None:
        # aiohttp's server and what writes metrics take 3 MiB.
        from bot.operate.watch import http_port

        found.append(partial(http_port.serve, lookout, where.listen, where.token()))
    return found


async def run_tasks(
    machine: Machine,
    gateway: MatrixGateway,
    name: str,
    service: ServiceManager,
    beside: Sequence[Endless] = (),
) -> None:
    """Run sync, outbox, scheduler, upkeep and the tasks in `beside` until one fails; that ends all.

    After a restore, all capabilities are told before anything is handled, and nothing is sent
    before the memberships are read again. What runs beside waits for no homeserver; the list of
    people to forget again is waited for, and `service` told so.
    """
    async with asyncio.TaskGroup() as tasks:
        for one in beside:
            tasks.create_task(one())
        tasks.create_task(self_destruction.raise_when_ended(machine.dispatcher.ended))
        is_restored = await machine.dispatcher.announce_restore(
            await wait_for_homeserver(machine.dispatcher.forget_again, service)
        )
        tasks.create_task(gateway.run(machine.dispatcher))
        tasks.create_task(run_outbox(machine, caught_up=is_restored))
        tasks.create_task(machine.scheduler.run())
        tasks.create_task(run_upkeep(machine, gateway, name))
        tasks.create_task(machine.dispatcher.practice.run())


async def run_outbox(machine: Machine, *, caught_up: bool) -> None:
    """Send what is in the outbox until cancelled; with `caught_up` begin only after the first
    catch-up."""
    if caught_up:
        await machine.dispatcher.contact.caught_up.wait()
    await machine.outbox.run()


async def run_upkeep(machine: Machine, gateway: MatrixGateway, name: str) -> None:
    """After the catch-up set the display name, then once an hour delete old keys and absent people
    and return free memory."""
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
            remove_expired(machine.db.path.parent, datetime.now(UTC))
        await machine.dispatcher.ask_for_rooms()
        if gone := await gateway.drop_absent():
            log.info("app.people_forgotten", count=gone)
        return_free_memory()
        await asyncio.sleep(ABSENCE_CHECK_INTERVAL.total_seconds())
