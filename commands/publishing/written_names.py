"""Tells people that somebody wrote their name into what is public, where nobody asked them."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Item,
    Job,
    Line,
    Number,
    RoomId,
    Say,
    UserId,
    _,
    fold,
    is_author,
    items,
    localpart,
    may_act,
    public_services,
    rooms,
    shorten_line,
)
from commands.publishing import store
from commands.publishing.declaration import NAMED_JOB, WITHDRAW_ACT, feature
from commands.publishing.publication import PublicDocument, typed_texts

MOST_TOLD = 50
"""People who are told of one publication. Where more have the name, it is a word like others."""
MOST_LISTED = 5
typed_names = public_services.typed_names


async def tell_named(
    ctx: Context, item: Item, document: PublicDocument, before: PublicDocument | None
) -> None:
    """Have those told in private whose name stands in the words that become public.

    `before` is what was public of it until now: who stood there already was told then. Nobody is
    told by whom the name was written, and whoever makes it public has just read it.
    """
    named = await typed_names.find_people_named(ctx, item.room, typed_texts(document))
    told = 0
    for person in named:
        if told == MOST_TOLD:
            return
        if person == ctx.who or not await rooms.shares_room(ctx.db, person):
            continue
        if before is not None and await _words_in(ctx, before, person):
            continue
        await ctx.schedule(NAMED_JOB, ctx.now, item=item.number, person=person)
        told += 1


@feature.runs(NAMED_JOB)
async def tell_person(ctx: Context, job: Job) -> Answer:
    """Tell somebody in private that their name stands in words that became public, if it still
    does."""
    found = await _find_in(ctx, job.item) if job.item is not None else None
    if found is None:
        return None
    document, words = found
    lines = (
        _(
            "{number}, “{title}”, is public, and in its text stands: {words}.",
            number=document.number,
            title=shorten_line(document.title.text),
            words=words,
        ),
        _("That may be just a word. If it is your name, nobody asked you for a yes."),
        await _way_out(ctx, Number(document.number)),
    )
    return Say(lines, to=ctx.who)


async def own_lines(ctx: Context, number: Number) -> list[Line]:
    """Say that the person's name is written in what is public of an item, and who can withdraw it;
    an empty list if it is not."""
    found = await _find_in(ctx, number)
    if found is None:
        return []
    document, words = found
    line = _(
        "Your name is written in the text of {number}, “{title}”: {words}.",
        number=number,
        title=shorten_line(document.title.text),
        words=words,
    )
    return [line, await _way_out(ctx, number)]


async def all_own_lines(ctx: Context) -> list[Line]:
    """Return what `own_lines` does for everything that is public, the newest first."""
    wanted, lines, more = dict[RoomId, set[str]](), list[Line](), 0
    for number, room in await store.public_rooms(ctx.db):
        if room not in wanted:
            name = f"{await rooms.display_name(ctx.db, ctx.who, room)} {localpart(ctx.who)}"
            wanted[room] = set(re.findall(r"[^\W_]+", fold(name)))
        text = fold(await store.document_text(ctx.db, number))
        if not any(word in text for word in wanted[room]):
            continue  # most are passed over by this, which costs little
        if more or len(lines) >= 2 * MOST_LISTED:
            more += bool(await _find_in(ctx, number))
        else:
            lines += await own_lines(ctx, number)
    return [*lines, _("and {more} more", more=more)] if more else lines


async def _find_in(ctx: Context, number: Number) -> tuple[PublicDocument, tuple[str, ...]] | None:
    """Return what is public of an item, and the words in it that are the person's name; None if it
    has none, but for the name to which they said yes."""
    record = await store.get_record(ctx.db, number)
    if record is None or record.document is None:
        return None
    words = await _words_in(ctx, record.document, ctx.who)
    if agreed := (await store.agreed_names(ctx.db, number)).get(ctx.who):
        own = typed_names.find_names([agreed], {ctx.who: agreed})
        words = tuple(word for word in words if fold(word) not in map(fold, own))
    return (record.document, words) if words else None


async def _words_in(ctx: Context, document: PublicDocument, person: UserId) -> tuple[str, ...]:
    item = await items.get(ctx.db, Number(document.number))
    name = await rooms.display_name(ctx.db, person, item.room if item else None)
    return tuple(typed_names.find_names(typed_texts(document), {person: name}))


async def _way_out(ctx: Context, number: Number) -> Line:
    """Say how the whole is withdrawn, and by whom."""
    item = await items.get(ctx.db, number)
    own = item is not None and (is_author(ctx, item) or await may_act(ctx, WITHDRAW_ACT, item.room))
    if own:
        return _(
            "I can't take it out. To withdraw it all: `withdraw {number}`",
            number=number,
        )
    return _(
        "I can't take it out. Who moderates can withdraw it all: `withdraw {number}`. Ask them.",
        number=number,
    )
