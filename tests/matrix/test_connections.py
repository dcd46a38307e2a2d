"""Connections that stay open, are closed by the other side, or were never to be had."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.matrix.connections import Connections, Disconnected, NoConnection, parse_address
from bot.matrix.http_parsing import BadAnswer, TooLarge

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Reply = Callable[[int], bytes | None]
"""By the number of the request among all of a server: what comes back. None: it closes instead."""


class Server:
    """Notes the connection and the first line of each request."""

    def __init__(self, reply: Reply) -> None:
        self.asked: list[tuple[int, str]] = []
        self.opened = 0
        self.writers: list[asyncio.StreamWriter] = []
        self._reply = reply

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        number = self.opened
        self.writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length or b"0"))
                self.asked.append((number, head.split(b"\r\n")[0].decode()))
                said = self._reply(len(self.asked))
                if said is None:
                    break
                writer.write(said)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(reply: Reply = lambda _: FINE) -> AsyncIterator[tuple[Server, Connections]]:
    server = Server(reply)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        connections = Connections(f"http://127.0.0.1:{port}/prefix/", 50)
        yield server, connections
        await connections.close()


async def ask(connections: Connections, method: str = "GET", cap: int = 1000) -> bytes:
    data = b"{}" if method != "GET" else None
    answer = await connections.request(method, "/a?b=c", {}, data, seconds=20, cap=cap)
    return answer.body


async def test_one_after_the_other_they_share_a_connection() -> None:
    async with serving() as (server, connections):
        assert [await ask(connections) for _ in range(3)] == [b"{}"] * 3
    assert server.asked == [(1, "GET /prefix/a?b=c HTTP/1.1")] * 3


async def test_side_by_side_each_has_its_own_and_its_own_answer() -> None:
    async with serving() as (server, connections):
        await asyncio.gather(*(ask(connections, "PUT") for _ in range(5)))
    assert server.opened == 5


@pytest.mark.parametrize("said", [FINE + b"more", b"HTTP/1.0" + FINE[8:]])
async def test_after_an_answer_that_says_more_or_ends_the_next_has_a_new_one(said: bytes) -> None:
    async with serving(lambda _: said) as (server, connections):
        await ask(connections)
        await ask(connections)
    assert [number for number, _ in server.asked] == [1, 2]


async def test_what_comes_unasked_is_no_answer() -> None:
    async with serving() as (server, connections):
        await ask(connections)
        server.writers[0].write(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
        await server.writers[0].wait_closed()
        assert await ask(connections) == b"{}"
    assert [number for number, _ in server.asked] == [1, 2]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_kept_connection_that_closes_at_the_question_is_asked_again(method: str) -> None:
    async with serving(lambda n: None if n == 2 else FINE) as (server, connections):
        await ask(connections)
        assert await ask(connections, method) == b"{}"
    assert [number for number, _ in server.asked] == [1, 1, 2]


async def test_what_may_be_asked_once_only_is_not_asked_again() -> None:
    async with serving(lambda n: None if n == 2 else FINE) as (server, connections):
        await ask(connections)
        with pytest.raises(Disconnected):
            await ask(connections, "POST")
    assert len(server.asked) == 2


async def test_an_answer_that_broke_off_is_not_asked_for_again() -> None:
    parts = {2: FINE[:20]}

    def reply(number: int) -> bytes:
        if number == 2:
            asyncio.get_running_loop().call_soon(server.writers[0].close)
        return parts.get(number, FINE)

    async with serving(reply) as (server, connections):
        await ask(connections)
        with pytest.raises(Disconnected):
            await ask(connections)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("said", "expected"), [(b"what?\r\n\r\n", BadAnswer), (FINE + b"", TooLarge)]
)
async def test_a_connection_is_not_kept_after_what_is_refused(
    said: bytes, expected: type[Exception]
) -> None:
    async with serving(lambda n: said if n == 1 else FINE) as (server, connections):
        with pytest.raises(expected):
            await ask(connections, cap=1)
        await ask(connections)
    assert [number for number, _ in server.asked] == [1, 2]


async def test_who_stops_waiting_leaves_no_answer_to_the_next() -> None:
    came = asyncio.Event()

    def reply(number: int) -> bytes:
        came.set()
        return b"" if number == 1 else FINE

    async with serving(reply) as (server, connections):
        asking = asyncio.create_task(ask(connections))
        await came.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await ask(connections) == b"{}"
    assert [number for number, _ in server.asked] == [1, 2]


async def test_closing_ends_what_is_under_way() -> None:
    came = asyncio.Event()

    def reply(_number: int) -> bytes:
        came.set()
        return b""

    async with serving(reply) as (_, connections):
        asking = asyncio.create_task(ask(connections))
        await came.wait()
        await connections.close()
        with pytest.raises(Disconnected):
            await asking


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http://a:x",
        "http://[::",
    ],
)
async def test_what_is_no_address_leads_nowhere(address: str) -> None:
    with pytest.raises(NoConnection):
        await ask(Connections(address, 50))


@pytest.mark.parametrize(
    ("address", "host", "port", "authority"),
    [
        ("https://example.org", "example.org", 443, "example.org"),
        ("http://[::1]:8008/x/", "::1", 8008, "[::1]:8008"),
        ("https://münchen.example:8448", "xn--mnchen-3ya.example", 8448, None),
    ],
)
def test_an_address_names_the_server(
    address: str, host: str, port: int, authority: str | None
) -> None:
    found = parse_address(address)
    named = authority or f"{host}:{port}"
    assert (found.host, found.port, found.authority) == (host, port, named)


@pytest.mark.parametrize("wild", [" ", "\r\n", "é", "\x7f"])
async def test_nothing_ends_the_line_of_a_request(wild: str) -> None:
    async with serving() as (server, connections):
        with pytest.raises(ValueError, match="not a target"):
            await connections.request("GET", f"/a{wild}b", {}, None, seconds=9, cap=9)
    assert not server.asked
