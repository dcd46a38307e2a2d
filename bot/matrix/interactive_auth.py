"""Requests that a server allows only with the account's password, or after a person's consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateway import SignedOut
from bot.i18n import _
from bot.lines import Line
from bot.matrix.crypto.wire import JsonHttp
from bot.matrix.fields import as_mapping, short_text
from bot.matrix.http import NeedsAuth
from bot.types import UserId

SIGN_IN_NEEDED = _(
    "The homeserver wants the account's password before it publishes the bot's"
    " identity. Give it for once as matrix.password_file in place of the token; or let"
    " who administers the homeserver allow it for ten minutes (Synapse:"
    " _allow_cross_signing_replacement_without_uia), and run this again."
)


async def post_authorised(
    http: JsonHttp, user: UserId, path: str, body: Mapping[str, Any], password: str | None
) -> None:
    """POST a request and return its answer, with the account's password if the server asks for it.

    (spec §User-interactive authentication.) Raises `SignedOut` with what a person has to do.
    """
    try:
        await http.call("POST", path, body)
    except NeedsAuth as asked:
        if "m.login.password" not in _stages(asked.body):
            raise SignedOut(_consent_line(asked.body)) from None
        if password is None:
            raise SignedOut(SIGN_IN_NEEDED) from None
        auth = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user},
            "password": password,
            "session": short_text(asked.body.get("session")),
        }
        try:
            await http.call("POST", path, {**body, "auth": auth})
        except NeedsAuth:
            raise SignedOut(
                _(
                    "The homeserver refused the account's password: put the right one"
                    " into matrix.password_file."
                )
            ) from None


def _consent_line(asked: Mapping[str, Any]) -> Line:
    return _(
        "The homeserver wants a person to allow this: sign in to the account's own"
        " page{where}, allow the reset of its cryptographic identity, and run this again"
        " within ten minutes.",
        where=_consent_page(asked),
    )


def _stages(asked: Mapping[str, Any]) -> set[str]:
    """Return all stages of all flows of the server."""
    flows = [as_mapping(flow).get("stages") for flow in asked["flows"]]
    return {s for stages in flows if isinstance(stages, list) for s in stages if short_text(s)}


def _consent_page(asked: Mapping[str, Any]) -> str:
    """Return where a person can allow it, as the server says (MSC4312, or what MAS says today)."""
    for kind in ("m.oauth", "org.matrix.cross_signing_reset"):
        url = as_mapping(asked, "params", kind).get("url")
        if isinstance(url, str) and url.startswith("https://") and url.isascii() and len(url) < 300:
            return f" ({url})"
    return ""
