"""Assembles the bot around a gateway, for production and for conversation tests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.capability.feature import Feature
from bot.capability.registry import Registry, registry_of
from bot.capability.room_policy import Defaults
from bot.clock import Clock
from bot.delivery.effect_table import WRITERS
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.outbox import Outbox
from bot.delivery.rendering import Renderer
from bot.gateway import Gateway
from bot.i18n import Catalogue
from bot.run.dispatch import Dispatcher
from bot.run.limits import Limits
from bot.run.practice_rooms import PracticeRooms
from bot.run.scheduler import Scheduler
from bot.signing.signer import Signer
from bot.types import Trust, UserId
from storage.database import Database
from storage.schema import migrate

SENTENCES_FOLDER = Path(__file__).parents[1]
"""The folder of the core's own sentences."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The parts of a running bot."""

    db: Database
    registry: Registry
    answer_writer: AnswerWriter
    outbox: Outbox
    dispatcher: Dispatcher
    scheduler: Scheduler


async def migrate_database(db: Database, features: Sequence[Feature]) -> None:
    """Migrate the database to the version of these capabilities."""
    await migrate(db, {f.name: f.folder / "migrations" for f in features})


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
    """Build everything around a gateway. Raises `ValueError` if a word has two meanings."""
    registry = registry_of(features)
    words = Catalogue.load([SENTENCES_FOLDER, *(f.folder for f in features)])
    desk = AnswerWriter(Renderer(words), defaults, gateway.device, clock.now, WRITERS)
    outbox = Outbox(db, gateway, clock, desk)
    dispatcher = Dispatcher(db, registry, desk, outbox, clock, gateway, limits, signer, trusting)
    scheduler = Scheduler(db, dispatcher, clock)
    dispatcher.set_wake(scheduler.wake)

    async def apart(own: Database, rooms: Gateway, moderators: frozenset[UserId]) -> Machine:
        """Build a machine for a practice room, which has nothing of the network."""
        await migrate_database(own, features)
        theirs = replace(defaults, moderators=moderators, practice=True)
        signer = Signer.from_seed(gateway.me, os.urandom(32), dict)  # which nobody vouches for
        few = Limits(limits.per_person)
        return assemble(own, rooms, clock, features, theirs, few, signer, trusting)

    dispatcher.practice = PracticeRooms(db, gateway, clock, apart)
    outbox.on_delivered = scheduler.wake
    return Machine(db, registry, desk, outbox, dispatcher, scheduler)
