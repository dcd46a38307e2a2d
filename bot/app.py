"""Builds everything and runs it. The only module that knows all the pieces."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import structlog

from bot import ending
from bot.clock import SystemClock
from bot.config import Config
from bot.features import features as features
from bot.first_login import account_of, refuse_foreign
from bot.gateway import Refused, SignedOut, TryLater
from bot.limits import Limits
from bot.machine import Machine, assemble, prepare
from bot.matrix.gateway import MatrixGateway
from bot.matrix.login import look
from bot.policy import Defaults
from bot.settling import wait_for
from bot.signer import open_signer
from bot.types import Trust, UserId
from storage import live_salt
from storage.database import Database
from storage.destroying import clear, destroy
from storage.keys import DATABASE, Keys

log = structlog.get_logger(__name__)

ROOM_KEYS_KEPT = timedelta(days=14)
"""How long keys of what was said are kept (forward secrecy)."""
HOUR = timedelta(hours=1)
"""Between two looks at who has gone: so long they may change their mind."""
PATIENCE = 20.0
"""Seconds that the homeserver has to let us sign out for good."""


def defaults(config: Config) -> Defaults:
    return Defaults(
        config.network.language,
        config.network.timezone,
        frozenset(map(UserId, config.network.moderators)),
        config.network.name,
        config.limits.commands_per_minute == 0,
        config.trust.unsigned_devices,
    )


def trusting(config: Config) -> frozenset[Trust]:
    """Which devices' commands count: signed ones, unless the configuration loosens it."""
    more = {Trust.UNSIGNED} if config.trust.unsigned_devices else set()
    more |= {Trust.PLAIN} if config.trust.unencrypted_rooms else set()
    return frozenset({Trust.SIGNED, *more})


async def first_look(config: Config) -> None:
    """Before the first start writes anything: is the account free, and ours to begin with?

    Waits as long as the homeserver is away. Raises `Stop` or `Unfit` with the way on.
    """
    attempt = 0
    while True:
        try:
            await refuse_foreign(await look(account_of(config)), config)
        except TryLater as error:
            attempt += 1
            log.warning("app.homeserver_away", code=error.code)
            await asyncio.sleep(wait_for(attempt, error.after))
        else:
            return


async def connect(
    config: Config, keys: Keys, db: Database, *, take_over: bool = False
) -> MatrixGateway:
    """Sign in with what the configuration names; waits as long as the homeserver is away."""
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
            await asyncio.sleep(wait_for(attempt, error.after))


async def run(config: Config, keys: Keys, *, take_over: bool = False) -> None:
    """The bot, until cancelled; then nothing is half done. Raises `SignedOut`.

    `take_over`: even if another bot works for the account since; that one stops.
    """
    found = features()
    keys = await live_salt.give(config.storage.data_dir, keys)
    db = await Database.open(config.storage.data_dir / DATABASE, keys.db)
    destroyed = False
    try:
        await prepare(db, found)
        if await ending.asked(db):  # and then the process ended
            destroyed = True
            await end(config, keys, db)
            return
        gateway = await connect(config, keys, db, take_over=take_over)
        try:
            machine = assemble(
                db,
                gateway,
                SystemClock(),
                found,
                defaults(config),
                Limits(config.limits.commands_per_minute),
                await open_signer(db, keys.ballots, gateway.me, gateway.vouch),
                trusting(config),
            )
            machine.dispatcher.conversation.attention.called = config.matrix.display_name
            await live(machine, gateway, config.matrix.display_name)
        except* ending.Ended:
            destroyed = True
            destroy_keys(config)
            await sign_out(gateway)
        finally:
            await gateway.close()
    finally:
        await db.close()
        if destroyed:
            clear(config.storage.data_dir)


async def end(config: Config, keys: Keys, db: Database) -> None:
    """The keys are gone whether or not the homeserver is there to sign out at."""
    destroy_keys(config)
    try:
        async with asyncio.timeout(PATIENCE):
            gateway = await connect(config, keys, db)
    except TimeoutError:
        log.warning("app.not_signed_out")
        return
    try:
        await sign_out(gateway)
    finally:
        await gateway.close()


def destroy_keys(config: Config) -> None:
    where = config.storage
    whole = destroy(where.data_dir, where.key_file)
    log.warning("app.keys_destroyed", key_file_too=whole)


async def sign_out(gateway: MatrixGateway) -> None:
    try:
        await gateway.sign_out()
        log.warning("app.signed_out")
    except (Refused, TryLater, SignedOut) as error:
        log.warning("app.not_signed_out", error=type(error).__name__)


async def live(machine: Machine, gateway: MatrixGateway, name: str) -> None:
    """Listen, answer, wake up and tidy, side by side; the first that fails ends all.

    After a restore nothing is handled or falls due before that is known to all capabilities, and
    nothing is sent before we know again who is in the rooms.
    """
    is_restored = await machine.dispatcher.restored()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(gateway.run(machine.dispatcher))
        tasks.create_task(deliver(machine, caught_up=is_restored))
        tasks.create_task(machine.scheduler.run())
        tasks.create_task(upkeep(machine, gateway, name))
        if machine.dispatcher.practice is not None:
            tasks.create_task(machine.dispatcher.practice.run())
        tasks.create_task(ending.watch(machine.dispatcher.ended))


async def deliver(machine: Machine, *, caught_up: bool) -> None:
    """Send what is written; `caught_up`: only once everything is read."""
    if caught_up:
        await machine.dispatcher.contact.caught_up.wait()
    await machine.outbox.run()


async def upkeep(machine: Machine, gateway: MatrixGateway, name: str) -> None:
    """What is done after the catch-up: news of ourselves, then forgetting keys and who has gone."""
    await machine.dispatcher.contact.caught_up.wait()
    if await machine.dispatcher.identity_changed():
        machine.outbox.wake()
    try:
        await gateway.introduce(name)
    except (Refused, TryLater) as error:
        log.warning("app.name_not_set", code=error.code)
    for hour in itertools.count():
        if hour % 24 == 0:
            forgotten = gateway.machine.purge(datetime.now(UTC) - ROOM_KEYS_KEPT)
            log.info("app.room_keys_forgotten", count=forgotten)
        if gone := await gateway.drop_absent():
            log.info("app.people_forgotten", count=gone)
        await asyncio.sleep(HOUR.total_seconds())
