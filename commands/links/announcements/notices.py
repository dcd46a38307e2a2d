"""Announcements of linked networks: a short text, always shown with the network's name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    Number,
    Redact,
    Ref,
    RoomId,
    Say,
    Shared,
    UserError,
    _,
    items,
    quotable,
)
from commands.links import store
from commands.links.announcements.announcement_text import LONGEST, MOST_RAW
from commands.links.declaration import feature
from commands.links.shares import deletion, outbound_shares, share_store
from commands.links.shares.share_store import Fate
from commands.links.store import State
from storage.database import Tx

KIND, TEXT = "notice", "text"
MOST_NAMES = 20
"""How many networks an announcement names; with more it counts them."""


async def put(tx: Tx, number: Number, text: str) -> None:
    """Store the text of an announcement."""
    await tx.run("INSERT OR REPLACE INTO links_notice VALUES (?, ?)", number, text)


async def text_of(tx: Tx, number: Number) -> str | None:
    """Return the text of an announcement; None if there is none, or it was taken away."""
    row = await tx.one("SELECT text FROM links_notice WHERE item = ?", number)
    return row["text"] if row else None


async def drop(tx: Tx, number: Number) -> None:
    """Delete the text of an announcement."""
    await tx.run("DELETE FROM links_notice WHERE item = ?", number)


async def made(ctx: Context, number: Number, text: str) -> None:
    """Store a new announcement, and close it at once.

    So the room's retention time for what the bot writes applies to it.
    """
    await put(ctx.db, number, text)
    await items.close(ctx.db, number)


def quoted(text: str) -> Line:
    """Return a text in quotation marks."""
    return _("“{text}”", text=text)


async def shown(ctx: Context, number: Number) -> tuple[Line, ...]:
    """Return the lines of an announcement's message; none if it was taken away."""
    text, copy = await text_of(ctx.db, number), await share_store.kept_as(ctx.db, number)
    if text is None:
        return ()
    if copy is None:
        return await _ours(ctx, number, text)
    peer = await store.peer(ctx.db, copy.link, copy.bot)
    network = peer.name if peer else copy.bot
    head = _("Announcement {number} of another network, {network}:", number=number, network=network)
    left = await outbound_shares.elsewhere(ctx, number) if copy.fate is Fate.LEFT else []
    return (head, quoted(text), *left)


async def _ours(ctx: Context, number: Number, text: str) -> tuple[Line, ...]:
    names = [
        peer.name
        for one in await share_store.sent(ctx.db, number)
        for peer in await store.peers(ctx.db, one.link)
        if peer.state is State.LINKED
    ]
    if not names:
        return (_("Announcement {number}, shown in no other network:", number=number), quoted(text))
    more = len(names) - MOST_NAMES
    head = (
        _("Announcement {number} for {count} networks:", number=number, count=len(names))
        if more > 0
        else _("Announcement {number} for {names}:", number=number, names=tuple(names))
    )
    how = _("Other words: `!network announce {number} …` · to take it back: `!network withdraw"
            " {number}`", number=number)  # fmt: skip
    return (head, quoted(text), how)


async def said(ctx: Context, number: Number, room: RoomId) -> Say:
    """Return an announcement's message, without a notification: other networks wake nobody here."""
    return Say(await shown(ctx, number), room=room, item=number, slot="opening")


# --- to and from other networks -----------------------------------------------------------------


@feature.service("share:notice")
async def share(ctx: Context, item: Number) -> Shared:
    """Return what is sent of an announcement: its text.

    Raises `UserError` if it was taken away.
    """
    text = await text_of(ctx.db, item)
    if text is None:
        raise UserError(_("Announcement {number} was taken away.", number=item))
    return _shared(text)


@feature.service("peek:notice")
async def peek(_ctx: Context, body: Mapping[str, str]) -> Shared:
    """Return an announcement of another network, made harmless.

    Raises `UserError` if it has no words or is too long.
    """
    raw = body.get(TEXT, "")
    text = quotable(raw) if len(raw) <= MOST_RAW else ""
    if not re.search(r"[^\W\d_]", text) or len(text) > LONGEST:
        raise UserError(_("That is no announcement."))
    return _shared(text)


def _shared(text: str) -> Shared:
    return Shared(text[:80], {TEXT: text}, (quoted(text),), (text,))


@feature.service("receive:notice")
async def receive(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    _origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
) -> list[Line | Effect]:
    """Say an announcement in the room, or edit its message if it is there already."""
    seen = await peek(ctx, body)
    if copy is not None:
        await put(ctx.db, copy, seen.body[TEXT])
        return [Edit(Ref(copy, "opening"), await shown(ctx, copy), room=room)]
    number = await items.add(ctx.db, feature.name, KIND, room, ctx.me, seen.title, ctx.read)
    await mark(number)
    await made(ctx, number, seen.body[TEXT])
    away = _("To take it away here: `!cancel {number}`", number=number)
    return [away, await said(ctx, number, room)]


@feature.service("recede:notice")
async def recede(ctx: Context, copy: Number, origin: str) -> list[Line | Effect]:
    """Redact an announcement that its network took back, and say so."""
    item = await items.get(ctx.db, copy)
    if item is None or await text_of(ctx.db, copy) is None:
        return []
    line = _("{network} took back announcement {number}.", network=origin, number=copy)
    return [*await _away(ctx, copy, item.room), Say((line,), room=item.room)]


async def _away(ctx: Context, number: Number, room: RoomId) -> list[Effect]:
    await drop(ctx.db, number)
    return [Redact(Ref(number, "opening"), room=room, quiet=True)]


@feature.service("reshared:notice")
@feature.service("retell:notice")
async def retell(ctx: Context, item: Number) -> None:
    """Schedule an update of the announcement's message."""
    if not await ctx.waits(item, "notice"):
        await ctx.schedule("notice", ctx.read, item=item)


@feature.job("notice")
async def again(ctx: Context, job: Job) -> Answer:
    """Edit the announcement's message, if it is still there."""
    item = await items.get(ctx.db, job.item) if job.item else None
    lines = await shown(ctx, item.number) if item else ()
    if (
        item is None
        or not lines
        or await items.event_of(ctx.db, Ref(item.number, "opening")) is None
    ):
        return None
    return Edit(Ref(item.number, "opening"), lines, room=item.room)


@feature.service("cancel:notice")
async def cancel(ctx: Context, item: Item) -> Answer:
    """Take our announcement back everywhere, or remove another network's from here.

    Raises `UserError` if it was taken away.
    """
    if await text_of(ctx.db, item.number) is None:
        raise UserError(_("Announcement {number} was taken away.", number=item.number))
    if await share_store.kept_as(ctx.db, item.number) is None:
        return await outbound_shares.take_back(ctx, item)
    await deletion.gone(ctx, item.number)
    line = _("Announcement {number} is shown here no more.", number=item.number)
    return [line, *await _away(ctx, item.number, item.room)]
