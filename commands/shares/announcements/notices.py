"""Announcements of linked networks: a short text, always shown with the network's name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from bot.api import (
    CANCEL,
    PARSE_SHARED,
    REFRESH_MESSAGES,
    SHARE,
    SHARING_CHANGED,
    STORE_SHARED,
    WITHDRAW_SHARED,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    MessageRef,
    Number,
    Redact,
    RoomId,
    Say,
    SharedItem,
    UserError,
    _,
    items,
    quotable_line,
)
from commands.links import store
from commands.links.store import PeerState
from commands.shares import deletion, outbound_shares, share_store, share_totals
from commands.shares.announcements.announcement_text import LONGEST_ANNOUNCEMENT, LONGEST_RAW
from commands.shares.declaration import NOTICE_JOB, feature
from commands.shares.share_store import Fate
from storage.database import Tx

KIND, TEXT = "notice", "text"
MOST_NAMES = 20
"""How many networks an announcement names; with more it counts them."""


async def put_text(tx: Tx, number: Number, text: str) -> None:
    """Store the text of an announcement shared between networks."""
    await tx.run("INSERT OR REPLACE INTO shares_notice VALUES (?, ?)", number, text)


async def text_of(tx: Tx, number: Number) -> str | None:
    """Return the text of a shared announcement; None if there is none, or it was withdrawn."""
    row = await tx.one("SELECT text FROM shares_notice WHERE item = ?", number)
    return row["text"] if row else None


async def drop_text(tx: Tx, number: Number) -> None:
    """Delete the text of a shared announcement."""
    await tx.run("DELETE FROM shares_notice WHERE item = ?", number)


async def complete_notice(ctx: Context, number: Number, text: str) -> None:
    """Store a new shared announcement, and close it at once.

    So the room's retention time for what the bot writes applies to it.
    """
    await put_text(ctx.db, number, text)
    await items.close(ctx.db, number)


def in_quotes(text: str) -> Line:
    """Return a text in quotation marks."""
    return _("“{text}”", text=text)


async def notice_lines(ctx: Context, number: Number) -> tuple[Line, ...]:
    """Return the lines of a shared announcement's message; none if it was withdrawn."""
    text, copy = await text_of(ctx.db, number), await share_store.received_by_copy(ctx.db, number)
    if text is None:
        return ()
    if copy is None:
        return await _own_notice_lines(ctx, number, text)
    peer = await store.get_peer(ctx.db, copy.link, copy.bot)
    network = peer.name if peer else copy.bot
    head = _("Announcement {number} of another network, {network}:", number=number, network=network)
    left = await share_totals.elsewhere_lines(ctx, number) if copy.fate is Fate.UNLINKED else []
    return (head, in_quotes(text), *left)


async def _own_notice_lines(ctx: Context, number: Number, text: str) -> tuple[Line, ...]:
    names = [
        peer.name
        for one in await share_store.sent_shares(ctx.db, number)
        for peer in await store.peers_of_link(ctx.db, one.link)
        if peer.state is PeerState.LINKED
    ]
    if not names:
        return (
            _("Announcement {number}, shown in no other network:", number=number),
            in_quotes(text),
        )
    more = len(names) - MOST_NAMES
    head = (
        _("Announcement {number} for {count} networks:", number=number, count=len(names))
        if more > 0
        else _("Announcement {number} for {names}:", number=number, names=tuple(names))
    )
    how = _(
        "Other words: `!network announce {number} …` · to take it back: `!network withdraw"
        " {number}`",
        number=number,
    )
    return (head, in_quotes(text), how)


async def notice_message(ctx: Context, number: Number, room: RoomId) -> Say:
    """Return a shared announcement's message, without a notification: other networks wake nobody
    here."""
    return Say(await notice_lines(ctx, number), room=room, item=number, slot="opening")


# --- to and from other networks -----------------------------------------------------------------


