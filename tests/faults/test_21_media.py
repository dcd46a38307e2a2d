"""Files with names that lead elsewhere, lengths that lie, streams of 10 GiB, and bombs."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import StreamReader
from aiohttp.client_proto import ResponseHandler

from bot.demo.loopback import LOOPBACK
from bot.gateway import Refused, TryLater
from bot.matrix.http import Http
from bot.run.app import features
from bot.testing.talk import Talk
from commands.library.tests.filing import PDF, media, sends
from tests.faults.figures import Figure, full_or
from tests.faults.soaking import MEGABYTE

LIMIT = 5 * MEGABYTE
SPARE = 64 * 1024
STREAM = 10 * 1024**3
MOST_MEMORY = 20.0
NAMED = full_or(25, 4)
NAMES = [
    *(
        "../evil.pdf",
        "../../../../tmp/evil.pdf",
        "/etc/cron.d/evil.pdf",
        "/tmp/evil.pdf",  # noqa: S108
        "~/evil.pdf",
    ),
    *(
        "..",
        ".",
        "",
        "\x00.pdf",
        "a\x00/../b.pdf",
        "..\\..\\evil.pdf",
        "C:\\evil.pdf",
        "\\\\evil\\x.pdf",
    ),
    *(
        "x" * 300 + ".pdf",
        "x/" * 150 + "a.pdf",
        ".ssh/authorized_keys",
        "a.pdf\n../b.pdf",
        "%2e%2e%2fevil.pdf",
    ),
    *(
        "\u202efdp.exe",
        "\uff0e\uff0e\uff0fevil.pdf",
        "CON",
        "aux.pdf",
        "evil.pdf ",
        "-rf.pdf",
        "$(id).pdf",
    ),
]


# --- streams --------------------------------------------------------------------------------------


async def _endless(head: str, part: bytes) -> AsyncIterator[bytes]:
    yield f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode()
    for _ in range(STREAM // len(part)):
        yield part


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


PART = bytes(SPARE)
STREAMS: dict[str, tuple[str, bytes]] = {
    "says 10 GiB": (f"Content-Length: {STREAM}", PART),
    "says nothing": ("Connection: close", PART),
    "in chunks": ("Transfer-Encoding: chunked", _chunk(PART)),
    "in one chunk": (f"Transfer-Encoding: chunked\r\n\r\n{STREAM:x}", PART),
    "gzip of nothing but zeros": ("Content-Encoding: gzip", gzip.compress(bytes(100 * MEGABYTE))),
    "two lengths": ("Content-Length: 10\r\nTransfer-Encoding: chunked", _chunk(PART)),
}


@asynccontextmanager
async def serving(head: str, part: bytes) -> AsyncIterator[str]:
    """Run a homeserver that gives everything the same answer, and yield its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            async for piece in _endless(head, part):
                writer.write(piece)
                await writer.drain()
        except OSError:
            return  # it has stopped reading
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(answer, LOOPBACK, 0)
    async with server:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the bytes of answers that `came` into the process, and those that the bot `took`."""
    counted = Counter[str]()
    received, read = ResponseHandler.data_received, StreamReader.read

    def comes(self: ResponseHandler, data: bytes) -> None:
        counted["came"] += len(data)
        received(self, data)

    async def takes(self: StreamReader, n: int = -1) -> bytes:
        data = await read(self, n)
        counted["took"] += len(data)
        return data

    monkeypatch.setattr(ResponseHandler, "data_received", comes)
    monkeypatch.setattr(StreamReader, "read", takes)
    return counted


async def refuses(head: str, part: bytes) -> bool:
    async with serving(head, part) as url:
        http = Http(url)
        try:
            await http.download("/file", LIMIT)
        except Refused as refused:
            return refused.code == "M_TOO_LARGE"
        except TryLater:
            return head is STREAMS["two lengths"][0]  # this is no HTTP (RFC 9112 §6.3)
        finally:
            await http.close()
    return False


# --- memory ---------------------------------------------------------------------------------------


def peak() -> float:
    """Return the most MiB that the process held since `forget_peak`."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def forget_peak() -> float:
    """Reset the peak of memory; return what is held now, in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


# --- bombs ----------------------------------------------------------------------------------------


def png_bomb() -> bytes:
    """Return a picture of 50,000 times 50,000 points: 2.3 GiB once decoded."""

    def piece(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    size = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(50 * MEGABYTE), 9)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", size) + piece(b"IDAT", rows) + piece(b"IEND", b"")


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for n in range(4):
            file.writestr(f"../../{n}.txt", bytes(50 * MEGABYTE))
    return packed.getvalue()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Yield the list of all files that Python opens to write, makes or moves, anywhere."""
    found: list[str] = []
    watching = True

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if not watching:
            return
        if event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            found.append(f"{event} {args[0]!r}")
        elif event in ("os.rename", "os.mkdir", "os.symlink", "os.link"):
            found.append(f"{event} {args[:2]!r}")

    sys.addaudithook(hook)  # for good: it can't be taken away, and does nothing afterwards
    try:
        yield found
    finally:
        watching = False


async def used(talk: Talk, data: bytes, name: str, number: int) -> Iterator[str]:
    """Try every command that takes a file with this one; return the names that the bot gives it."""
    sent = await sends(talk, data=data, name=name)
    lines = (f"!guardar f{number}", "!importar", "!importar fuentes", "!lista prensa", "!votantes")
    for line in lines:
        await talk.answer("ana", line, reply=sent)
        await talk.answer("ana", line, media=await media(talk, data, name))
    await talk.says("ana", f"#f{number}")
    return (str(p.content["filename"]) for p in await talk.said() if "filename" in p.content)


async def test_nothing_is_written_and_nothing_swells(
    figure: Figure, tmp_path: Path, taken: Counter[str]
) -> None:
    figure.mark(
        "0 files outside of the folder; reading stops within the limit + 64 KiB; ≤ 20 MiB more"
    )
    talk = await Talk.start(tmp_path / "minga.db", features())
    await talk.answer("ana", "!area agregar prensa")
    png, packed, names = png_bomb(), zip_bomb(), list[str]()
    held = forget_peak()
    with watched() as written:
        for n, name in enumerate(NAMES[:NAMED]):
            names += await used(talk, PDF + str(n).encode(), name, n)
        for n, (bomb, name) in enumerate([(png, "a.png"), (packed, "a.zip"), (packed, "a.ics")]):
            names += await used(talk, bomb, name, 100 + n)
    await talk.close()
    refused, over = 0, Counter[str]()
    for head, part in STREAMS.values():
        taken.clear()
        refused += await refuses(head, part)
        over |= Counter({way: count - LIMIT for way, count in taken.items()})
    grown = peak() - held
    odd = set("/\\\0")
    bad = [name for name in names if len(name) > 100 or set(name) & odd or name[:1] == "."]
    figure.result(
        f"{len(written)} files written; {NAMED} hostile names, {len(names)} said again, {len(bad)}"
        f" as they came; {refused} of {len(STREAMS)} streams of 10 GiB refused"
        f" {over['took'] // 1024} KiB over the limit of 5 MiB ({over['came'] // 1024} KiB with what"
        f" waited in buffers); {grown:.1f} MiB more memory",
        passed=not written
        and len(names) > NAMED
        and not bad
        and refused == len(STREAMS)
        and 0 < over["took"] <= SPARE
        and over["came"] <= 4 * SPARE
        and grown <= MOST_MEMORY,
        outside=len(written),
        over=over["took"],
        mib=round(grown, 1),
    )
