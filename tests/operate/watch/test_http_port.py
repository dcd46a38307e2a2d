"""The port for monitoring, on a real socket: what it answers, and what it survives."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.demo.loopback import free_port
from bot.operate.watch import http_port
from bot.operate.watch.condition import Condition
from bot.operate.watch.lookout import Lookout
from bot.testing.talk import Talk
from storage.files import backup_records
from tests.operate.watch.scene import lookout


@asynccontextmanager
async def serving(at: Lookout, token: str | None = None) -> AsyncIterator[str]:
    """The port is open at the address that is given back."""
    listen = f"127.0.0.1:{free_port()}"
    run = asyncio.create_task(http_port.serve(at, listen, token))
    try:
        await reach(listen)
        yield listen
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def reach(listen: str) -> None:
    host, _colon, port = listen.partition(":")
    async with asyncio.timeout(60):
        while True:
            try:
                _reader, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            await writer.wait_closed()
            return


async def ask(listen: str, path: str, token: str = "", method: str = "GET") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://{listen}{path}", headers=headers) as answer,
    ):
        assert "aiohttp" not in str(answer.headers), "what runs here is nobody's business"
        return answer.status, await answer.text()


async def say(listen: str, what: bytes) -> bytes:
    """What comes back until the other side ends the connection."""
    host, _colon, port = listen.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(what)
    async with asyncio.timeout(60):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


async def ready(talk: Talk) -> Lookout:
    talk.machine.dispatcher.contact.mark_handled(talk.clock.at)
    backup_records.note_backup(talk.machine.db.path.parent)
    return lookout(talk)


async def test_it_is_alive_before_it_is_ready(talk: Talk) -> None:
    async with serving(lookout(talk)) as here:
        assert await ask(here, "/healthz") == (200, "ok\n")
        assert await ask(here, "/readyz") == (503, "catching_up\n")
    async with serving(await ready(talk)) as here:
        assert await ask(here, "/readyz") == (200, "ready\n")
        assert (await ask(here, "/readyz", method="HEAD"))[0] == 200
        assert "\nminga_ready 1.0\n" in (await ask(here, "/metrics"))[1]
        assert (await ask(here, "/"))[0] == (await ask(here, "/metrics/x"))[0] == 404


async def test_with_a_token_nobody_learns_anything_without_it(talk: Talk) -> None:
    async with serving(await ready(talk), "tok\u00e9n") as here:
        for path in ("/healthz", "/readyz", "/metrics", "/other"):
            assert await ask(here, path) == (401, "")
            assert await ask(here, path, "token") == (401, "")
        assert await ask(here, "/readyz", "tok\u00e9n") == (200, "ready\n")


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /readyz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        b"GET /readyz HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n",
        b"GET /readyz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_a_body_or_another_method_is_refused_and_the_connection_ends(
    talk: Talk, request_text: bytes
) -> None:
    async with serving(await ready(talk)) as here:
        assert (await say(here, request_text)).startswith(b"HTTP/1.1 405 ")


async def test_malformed_requests_end_at_once_and_leave_no_line_in_the_log(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    junk = (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /readyz HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET /readyz HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"GET \xff\xfe HTTP/9.9\r\n\r\n",
    )
    async with serving(await ready(talk)) as here:
        with capture_logs() as logs:
            for one in junk:
                said = await say(here, one)
                assert b" 200 " not in said
                assert b"aiohttp" not in said
        assert logs == []
        assert (await ask(here, "/readyz"))[0] == 200
    assert [line.name for line in caplog.records if line.name.startswith("aiohttp")] == []


async def test_a_bug_of_ours_is_in_the_log(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_self: Lookout) -> Condition:
        raise KeyError("x")

    monkeypatch.setattr(Lookout, "look", broken)
    async with serving(lookout(talk)) as here:
        with capture_logs() as logs:
            assert await ask(here, "/readyz") == (500, "")
    assert [line["event"] for line in logs] == ["watch.failed"]


async def test_one_connection_carries_one_request(talk: Talk) -> None:
    twice = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 5
    async with serving(await ready(talk)) as here:
        assert (await say(here, twice)).count(b"HTTP/1.1 200") == 1


async def test_whoever_dawdles_is_ended_and_holds_up_nobody(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_port, "PATIENCE", 0.3)
    async with serving(await ready(talk)) as here:
        idle = [asyncio.create_task(say(here, b"GET /readyz HT")) for _ in range(8)]
        assert (await ask(here, "/readyz"))[0] == 200
        assert set(await asyncio.gather(*idle)) <= {b""}


async def test_more_connections_than_a_few_are_ended_at_once(talk: Talk) -> None:
    async with serving(await ready(talk)) as here:
        host, _colon, port = here.partition(":")
        held = [
            await asyncio.open_connection(host, int(port))
            for _ in range(http_port.MOST_CONNECTIONS)
        ]
        assert await say(here, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == b""
        for _reader, writer in held:
            writer.close()
            await writer.wait_closed()
        assert (await ask(here, "/healthz"))[0] == 200


async def test_many_questions_are_one_look(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, look = 0, Lookout._look

    async def counted(self: Lookout, now: object) -> Condition:
        nonlocal looks
        looks += 1
        return await look(self, talk.clock.at)

    monkeypatch.setattr(Lookout, "_look", counted)
    async with serving(await ready(talk)) as here:
        for _ in range(50):
            found = await asyncio.gather(*(ask(here, "/readyz") for _ in range(10)))
            assert {status for status, _said in found} == {200}
    assert looks == 1


async def test_a_flood_is_not_read(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_port, "MOST_PER_MINUTE", 6)
    async with serving(await ready(talk)) as here:  # which asked once itself
        found = [await say(here, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(7)]
    assert [b" 200 " in one for one in found] == [True] * 5 + [False] * 2


async def test_a_database_that_does_not_answer_is_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_port, "LOOK_PATIENCE", 0.1)
    async with serving(await ready(talk)) as here, talk.machine.db.transaction():
        assert await ask(here, "/readyz") == (503, "database\n")
        assert (await ask(here, "/metrics"))[0] == 503
        assert await ask(here, "/healthz") == (200, "ok\n")


async def test_a_port_that_is_taken_is_said_and_tried_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, sleep = asyncio.Event(), asyncio.sleep

    async def waits(seconds: float) -> None:
        assert seconds == http_port.REOPEN_INTERVAL
        said.set()
        await sleep(0.05)

    monkeypatch.setattr(http_port, "_sleep", waits)
    at = await ready(talk)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with capture_logs() as logs:
            run = asyncio.create_task(http_port.serve(at, listen, None))
            async with asyncio.timeout(60):
                await said.wait()
        assert {(line["event"], line["log_level"]) for line in logs} == {("watch.closed", "error")}
    await reach(listen)
    assert (await ask(listen, "/healthz"))[0] == 200
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
