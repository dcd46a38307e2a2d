"""Find the resource that is meant: by number, by name, or by a reply to a message about it."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    Context,
    Item,
    MissingArgument,
    Number,
    UserError,
    _,
    choice_of,
    items,
    require_voice_to_change,
)
from commands.library import store, texts
from commands.library.content.typed_entries import NAME_PATTERN
from commands.library.declaration import ITEM_KIND, may_see, visible_here
from commands.library.store import Resource

MOST_CHOICES = 9
_NUMBER = re.compile(r"#?(\d{1,9})(?:\s+(.*))?", re.DOTALL)
_WORD = re.compile(r"(\S+)(?:\s+(.*))?", re.DOTALL)


async def find_resource(ctx: Context, text: str) -> tuple[Resource, str]:
    """Return the resource of the library that a text names by number, `#name` or reply, and the
    rest of the text.

    Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    one, rest = await _find_by_text(ctx, text)
    await require_voice_to_change(ctx, one.room)
    return one, rest


ResourceMeant = Annotated[Resource, find_resource]


async def _find_by_text(ctx: Context, text: str) -> tuple[Resource, str]:
    text, replied = text.strip(), await _find_by_reply(ctx)
    if not text and replied is None:
        text = ctx.answers.get("part:number", "")
    numbered, word = _NUMBER.fullmatch(text), _WORD.fullmatch(text)
    if numbered and (replied is None or replied.item == int(numbered[1])):
        return await _find_by_number(ctx, numbered[1]), numbered[2] or ""
    found = await find_by_name(ctx, word[1]) if word else None
    if found and word and (replied in (None, found) or word[1].startswith("#")):
        return found, word[2] or ""
    if replied is not None:
        return replied, text
    if word is None:
        raise MissingArgument("number", _("the number or the `#name`"))
    raise UserError(
        _("Nothing is called “{name}” here.", name=word[1][:40]),
        _("What there is: `!resources`"),
    )


async def find_by_name(ctx: Context, word: str) -> Resource | None:
    """Return the visible resource of the library with this name, or None; asks if there are
    several."""
    name = NAME_PATTERN.fullmatch("#" + word.removeprefix("#"))
    found = await store.resources_named(ctx.db, name[1], await visible_here(ctx)) if name else []
    own = [one for one in found if one.room == ctx.room] or found
    if len(own) < 2:
        return own[0] if own else None
    lines = tuple(
        _("{n}) {number}, {thing}", n=n, number=one.item, thing=texts.resource_row(one))
        for n, one in enumerate(own[:MOST_CHOICES], start=1)
    )
    answer = ctx.ask("which", choice_of(len(lines)), _("Which one?"), *lines)
    return own[int(answer) - 1]


async def _find_by_number(ctx: Context, number: str) -> Resource:
    one = await store.get_resource(ctx.db, Number(int(number)))
    item = await items.get(ctx.db, Number(int(number)))
    if one is None or item is None or not await may_see(ctx, one):
        raise UserError(
            _("There is no number {number} in the library here.", number=number),
            _("What there is: `!resources`"),
        )
    if not (await visible_here(ctx)).includes(one):
        ctx.answer_privately_about(item)
    return one


async def _find_by_reply(ctx: Context) -> Resource | None:
    item: Item | None = await ctx.replied_item(ITEM_KIND)
    one = await store.get_resource(ctx.db, item.number) if item else None
    return one if one and await may_see(ctx, one) else None
