"""Tells a thing from a person behind `!remove`, which takes people out: `remove the workshop`."""

from __future__ import annotations

import re

from bot.api import Answer, Context, fold, localpart, rooms, run_line

_NUMBER = re.compile(
    r"\s*(?:(?:la|el|lo|o|a|the)\s{1,3})?(?:(?:n[uú]mero|number)\s{1,3})?#?\d{1,9}(?![\w:])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^\s*(?:el|la|lo|o|a|the)\s{1,3}", re.IGNORECASE)


async def names_thing(ctx: Context, text: str) -> bool:
    """Return whether the text is a number, or the title of the one open thing called so, and no
    name of somebody in the room. Never once the person was asked for."""
    if "part:people" in ctx.answers:
        return False
    if _NUMBER.match(text) is not None:
        return True
    if await ctx.item_called(text) is None:
        return False
    first = next(iter(fold(_ARTICLE.sub("", text)).split()), "")
    named = await rooms.member_names(ctx.db, ctx.room)
    return not any(
        first in (fold(localpart(person)), *fold(name).split()) for person, name in named.items()
    )


async def cancel_openly(ctx: Context, text: str) -> Answer:
    """Cancel the thing, as if that had been typed: nothing about a person is hidden."""
    ctx.discreet = False
    return await run_line(ctx, f"cancel {text}")
