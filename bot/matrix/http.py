"""The client-server API over HTTP: JSON in and out, with three kinds of failure."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from yarl import URL

from bot.gateway import Refused, SignedOut, TryLater

MOST_ANSWER_BYTES = 128 * 2**20
"""Limit of an answer: a first sync of many rooms fits, an endless body does not."""
KEPT_OPEN = 50.0
"""Seconds that a connection stays open unused. Connections are used in turns, and a sync takes one
for half a minute at most: so a second one is always open, and an answer waits for no handshake.
Many servers close theirs after a minute."""
LONGEST_RETRY_AFTER = timedelta(minutes=10)
"""Limit for a server's request to wait."""
Query = Mapping[str, str] | Sequence[tuple[str, str]]
_TOO_LARGE = "too_large"
_CHUNK = 64 * 1024
_CODE = re.compile(r"[\w.\-]{1,64}", re.ASCII)
"""Error codes (spec §Standard error response). They are shown to people and in terminals."""
_LIFTABLE = frozenset({"M_USER_LOCKED", "M_USER_SUSPENDED", "M_RESOURCE_LIMIT_EXCEEDED"})
"""Refusals that an administrator can lift. Messages are kept until then."""


class NeedsAuth(Refused):
    """401 with user-interactive authentication (spec §User-interactive authentication API).

    `body` is the server's answer with `session` and `flows`.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__("M_NEEDS_AUTH")
        self.body = body


class SoftLogout(SignedOut):
    """The token is dead but the device lives: log in again with the same device."""


@lru_cache(256)
def path_segment(value: str) -> str:
    """Quote an untrusted value as one segment of a path, and return it."""
    return quote(value, safe="")


class Http:
    """A session with a homeserver. Its token never appears in a log, a URL or an error.

    Every request ends within its timeout. Raises `Refused` for good, `TryLater` for network and
    server trouble or rate limits, and `SignedOut` if the token is dead.
    """

    def __init__(self, homeserver: str, token: str = "") -> None:
        self._base = homeserver.rstrip("/")
        self.token = token
        self._session: aiohttp.ClientSession | None = None
        self.before_change: Callable[[], Awaitable[None]] | None = None
        """Awaited before each request that may change something. An exception cancels it."""
        self.renew: Callable[[str], Awaitable[None]] | None = None
        """Awaited with a token that was softly logged out, to set a fresh one in its place."""
        self.explain: Callable[[SignedOut], SignedOut] | None = None
        """Returns what to raise for a dead token: what an operator has to do about it."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Query | None = None,
        timeout: float = 60,  # noqa: ASYNC109 - a deadline of the request, not of the caller
        checked: bool = True,
    ) -> dict[str, Any]:
        """Make one API request and return the answer's JSON object. `timeout` is in seconds."""
        if checked and method != "GET" and self.before_change is not None:
            await self.before_change()
        data = None if body is None else json.dumps(body).encode()
        raw = await self._ask(
            method, path, data, "application/json", query, timeout, MOST_ANSWER_BYTES
        )
        return _as_object(_parse_json(raw))

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        timeout: float = 60,  # noqa: ASYNC109 - a deadline of the request, not of the caller
    ) -> dict[str, Any]:
        """Send a form, as OAuth 2.0 wants it, and return the answer's JSON object."""
        data, mime = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        raw = await self._ask("POST", path, data, mime, None, timeout, MOST_ANSWER_BYTES)
        return _as_object(_parse_json(raw))

    async def get_list(self, path: str) -> list[dict[str, Any]]:
        """Return the objects of a GET answer that is an array (`/rooms/{id}/state`)."""
        found = _parse_json(await self._ask("GET", path, None, "", None, 60, MOST_ANSWER_BYTES))
        if not isinstance(found, list):
            raise TryLater("bad_json")
        return [entry for entry in found if isinstance(entry, dict)]

    async def upload(self, data: bytes, mime: str = "application/octet-stream") -> str:
        """Store a blob without a name. Return its `mxc:` address (spec §Content repository)."""
        if self.before_change is not None:
            await self.before_change()
        raw = await self._ask(
            "POST", "/_matrix/media/v3/upload", data, mime, None, 300, MOST_ANSWER_BYTES
        )
        address = _as_object(_parse_json(raw)).get("content_uri")
        if not isinstance(address, str):
            raise TryLater("bad_json")
        return address

    async def download(self, path: str, cap: int) -> bytes:
        """Return a blob. Raises `Refused("M_TOO_LARGE")` after `cap` bytes, whatever its header
        says."""
        try:
            return await self._ask("GET", path, None, "", None, 120, cap)
        except TryLater as later:
            if later.code == _TOO_LARGE:
                raise Refused("M_TOO_LARGE") from None
            raise

    async def _ask(
        self,
        method: str,
        path: str,
        data: bytes | None,
        mime: str,
        query: Query | None,
        seconds: float,
        cap: int,
    ) -> bytes:
        """Make a request; after a soft logout once more, with the fresh token of `renew`.

        A server that does not take the fresh one either is in trouble: `TryLater`.
        """
        token = self.token
        request = partial(self._request, method, path, data, mime, query, seconds, cap)
        try:
            return await request()
        except SignedOut as dead:
            if self.renew is None or not isinstance(dead, SoftLogout):
                raise (self.explain(dead) if self.explain is not None else dead) from None
            await self.renew(token)
        try:
            return await request()
        except SoftLogout as again:
            raise TryLater(str(again)) from None

    async def _request(
        self,
        method: str,
        path: str,
        data: bytes | None,
        mime: str,
        query: Query | None,
        seconds: float,
        cap: int,
    ) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    keepalive_timeout=KEPT_OPEN, ssl=_read_authorities(self._base)
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if data is not None:
            headers["Content-Type"] = mime
        try:
            async with self._session.request(
                method,
                URL(self._base + path, encoded=True),
                params=query,
                data=data,
                headers=headers,
                allow_redirects=False,
                timeout=_limit(seconds),
            ) as answer:
                if answer.status < 300:
                    return await _read_body(answer, cap)
                raise _failure_of(answer, await _read_body(answer, MOST_ANSWER_BYTES))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            # Without its cause: aiohttp's errors can contain request headers, and so the token.
            raise TryLater(type(error).__name__) from None


