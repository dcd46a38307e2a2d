"""Keep the public room's posts as they should be: one after the other, many at once in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from bot.api import (
    Answer,
    Callback,
    Context,
    Effect,
    EventId,
    Job,
    Line,
    Number,
    RoomId,
    _,
    n_,
    public_services,
    rooms,
    tell_moderators,
    verbatim,
)
from commands.public_site import paths
from commands.public_site.published import documents
from commands.publishing import preview, store
from commands.publishing.declaration import POSTED_JOB, feature
from commands.publishing.making import NOWHERE, POST_JOB
from commands.publishing.places import room_store
from commands.publishing.places.rendering import network_languages
from commands.publishing.places.room_store import PublicPost, PublicRoom

MOST_TOGETHER = 10
"""Items in one post."""
MOST_AT_ONCE = 40
"""Items whose posts are looked at in one job."""
public_posts = public_services.public_posts
MOST_LINES = 6
"""Lines of one item, in each language."""
MOST_ROWS = 10
"""Options of a decision."""
MOST_LETTERS = 5_000
"""Letters of one language: an event holds 64 kB with all of them, plain and marked up."""
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


@feature.runs(POSTED_JOB)
async def note_posted(ctx: Context, job: Job) -> Answer:
    """Store which event a post in the public room is, and go on. A refused post is reported, and
    not tried again."""
    post, code = await room_store.post_on_its_way(ctx.db), job.payload.get("code")
    if post is None:
        return None
    if code:
        await room_store.delete_post(ctx.db, post)
        told = _("I could not post in the public room ({code}).", code=code)
        answer = await tell_moderators(ctx, [told], sorted(ctx.defaults.moderators))
        return [*answer, *await _bring_up(ctx)]
    await room_store.set_event(ctx.db, post, EventId(str(job.payload["event"])))
    return await _bring_up(ctx)


@feature.runs(POST_JOB)
async def bring_up(ctx: Context, _job: Job) -> Answer:
    """Send the posts that the public room lacks, and redact those that should not be there."""
    return await _bring_up(ctx)


async def _bring_up(ctx: Context) -> list[Effect]:
    """Go on until a post is on its way, which calls back, or until all is as it should be."""
    waiting = await room_store.post_on_its_way(ctx.db)
    if waiting is not None:
        if await room_store.is_being_sent(ctx.db, waiting.room):
            return []
        await room_store.delete_post(ctx.db, waiting)  # we were out of the room meanwhile
        await room_store.note_to_post(ctx.db, waiting.numbers)
    numbers = await room_store.to_post(ctx.db, MOST_AT_ONCE)
    effects: list[Effect] = []
    fresh: list[documents.PublicDocument] = []
    for number in numbers:
        post, document = await room_store.post_of(ctx.db, number), await _document(ctx, number)
        if post is None and document is not None and len(fresh) < MOST_TOGETHER:
            fresh.append(document)
        elif post is None and document is not None:
            continue  # in the next post
        elif post is not None and await _says_else(ctx, post):
            effects.append(await _take_away(ctx, post))
            continue  # what else it told of is posted anew
        await room_store.done(ctx.db, [number])
    posted = await _post(ctx, fresh)
    if not posted and await room_store.to_post(ctx.db, 1):
        await ctx.schedule(POST_JOB, ctx.now, room=NOWHERE)
    return [*effects, *posted]


async def _post(ctx: Context, fresh: list[documents.PublicDocument]) -> list[Effect]:
    """Post what is new, all of it in one post."""
    place = await _place(ctx)
    if place is None or not fresh:
        return []
    words, code = await render_post(ctx, fresh)
    await room_store.add_post(ctx.db, place.room, code, [one.number for one in fresh])
    return [public_posts.PostPublicly(place.room, words, Callback.of(POSTED_JOB, Number(0)))]


async def _says_else(ctx: Context, post: PublicPost) -> bool:
    """Return whether a post does not say what it should by now."""
    shown = [doc for one in post.numbers if (doc := await _document(ctx, one)) is not None]
    _words, code = await render_post(ctx, shown)
    return code != post.words


async def _take_away(ctx: Context, post: PublicPost) -> Effect:
    """Take a post away. What it says is never replaced: everybody could read what it said before.

    What of it is public is posted anew.
    """
    await room_store.delete_post(ctx.db, post)
    await room_store.note_to_post(ctx.db, post.numbers)
    return public_posts.TakePostAway(post.room, post.event)


async def _place(ctx: Context) -> PublicRoom | None:
    """Return the public room if it is there and we are in it."""
    place = await room_store.open_room(ctx.db)
    room = await rooms.get(ctx.db, RoomId(place.room)) if place else None
    return place if room is not None and room.joined and room.is_public else None


async def _document(ctx: Context, number: Number) -> documents.PublicDocument | None:
    record = await store.get_record(ctx.db, number)
    return record.document if record else None


# --- what a post says -----------------------------------------------------------------------------


async def render_post(
    ctx: Context, shown: Sequence[documents.PublicDocument]
) -> tuple[public_posts.RenderedText, str]:
    """Return the text of a post in the public room about these items, and its hash. Several get a
    line and a link each."""
    plain, marked = [], []
    for language in await network_languages(ctx):
        lines = [
            line
            for document in shown
            for line in _lines(ctx, document, language, MOST_LINES if len(shown) == 1 else 1)
        ]
        said = ctx.renderer.render_lines(
            lines, public_services.Reader(language, ctx.defaults.zone, "!", _LONG_AGO)
        )
        plain.append(said.plain)
        marked.append(said.html)
    words = public_posts.RenderedText("\n\n".join(plain), "<br><br>".join(marked))
    return words, sha256(words.html.encode()).hexdigest()


def _lines(
    ctx: Context, document: documents.PublicDocument, language: str, most: int
) -> Iterator[Line]:
    """Yield the first lines of a document, how many are left out, and where all of it stands."""
    every = _short_lines(document, language)
    letters = shown = 0
    for line in every[:most]:
        letters += sum(len(str(value)) for value in line.values.values())
        if letters > MOST_LETTERS // most:
            break
        shown += 1
        yield line
    left = len(every) - shown
    if left and most > 1:
        yield n_("and {count} line more", "and {count} lines more", left)
    if ctx.defaults.public.address:
        page = paths.item_page(document.kind, document.number)
        yield verbatim(f"{ctx.defaults.public.address.rstrip('/')}/{language}/{page}")


def _short_lines(document: documents.PublicDocument, language: str) -> list[Line]:
    """Return the lines of a document; of a decision all counts as one, behind what came out."""
    bare = document.model_copy(update={"rows": ()})
    reading = preview.DocumentReader(language)
    lines = list(preview.document_lines(bare, reading))
    if document.rows:
        rows = [preview.row_line(row, reading) for row in document.rows[:MOST_ROWS]]
        if (more := len(document.rows) - MOST_ROWS) > 0:
            rows.append(_("and {more} more", more=more))
        lines.insert(2 if document.facts else 1, Line("{rows}", {"rows": tuple(rows)}))
    return lines
