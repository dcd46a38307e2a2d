"""Read one HTTP/1.1 response as the server sends it (RFC 9112); refuse whatever is malformed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

MOST_HEAD_BYTES = 64 * 1024
"""Limit of a status line with its headers, of a chunk's first line, and of a trailer line."""
MOST_ERROR_BYTES = 64 * 1024
"""How large the body of an error may be at least, however little is wanted of a right answer."""
MOST_INTERIM = 8
"""Limit of responses that only announce another one (1xx)."""
MOST_TRAILERS = 128
_END = b"\r\n\r\n"
_LINE = b"\r\n"
_STATUS = re.compile(r"HTTP/1\.([01]) ([1-5]\d\d)(?: .*)?", re.ASCII)
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", re.ASCII)
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")
_WITHOUT_BODY = (204, 304)


class BadAnswer(Exception):
    """What came is no HTTP response."""


class TooLarge(Exception):
    """A response's body is larger than its reader allows."""


class ByteSource(Protocol):
    """Where a response comes from. Both methods wait for it, and raise `OSError` if it breaks
    off."""

    async def read_through(self, end: bytes, limit: int) -> bytes:
        """Return what comes up to `end`, without it. Raises `BadAnswer` if it is over `limit`
        bytes."""

    async def read_exactly(self, count: int) -> bytes:
        """Return the next `count` bytes."""

    async def read_to_end(self, limit: int) -> bytes:
        """Return all that comes until the server closes. Raises `TooLarge` over `limit` bytes."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A response. Names of headers are in lower case; `keeps_open`: another one can follow."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    keeps_open: bool


async def read_answer(source: ByteSource, cap: int) -> HttpAnswer:
    """Return the next response to a request that is no HEAD. Raises `BadAnswer`, `TooLarge` for a
    body over `cap` bytes, packed or unpacked, and what `source` raises."""
    for _ in range(MOST_INTERIM):
        head = await source.read_through(_END, MOST_HEAD_BYTES)
        version, status, headers = _parse_head(head.decode("latin-1"))
        if status == 101:
            break
        if status >= 200:
            keeps_open = version == 1 and "close" not in headers.get("connection", "").lower()
            most = cap if status < 300 else max(cap, MOST_ERROR_BYTES)
            body, is_whole = await _read_body(source, status, headers, most)
            body = _unpack(body, headers, most)
            return HttpAnswer(status, headers, body, keeps_open and is_whole)
    raise BadAnswer("interim")


def _parse_head(head: str) -> tuple[int, int, dict[str, str]]:
    """Return the minor version, the status and the headers."""
    first, *lines = head.split("\r\n")
    found = _STATUS.fullmatch(first)
    if found is None:
        raise BadAnswer("status")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or _NAME.fullmatch(name) is None:
            raise BadAnswer("header")
        name, value = name.lower(), value.strip(" \t")
        if name not in headers:
            headers[name] = value
        elif name != "content-length":
            headers[name] += f", {value}"
        elif headers[name] != value:
            raise BadAnswer("length")
    return int(found[1]), int(found[2]), headers


async def _read_body(
    source: ByteSource, status: int, headers: Mapping[str, str], cap: int
) -> tuple[bytes, bool]:
    """Return the body, and whether its end was told other than by closing."""
    if status in _WITHOUT_BODY:
        return b"", True
    coding = headers.get("transfer-encoding")
    if coding is not None:
        if coding.lower() != "chunked":
            raise BadAnswer("coding")
        return await _read_chunks(source, cap), True
    length = headers.get("content-length")
    if length is None:
        return await source.read_to_end(cap), False
    if _LENGTH.fullmatch(length) is None:
        raise BadAnswer("length")
    if int(length) > cap:
        raise TooLarge
    return await source.read_exactly(int(length)), True


async def _read_chunks(source: ByteSource, cap: int) -> bytes:
    body = bytearray()
    while True:
        found = _CHUNK.fullmatch(await source.read_through(_LINE, MOST_HEAD_BYTES))
        if found is None:
            raise BadAnswer("chunk")
        count = int(found[1], 16)
        if not count:
            break
        if len(body) + count > cap:
            raise TooLarge
        body += await source.read_exactly(count)
        if await source.read_exactly(len(_LINE)) != _LINE:
            raise BadAnswer("chunk")
    for _ in range(MOST_TRAILERS):
        if not await source.read_through(_LINE, MOST_HEAD_BYTES):
            return bytes(body)
    raise BadAnswer("trailers")


def _unpack(body: bytes, headers: Mapping[str, str], cap: int) -> bytes:
    """Return the body without its compression: we say that we read gzip."""
    coding = headers.get("content-encoding", "identity").lower()
    if coding == "identity" or not body:
        return body
    if coding not in ("gzip", "x-gzip"):
        raise BadAnswer("encoding")
    packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = packed.decompress(body, cap + 1)
    except zlib.error:
        raise BadAnswer("gzip") from None
    if len(plain) > cap:
        raise TooLarge
    if not packed.eof:
        raise BadAnswer("gzip")
    return plain
