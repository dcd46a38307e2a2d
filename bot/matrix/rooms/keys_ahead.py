"""Give rooms our keys before anything is said there, so that an answer need not wait for it.

A homeserver takes its time for the keys of hundreds of devices. What makes new ones necessary is
known before: somebody left, a device is new, a session has been used for long, we started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from bot.gateway import Refused, SignedOut, TryLater
from bot.matrix.rooms.member_encryption import MemberEncryption
from bot.types import RoomId
from storage.files.disk import database_failed

if TYPE_CHECKING:
    from bot.matrix.crypto.crypto_machine import CryptoMachine

TOGETHER = 1.0
"""Seconds in which changes are gathered: people come and go together."""

_log = structlog.get_logger()


class KeysAhead:
    """Prepares one room at a time. Whatever fails is done when it is needed.

    `on_given` is called each time all rooms that wanted keys were prepared.
    """

    def __init__(
        self,
        machine: CryptoMachine,
        encryption: MemberEncryption,
        on_given: Callable[[], None],
    ) -> None:
        self._machine = machine
        self._encryption = encryption
        self._on_given = on_given

    async def run(self, caught_up: asyncio.Event) -> None:
        """Give rooms the keys of the bot's next messages as they come to need them, until
        cancelled. Begin when the bot has `caught_up`: before, others' messages come first."""
        await caught_up.wait()
        wanting = self._machine.sharer.wanting
        while True:
            await wanting.wait()
            await asyncio.sleep(TOGETHER)
            for room in wanting.take():
                await self._prepare(room)
            self._on_given()

    async def _prepare(self, room: RoomId) -> None:
        try:
            await self._encryption.prepare(room)
        except SignedOut:
            raise
        except (TryLater, Refused) as error:
            _log.info("keys when needed", code=error.code)
        except Exception as error:  # whatever it is, a message would meet it again, and say so
            if database_failed(error):
                raise
            _log.warning("keys when needed", error=type(error).__name__)
