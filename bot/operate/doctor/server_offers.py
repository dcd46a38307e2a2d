"""What the homeserver offers beyond Matrix itself, which some capabilities need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from bot.gateway import Refused, SignedOut, TryLater
from bot.i18n import _
from bot.lines import Line
from bot.matrix.http import Http
from bot.matrix.rooms.delayed_events import read_limits
from bot.operate.config import Config
from bot.operate.doctor.data_folder import DataFolder
from bot.operate.doctor.findings import (
    Finding,
    bad_finding,
    finding_from_error,
    fine_finding,
    note_finding,
)
from bot.run.app import account_office

ENOUGH = timedelta(days=1)
"""A homeserver that keeps a message for less does not keep the alarm of a night out."""


async def check_server_offers(config: Config, data: DataFolder) -> AsyncIterator[Finding]:
    """Check delayed messages, which alarms of check-ins use, and the right to give accounts. Yields
    what was found."""
    if data.login.get("token"):
        async for finding in _delayed_messages(config, data.token):
            yield finding
    if (accounts := await _accounts(config)) is not None:
        yield accounts


async def _delayed_messages(config: Config, token: str) -> AsyncIterator[Finding]:
    """Look at delayed messages. Why the login or the server fails, the account's check tells."""
    http = Http(config.matrix.homeserver, token)
    try:
        limits = await read_limits(http)
    except Refused:
        limits = None
    except TryLater as error:
        told = finding_from_error(error, _("What the homeserver keeps for later"))
        yield replace(told, is_note=True)
        return
    except SignedOut:
        return
    finally:
        await http.close()
    if limits is not None and limits.longest >= ENOUGH:
        yield fine_finding(
            _(
                "The homeserver keeps alarms of check-ins for {days} days: they go out without the"
                " bot.",
                days=limits.longest.days,
            )
        )
    else:
        yield note_finding(
            _(
                "The homeserver keeps no alarm of a check-in for a day: with the bot off none goes"
                " out. In Synapse: max_event_delay_duration: 31d"
            )
        )


async def _accounts(config: Config) -> Finding | None:
    """Return how it stands with `[accounts]`, or None where it is not set."""
    office = account_office(config)
    try:
        trouble = await office.trouble()
    finally:
        await office.close()
    if trouble == "off":
        return None
    if trouble is None:
        return fine_finding(_("[accounts]: a code can give accounts of the homeserver."))
    if trouble == "away":
        return note_finding(_("[accounts]: whoever gives accounts does not answer now."))
    return bad_finding(_refused_line(config) if trouble == "refused" else _closed_line(config))


def _refused_line(config: Config) -> Line:
    if config.accounts.mas_url is not None:
        return _(
            "[accounts]: the service refuses the bot's client. Look at mas_client_id, its secret"
            " and admin_clients."
        )
    return _(
        "[accounts]: Synapse refuses the token. Put the token of an administrator into"
        " synapse_token_file."
    )


def _closed_line(config: Config) -> Line:
    if config.accounts.mas_url is not None:
        return _(
            "[accounts]: nobody can register. Set account.password_registration_enabled: true in"
            " the service."
        )
    return _(
        "[accounts]: nobody can register. In Synapse: enable_registration: true and"
        " registration_requires_token: true"
    )
