"""Assembles the bot around a gateway, for production and for conversation tests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.clock import Clock
from bot.dispatch import Dispatcher
from bot.feature import Feature
from bot.gateway import Gateway
from bot.i18n import Catalogue
from bot.limits import Limits
from bot.outbox import Outbox
from bot.policy import Defaults
from bot.post import Desk
from bot.practice import Practice
from bot.registry import Registry, registry_of
from bot.render import Renderer
from bot.scheduler import Scheduler
from bot.signer import Signer
from bot.types import Trust, UserId
from storage.database import Database
from storage.migrate import migrate

WORDS = Path(__file__).parent
"""The folder of the core's own sentences."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The parts of a running bot."""

    db: Database
    registry: Registry
    desk: Desk
    outbox: Outbox
    dispatcher: Dispatcher
    scheduler: Scheduler


async def prepare(db: Database, features: Sequence[Feature]) -> None:
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
    words = Catalogue.load([WORDS, *(f.folder for f in features)])
    desk = Desk(Renderer(words), defaults, gateway.device, clock.now)
    outbox = Outbox(db, gateway, clock, desk)
    dispatcher = Dispatcher(db, registry, desk, outbox, clock, gateway, limits, signer, trusting)
    scheduler = Scheduler(db, dispatcher, clock)
    dispatcher.on_schedule(scheduler.wake)

    async def apart(own: Database, rooms: Gateway, moderators: frozenset[UserId]) -> Machine:
        """Build a machine for a practice room, which has nothing of the network."""
        await prepare(own, features)
        theirs = replace(defaults, moderators=moderators, practice=True)
        signer = Signer.from_seed(gateway.me, os.urandom(32), rooms.vouch)
        few = Limits(limits.per_person)
        return assemble(own, rooms, clock, features, theirs, few, signer, trusting)

    dispatcher.practice = Practice(db, gateway, clock, apart)
    outbox.on_end = scheduler.wake
    return Machine(db, registry, desk, outbox, dispatcher, scheduler)
