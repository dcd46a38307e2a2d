"""`!effect NAME …`: a command for each effect that a handler may return."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.api import (
    Answer,
    Context,
    Edit,
    EventId,
    Feature,
    Invite,
    Leave,
    Line,
    MessageRef,
    Moment,
    Number,
    React,
    Redact,
    Remove,
    Say,
    SendFile,
    SetState,
    Topic,
    UserId,
    _,
    verbatim,
    words,
)

feature = Feature("effects", Path(__file__).parent)

EFFECTS = Topic("effects", words("efectos", "efeitos", "effects"), verbatim("Effects"))
NOTES = "Acuerdos de la asamblea: ñandú, água.\n".encode() * 100
SIZE = (3, 2)
STATE = {"words": "Olá, ñandú", "list": [1, {"deep": None}]}
CAP = 50_000
"""Bytes that `!effect read` takes."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _picture(width: int, height: int) -> bytes:
    """A grey PNG (RFC 2083)."""
    rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


MAP = _picture(*SIZE)


@feature.command(
    words("efecto", "efeito", "effect"),
    help=verbatim("one effect"),
    example=verbatim("`!effect say`"),
    topic=EFFECTS,
)
async def effect(ctx: Context, name: str, *, rest: str = "") -> Answer:
    """`rest` is the person, the number or the words that the effect needs."""
    return await DOES[name](ctx, rest)


async def invite(_ctx: Context, user: str) -> Answer:
    return Invite(UserId(user), reason=verbatim("ven"))


async def kick(_ctx: Context, user: str) -> Answer:
    return Remove(UserId(user), reason="hasta luego")


async def ban(_ctx: Context, user: str) -> Answer:
    return Remove(UserId(user), reason="hasta nunca", how="ban")


async def unban(_ctx: Context, user: str) -> Answer:
    return Remove(UserId(user), how="unban")


async def state(_ctx: Context, _rest: str) -> Answer:
    return SetState("org.minga.test", STATE, key="key")


async def file(ctx: Context, _rest: str) -> Answer:
    return SendFile("acta nº 1.txt", "text/plain", NOTES, reply_to=ctx.origin.event)


async def private_file(ctx: Context, _rest: str) -> Answer:
    return SendFile("acta.txt", "text/plain", NOTES, (verbatim("Aquí está."),), to=ctx.who)


async def picture(_ctx: Context, _rest: str) -> Answer:
    caption = (verbatim("Un mapa gris, de tres por dos."),)
    return SendFile("mapa.png", "image/png", MAP, caption, SIZE)


async def plain(_ctx: Context, text: str) -> Answer:
    return verbatim(f"oí {text}")


async def say(ctx: Context, text: str) -> Answer:
    """A message that the others can name by its number."""
    number = await ctx.add_item("effect", text)
    lines = (_numbered(number, text),)
    return Say(lines, loud=True, item=number, slot="said", mentions=(ctx.who,))


async def private_say(ctx: Context, text: str) -> Answer:
    number = await ctx.add_item("effect", text)
    return Say((_numbered(number, text),), to=ctx.who, loud=True, item=number, slot="said")


async def clock(ctx: Context, _rest: str) -> Answer:
    return _("Your clock: {moment}", moment=Moment(ctx.said_at))


async def private_clock(ctx: Context, _rest: str) -> Answer:
    return Say((_("Your clock: {moment}", moment=Moment(ctx.said_at)),), to=ctx.who)


async def edit(_ctx: Context, number: str) -> Answer:
    return Edit(MessageRef(Number(int(number)), "said"), (_numbered(number, "cambiado"),))


async def redact(_ctx: Context, number: str) -> Answer:
    return Redact(MessageRef(Number(int(number)), "said"), reason="ya no")


async def take(_ctx: Context, event: str) -> Answer:
    return Redact(EventId(event))


async def react(_ctx: Context, number: str) -> Answer:
    return React(MessageRef(Number(int(number)), "said"), "✅")


async def many(ctx: Context, _rest: str) -> Answer:
    """Said, changed and taken away in one transaction: each waits for the one before."""
    number = await ctx.add_item("effect", "all at once")
    ref = MessageRef(number, "said")
    first = Say((_numbered(number, "de una"),), item=number, slot="said")
    more = Say((_numbered(number, "respuesta"),), reply_to=ref)
    return [first, more, React(ref, "✅"), Edit(ref, (_numbered(number, "de otra"),)), Redact(ref)]


async def read(ctx: Context, _rest: str) -> Answer:
    data = ctx.attached_file(CAP)
    return verbatim(f"{len(data)} bytes, {hashlib.sha256(data).hexdigest()}")


async def leave(ctx: Context, _rest: str) -> Answer:
    return Leave(ctx.room)


def _numbered(number: object, text: str) -> Line:
    return verbatim(f"{number}: {text}")


DOES: dict[str, Callable[[Context, str], Awaitable[Answer]]] = {
    "invite": invite,
    "kick": kick,
    "ban": ban,
    "unban": unban,
    "state": state,
    "file": file,
    "private-file": private_file,
    "picture": picture,
    "plain": plain,
    "say": say,
    "private-say": private_say,
    "clock": clock,
    "private-clock": private_clock,
    "edit": edit,
    "redact": redact,
    "take": take,
    "react": react,
    "many": many,
    "read": read,
    "leave": leave,
}
