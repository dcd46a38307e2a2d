"""The port at which monitoring asks: `/healthz`, `/readyz` and `/metrics`.

It trusts nobody: few connections, ten a second, one short request on each, ten seconds for it, no
body.
"""

from __future__ import annotations

import asyncio
import hmac

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.clock import SystemClock
from bot.operate.watch.condition import Condition
from bot.operate.watch.config_watch import host_and_port
from bot.operate.watch.lookout import Lookout
from bot.operate.watch.metrics import render_metrics
from bot.run.stages.limits import Buckets
from storage.database import DatabaseError

log = structlog.get_logger(__name__)

MOST_CONNECTIONS = 16
MOST_PER_MINUTE = 600
"""Connections in a minute, and in one burst. What goes beyond is not even read."""
PATIENCE = 10.0
"""Seconds after which a connection ends, whatever it is doing."""
LOOK_PATIENCE = 5.0
"""Seconds that a look may take: longer only if something holds the database."""
MOST_HEAD_BYTES, MOST_HEADERS = 4096, 40
REOPEN_INTERVAL = 60.0
_sleep = asyncio.sleep


async def serve(lookout: Lookout, listen: str, token: str | None) -> None:
    """Answer monitoring's HTTP requests until cancelled. While another program has the port, try
    again each minute.

    The bot goes on without: people need it more than monitoring does, which sees it missing.
    """
    host, port = host_and_port(listen)
    door = _Door(_PortAnswers(lookout, token))
    while True:
        try:
            opened = await asyncio.get_running_loop().create_server(door, host, port)
        except OSError as error:
            log.error("watch.closed", listen=listen, error=error.strerror)  # noqa: TRY400
            await _sleep(REOPEN_INTERVAL)
            continue
        log.info("watch.open", listen=listen)
        try:
            await asyncio.Event().wait()  # for ever
        finally:
            opened.close()
            door.end_all()


class _PortAnswers:
    """Answers one request. The lookout's answers serve everybody for some seconds."""

    def __init__(self, lookout: Lookout, token: str | None) -> None:
        self._lookout = lookout
        self._wanted = None if token is None else f"Bearer {token}".encode()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the answer; the connection ends with it."""
        return _ended(await self._answer(request))

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if request.method not in ("GET", "HEAD") or request.body_exists:
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        if not self._may_ask(request):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        match request.path:
            case "/healthz":
                return web.Response(text="ok\n")
            case "/readyz":
                return await self._readiness()
            case "/metrics":
                return await self._metrics()
        return web.Response(status=404)

    def _may_ask(self, request: web.BaseRequest) -> bool:
        if self._wanted is None:
            return True
        shown = request.headers.get("Authorization", "").encode(errors="replace")
        return hmac.compare_digest(shown, self._wanted)

    async def _readiness(self) -> web.Response:
        found = await self._look()
        if found is None:
            return web.Response(status=503, text="database\n")
        if found.unready:
            return web.Response(status=503, text="".join(f"{one}\n" for one in found.unready))
        return web.Response(text="ready\n")

    async def _metrics(self) -> web.Response:
        found = await self._look()
        if found is None:
            return web.Response(status=503, text="database\n")
        return web.Response(
            body=render_metrics(found), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    async def _look(self) -> Condition | None:
        """Return how the bot is, or None if the database can't be asked."""
        try:
            async with asyncio.timeout(LOOK_PATIENCE):
                return await self._lookout.look()
        except (TimeoutError, DatabaseError) as error:
            log.warning("watch.blind", error=type(error).__name__)
            return None


def _ended(answer: web.Response) -> web.Response:
    """Return the answer as the last one of its connection, without a word of what runs here."""
    answer.headers.update({"Cache-Control": "no-store", "Server": "-"})
    answer.force_close()
    return answer


class _Visitor(RequestHandler):
    """One connection. What is malformed leaves no line in the log: anybody could fill it so."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be handled, with its status alone."""
        if not isinstance(exc, HttpProcessingError):
            log.error("watch.failed", exc_info=exc)
        return _ended(web.Response(status=status))


class _Door(web.Server):
    """Ends each connection in time, and takes few at once."""

    def __call__(self) -> RequestHandler:
        """Return the protocol of a new connection."""
        return _Visitor(self, loop=self._loop, **self._kwargs)

    def __init__(self, answers: _PortAnswers) -> None:
        super().__init__(
            answers,
            access_log=None,
            max_line_size=MOST_HEAD_BYTES,
            max_field_size=MOST_HEAD_BYTES,
            max_headers=MOST_HEADERS,
            lingering_time=0,
            keepalive_timeout=PATIENCE,
            handler_cancellation=True,
        )
        self._rate, self._clock = Buckets(), SystemClock()
        self._open: dict[RequestHandler, tuple[asyncio.Transport, asyncio.TimerHandle]] = {}

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Take a connection, or end it at once where there are too many."""
        super().connection_made(handler, transport)
        is_flood = not self._rate.take({"": MOST_PER_MINUTE}, self._clock.now())
        seconds = 0.0 if is_flood or len(self._open) >= MOST_CONNECTIONS else PATIENCE
        end = asyncio.get_running_loop().call_later(seconds, transport.abort)
        self._open[handler] = (transport, end)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection."""
        super().connection_lost(handler, exc)
        _transport, end = self._open.pop(handler)
        end.cancel()

    def end_all(self) -> None:
        """End all connections."""
        for transport, _end in self._open.values():
            transport.abort()
