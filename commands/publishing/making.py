"""Make something public, keep it up, and withdraw it."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Job,
    JobKind,
    Line,
    Number,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    shorten_line,
)
from commands.publishing import consents, preview, publication, store
from commands.publishing.declaration import NAMED_JOB, REMAKE_JOB, feature
from commands.publishing.places import place_store, room_store
from commands.publishing.publication import MadePublication, make_publication, with_dates_of
from commands.publishing.store import PublicRecord

WRITE_JOB, POST_JOB = feature.job("write"), feature.job("post")
RESTORED_JOB = feature.job("restored posts")
NOWHERE = RoomId("")
"""The room of jobs that are of no room: they go on whichever room is left or forgotten."""
_UNKNOWN = "unknown"
"""In place of the hash of words that can't be made public, or not now."""


async def make_public(ctx: Context, item: Item, made: MadePublication) -> list[Line]:
    """Store the public document of an item, ask the people whom it would name, and return the
    message to its room."""
    before = await store.get_record(ctx.db, item.number)
    await _store(ctx, item, made)
    shown = before.document if before is not None else None
    await publication.tell_named(ctx, item, made.document, shown)
    return [
        _(
            "{number}, “{title}”, is public now.",
            number=item.number,
            title=shorten_line(item.title),
        ),
        *await preview.place_lines(ctx),
        _("To take it out of what I hand out: `!withdraw {number}`", number=item.number),
    ]


async def _store(ctx: Context, item: Item, made: MadePublication) -> None:
    hashes = made.content, made.words
    await store.put_document(ctx.db, made.document, made.files, hashes, ctx.now)
    await note_change(ctx, item.number)
    await consents.ask_named(ctx, item, made)


async def withdraw(ctx: Context, number: Number, reason: str) -> None:
    """Withdraw an item's public document, so that it is handed out no more."""
    await store.mark_withdrawn(ctx.db, number, reason, ctx.now)
    if await items.get(ctx.db, number) is None:
        await store.delete_answers(ctx.db, number)
    await note_change(ctx, number)


async def schedule_remake(ctx: Context, number: Number, *, erased: bool = False) -> None:
    """Schedule that an item's public document is made anew, if it has one.

    `erased`: somebody's name or words are to go. If that can't be done with what people have seen,
    it is withdrawn.
    """
    if await store.is_public(ctx.db, number):
        await ctx.schedule(REMAKE_JOB, ctx.now, number=number, erased=erased)


@feature.runs(REMAKE_JOB)
async def remake(ctx: Context, job: Job) -> Answer:
    """Make an item's public document anew, or withdraw it if the item is gone or can't be public.

    Words that people wrote since then wait until somebody has seen them and makes them public.
    Whoever took their name back is told if it is written there, too.
    """
    number = Number(int(job.payload["number"]))
    if (person := job.payload.get("person")) is not None:
        await ctx.schedule(NAMED_JOB, ctx.now, item=number, person=UserId(person))
    record, item = await store.get_record(ctx.db, number), await items.get(ctx.db, number)
    if record is None or not record.is_public:
        return None
    erased = bool(job.payload.get("erased"))
    if item is None:
        await withdraw(ctx, number, store.ERASED if erased else store.GONE)
        return await _tell_moderators(ctx, number) if erased else None
    try:
        made = await make_publication(ctx, item)
    except UserError as error:
        if erased:
            return await withdraw_erased(ctx, item)
        return await _hold(ctx, item, record, _UNKNOWN, *error.lines)
    if made.words != record.words:
        if erased:
            return await withdraw_erased(ctx, item)
        await _keep_dates_true(ctx, record, made)
        return await _hold(ctx, item, record, made.words)
    if (made.document, made.content) != (record.document, record.content):
        await _store(ctx, item, made)
    elif record.waiting:
        await store.mark_waiting(ctx.db, number, "")
    return None


async def _keep_dates_true(ctx: Context, record: PublicRecord, made: MadePublication) -> None:
    """Bring the dates of an event up to date whose words wait: nobody should go to one that is off.

    What else is public of it stays as people have seen it.
    """
    if record.document is None:
        return
    document = with_dates_of(record.document, made.document)
    if document != record.document:
        await store.update_document(ctx.db, document, ctx.now)
        await note_change(ctx, record.number)


async def withdraw_erased(ctx: Context, item: Item) -> list[Effect]:
    """Withdraw a public item from which something had to be erased, and return the message to its
    room."""
    await withdraw(ctx, item.number, store.ERASED)
    return _tell_room(
        item,
        _(
            "{number}, “{title}”, is public no more. Whoever has it keeps it.",
            number=item.number,
            title=shorten_line(item.title),
        ),
        _("To see what could be public again: `!publish {number}`", number=item.number),
    )


async def _hold(
    ctx: Context, item: Item, record: PublicRecord, words: str, *why: Line
) -> list[Effect]:
    """Leave what is public as it is, and say once that something else waits, or why it can't be."""
    if record.waiting == words:
        return []
    await store.mark_waiting(ctx.db, item.number, words)
    dated = record.document is not None and record.document.event is not None
    return _tell_room(
        item,
        _(
            "{number}, “{title}”, has changed. What is public of it stays as it was.",
            number=item.number,
            title=shorten_line(item.title),
        ),
        *([_("When it is, and that it is off, I keep up by myself.")] if dated else []),
        *why,
        _("To see what would be public now: `!publish {number}`", number=item.number),
        _("To hand out nothing of it: `!withdraw {number}`", number=item.number),
    )


def _tell_room(item: Item, *lines: Line) -> list[Effect]:
    return [Say(lines, room=item.room, item=item.number)]


async def _tell_moderators(ctx: Context, number: Number) -> list[Effect]:
    """Say why something is public no more whose room is another bot's by now."""
    place = await ctx.moderators_room()
    lines = (
        _("{number} is public no more. Whoever has it keeps it.", number=number),
        _("A name had to go, and only the room that it came from could make it anew."),
    )
    return [Say(lines, room=place)] if place is not None else []


# --- what is handed out -------------------------------------------------------------------------


async def note_change(ctx: Context, number: Number) -> None:
    """Note that what is public of an item is not what it was, and have it written and posted.

    Nothing is written any more of the item as it was, whatever waits.
    """
    query = "INSERT INTO publishing_change (number, at) VALUES (?, ?)"
    await ctx.db.run(query, number, ctx.now.timestamp())
    await _note_for_room(ctx, number)
    if await place_store.logged_item(ctx.db, number) is not None:
        await place_store.drop_unwritten(ctx.db)
    await schedule_write(ctx, ctx.now)


async def _note_for_room(ctx: Context, number: Number) -> None:
    """Have an item's post brought up to date; without an open room, only if one tells of it."""
    is_open = await room_store.open_room(ctx.db) is not None
    if is_open or await room_store.post_of(ctx.db, number) is not None:
        await room_store.note_to_post(ctx.db, [number])
        await schedule_once(ctx, POST_JOB, ctx.now)


async def schedule_write(ctx: Context, at: datetime) -> None:
    """Schedule at `at` (UTC) the job that writes the changed public files."""
    await schedule_once(ctx, WRITE_JOB, at)


async def schedule_once(ctx: Context, kind: JobKind, at: datetime) -> None:
    """Schedule a job that belongs to no room for `at` (UTC), unless one of its kind is due by
    then."""
    planned = await ctx.db.exists(
        "SELECT 1 FROM job WHERE due <= ? AND feature = ? AND name = ? LIMIT 1",
        at.timestamp(),
        kind.feature,
        kind.name,
    )
    if not planned:
        await ctx.schedule(kind, at, room=NOWHERE)
