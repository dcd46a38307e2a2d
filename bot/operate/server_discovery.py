"""Finds out whether a Matrix homeserver is at an address. For init and doctor."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.i18n import ToldError, _
from bot.lines import Line

TIMEOUT_SECONDS = 15
MOST_BYTES = 256 * 1024
"""Largest response that is read, in bytes."""


class Unreachable(ToldError):
    """No homeserver answers at that address. The message says what to check."""


@dataclass(frozen=True, slots=True)
class HomeserverAnswer:
    """A homeserver's address, its `Date` header, how long it took, and its spec versions."""

    address: str
    date: str | None
    milliseconds: int
    versions: tuple[str, ...]


async def probe_homeserver(address: str) -> HomeserverAnswer:
    """Return the answer of the homeserver whose client API is at `address`. Raises
    `Unreachable`.
    """
    began = time.monotonic()
    status, body, headers = await _get(f"{address}/_matrix/client/versions", follow=False)
    took = int((time.monotonic() - began) * 1000)
    if isinstance(body, Mapping) and isinstance(body.get("versions"), list):
        versions = tuple(one for one in body["versions"] if isinstance(one, str))
        return HomeserverAnswer(address, headers.get("Date"), took, versions)
    if 300 <= status < 400:
        where = headers.get("Location", "")[:200]
        raise Unreachable(
            _(
                "{address} sends elsewhere ({where}). Give that address, if it is the client API;"
                " if a network's portal is in between, sign in there first.",
                address=address,
                where=where if where.isascii() else "…",
            )
        )
    if status in (502, 503, 504):
        what = _(
            "answers {status}: something stands there, but the homeserver behind it is off",
            status=status,
        )
    else:
        what = _("answers, but is not a Matrix homeserver")
    raise Unreachable(
        _("{address} {what}. Give the address of the client API.", address=address, what=what)
    )


async def find_server_name(address: str) -> str | None:
    """Return the name with which the homeserver at `address` signs, or None if it can't be asked
    there.

    It can where its federation API answers at the same address (spec §Publishing Keys).
    """
    try:
        _status, body, _headers = await _get(f"{address}/_matrix/key/v2/server", follow=False)
    except Unreachable:
        return None
    name = body.get("server_name") if isinstance(body, Mapping) else None
    return name if isinstance(name, str) and name.isascii() and len(name) <= 255 else None


async def find_homeserver(typed: str) -> str:
    """Return the address of the client API for what an operator typed: a URL or a server's name.

    The server's well-known file (spec §Well-known URI) is untrusted and only read if no homeserver
    answers at the address itself. Raises `Unreachable`.
    """
    address = (typed if "://" in typed else f"https://{typed}").rstrip("/")
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError
    except ValueError:
        raise Unreachable(
            _("{typed} is not an address. One looks like https://example.org", typed=typed)
        ) from None
    try:
        return (await probe_homeserver(address)).address
    except Unreachable as unreachable:
        named = await _well_known(f"{parts.scheme}://{parts.netloc}")
        if named is None:
            raise
        try:
            return (await probe_homeserver(named)).address
        except Unreachable as other:
            named_line = _("Its well-known file names {other}", other=other.lines[0])
            raise Unreachable(*unreachable.lines, named_line) from None


async def _well_known(origin: str) -> str | None:
    """Return the address in a server's well-known file, or None."""
    try:
        _status, body, _headers = await _get(f"{origin}/.well-known/matrix/client", follow=True)
    except Unreachable:
        return None
    server = body.get("m.homeserver") if isinstance(body, Mapping) else None
    named = server.get("base_url") if isinstance(server, Mapping) else None
    if not isinstance(named, str) or not named.isascii() or len(named) > 500:
        return None
    try:
        parts = urlsplit(named)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return named.rstrip("/") if usable else None


async def _get(url: str, *, follow: bool) -> tuple[int, Any, Mapping[str, str]]:
    """Return status, JSON (or None) and headers. Raises `Unreachable`."""
    address = url.partition("/_matrix")[0].partition("/.well-known")[0]
    try:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(
                url,
                allow_redirects=follow,
                max_redirects=5,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            ) as answer,
        ):
            held = bytearray()
            async for chunk in answer.content.iter_chunked(MOST_BYTES):
                held += chunk
                if len(held) > MOST_BYTES:
                    return answer.status, None, answer.headers
            return answer.status, _json(bytes(held)), answer.headers
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise Unreachable(
            _(
                "{address} does not answer: {why}",
                address=address,
                why=_explain_error(error),
            )
        ) from None


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _explain_error(error: Exception) -> Line:
    """Explain an aiohttp error to an operator."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _explain_certificate(error.certificate_error)
        case aiohttp.ClientConnectorDNSError():
            return _("there is no server of this name: is it spelt right?")
        case aiohttp.ClientSSLError():
            return _("it does not speak TLS there: http instead of https, or another port?")
        case aiohttp.ClientConnectorError():
            return _("nothing listens there: is the homeserver on, and the port right?")
        case TimeoutError():
            return _(
                "not within {seconds} seconds. Is it overloaded, or a firewall in between?",
                seconds=TIMEOUT_SECONDS,
            )
        case _:
            return _("what comes is not HTTP ({kind}).", kind=type(error).__name__)


def _explain_certificate(error: Exception) -> Line:
    """Explain why this machine does not take a certificate (codes of X509_V_ERR, OpenSSL)."""
    match error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0:
        case 9:
            return _("its TLS certificate is not valid yet: is this machine's clock right? date")
        case 10:
            return _(
                "its TLS certificate has run out: whoever runs it renews it (certbot renew), unless"
                " this machine's clock is wrong: date"
            )
        case 62 | 64:
            return _(
                "its TLS certificate is for another name: type the name that people's apps use, not"
                " a number or localhost."
            )
        case 20 | 21:
            return _(
                "its TLS certificate is not one that this machine trusts: whoever runs it sends the"
                " whole chain (fullchain.pem). With a certificate authority of your own:"
                " SSL_CERT_FILE=/path/to/ca.pem"
            )
    return _(
        "its TLS certificate is not one that this machine trusts. With a"
        " certificate authority of your own: SSL_CERT_FILE=/path/to/ca.pem"
    )
