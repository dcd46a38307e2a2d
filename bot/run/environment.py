"""What every piece of work needs to run: built once, the same for events, jobs and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.capability.context import Context, Origin
from bot.capability.registry import Registry
from bot.capability.room_policy import Defaults, Policy
from bot.clock import Clock
from bot.delivery.entry_writer import AnswerWriter
from bot.signing.signer import Signer
from bot.types import UserId
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Environment:
    """The database, what can be called, and what writes answers."""

    db: Database
    registry: Registry
    answers: AnswerWriter
    clock: Clock
    me: UserId
    signer: Signer

    @property
    def defaults(self) -> Defaults:
        """The configuration's default language, zone and other policy for rooms and people."""
        return self.answers.defaults

    def context(
        self,
        tx: Tx,
        *,
        who: UserId,
        origin: Origin,
        policy: Policy,
        said_at: datetime | None = None,
        feature: str = "",
        **more: Any,
    ) -> Context:
        """Return the context in which one event or job is handled, in the transaction `tx`.

        `said_at` (UTC) is when it was said; None if our own clock began it.
        """
        now = self.clock.now()
        return Context(
            feature=feature,
            who=who,
            me=self.me,
            said_at=said_at or now,
            now=now,
            db=tx,
            origin=origin,
            policy=policy,
            defaults=self.defaults,
            registry=self.registry,
            signer=self.signer,
            renderer=self.answers.renderer,
            **more,
        )
