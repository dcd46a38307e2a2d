"""What every part of the library knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.api import (
    Context,
    Feature,
    Line,
    Setting,
    Span,
    Switch,
    Topic,
    Unfit,
    Whole,
    _,
    bare,
    fold,
    rooms,
    words,
)
from commands.library.store import Resource, Sight

feature = Feature("library", Path(__file__).parent)

LIBRARY = Topic(
    "library", words("conocimiento", "conhecimento", "knowledge"), _("What the network knows")
)
KIND = "resource"
LONGEST = 8000
"""Letters of a text: it is said again in one message."""
MOST = 2000
"""Things that one person keeps."""
PAGE = 15
MEGABYTE = 1_000_000
ANSWER_WITHIN = timedelta(days=7)
"""So long a keeper has to say that it is still right; then it is marked."""
_DAYS = {"d": 1, "s": 7, "w": 7, "m": 30, "a": 365, "y": 365}
_LENGTH = re.compile(
    r"(?:cada |every |a )?(?:(\d{1,4}|una?|uma?|one) ?)?"
    r"(d|dias?|days?|semanas?|weeks?|mes|meses|months?|anos?|years?)"
)


@dataclass(frozen=True, slots=True)
class Every:
    """How often something comes again, in days, months or years; kept in days, 0 is never."""

    least: int
    most: int

    def read(self, typed: str) -> str:
        word = bare(typed)
        if word in {"no", "nao", "nunca", "never"}:
            return "0"
        found = _LENGTH.fullmatch(" ".join(fold(typed).split()))
        expected = _("a length of time, such as `6 months`, `90 days` or `1 year`, or `no`")
        if found is None:
            raise Unfit(expected)
        count = int(found[1]) if found[1] and found[1].isdigit() else 1
        days = count * _DAYS[found[2][0]]
        if not self.least <= days <= self.most:
            near = min(max(days, self.least), self.most)
            raise Unfit(expected, f"{near} d")
        return str(days)

    def show(self, kept: str) -> Line:
        if kept == "0":
            return _("no")
        return _("{length}", length=Span(timedelta(days=int(kept))))


REVIEW = Setting(
    "library_review",
    words("revisar-cada", "revisar-a-cada", "review-every"),
    Every(1, 3650),
    "180",
    _("So often I ask who kept something in the library whether it is still right."),
)
LARGEST = Setting(
    "library_file",
    words("tamaño-de-archivos", "tamanho-dos-arquivos", "file-size"),
    Whole(1, 50),
    "20",
    _("How large a file that is kept in the library may be, in MB."),
)
PIN = Setting(
    "library_pin",
    words("guardar-con-pin", "guardar-com-pin", "save-with-pin"),
    Switch(),
    "no",
    _("📌 on a message keeps it in the library. The server sees who put it on which message."),
)
feature.settings += [REVIEW, LARGEST, PIN]


async def sight(ctx: Context) -> Sight:
    """What may be spoken of here now: in a room only what all of its members may see.

    Where a room is not encrypted its server reads along: nothing of another room is said there.
    """
    if not ctx.private:
        encrypted = ctx.policy.room is not None and ctx.policy.room.encrypted
        return Sight((ctx.room,), network=ctx.trusted and encrypted)
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return Sight(tuple(room.room for room in shared), bool(shared))


async def may_see(ctx: Context, one: Resource) -> bool:
    """Whoever is in its room now; all who share a room with the bot, if it is the network's."""
    if not ctx.trusted and one.room != ctx.room:
        return False
    shared = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    return one.room in shared or (one.seen == "network" and bool(shared))
