"""Registration tokens of Synapse, made with an administrator's access token.

Synapse knows no smaller right. The token is used for the paths of this module alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.gateway import AccountTrouble, Refused, SignedOut, TryLater
from bot.matrix.http import Http, NeedsAuth, path_segment

TOKENS = "/_synapse/admin/v1/registration_tokens"
STAGE = "m.login.registration_token"
PATIENCE = 15.0
"""Seconds that the homeserver has for an answer."""


class SynapseTokens:
    """Implements `AccountOffice`. `admin` has the administrator's token, `public` has none."""

    def __init__(self, admin: Http, public: Http) -> None:
        self._admin = admin
        self._public = public

    async def trouble(self) -> AccountTrouble | None:
        """Return why no registration tokens can be made now, or None. Asks the server; raises
        nothing."""
        try:
            await self._call("GET", TOKENS, query={"valid": "true"})
            return None if await self._takes_tokens() else "closed"
        except Refused:
            return "refused"
        except TryLater:
            return "away"

    async def _takes_tokens(self) -> bool:
        """Return whether somebody can register with a token (spec, token-authenticated
        registration).
        """
        try:
            await self._public.call("POST", "/_matrix/client/v3/register", {}, timeout=PATIENCE)
        except NeedsAuth as asked:
            flows = asked.body.get("flows")
            found = flows if isinstance(flows, list) else []
            stages = [one.get("stages") for one in found if isinstance(one, dict)]
            return any(isinstance(one, list) and STAGE in one for one in stages)
        except Refused:
            return False
        return False

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        """Create the registration token. One that exists already was made by an earlier try.

        Raises `Refused` and `TryLater`.
        """
        until_ms = int(until.timestamp() * 1000)
        wanted = {"token": token, "uses_allowed": uses, "expiry_time": until_ms}
        try:
            await self._call("POST", f"{TOKENS}/new", wanted)
        except Refused as refused:
            if refused.code != "M_INVALID_PARAM" or not await self._exists(token):
                raise

    async def _exists(self, token: str) -> bool:
        try:
            await self._call("GET", f"{TOKENS}/{path_segment(token)}")
        except Refused as refused:
            if refused.code == "M_NOT_FOUND":
                return False
            raise
        return True

    async def withdraw(self, token: str) -> None:
        """Delete the registration token. One that is gone counts as deleted.

        Raises `Refused` and `TryLater`.
        """
        try:
            await self._call("DELETE", f"{TOKENS}/{path_segment(token)}")
        except Refused as refused:
            if refused.code != "M_NOT_FOUND":
                raise

    async def close(self) -> None:
        """Close the connections."""
        await self._admin.close()
        await self._public.close()

    async def _call(self, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """Call Synapse's admin API. A dead token is a refusal: the bot itself is not signed out."""
        try:
            return await self._admin.call(method, path, body, timeout=PATIENCE, **more)
        except SignedOut as dead:
            raise Refused(str(dead.args[0]) if dead.args else "M_UNKNOWN_TOKEN") from None