def _read_authorities(homeserver: str) -> ssl.SSLContext | bool:
    """Read which certificates are good for a homeserver; one that is asked without needs none."""
    if urlsplit(homeserver).scheme != "https":
        return True
    good = ssl.create_default_context()
    good.set_alpn_protocols(("http/1.1",))
    return good


@lru_cache(16)
def _limit(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(10, seconds))


async def _read_body(answer: aiohttp.ClientResponse, cap: int) -> bytes:
    """Read the body, counting while it streams in: Content-Length is not trusted."""
    held = bytearray()
    while chunk := await answer.content.read(_CHUNK):
        held += chunk
        if len(held) > cap:
            answer.close()
            raise TryLater(_TOO_LARGE)
    return bytes(held)


def _failure_of(answer: aiohttp.ClientResponse, raw: bytes) -> Exception:
    """Return the exception for a status and body. An answer that is not Matrix comes from a
    proxy."""
    body: dict[str, Any] = {}
    try:
        body = _as_object(_parse_json(raw))
    except TryLater:
        if answer.status == 413:
            return Refused("M_TOO_LARGE")
    told = body.get("errcode")
    code = told if isinstance(told, str) and _CODE.fullmatch(told) else None
    if answer.status == 429 or code == "M_LIMIT_EXCEEDED":
        return TryLater("M_LIMIT_EXCEEDED", _retry_after(body, answer.headers.get("Retry-After")))
    if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
        return (SoftLogout if body.get("soft_logout") is True else SignedOut)(code)
    if answer.status == 401 and isinstance(body.get("flows"), list):
        return NeedsAuth(body)
    if code is None or not 400 <= answer.status < 500 or code in _LIFTABLE:
        after = _retry_after({}, answer.headers.get("Retry-After"))
        return TryLater(f"http_{answer.status}", after)
    detail = body.get("error")
    return Refused(code, detail[:200] if isinstance(detail, str) else "")


def _retry_after(body: Mapping[str, Any], header: str | None) -> timedelta | None:
    """Return `retry_after_ms`, or since v1.10 the header `Retry-After` in seconds, within
    bounds."""
    told = body.get("retry_after_ms")
    if isinstance(told, int) and told >= 0:
        return min(timedelta(milliseconds=min(told, 10**9)), LONGEST_RETRY_AFTER)
    if header is not None and header.isdecimal():
        return min(timedelta(seconds=min(int(header[:9]), 10**6)), LONGEST_RETRY_AFTER)
    return None


def _as_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TryLater("bad_json")
    return value


def _parse_json(raw: bytes) -> Any:
    """Parse a server's JSON, which may carry strangers' text. Raises `TryLater` if it is none."""
    try:
        value = _DECODER.decode(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise TryLater("bad_json") from None
    # Escapes of JSON can be lone surrogates, which no database takes.
    return _remove_surrogates(value) if b"\\ud" in raw or b"\\uD" in raw else value


def _parse_int(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0


_DECODER = json.JSONDecoder(parse_int=_parse_int)


def _remove_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_remove_surrogates(entry) for entry in value]
    if isinstance(value, dict):
        return {_remove_surrogates(key): _remove_surrogates(entry) for key, entry in value.items()}
    return value