@feature.offers(SHARE.of("notice"))
async def share_notice(ctx: Context, item: Number) -> SharedItem:
    """Return what is sent of an announcement to other networks: its text.

    Raises `UserError` if it was taken away.
    """
    text = await text_of(ctx.db, item)
    if text is None:
        raise UserError(_("Announcement {number} was taken away.", number=item))
    return _shared(text)


@feature.offers(PARSE_SHARED.of("notice"))
async def read_notice(_ctx: Context, body: Mapping[str, str]) -> SharedItem:
    """Return the text of another network's announcement, made harmless.

    Raises `UserError` if it has no words or is too long.
    """
    raw = body.get(TEXT, "")
    text = quotable_line(raw) if len(raw) <= LONGEST_RAW else ""
    if not re.search(r"[^\W\d_]", text) or len(text) > LONGEST_ANNOUNCEMENT:
        raise UserError(_("That is no announcement."))
    return _shared(text)


def _shared(text: str) -> SharedItem:
    return SharedItem(text[:80], {TEXT: text}, (in_quotes(text),), (text,))


@feature.offers(STORE_SHARED.of("notice"))
async def receive_notice(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    _origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
) -> list[Line | Effect]:
    """Post another network's announcement in the room, or edit its message if it is there already.
    Return what to say."""
    seen = await read_notice(ctx, body)
    if copy is not None:
        await put_text(ctx.db, copy, seen.body[TEXT])
        return [Edit(MessageRef(copy, "opening"), await notice_lines(ctx, copy), room=room)]
    number = await items.add(ctx.db, feature.name, KIND, room, ctx.me, seen.title, ctx.now)
    await mark(number)
    await complete_notice(ctx, number, seen.body[TEXT])
    away = _("To take it away here: `!cancel {number}`", number=number)
    return [away, await notice_message(ctx, number, room)]


@feature.offers(WITHDRAW_SHARED.of("notice"))
async def withdraw_notice(ctx: Context, copy: Number, origin: str) -> list[Line | Effect]:
    """Redact an announcement that its network withdrew, and say so. Return what to say."""
    item = await items.get(ctx.db, copy)
    if item is None or await text_of(ctx.db, copy) is None:
        return []
    line = _("{network} took back announcement {number}.", network=origin, number=copy)
    return [*await _redact_notice(ctx, copy, item.room), Say((line,), room=item.room)]


async def _redact_notice(ctx: Context, number: Number, room: RoomId) -> list[Effect]:
    await drop_text(ctx.db, number)
    return [Redact(MessageRef(number, "opening"), room=room, quiet=True)]


@feature.offers(SHARING_CHANGED.of("notice"))
@feature.offers(REFRESH_MESSAGES.of("notice"))
async def schedule_notice_update(ctx: Context, item: Number) -> None:
    """Schedule an update of a shared announcement's message."""
    if not await ctx.has_job(item, NOTICE_JOB):
        await ctx.schedule(NOTICE_JOB, ctx.now, item=item)


@feature.runs(NOTICE_JOB)
async def update_notice(ctx: Context, job: Job) -> Answer:
    """Edit a shared announcement's message, if it is still there. Return what to say, if
    anything."""
    item = await items.get(ctx.db, job.item) if job.item else None
    lines = await notice_lines(ctx, item.number) if item else ()
    if (
        item is None
        or not lines
        or await items.event_of(ctx.db, MessageRef(item.number, "opening")) is None
    ):
        return None
    return Edit(MessageRef(item.number, "opening"), lines, room=item.room)


@feature.offers(CANCEL.of("notice"))
async def cancel_notice(ctx: Context, item: Item) -> Answer:
    """Withdraw our announcement from all networks, or remove another network's from here. Return
    what to say, if anything.

    Raises `UserError` if it was taken away.
    """
    if await text_of(ctx.db, item.number) is None:
        raise UserError(_("Announcement {number} was taken away.", number=item.number))
    if await share_store.received_by_copy(ctx.db, item.number) is None:
        return await outbound_shares.take_back(ctx, item)
    await deletion.forget_shares(ctx, item.number)
    line = _("Announcement {number} is shown here no more.", number=item.number)
    return [line, *await _redact_notice(ctx, item.number, item.room)]
