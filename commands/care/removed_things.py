"""Tells a thing from a person behind `!remove`, which takes people out: `remove the workshop`."""

from __future__ import annotations

import re

from bot.api import Answer, Context, Sentence, fold, localpart, rooms, run_line
from commands.care.declaration import feature

_NUMBER = re.compile(
    r"\s*(?:(?:la|el|lo|o|a|the)\s{1,3})?(?:(?:n[uú]mero|number)\s{1,3})?#?\d{1,9}"
    r"(?:[\s,;&+]+(?:(?:y|e|and)\s+)?#?\d{1,9})*"
    r"(?:\s+(?:ya|now|já|por favor|porfa|please))*[\s.!]*",
    re.IGNORECASE,
)
_SOMEBODY = (
    r"(?!(?:el|la|los|las|mi|su|tu|me|it|that|this|the|my|us|todo|todos|todas)\b)(@?[^\s,;]{2,60})"
)
_FROM_ROOM = r" (?:de la|de esta|del|d[ao]|dest[ae]|of the|of this) (?:sala|grupo|chat|room|group)"
for _said in (
    rf"(?:saca|saquen|echa|echen|expulsa|expulsen) a {_SOMEBODY}(?:{_FROM_ROOM})?",
    rf"(?:tir[ae]|tirem|expuls[ae]|expulsem) (?:(?:a|o) )?{_SOMEBODY}{_FROM_ROOM}",
    rf"(?:take|kick|throw|put) {_SOMEBODY} out(?:{_FROM_ROOM})?",
):
    feature.sentences.append(Sentence(re.compile(rf"{_said}[\s.!]*"), "remove {}"))
_ARTICLE = re.compile(r"^\s*(?:el|la|lo|o|a|the)\s{1,3}", re.IGNORECASE)


async def names_thing(ctx: Context, text: str) -> bool:
    """Return whether the text is a number, or the title of the one open thing called so, and no
    name of somebody in the room, or in private in any of theirs. Never once the person was asked
    for."""
    if "part:people" in ctx.answers:
        return False
    if _NUMBER.fullmatch(text) is not None:
        return True
    if await ctx.item_called(text) is None:
        return False
    first = next(iter(fold(_ARTICLE.sub("", text)).split()), "")
    shared = await rooms.shared_rooms(ctx.db, ctx.who) if ctx.is_private else ()
    for room in (ctx.room, *(one.room for one in shared)):
        for person, name in (await rooms.member_names(ctx.db, room)).items():
            if first in (fold(localpart(person)), *fold(name).split()):
                return False
    return True


async def cancel_openly(ctx: Context, text: str) -> Answer:
    """Cancel the thing, as if that had been typed: nothing about a person is hidden."""
    ctx.discreet = False
    return await run_line(ctx, f"cancel {text.strip(' .!')}")
