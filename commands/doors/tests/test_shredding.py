"""Shredded answers: in no byte of the database, even for who has its key and reads free pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.testing.talk import KEY, Talk
from bot.types import Membership
from commands.doors.tests.test_doors import DOOR, DORA, MODS, NOW, a_door, knocks, types

PAGE, TAIL, FRAME, HEADER = 4096, 80, 24, 32
"""SQLCipher's page ends with its IV and its HMAC; in the log each page has a frame's head."""
Ending = Callable[[Talk], Awaitable[None]]
SAID = ("palabra-primera", "palabra-segunda", "palabra-corregida")


def opened(page: bytes, salt: int) -> bytes:
    body = page[salt:-TAIL]
    iv = page[-TAIL : -TAIL + 16]
    reader = Cipher(algorithms.AES(KEY), modes.CBC(iv)).decryptor()
    return reader.update(body) + reader.finalize()


def pages(path: Path) -> Iterator[bytes]:
    """Every page of the file, in use or free, and every one in its log, current or not."""
    raw = path.read_bytes()
    for at in range(0, len(raw), PAGE):
        yield opened(raw[at : at + PAGE], 16 if at == 0 else 0)
    log = path.with_name(path.name + "-wal")
    raw = log.read_bytes() if log.exists() else b""
    for at in range(HEADER, len(raw), FRAME + PAGE):
        frame = raw[at + FRAME : at + FRAME + PAGE]
        first = int.from_bytes(raw[at : at + 4], "big") == 1
        yield opened(frame, 16 if first else 0)


def holds(talk: Talk, marks: dict[str, bytes]) -> set[str]:
    every = b"\n".join(pages(talk.path))
    return {name for name, mark in marks.items() if mark in every}


async def sealed(talk: Talk) -> dict[str, bytes]:
    """The key of the request, and what is sealed with it, as they stand on disk now."""
    async with talk.machine.db.reading() as tx:
        keys = await tx.all("SELECT key FROM doors_key")
        rows = await tx.all("SELECT place, sealed FROM doors_answer")
    assert len(keys) == 1 and len(rows) == 2
    return {"key": bytes(keys[0]["key"])} | {
        f"answer {row['place']}": bytes(row["sealed"])[:200] for row in rows
    }


async def answered(talk: Talk) -> dict[str, bytes]:
    """Two answers, of which one was corrected and those who decide have read both."""
    await a_door(talk)
    for asked in ("¿Primera?", "¿Segunda?"):
        await talk.answer("ana", f"!preguntas agregar {asked}", room=DOOR)
    await knocks(talk)
    await types(talk, DORA, SAID[0])
    await types(talk, DORA, SAID[1])
    before = await sealed(talk)
    await types(talk, DORA, "respuesta 1")
    await types(talk, DORA, SAID[2])
    assert SAID[2] in await types(talk, "carla", "solicitudes 1")
    marks = before | {f"{name}, corrected": m for name, m in (await sealed(talk)).items()}
    assert {"key", "answer 1, corrected", "answer 0, corrected"} <= holds(talk, marks)
    return marks | {word: word.encode() for word in SAID}


async def is_let_in(talk: Talk) -> None:
    await talk.says("ana", "!admitir 1", room=DOOR)


async def is_turned_down(talk: Talk) -> None:
    await talk.says("carla", "!rechazar 1 no", room=MODS)


async def goes_away(talk: Talk) -> None:
    await talk.moves(DORA, Membership.LEAVE, DOOR)


async def waits_for_thirty_days(talk: Talk) -> None:
    await talk.wait(timedelta(days=30))


@pytest.mark.parametrize("ends", [is_let_in, is_turned_down, goes_away, waits_for_thirty_days])
async def test_no_byte_of_an_answer_or_its_key_is_left(talk: Talk, ends: Ending) -> None:
    marks = await answered(talk)
    await ends(talk)
    assert holds(talk, marks) == set()  # at once, whatever the homeserver does
    await talk.wait(NOW)
    await talk.sent()
    assert holds(talk, marks) == set()


async def test_what_was_still_on_its_way_to_those_who_decide_is_taken_back_too(talk: Talk) -> None:
    """The homeserver is away while the answer is read and while the request is decided."""
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, SAID[0])
    talk.gateway.broken = True
    await talk.tells("carla", "solicitudes 1")
    assert holds(talk, {"clear": SAID[0].encode()}) == {"clear"}
    await talk.says("ana", "!admitir 1", room=DOOR)
    talk.gateway.broken = False
    await talk.wait(timedelta(minutes=10))
    await talk.sent()
    shown = [p.event for p in talk.gateway.posted.values() if SAID[0] in p.plain]
    taken = [p.content["redacts"] for p in talk.gateway.posted.values() if p.kind == "redact"]
    assert set(shown) <= set(taken)
    assert holds(talk, {"clear": SAID[0].encode()}) == set()
