"""The last words of a set-up: whether the homeserver lets the bot speak, and what to do now."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.gateway import TryLater
from bot.i18n import _
from bot.operate.first_login import plain_errors, stored_token
from bot.operate.operator_words import tell
from bot.operate.setup.service_unit import offer_service

if TYPE_CHECKING:
    from bot.operate.config import Config

HELP = {"es": "!ayuda", "pt": "!ajuda", "en": "!help"}
"""What the bot is asked first, in the network's language."""


def close_setup(path: Path, config: Config, unit: Path | None, *, is_new: bool) -> None:
    """Check a new bot's message limit, start the bot, and print what to type in a room.

    Raises `Stop` if the service that was asked for cannot be installed.
    """
    if is_new:
        with plain_errors():
            asyncio.run(_tell_limit(config))
    if not offer_service(path, config, unit):
        tell_ready(path)
    tell(
        _(
            "Then, in an encrypted room, one of the moderators invites {user} and writes: {word}",
            user=config.matrix.user_id,
            word=HELP[config.network.language],
        )
    )


def tell_ready(path: Path) -> None:
    """Print how the bot is started."""
    tell(_("Ready. Start the bot: minga run --config {path}", path=path))


async def _tell_limit(config: Config) -> None:
    """Say it if the homeserver lets the bot send too little at once."""
    from bot.operate.setup.message_limit import is_limited, limit_line

    user = config.matrix.user_id
    try:
        limited = await is_limited(config.matrix.homeserver, user, await stored_token(config))
    except TryLater:
        return  # the login worked just now; doctor says what is wrong with the homeserver
    if limited:
        tell(_("The homeserver takes few messages at once: where many write, people will wait."))
        tell(limit_line(user))
