"""Connections to one HTTP server, kept open: each carries one request at a time.

For a small request aiohttp's client needs four times the processor time (docs/decisions/0076).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.matrix.http_parsing import BadAnswer, HttpAnswer, TooLarge, read_answer

MOST_OPEN = 100
"""Limit of connections that are open at once. Further requests wait for one to be free."""
LONGEST_CONNECT = 10.0
"""Seconds until a connection must stand."""
EARLIER_ADDRESS = 0.25
"""Seconds after which a server's next address is tried beside the first (RFC 8305)."""
_REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
"""What may be asked again where a kept connection was closed before anything came (RFC 9110,
9.2.2)."""
_TARGET = re.compile(r"/[\x21-\x7e]*", re.ASCII)
_VALUE = re.compile(r"[^\x00-\x1f\x7f]*")


class NoConnection(OSError):
    """The server could not be reached."""


class Disconnected(OSError):
    """The connection broke off before the answer was whole."""


class Server(NamedTuple):
    """Where requests go: `prefix` stands before each path, `authority` is what `Host` says."""

    host: str
    port: int
    authority: str
    prefix: str
    is_secure: bool


class Connections:
    """All connections to the server of an address such as `https://example.org`.

    One that was not used for `kept_open` seconds is not used again.
    """

    def __init__(self, address: str, kept_open: float) -> None:
        self._address = address
        self._server: Server | None = None
        self._kept_open = kept_open
        self._idle: deque[tuple[float, ServerConnection]] = deque()
        self._open: set[ServerConnection] = set()
        self._slots = asyncio.Semaphore(MOST_OPEN)

    async def close(self) -> None:
        """Close them all. Requests under way raise `Disconnected`."""
        ending = list(self._open)
        for one in ending:
            one.abort()
        await asyncio.gather(*(one.gone for one in ending))

    async def request(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        data: bytes | None,
        *,
        seconds: float,
        cap: int,
    ) -> HttpAnswer:
        """Make a request and return its answer. `target` is the path with its query, quoted.

        Raises `TimeoutError` after `seconds`, `NoConnection` and other `OSError`s where the network
        fails, `BadAnswer` for what is not HTTP, `TooLarge` for a body over `cap` bytes, and
        `ValueError` for a target or header that would be more than that.
        """
        server = self._server = self._server or parse_address(self._address)
        sent = _write_request(server, method, target, headers, data)
        async with asyncio.timeout(seconds), self._slots:
            while (kept := self._take()) is not None:
                try:
                    return await self._exchange(kept, sent, cap)
                except Disconnected:
                    if kept.has_heard or method not in _REPEATABLE:
                        raise
            return await self._exchange(await self._connect(server, seconds), sent, cap)

    async def _exchange(self, connection: ServerConnection, sent: bytes, cap: int) -> HttpAnswer:
        is_kept = False
        try:
            answer = await connection.exchange(sent, cap)
            is_kept = answer.keeps_open and connection.rest()
        finally:
            if not is_kept:
                connection.abort()
        if is_kept:
            self._idle.append((asyncio.get_running_loop().time(), connection))
        return answer

    def _take(self) -> ServerConnection | None:
        """Return the connection that was unused for longest, or None: they are used in turns."""
        since = asyncio.get_running_loop().time() - self._kept_open
        while self._idle:
            rested, connection = self._idle.popleft()
            if rested > since and connection.is_open:
                return connection
            connection.abort()
        return None

    async def _connect(self, server: Server, seconds: float) -> ServerConnection:
        loop, secure = asyncio.get_running_loop(), _trust() if server.is_secure else None
        try:
            async with asyncio.timeout(min(LONGEST_CONNECT, seconds)):
                _, connection = await loop.create_connection(
                    ServerConnection,
                    server.host,
                    server.port,
                    ssl=secure,
                    happy_eyeballs_delay=EARLIER_ADDRESS,
                )
        except (TimeoutError, UnicodeError) as error:  # UnicodeError: no name of a host
            raise NoConnection(type(error).__name__) from None
        self._open.add(connection)
        connection.gone.add_done_callback(lambda _: self._open.discard(connection))
        return connection


