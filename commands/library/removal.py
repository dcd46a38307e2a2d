"""Remove resources: by command, or because the saved message was redacted or edited."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Edited,
    Effect,
    Item,
    Line,
    Redact,
    Redaction,
    Say,
    UserError,
    _,
    harmless,
    items,
)
from commands.library import search_index, store, texts
from commands.library.content import web_links
from commands.library.declaration import KIND, LONGEST, feature
from commands.library.store import Resource


@feature.service(f"cancel:{KIND}")
async def cancel(ctx: Context, item: Item) -> list[Line | Effect]:
    """Remove a resource with its versions and the bot's messages about it, after confirmation."""
    one = await store.get(ctx.db, item.number)
    if one is None:
        return [_("{number} is not in the library any more.", number=item.number)]
    ctx.confirm(
        _("#{name} ({number}) goes out of the library, with its versions: {text}", name=one.name,
          number=one.item, text=texts.about(one)),
        final=True,
    )  # fmt: skip
    if ctx.who != one.keeper:
        await ctx.log("withdrawn", {"number": one.item}, room=one.room)
    return [_("#{name} is out of the library.", name=one.name), *await take_out(ctx, one)]


@feature.on(Redaction)
async def redacted(ctx: Context, what: Redaction) -> Answer:
    """Remove the resources made of a message that was redacted."""
    gone = await store.made_of(ctx.db, what.target)
    answer: list[Effect] = []
    for one in gone:
        answer += await take_out(ctx, one)
        if what.sender != one.keeper:
            await ctx.log("withdrawn", {"number": one.item}, room=one.room)
    if gone:
        names = tuple(texts.called(one) for one in gone)
        line = _("Out of the library, as the message was deleted: {names}", names=names)
        answer.append(Say((line,), room=what.room))
    return answer


@feature.on(Edited)
async def edited(ctx: Context, what: Edited) -> Answer:
    """Correct the texts made of a message that was edited. An edited command does not run again."""
    said = harmless(what.text).strip()
    if not said:
        return None
    for number, version, typed in await store.said_in(ctx.db, what.target, ctx.who):
        one = await store.get(ctx.db, number)
        words = "\n".join(filter(None, (typed, said)))
        text, found = _clean(words)
        if one is None or not text or len(text) > LONGEST:
            continue
        await store.mend(ctx.db, number, version, text)
        if version == one.version:
            kind = "link" if len(found) == 1 else "text"
            await store.put(ctx.db, replace(one, text=text, kind=kind), found)
            await search_index.again(ctx, [number])
    return None


def _clean(words: str) -> tuple[str, list[str]]:
    """Return the cleaned text and its links; nothing if a link became invalid.

    Nobody is told, since an edit asks for nothing.
    """
    try:
        text, found = web_links.clean(words)
    except UserError:
        return "", []
    return text, [link.known for link in found]


async def take_out(ctx: Context, one: Resource) -> list[Effect]:
    """Delete a resource everywhere and redact the bot's messages about it.

    Networks with which it is shared remove it too.
    """
    for service in ctx.registry.services("gone"):
        await service(ctx, one.item)
    said = await items.recall(ctx.db, one.item, "said:")
    await items.drop(ctx.db, one.item)
    ctx.db.shred()
    return [Redact(event, room=room, quiet=True) for event, room in said]
