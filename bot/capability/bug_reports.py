"""Reports bugs under a reference number that people can quote, never with message text."""

from __future__ import annotations

import secrets
from datetime import datetime

import structlog

from bot.capability.authority.moderators_room import moderators_room
from bot.capability.context import Context
from bot.delivery.effects import Say
from bot.i18n import _
from bot.types import EventId, RoomId
from storage import sync
from storage.database import Tx

log = structlog.get_logger(__name__)


def report_bug(error: Exception, event: str, ctx: Context | None) -> str:
    """Log an error and return its reference number."""
    reference = secrets.token_hex(2).upper()
    log.error(
        "dispatch.failed",
        exc_info=error,
        event_id=event,
        feature=ctx.feature if ctx else "",
        reference=reference,
    )
    return reference


async def report_link_bug(tx: Tx, room: RoomId, reference: str, at: datetime) -> Say | None:
    """Return the report of a bug in a room of linked networks' bots, for our moderators' room, or
    None. At most once a day for each room, because the bots there can trigger it at will."""
    home = await moderators_room(tx)
    told = EventId(f"broken:{room}:{at.date()}")
    if home is None or not await sync.mark_seen(tx, told, at):
        return None
    lines = (
        _("Between another network and ours something went wrong on my side."),
        _(
            "Whoever runs me finds it under the reference {reference}. I say it once a day.",
            reference=reference,
        ),
    )
    return Say(lines, room=home)