class ServerConnection(asyncio.Protocol):
    """One connection. It takes nothing that nobody asked for: it closes then."""

    def __init__(self) -> None:
        self.gone = asyncio.get_running_loop().create_future()
        """Done when it is closed."""
        self.has_heard = False
        """Whether anything came since the last request."""
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._news: asyncio.Future[None] | None = None
        self._is_asked = False
        self._has_ended = False

    @property
    def is_open(self) -> bool:
        """Whether a request can be sent."""
        transport = self._transport
        return transport is not None and not self._has_ended and not transport.is_closing()

    async def exchange(self, sent: bytes, cap: int) -> HttpAnswer:
        """Send a request and return the answer to it. Raises as `Connections.request` does."""
        if self._transport is None or not self.is_open:
            raise Disconnected("closed")
        self._is_asked, self.has_heard = True, False
        self._transport.write(sent)
        return await read_answer(self, cap)

    def rest(self) -> bool:
        """Let the connection wait for the next request. Return whether it can: nothing came beyond
        the answer."""
        self._is_asked = False
        return self.is_open and not self._held

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    # --- what `read_answer` reads -----------------------------------------------------------------

    async def read_through(self, end: bytes, limit: int) -> bytes:
        start = 0
        while (at := self._held.find(end, start)) < 0:
            if len(self._held) > limit:
                raise BadAnswer("head")
            start = max(len(self._held) - len(end) + 1, 0)
            await self._wait()
        found = self._take(at)
        del self._held[: len(end)]
        return found

    async def read_exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            await self._wait()
        return self._take(count)

    async def read_to_end(self, limit: int) -> bytes:
        while not self._has_ended:
            if len(self._held) > limit:
                raise TooLarge
            await self._hear()
        if self.gone.done() and self.gone.result() is not None:
            raise Disconnected("body")
        return self._take(len(self._held))

    def _take(self, count: int) -> bytes:
        found = bytes(memoryview(self._held)[:count])
        del self._held[:count]
        return found

    async def _wait(self) -> None:
        """Wait until more came. Raises `Disconnected` if nothing more will."""
        if self._has_ended:
            raise Disconnected("early")
        await self._hear()

    async def _hear(self) -> None:
        self._news = asyncio.get_running_loop().create_future()
        try:
            await self._news
        finally:
            self._news = None

    # --- asyncio's protocol -----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._is_asked:
            self.abort()
            return
        self.has_heard = True
        self._held += data
        self._tell()

    def eof_received(self) -> None:
        self._has_ended = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._has_ended = True
        if not self.gone.done():
            self.gone.set_result(exc)
        self._tell()

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


def parse_address(address: str) -> Server:
    """Return the server of an address. Raises `NoConnection` for what is none."""
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise NoConnection("address") from None
    if parts.scheme not in ("http", "https") or not host or not _TARGET.fullmatch(f"/{parts.path}"):
        raise NoConnection("address")
    is_secure = parts.scheme == "https"
    authority = parts.netloc.rpartition("@")[2]
    if not authority.isascii():
        host = host.encode("idna").decode()
        authority = host if port is None else f"{host}:{port}"
    usual = 443 if is_secure else 80
    return Server(host, port or usual, authority, parts.path.rstrip("/"), is_secure)


def _write_request(
    server: Server, method: str, target: str, headers: Mapping[str, str], data: bytes | None
) -> bytes:
    """Return the bytes of a request. Raises `ValueError` for what would end a line."""
    if not _TARGET.fullmatch(target) or not all(map(_VALUE.fullmatch, headers.values())):
        raise ValueError("not a target or header of HTTP")
    lines = [f"{method} {server.prefix}{target} HTTP/1.1", f"Host: {server.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if data is not None or method != "GET":
        lines.append(f"Content-Length: {len(data or b'')}")
    return "\r\n".join([*lines, "", ""]).encode() + (data or b"")


@cache
def _trust() -> ssl.SSLContext:
    """Return what decides which certificates count: as on this machine, or by `SSL_CERT_FILE`."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
