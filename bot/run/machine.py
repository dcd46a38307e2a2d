"""Assembles the bot around a gateway, for production and for conversation tests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from bot.capability.discovery import migration_folders
from bot.capability.feature import Feature
from bot.capability.registry import Registry, registry_of
from bot.capability.room_policy import NO_FOLDER, Defaults
from bot.clock import Clock
from bot.delivery.effect_table import WRITERS
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.outbox import Outbox
from bot.delivery.rendering import Renderer
from bot.gateway import Gateway
from bot.i18n import Catalogue
from bot.run.dispatch import Dispatcher
from bot.run.environment import Environment
from bot.run.practice_rooms import PracticeRooms
from bot.run.scheduler import Scheduler
from bot.run.stages.limits import Limits
from bot.signing.signer import Signer
from bot.types import Trust, UserId
from storage.database import Database
from storage.files.upgrade_copies import copy_before_upgrade
from storage.releases import program_version
from storage.rows import forgotten_people
from storage.rows.core_rows import CORE_ROWS
from storage.rows.declared_rows import Schema, check_against, read_schema
from storage.schema import has_pending, migrate

log = structlog.get_logger(__name__)

SENTENCES_FOLDER = Path(__file__).parents[1]
"""The folder of the core's own sentences."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The parts of a running bot."""

    db: Database
    registry: Registry
    outbox: Outbox
    dispatcher: Dispatcher
    scheduler: Scheduler
    env: Environment


async def upgrade_database(db: Database, features: Sequence[Feature]) -> None:
    """Copy the database beside itself, then migrate it to the version of this program.

    Raises `DatabaseTooNew`, `MigrationFailed` or `DiskTrouble`, and leaves it as it was then.
    """
    if await has_pending(db, migration_folders(features)):
        copy = await copy_before_upgrade(db)
        log.info("upgrade.copied", version=copy.version, bytes=copy.path.stat().st_size)
        await migrate_database(db, features)
        log.info("upgrade.done", before=copy.version, now=program_version())
    else:
        await migrate_database(db, features)


async def open_upgraded(path: Path, key: bytes, features: Sequence[Feature]) -> Database:
    """Open the database, upgraded to the version of this program, and return it.

    The steps have a connection of their own, with which each of their statements would stay
    prepared: 7 MiB for a new database. Raises what `Database.open` and `upgrade_database` raise.
    """
    db = await Database.open(path, key)
    try:
        await upgrade_database(db, features)
    finally:
        await db.close()
    return await Database.open(path, key)


async def migrate_database(db: Database, features: Sequence[Feature]) -> None:
    """Migrate the database to the version of these capabilities, and make the keys that it lacks.

    Raises `ValueError` if they declare rows for a table or column that it does not have.
    """
    await migrate(db, migration_folders(features))
    async with db.transaction() as tx:
        check_declared_rows(await read_schema(tx), features)
        await forgotten_people.make_key(tx)  # before any backup, which must have it


def check_declared_rows(schema: Schema, features: Sequence[Feature]) -> None:
    """Raise `ValueError` if the core or a capability declares rows that the schema lacks."""
    for owner, declared in (("core", CORE_ROWS), *((f.name, f.declared_rows) for f in features)):
        check_against(schema, owner, declared)


def assemble(
    db: Database,
    gateway: Gateway,
    clock: Clock,
    features: Sequence[Feature],
    defaults: Defaults,
    limits: Limits,
    signer: Signer,
    trusting: frozenset[Trust] = frozenset({Trust.SIGNED}),
) -> Machine:
    """Return everything that runs between a homeserver (`gateway`) and the database: registry,
    dispatcher, outbox and scheduler. `trusting`: the standings of a device whose messages count.

    Raises `ValueError` if two capabilities declare the same word for a command, act or setting.
    """
    registry = registry_of(features)
    words = Catalogue.load([SENTENCES_FOLDER, *(f.folder for f in features)])
    answers = AnswerWriter(Renderer(words), defaults, gateway.device, clock.now, WRITERS)
    outbox = Outbox(db, gateway, clock, answers)
    rung = asyncio.Event()
    outbox.on_delivered = rung.set

    async def apart(own: Database, rooms: Gateway, moderators: frozenset[UserId]) -> Machine:
        """Build a machine for a practice room, which has nothing of the network."""
        await migrate_database(own, features)
        theirs = replace(defaults, moderators=moderators, public=NO_FOLDER, practice=True)
        signer = Signer.from_seed(gateway.me, os.urandom(32), dict)  # which nobody vouches for
        few = Limits(limits.per_person)
        return assemble(own, rooms, clock, features, theirs, few, signer, trusting)

    env = Environment(db, registry, answers, clock, gateway.me, signer)
    practice = PracticeRooms(db, gateway, clock, apart)
    dispatcher = Dispatcher(env, outbox, gateway, limits, practice, rung.set, trusting)
    scheduler = Scheduler(db, dispatcher, clock, rung)
    return Machine(db, registry, outbox, dispatcher, scheduler, env)
