"""What would become public of an item now, and whether it is still what people have seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.api import (
    Context,
    Item,
    UserError,
    UserId,
    _,
    canonical_json,
    public_services,
    rooms,
)
from commands.publishing import store

PublicDocument = public_services.public_document.PublicDocument
PublicNames = public_services.PublicNames


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
    """Return the public document of an item. Raises `UserError` if it can't be public now.

    Nothing can of a private room, which has no rules and no moderators.
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


async def find_named(ctx: Context, item: Item, made: MadePublication) -> list[str]:
    """Return the words that people wrote which are names too, but for those of who agreed."""
    agreed = await store.agreed_names(ctx.db, item.number)
    return await public_services.typed_names.find_name_words(
        ctx, item.room, typed_texts(made.document), agreed.values()
    )


def typed_texts(document: PublicDocument) -> list[str]:
    """Return what people wrote of it, in all languages. The bot's own sentences name nobody."""
    place = document.event.place if document.event else None
    parts = [
        document.title,
        *(row.label for row in document.rows),
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
