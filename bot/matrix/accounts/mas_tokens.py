"""Registration tokens of the Matrix Authentication Service, by its admin API.

The client signs in with its own credentials (RFC 6749 §4.4) for `urn:mas:admin`, the only scope
that opens the API; MAS knows no smaller one. It signs in anew for each act.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.gateway import AccountTrouble, Refused, TryLater
from bot.matrix.fields import as_mapping
from bot.matrix.http import Http, path_segment

TOKENS = "/api/admin/v1/user-registration-tokens"
SITE = "/api/admin/v1/site-config"
SIGN_IN = "/oauth2/token"
SCOPE = "urn:mas:admin"
PATIENCE = 15.0
"""Seconds that the service has for an answer."""
PAGE, MOST_PAGES = 100, 50


class MasTokens:
    """Implements `AccountOffice` with the credentials of a client of the service."""

    def __init__(self, http: Http, client: str, secret: str) -> None:
        self._http = http
        self._client = client
        self._secret = secret

    async def trouble(self) -> AccountTrouble | None:
        """Return why no registration tokens can be made now, or None. Asks the service; raises
        nothing."""
        try:
            await self._sign_in()
            site = await self._call("GET", SITE)
        except Refused:
            return "refused"
        except TryLater:
            return "away"
        is_open = site.get("password_registration_enabled") is True
        return None if is_open else "closed"

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        """Create the registration token. One that exists already was made by an earlier try.

        Raises `Refused` and `TryLater`.
        """
        await self._sign_in()
        expires = until.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        wanted = {"token": token, "usage_limit": uses, "expires_at": expires}
        try:
            await self._call("POST", TOKENS, wanted)
        except Refused as refused:
            if refused.code != "http_409":
                raise

    async def withdraw(self, token: str) -> None:
        """Revoke the registration token. One that is not valid any more counts as revoked.

        Raises `Refused` and `TryLater`.
        """
        await self._sign_in()
        found = await self._find(token)
        if found is None:
            return
        try:
            await self._call("POST", f"{TOKENS}/{path_segment(found)}/revoke")
        except Refused as refused:
            if refused.code not in ("http_400", "http_404"):
                raise

    async def close(self) -> None:
        """Close the connection."""
        await self._http.close()

    async def _sign_in(self) -> None:
        """Get an access token of a few minutes. Raises `Refused` for wrong credentials."""
        self._http.token = ""
        fields = {
            "grant_type": "client_credentials",
            "scope": SCOPE,
            "client_id": self._client,
            "client_secret": self._secret,
        }
        try:
            answer = await self._http.post_form(SIGN_IN, fields, timeout=PATIENCE)
        except TryLater as later:
            raise _as_refusal(later) from None
        token = answer.get("access_token")
        if not isinstance(token, str) or not token.isascii() or len(token) > 4096:
            raise TryLater("bad_json")
        self._http.token = token

    async def _find(self, token: str) -> str | None:
        """Return the id of a valid token of this text, or None."""
        after = ""
        for _page in range(MOST_PAGES):
            query = {"filter[valid]": "true", "page[first]": str(PAGE)}
            if after:
                query["page[after]"] = after
            page = await self._call("GET", TOKENS, query=query)
            listed = page.get("data")
            rows = [as_mapping(one) for one in listed] if isinstance(listed, list) else []
            for row in rows:
                if as_mapping(row, "attributes").get("token") == token:
                    return _id(row)
            if len(rows) < PAGE:
                return None
            after = _id(rows[-1])
        return None

    async def _call(self, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """Call the admin API of MAS. Raises `Refused` and `TryLater`, by its status codes."""
        try:
            return await self._http.call(method, path, body, timeout=PATIENCE, **more)
        except TryLater as later:
            raise _as_refusal(later) from None


def _id(row: Mapping[str, Any]) -> str:
    found = row.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= 64:
        raise TryLater("bad_json")
    return found


def _as_refusal(later: TryLater) -> Refused | TryLater:
    """Return a refusal if the status says that trying again changes nothing."""
    status = later.code.removeprefix("http_")
    is_final = later.code != status and status.startswith("4") and status not in ("408", "429")
    return Refused(later.code) if is_final else later
