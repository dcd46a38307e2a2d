"""What would become public of an item now, whether it was seen, and who is written in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.api import (
    Answer,
    Context,
    Item,
    Job,
    Line,
    Number,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    canonical_json,
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

PublicDocument = public_services.public_document.PublicDocument
PublicNames = public_services.PublicNames
MOST_TOLD = 50
"""People who are told of one publication. Where more have the name, it is a word like others."""
MOST_LISTED = 5
typed_names = public_services.typed_names


@dataclass(frozen=True, slots=True)
class MadePublication:
    """What is or would be public of an item, with the names of those who agreed.

    `content` is the hash of all of it without any name, `words` that of the part that people
    wrote. `named` are all who would be named, whether they agreed or not. `in_typed`: whether
    people's words have somebody's address or handle in them.
    """

    document: PublicDocument
    files: Mapping[str, bytes]
    content: str
    words: str
    named: frozenset[UserId]
    in_typed: bool


async def make_publication(ctx: Context, item: Item) -> MadePublication:
    """Return the document that the public would read of an item; nothing is stored or sent.

    Raises `UserError` if it can't be public now, as nothing from a person's private room can.
    """
    made = ctx.registry.offers(public_services.PUBLISH_ITEM.of(item.kind))
    room = await rooms.get(ctx.db, item.room)
    if not made or room is None or room.private_of is not None:
        raise UserError(
            _("What has the number {number} can't become public.", number=item.number),
            _("What can: decisions, events, announcements, and what is in the library."),
        )
    members = await rooms.member_names(ctx.db, item.room)
    members.pop(ctx.me, None)
    names = PublicNames({}, members)
    bare = shown = await made[0](ctx, item, names)
    agreed = await store.agreed_names(ctx.db, item.number)
    if names.wanted & agreed.keys():
        shown = await made[0](ctx, item, PublicNames(agreed, members))
    return MadePublication(
        shown.document,
        shown.files,
        sha256(bare.document.to_json().encode()).hexdigest(),
        _hash_words(bare.document),
        frozenset(names.wanted - {ctx.me}),
        names.in_typed,
    )


async def find_named(
    ctx: Context, item: Item, made: MadePublication, *, unseen: bool = False
) -> list[str]:
    """Return the words that people wrote which are names too, but for those of who agreed.

    `unseen`: nobody reads it before it is public.
    """
    agreed = await store.agreed_names(ctx.db, item.number)
    return await typed_names.find_name_words(
        ctx, item.room, typed_texts(made.document), agreed.values(), unseen=unseen
    )


def typed_texts(document: PublicDocument) -> list[str]:
    """Return what people wrote of it, in all languages. The bot's own sentences name nobody.

    The facts of data are the questions that were asked, and their answers.
    """
    asked = document.facts if document.kind == "data" else ()
    place = document.event.place if document.event else None
    parts = [
        document.title,
        *(row.label for row in document.rows),
        *(part for fact in asked for part in (fact.name, fact.value)),
        *(() if document.kind == "decision" else document.paragraphs),
        *((place,) if place else ()),
    ]
    texts = [text for part in parts for text in (part.text, *part.translations.values())]
    return [*texts, *document.themes, *((document.data.publisher,) if document.data else ())]


def _hash_words(document: PublicDocument) -> str:
    """Return the hash of what people wrote, which nobody but people may make public.

    What a vote brings and when an event is comes from the bot, and is kept up by itself.
    """
    counted = document.kind == "decision"
    written = [
        document.title.to_json(),
        *(part.label.to_json() for part in document.rows),
        *("" if counted else part.to_json() for part in document.paragraphs),
        *("" if counted else part.to_json() for part in document.files),
        document.data.to_json() if document.data else "",
        document.event.place.to_json() if document.event and document.event.place else "",
        *document.themes,
    ]
    return sha256(canonical_json(written)).hexdigest()


def with_dates_of(shown: PublicDocument, now: PublicDocument) -> PublicDocument:
    """Return an event's public document with the dates and the state of its newer document `now`.

    The place is of people's words, so it stays. Anything but an event is returned as it is.
    """
    if shown.event is None or now.event is None:
        return shown
    old, new = shown.event.place, now.event.place
    facts = [fact for fact in now.facts if new is None or fact.value != new]
    for at, fact in enumerate(shown.facts):
        if old is not None and fact.value == old:
            facts.insert(at, fact)
    event = now.event.model_copy(update={"place": old})
    return shown.model_copy(update={"facts": tuple(facts), "event": event})


# --- names that somebody wrote into it ------------------------------------------------------------


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
    for number, room in await store.public_numbers(ctx.db):
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
