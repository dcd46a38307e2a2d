"""Sign out devices of the bot's account: those of runs that are over, or all but its own."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from bot.gateway import Refused, SignedOut, TryLater
from bot.matrix.account_claim import AccountClaim, Superseded
from bot.matrix.fields import as_mapping
from bot.matrix.http import Http
from bot.matrix.interactive_auth import post_authorised
from bot.matrix.login import Account

API = "/_matrix/client/v3"
_log = structlog.get_logger()


async def sign_out_devices(
    http: Http, account: Account, own: str, wanted: Collection[str] | None = None
) -> int:
    """Sign out the wanted devices of the account, or all of them (None), but never `own`. Return
    how many the homeserver was asked to sign out; it ignores those that it does not know.

    It wants the account's password for that. Raises `Refused`, `SignedOut` or `TryLater`.
    """
    if wanted is None:
        wanted = await _all_devices(http)
    others = [device for device in wanted if device != own]
    if others:
        path = f"{API}/delete_devices"
        await post_authorised(http, account.user, path, {"devices": others}, account.password)
    return len(others)


async def sign_out_former(http: Http, account: Account, claim: AccountClaim) -> None:
    """Sign out the devices of earlier runs, and record that. Do nothing without the password.

    If the homeserver does not do it the bot works all the same, and its next start tries again.
    Raises `Superseded`.
    """
    if not claim.former_devices or account.password is None:
        return
    try:
        await sign_out_devices(http, account, claim.device, claim.former_devices)
        await claim.note_signed_out()
    except Superseded:
        raise
    except (Refused, SignedOut, TryLater) as error:
        _log.warning("a former device could not be signed out", error=type(error).__name__)


async def _all_devices(http: Http) -> list[str]:
    """Return the ids of the account's devices."""
    listed = (await http.call("GET", f"{API}/devices")).get("devices")
    found = [as_mapping(one).get("device_id") for one in listed] if isinstance(listed, list) else []
    return [one for one in found if isinstance(one, str)]
