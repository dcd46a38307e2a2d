"""Declare the library capability, its settings, and who may see what."""

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
    UnfitValue,
    WholeNumber,
    _,
    fold,
    fold_answer,
    rooms,
    words,
)
from commands.library.store import Resource, Visibility

feature = Feature("library", Path(__file__).parent)

ROUND_JOB = feature.job("round")

LIBRARY_TOPIC = Topic(
    "library", words("conocimiento", "conhecimento", "knowledge"), _("What the network knows")
)
ITEM_KIND = "resource"
LONGEST_TEXT = 8000
"""The most characters of a text, which must fit into one message when shown."""
MOST_PER_KEEPER = 2000
"""How many resources one person may keep."""
PAGE_SIZE = 15
MEGABYTE = 1_000_000
ANSWER_WITHIN = timedelta(days=7)
"""How long a keeper has to confirm a resource before it is marked as unreviewed."""
_DAYS_PER_UNIT = {"d": 1, "s": 7, "w": 7, "m": 30, "a": 365, "y": 365}
_LENGTH = re.compile(
    r"(?:cada |every |a )?(?:(\d{1,4}|una?|uma?|one) ?)?"
    r"(d|dias?|days?|semanas?|weeks?|mes|meses|months?|anos?|years?)"
)


@dataclass(frozen=True, slots=True)
class ReviewInterval:
    """A setting of a length of time in days, months or years. Stored in days; 0 means never."""

    least: int
    most: int

    def read(self, typed: str) -> str:
        """Return the number of days as text. Raises `UnfitValue`."""
        word = fold_answer(typed)
        if word in {"no", "nao", "nunca", "never"}:
            return "0"
        found = _LENGTH.fullmatch(" ".join(fold(typed).split()))
        expected = _("a length of time, such as `6 months`, `90 days` or `1 year`, or `no`")
        if found is None:
            raise UnfitValue(expected)
        count = int(found[1]) if found[1] and found[1].isdigit() else 1
        days = count * _DAYS_PER_UNIT[found[2][0]]
        if not self.least <= days <= self.most:
            near = min(max(days, self.least), self.most)
            raise UnfitValue(expected, f"{near} d")
        return str(days)

    def show(self, kept: str) -> Line:
        """Return the stored days as a line for people."""
        if kept == "0":
            return _("no")
        return _("{length}", length=Span(timedelta(days=int(kept))))


REVIEW = Setting(
    "library_review",
    words("revisar-cada", "revisar-a-cada", "review-every"),
    ReviewInterval(1, 3650),
    "180",
    _("So often I ask who kept something in the library whether it is still right."),
)
LARGEST_FILE = Setting(
    "library_file",
    words("tamaño-de-archivos", "tamanho-dos-arquivos", "file-size"),
    WholeNumber(1, 50),
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
feature.settings += [REVIEW, LARGEST_FILE, PIN]


async def visible_here(ctx: Context) -> Visibility:
    """Return what may be shown here now; in a room only what all of its members may see.

    The server of an unencrypted room can read it, so nothing of other rooms is shown there.
    """
    if not ctx.is_private:
        encrypted = ctx.policy.room is not None and ctx.policy.room.is_encrypted
        return Visibility((ctx.room,), network=ctx.is_trusted and encrypted)
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return Visibility(tuple(room.room for room in shared), bool(shared))


async def may_see(ctx: Context, one: Resource) -> bool:
    """True if the person is in its room, or in any room for a resource of the whole network."""
    if not ctx.is_trusted and one.room != ctx.room:
        return False
    shared = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    return one.room in shared or (one.seen == "network" and bool(shared))
