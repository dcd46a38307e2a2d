"""A bug in the log: a reference that people can name, and never what they wrote."""

from __future__ import annotations

import secrets

import structlog

from bot.context import Context

log = structlog.get_logger(__name__)


def report(error: Exception, event: str, ctx: Context | None) -> str:
    """Log it; the reference under which it is found."""
    reference = secrets.token_hex(2).upper()
    log.error(
        "dispatch.failed",
        exc_info=error,
        event_id=event,
        feature=ctx.feature if ctx else "",
        reference=reference,
    )
    return reference
