"""Fill a profile in private, part by part. Each answer is stored at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import TEXT, Answer, Context, Line, UserError, _, bare, choice
from commands.profile import profile_parts, profile_store, texts
from commands.profile.declaration import feature
from commands.profile.profile_parts import PARTS, SEEN, Part, Seen

SKIP = frozenset(("saltar", "siguiente", "pular", "proxima", "proximo", "skip", "next", "no"))
_CALLED = [(name, seen) for seen in Seen for name in SEEN[seen]]
WHO = choice(len(Seen), names=[*[""] * len(Seen), *(name for name, _seen in _CALLED)])
"""Answer by number or by any name in any language. Names are numbered after the options."""


async def begin(ctx: Context) -> bool:
    """Ask for the first missing part. Return False if none is missing."""
    return await _next(ctx, list(Part))


async def _next(ctx: Context, among: list[Part]) -> bool:
    there = {held.part for held in await profile_store.every(ctx.db, ctx.who)}
    for part in among:
        if part not in there:
            await ctx.begin("step", ctx.who, {"part": part.value})
            return True
    return False


@feature.dialogue("step")
async def step(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask for one part and who may see it, then begin the next."""
    part = Part(data["part"])
    said = await _asked(ctx, part)
    if await _next(ctx, list(Part)[list(Part).index(part) + 1 :]):
        return said or None
    greets = await profile_store.greets(ctx.db, ctx.who)
    return [*said, *texts.own(await profile_store.every(ctx.db, ctx.who), greets=greets)]


async def _asked(ctx: Context, part: Part) -> list[Line]:
    answer = ctx.ask("value", TEXT, texts.question(part), _("`skip` goes on, `cancel` stops."))
    if bare(answer) in SKIP:
        return []
    try:
        value = profile_parts.value(part, answer)
    except UserError as unfit:
        ctx.ask_anew("value", TEXT, *unfit.lines)
        raise
    seen = audience(ctx.ask("seen", WHO, *who_may()))
    await profile_store.put(ctx.db, ctx.who, part, value)
    await profile_store.show(ctx.db, ctx.who, part, seen)
    held = await profile_store.get(ctx.db, ctx.who, part)
    assert held is not None
    return [_("Noted. {part}: {words}", part=PARTS[part], words=held.words)]


def who_may() -> list[Line]:
    """Return the question who may see the part."""
    listed = [_("{n}) {who}", n=n, who=texts.who(seen)) for n, seen in enumerate(Seen, start=1)]
    return [_("Who may see it?"), *listed, _("Answer with the number.")]


def audience(answer: str) -> Seen:
    every: list[Seen] = [*Seen, *(seen for _name, seen in _CALLED)]
    return every[int(answer) - 1]
