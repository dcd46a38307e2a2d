"""The file that came with a message: fetched between two runs of its command, never during one.

A download may take long, and a transaction keeps everybody else from writing.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import Fetching, UserError
from bot.gateway import Gateway, Refused, SignedOut, TryLater
from bot.i18n import _
from bot.types import Line

log = structlog.get_logger(__name__)

PATIENCE = 30.0
"""Seconds that a room waits for a file that another server holds back."""


async def fetch(gateway: Gateway, wanted: Fetching) -> bytes | UserError:
    """The file, or what the person is told instead."""
    if wanted.media.size > wanted.most:
        return UserError(*_too_large(wanted.most))
    try:
        async with asyncio.timeout(PATIENCE):
            return await gateway.download(wanted.media, wanted.most)
    except Refused as refused:
        log.info("files.refused", code=refused.code)
        if refused.code == "M_TOO_LARGE":
            return UserError(*_too_large(wanted.most))
        return UserError(_("I can't open that file."), _("Please send it again."))
    except (TimeoutError, TryLater, SignedOut) as error:
        log.info("files.away", error=type(error).__name__)
        return UserError(_("I can't get that file now."), _("Please send it again in a while."))


def _too_large(most: int) -> tuple[Line, Line]:
    size = f"{most / 1_000_000:.0f} MB" if most >= 1_000_000 else f"{most / 1000:.0f} kB"
    return (
        _("That file is too large for me: I take {size} at most.", size=size),
        _("Please send a smaller one."),
    )
