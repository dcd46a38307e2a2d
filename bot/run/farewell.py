"""Destroy the keys of an installation, and sign out for good."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from bot.gateway import Refused, SignedOut, TryLater
from bot.operate.config import Config
from storage.encryption.key_destruction import overwrite_keys

log = structlog.get_logger(__name__)

TAKE_BACK_PATIENCE = 30.0
"""Seconds to take back what lies at the homeserver: Synapse gives back about one each second."""


class LeftAtServer(Protocol):
    """What of the bot's lies at the homeserver for later."""

    async def cancel_all(self) -> int:
        """Cancel all events that the homeserver keeps to send later. Return how many there were."""


class SignedIn(Protocol):
    """A device that can sign itself out."""

    @property
    def delayed(self) -> LeftAtServer:
        """The events that the homeserver keeps to send later for the bot."""

    async def sign_out(self) -> None:
        """Delete the bot's device at the homeserver."""


def destroy_keys(config: Config) -> None:
    """Destroy the key files of this installation."""
    where = config.storage
    whole = overwrite_keys(where.data_dir, where.key_file, *config.passphrase_files)
    log.warning("app.keys_destroyed", key_file_too=whole)


async def sign_out(gateway: SignedIn) -> None:
    """Cancel the events that the homeserver keeps to send later, and sign out. A failure is only
    logged."""
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
