"""Responses of a server, byte for byte: what is read of them, and what is refused."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.http_parsing import (
    MOST_HEAD_BYTES,
    BadAnswer,
    HttpAnswer,
    TooLarge,
    read_answer,
)

CAP = 1000
OK = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(b"{}" * 200, mtime=0)


class Given:
    """Bytes that are all there already."""

    def __init__(self, held: bytes) -> None:
        self.held = held

    async def read_through(self, end: bytes, limit: int) -> bytes:
        found, at, self.held = self.held.partition(end)
        if len(found) > limit:
            raise BadAnswer("head")
        if not at:
            raise ConnectionError
        return found

    async def read_exactly(self, count: int) -> bytes:
        found, self.held = self.held[:count], self.held[count:]
        if len(found) < count:
            raise ConnectionError
        return found

    async def read_to_end(self, limit: int) -> bytes:
        if len(self.held) > limit:
            raise TooLarge
        return await self.read_exactly(len(self.held))


async def read(raw: bytes, cap: int = CAP) -> HttpAnswer:
    return await read_answer(Given(raw), cap)


@pytest.mark.parametrize(
    ("raw", "body", "keeps_open"),
    [
        (OK + b"Content-Length: 2\r\n\r\n{}", b"{}", True),
        (OK + b"content-length:2\r\nContent-Length: 2\r\n\r\n{}", b"{}", True),
        (OK + b"Content-Length: 2\r\nConnection: Close\r\n\r\n{}", b"{}", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}", False),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", b"{}", True),
        (OK + b"\r\nall until it closes", b"all until it closes", False),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", b"", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", b"{}", True),
        (OK + b"Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n00\r\nX: y\r\n\r\n", b"{}", True),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}",
            b"{}",
            True,
        ),
        (
            OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED,
            b"{}" * 200,
            True,
        ),
    ],
)
async def test_a_whole_response_is_read(raw: bytes, body: bytes, keeps_open: bool) -> None:
    answer = await read(raw)
    assert (answer.body, answer.keeps_open) == (body, keeps_open)


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_10.0\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + OK + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9 + OK + b"Content-Length: 0\r\n\r\n",
        OK + b"no colon\r\n\r\n",
        OK + b"A: b\r\n folded\r\n\r\n",
        OK + b"Content-Length : 2\r\n\r\n{}",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}!",
        OK + b"Content-Length: -2\r\n\r\n{}",
        OK + "Content-Length: ²\r\n\r\n{}".encode("latin-1"),
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        OK + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + PACKED[:9],
        OK + b"X: " + b"x" * MOST_HEAD_BYTES + b"\r\n\r\n",
    ],
)
async def test_what_is_no_response_is_refused(raw: bytes) -> None:
    with pytest.raises(BadAnswer):
        await read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Content-Length: 1001\r\n\r\n",
        OK + b"Content-Length: 999999999999999999\r\n\r\n",
        OK + b"\r\n" + b"x" * 1001,
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1f4\r\n" + b"x" * 500 + b"\r\n1f5\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n",
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"\0" * 1_001, mtime=0),
    ],
)
async def test_a_body_has_a_limit_packed_or_not(raw: bytes) -> None:
    with pytest.raises(TooLarge):
        await read(raw)


async def test_an_error_may_be_longer_than_what_was_wanted() -> None:
    raw = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000
    assert (await read(raw)).status == 404


@given(st.binary(max_size=200), st.sampled_from([b"", OK, OK + b"Transfer-Encoding: chunked\r\n"]))
async def test_nothing_else_ever_comes_of_it(raw: bytes, before: bytes) -> None:
    try:
        answer = await read(before + raw)
    except (BadAnswer, TooLarge, ConnectionError):
        return
    assert 200 <= answer.status < 600
