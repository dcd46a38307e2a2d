"""Builds everything and runs it. The only module that knows all the pieces."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil

import structlog

import commands
from bot.clock import SystemClock
from bot.config import Config
from bot.feature import Feature
from bot.gateway import TryLater
from bot.limits import Limits
from bot.machine import Machine, assemble, prepare
from bot.matrix.gateway import MatrixGateway
from bot.matrix.login import Account
from bot.outbox import wait_for
from bot.policy import Defaults
from bot.types import Trust, UserId
from storage.database import Database
from storage.keys import DATABASE, Keys

log = structlog.get_logger(__name__)


def features() -> list[Feature]:
    """Every folder in `commands/` that declares a `feature`."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return [importlib.import_module(f"commands.{name}").feature for name in names]


def defaults(config: Config) -> Defaults:
    return Defaults(
        config.network.language,
        config.network.timezone,
        frozenset(map(UserId, config.network.moderators)),
        config.network.name,
    )


def trusting(config: Config) -> frozenset[Trust]:
    """Which devices' commands count: signed ones, unless the configuration loosens it."""
    more = {Trust.UNSIGNED} if config.trust.unsigned_devices else set()
    more |= {Trust.PLAIN} if config.trust.unencrypted_rooms else set()
    return frozenset({Trust.SIGNED, *more})


async def connect(config: Config, keys: Keys, db: Database) -> MatrixGateway:
    """Sign in with what the configuration names; waits as long as the homeserver is away."""
    matrix = config.matrix
    account = Account(
        matrix.homeserver,
        UserId(matrix.user_id),
        matrix.password(),
        matrix.access_token(),
        matrix.device_id,
    )
    attempt = 0
    while True:
        try:
            return await MatrixGateway.connect(account, db, config.storage.data_dir, keys)
        except TryLater as error:
            attempt += 1
            log.warning("app.homeserver_away", code=error.code)
            await asyncio.sleep(wait_for(attempt, error.after))


async def run(config: Config, keys: Keys) -> None:
    """The bot, until cancelled; then nothing is half done. Raises `SignedOut`."""
    found = features()
    db = await Database.open(config.storage.data_dir / DATABASE, keys.db)
    try:
        await prepare(db, found)
        gateway = await connect(config, keys, db)
        try:
            machine = assemble(
                db,
                gateway,
                SystemClock(),
                found,
                defaults(config),
                Limits(config.limits.commands_per_minute),
                trusting(config),
            )
            machine.dispatcher.conversation.called = config.matrix.display_name
            await live(machine, gateway)
        finally:
            await gateway.close()
    finally:
        await db.close()


async def live(machine: Machine, gateway: MatrixGateway) -> None:
    """Listen, answer and wake up, side by side; the first that fails ends all."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(gateway.run(machine.dispatcher))
        tasks.create_task(machine.outbox.run())
        tasks.create_task(machine.scheduler.run())
