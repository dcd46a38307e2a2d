"""One request: what comes of it, whatever the server or the network does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.gateway import Refused, SignedOut, TryLater
from bot.matrix import http as module
from bot.matrix.http import KEPT_OPEN, Http, NeedsAuth, SoftLogout, path_segment
from bot.matrix.sync.sync_loop import LONG_POLL
from tests.matrix.homeserver import TOKEN, Homeserver

WHOAMI = "/_matrix/client/v3/account/whoami"
Served = tuple[Homeserver, Http]


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    server = Homeserver()
    await server.start()
    http = Http(server.url, TOKEN)
    yield server, http
    await http.close()
    await server.stop()


def error(code: str, **more: object) -> bytes:
    return json.dumps({"errcode": code, "error": "words", **more}).encode()


async def test_an_answer_is_its_json_object(served: Served) -> None:
    _, http = served
    assert (await http.call("GET", WHOAMI))["device_id"] == "DEVICE"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, error("M_FORBIDDEN"), Refused),
        (400, error("M_ROOM_IN_USE"), Refused),
        (403, error("ORG.EXAMPLE-NET.MSC1_BUSY"), Refused),
        (403, error("\x1b[2J"), TryLater),
        (403, error("M_" + "X" * 63), TryLater),
        (413, b"<html>nginx</html>", Refused),
        (401, error("M_UNKNOWN_TOKEN"), SignedOut),
        (401, error("M_UNKNOWN_TOKEN", soft_logout=True), SoftLogout),
        (401, error("M_USER_LOCKED", soft_logout=True), TryLater),
        (401, b'{"flows": [], "session": "s"}', NeedsAuth),
        (403, error("M_RESOURCE_LIMIT_EXCEEDED"), TryLater),
        (502, b"<html>Bad Gateway</html>", TryLater),
        (500, error("M_UNKNOWN"), TryLater),
        (404, b"<html>no such page</html>", TryLater),
        (302, b"", TryLater),
        (200, b"<html>a hotel's login page</html>", TryLater),
        (200, b"[]", TryLater),
        (200, b'{"a": ' + b"[" * 100_000, TryLater),
    ],
)
async def test_failures_are_final_or_for_later_or_the_end(
    served: Served, status: int, body: bytes, expected: type[Exception]
) -> None:
    server, http = served
    server.trouble.append((status, body))
    with pytest.raises(expected) as found:
        await http.call("GET", WHOAMI)
    assert type(found.value) is expected


@pytest.mark.parametrize(
    ("body", "headers", "after"),
    [
        (error("M_LIMIT_EXCEEDED", retry_after_ms=2500), {}, timedelta(seconds=2.5)),
        (error("M_LIMIT_EXCEEDED"), {"Retry-After": "7"}, timedelta(seconds=7)),
        (error("M_LIMIT_EXCEEDED", retry_after_ms=10**12), {}, module.LONGEST_RETRY_AFTER),
        (error("M_LIMIT_EXCEEDED", retry_after_ms="soon"), {}, None),
        (b"slow down", {}, None),
    ],
)
async def test_a_server_may_ask_us_to_wait(
    served: Served, body: bytes, headers: dict[str, str], after: timedelta | None
) -> None:
    server, http = served
    server.trouble.append((429, body, headers))
    with pytest.raises(TryLater) as found:
        await http.call("GET", WHOAMI)
    assert found.value.after == after


async def test_a_black_hole_ends_in_time(served: Served) -> None:
    server, http = served
    server.trouble.append("hang")
    with pytest.raises(TryLater):
        await http.call("GET", WHOAMI, timeout=0.1)


class Callers:
    """A server that answers everything, and knows on which connection each request came."""

    def __init__(self) -> None:
        self.connections: list[int] = []
        self._opened = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it is closed."""
        self._opened += 1
        number = self._opened
        with contextlib.suppress(asyncio.IncompleteReadError), contextlib.closing(writer):
            while await reader.readuntil(b"\r\n\r\n"):
                self.connections.append(number)
                head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2"
                writer.write(f"{head}\r\n\r\n{{}}".encode())


@pytest.mark.parametrize("seconds", [KEPT_OPEN, 0.0])
async def test_beside_a_sync_there_is_always_a_connection_open(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KEPT_OPEN > LONG_POLL, "the one that does not sync is closed meanwhile"
    monkeypatch.setattr(module, "KEPT_OPEN", seconds)
    callers = Callers()
    async with await asyncio.start_server(callers.answer, "127.0.0.1", 0) as server:
        http = Http(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await asyncio.gather(http.call("GET", WHOAMI), http.call("GET", WHOAMI))
        for _ in range(4):
            await http.call("GET", WHOAMI)
        await http.close()
    first, second, *again = callers.connections[2:]
    kept = {first, second} == {1, 2} and again == [first, second]
    assert kept == bool(seconds)


async def test_nobody_listens(served: Served) -> None:
    server, http = served
    await server.stop()
    with pytest.raises(TryLater):
        await http.call("GET", WHOAMI)


async def test_the_token_is_in_no_error(served: Served) -> None:
    server, http = served
    server.trouble += [(403, error("M_FORBIDDEN")), "hang"]
    for _ in range(2):
        with pytest.raises((Refused, TryLater)) as found:
            await http.call("GET", WHOAMI, timeout=0.1)
        assert TOKEN not in "".join(traceback.format_exception(found.value))
        assert found.value.__cause__ is None


async def test_no_answer_is_read_without_end(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, http = served
    monkeypatch.setattr(module, "MOST_ANSWER_BYTES", 1000)
    server.trouble.append((200, b" " * 2000))
    with pytest.raises(TryLater):
        await http.call("GET", WHOAMI)
    server.blobs["big"] = b"x" * 300_000
    with pytest.raises(Refused, match="M_TOO_LARGE"):
        await http.download("/_matrix/client/v1/media/download/one/big", 200_000)


async def test_what_no_database_takes_is_mended(served: Served) -> None:
    server, http = served
    digits = b"9" * 5000
    server.trouble.append((200, b'{"a": ["\\ud800x"], "b": ' + digits + b"}"))
    assert await http.call("GET", WHOAMI) == {"a": ["?x"], "b": 0}
    server.trouble.append((200, b'{"a": "\xed\xa0\x80x", "b": "\xff"}'))
    answer = await http.call("GET", WHOAMI)
    assert answer == {"a": "\ufffd\ufffd\ufffdx", "b": "\ufffd"}


@pytest.mark.parametrize("wild", ["../admin", "a/b", "!r?x=1", "#f", "%2e%2e", "!ñ:é"])
def test_an_id_stays_one_segment_of_the_path(wild: str) -> None:
    assert not set(path_segment(wild)) & set("/?#") and ".." not in path_segment(wild).replace(
        "..%2F", ""
    )
