"""Declare the library capability, its settings, and who may see what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import (
    Context,
    Feature,
    LongLength,
    Setting,
    Switch,
    Topic,
    WholeNumber,
    _,
    rooms,
    words,
)
from commands.library.store import Resource, Visibility

feature = Feature("library", Path(__file__).parent, needs=("embargo",))

PUBLISH_JOB = feature.job("publish")
ROUND_JOB = feature.job("round")

LIBRARY_TOPIC = Topic(
    "library",
    words("biblioteca", "biblioteca", "library", "conocimiento | conhecimento | knowledge"),
    _("Library"),
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

REVIEW = Setting(
    "library_review",
    words("revisar-cada", "revisar-a-cada", "review-every"),
    LongLength(
        timedelta(days=1),
        timedelta(days=3650),
        timedelta(days=1),
        _("a length of time, such as `6 months`, `90 days` or `1 year`, or `no`"),
        off=_("no"),
        off_words=frozenset({"no", "nao", "nunca", "never"}),
    ),
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
    """Return which resources may be shown here now; in a room only what all of its members may see.

    The server of an unencrypted room can read it, so nothing of other rooms is shown there.
    """
    if not ctx.is_private:
        encrypted = ctx.policy.room is not None and ctx.policy.room.is_encrypted
        return Visibility((ctx.room,), network=ctx.is_trusted and encrypted)
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return Visibility(tuple(room.room for room in shared), bool(shared))


async def may_see(ctx: Context, one: Resource) -> bool:
    """Return whether the person is in the resource's room, or in any room for a resource of the
    whole network."""
    if not ctx.is_trusted and one.room != ctx.room:
        return False
    shared = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    return one.room in shared or (one.seen == "network" and bool(shared))
