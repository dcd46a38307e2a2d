"""Something kept for the library that nobody but its author sees before its time."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    EventId,
    Job,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
)
from commands.embargo import holding
from commands.embargo.held_store import Held
from commands.embargo.holding import HELD_MESSAGE, HeldMessage
from commands.library import reviews, revisions, store, texts
from commands.library.content import web_links
from commands.library.content.collection import Content
from commands.library.content.typed_entries import LONGEST_NAME, TypedEntry
from commands.library.declaration import PUBLISH_JOB, feature
from commands.library.store import Resource, Visibility
from commands.library.version_store import Source

MOST_NAMES_TRIED = 100


async def hold_resource(
    ctx: Context, room: Room, typed: TypedEntry, taken: Content, later: str
) -> Answer:
    """Store something that is to be put into the library later. Only its file's address and key are
    stored until then. Return what to say, if anything."""
    content = {
        "name": typed.name,
        "themes": list(typed.themes),
        "seen": typed.seen,
        "text": taken.text,
        "file": store.file_to_json(taken.file),
        "source": [taken.source.event, taken.source.room, taken.source.said_by, taken.source.typed],
    }
    title, made_of = f"#{typed.name}", taken.source.event
    return await holding.hold(ctx, PUBLISH_JOB, later, title, room.room, content, made_of=made_of)


@feature.offers(HELD_MESSAGE)
async def held_message(_ctx: Context, held: Held) -> HeldMessage:
    """Return who said what waits to be put into the library, and its text or the file's name."""
    taken = _content(held)
    text = taken.text or (taken.file.media.name if taken.file else "")
    return HeldMessage(taken.source.said_by, text)


@feature.runs(PUBLISH_JOB)
async def publish_resource(ctx: Context, job: Job) -> Answer:
    """Put into the library what waited for its time, under another name if its own is taken. Return
    what to say, if anything.

    Raises `UserError`, which its author is told, if they lost the right meanwhile.
    """
    held = await holding.release_due(ctx, job)
    if held is None:
        return None
    await revisions.check_may_keep_more(ctx)
    typed, taken = await _typed_entry(ctx, held), _content(held)
    if typed.seen == "network":
        await revisions.check_may_publish(ctx, held.room)
    one = await keep_resource(ctx, held.room, typed, taken)
    said = _(
        "Kept as #{name} ({number}): {text}",
        name=one.name,
        number=one.item,
        text=texts.short_content(one),
    )
    return [
        texts.resource_message(ctx, one, said, *holding.late_lines(holding.late_facts(ctx, held))),
        holding.published_message(ctx, held, one.item),
    ]


async def keep_resource(ctx: Context, room: RoomId, typed: TypedEntry, taken: Content) -> Resource:
    """Store a new resource of the person in the library, with its log line, and start its room's
    reviews. Return the resource."""
    number = await revisions.add_own_item(ctx, typed.name, room)
    one = Resource(
        number,
        room,
        typed.name,
        taken.kind,
        taken.text,
        taken.file,
        typed.seen or "room",
        ctx.who,
        ctx.said_at,
        ctx.said_at,
        ctx.said_at,
        typed.themes,
    )
    await revisions.write_resource(ctx, one, taken)
    if one.seen == "network":
        await ctx.log("published", {"number": number}, room=room)
    await reviews.begin_reviews(ctx, room)
    return one


async def _typed_entry(ctx: Context, held: Held) -> TypedEntry:
    """Return what was typed, with a name that is free now and only themes that still can be."""
    sight = Visibility((held.room,), network=True)
    name = await _free_name(ctx, held.content["name"], sight)
    themes = [
        one for one in held.content["themes"] if not await store.resources_named(ctx.db, one, sight)
    ]
    return TypedEntry(name, held.content["text"], tuple(themes), held.content["seen"])


async def _free_name(ctx: Context, wanted: str, sight: Visibility) -> str:
    for n in range(1, MOST_NAMES_TRIED):
        name = wanted if n == 1 else f"{wanted[: LONGEST_NAME - 3]}-{n}"
        taken = await store.resources_named(ctx.db, name, sight)
        if not taken and not await store.is_theme(ctx.db, name, sight):
            return name
    raise UserError(_("Choose another name. What has that theme: `#{name}`", name=wanted))


def _content(held: Held) -> Content:
    text = held.content["text"]
    event, room, said_by, typed = held.content["source"]
    return Content(
        text,
        web_links.clean_links(text)[1],
        store.file_from_json(held.content["file"]),
        Source(EventId(event), RoomId(room), UserId(said_by), typed),
    )
