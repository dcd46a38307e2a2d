"""Remove resources: by command, or because the saved message was redacted or edited."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    CANCEL,
    ITEM_DELETED,
    Answer,
    Context,
    EditedMessage,
    Effect,
    Item,
    Line,
    Redact,
    Redaction,
    Say,
    UserError,
    _,
    items,
    strip_hidden,
)
from commands.library import search_index, store, texts, version_store
from commands.library.content import web_links
from commands.library.declaration import ITEM_KIND, LONGEST_TEXT, feature
from commands.library.store import Resource

feature.log_line("withdrawn", _("took {number} out of the library"))


@feature.offers(CANCEL.of(ITEM_KIND))
async def cancel_resource(ctx: Context, item: Item) -> list[Line | Effect]:
    """Delete a resource of the library with its versions and the bot's messages about it, once
    confirmed. Return what to say: that it is out, or was gone already."""
    one = await store.get_resource(ctx.db, item.number)
    if one is None:
        return [_("{number} is not in the library any more.", number=item.number)]
    ctx.confirm(
        _(
            "#{name} ({number}) goes out of the library, with its versions: {text}",
            name=one.name,
            number=one.item,
            text=texts.short_content(one),
        ),
        final=True,
    )
    if ctx.who != one.keeper:
        await ctx.log("withdrawn", {"number": one.item}, room=one.room)
    return [_("#{name} is out of the library.", name=one.name), *await remove_resource(ctx, one)]


@feature.on(Redaction)
async def remove_redacted(ctx: Context, what: Redaction) -> Answer:
    """Delete the resources of the library made of a message that was redacted. Return what to say,
    if anything."""
    gone = await version_store.resources_made_of(ctx.db, what.target)
    answer: list[Effect] = []
    for one in gone:
        answer += await remove_resource(ctx, one)
        if what.sender != one.keeper:
            await ctx.log("withdrawn", {"number": one.item}, room=one.room)
    if gone:
        names = tuple(texts.resource_name(one) for one in gone)
        line = _("Out of the library, as the message was deleted: {names}", names=names)
        answer.append(Say((line,), room=what.room))
    return answer


@feature.on(EditedMessage)
async def correct_edited(ctx: Context, what: EditedMessage) -> Answer:
    """Correct the resources made of a message that was edited. An edited command does not run
    again. Return what to say, if anything."""
    said = strip_hidden(what.text).strip()
    if not said:
        return None
    for number, version, typed in await version_store.texts_made_of(ctx.db, what.target, ctx.who):
        one = await store.get_resource(ctx.db, number)
        words = "\n".join(filter(None, (typed, said)))
        text, found = _clean_text(words)
        if one is None or not text or len(text) > LONGEST_TEXT:
            continue
        await version_store.replace_text(ctx.db, number, version, text)
        if version == one.version:
            kind = "link" if len(found) == 1 else "text"
            await store.save_resource(ctx.db, replace(one, text=text, kind=kind), found)
            await search_index.reindex(ctx, [number])
    return None


def _clean_text(words: str) -> tuple[str, list[str]]:
    """Return the cleaned text and its links; nothing if a link became invalid.

    Nobody is told, since an edit asks for nothing.
    """
    try:
        text, found = web_links.clean_links(words)
    except UserError:
        return "", []
    return text, [link.known for link in found]


async def remove_resource(ctx: Context, one: Resource) -> list[Effect]:
    """Delete a resource of the library everywhere and redact the bot's messages about it. Return
    what to send.

    Networks with which it is shared remove it too.
    """
    for service in ctx.registry.offers(ITEM_DELETED):
        await service(ctx, one.item)
    said = await items.forget_posts(ctx.db, one.item, "said:")
    await items.delete(ctx.db, one.item)
    ctx.db.shred()
    return [Redact(event, room=room, quiet=True) for event, room in said]
