"""Fill a profile in private, part by part. Each answer is stored at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import TEXT, Answer, Context, Line, UserError, _, choice_of, fold_answer
from commands.profile import profile_parts, profile_store, texts
from commands.profile.declaration import feature
from commands.profile.profile_parts import (
    PART_NAMES,
    VISIBILITY_NAMES,
    ProfilePart,
    ProfileVisibility,
)

SKIP_WORDS = frozenset(("saltar", "siguiente", "pular", "proxima", "proximo", "skip", "next", "no"))
_NAMED_VISIBILITIES = [
    (name, seen) for seen in ProfileVisibility for name in VISIBILITY_NAMES[seen]
]
VISIBILITY_CHOICE = choice_of(
    len(ProfileVisibility),
    names=[*[""] * len(ProfileVisibility), *(name for name, _seen in _NAMED_VISIBILITIES)],
)
"""Answer by number or by any name in any language. Names are numbered after the options."""


async def begin_setup(ctx: Context) -> bool:
    """Ask for the first missing part of the person's profile. Return False if none is missing."""
    return await _begin_next(ctx, list(ProfilePart))


async def _begin_next(ctx: Context, among: list[ProfilePart]) -> bool:
    there = {held.part for held in await profile_store.all_parts(ctx.db, ctx.who)}
    for part in among:
        if part not in there:
            await ctx.begin_dialogue("step", ctx.who, {"part": part.value})
            return True
    return False


@feature.dialogue("step")
async def ask_part(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask for one part of the profile and who may see it, then begin the next part. Return what to
    say, if anything."""
    part = ProfilePart(data["part"])
    said = await _store_answer(ctx, part)
    if await _begin_next(ctx, list(ProfilePart)[list(ProfilePart).index(part) + 1 :]):
        return said or None
    greets = await profile_store.wants_greeting(ctx.db, ctx.who)
    return [
        *said,
        *texts.own_profile_lines(await profile_store.all_parts(ctx.db, ctx.who), greets=greets),
    ]


async def _store_answer(ctx: Context, part: ProfilePart) -> list[Line]:
    answer = ctx.ask("value", TEXT, texts.part_question(part), _("`skip` goes on, `cancel` stops."))
    if fold_answer(answer) in SKIP_WORDS:
        return []
    try:
        value = profile_parts.read_value(part, answer)
    except UserError as unfit:
        ctx.ask_again("value", TEXT, *unfit.lines)
        raise
    seen = chosen_visibility(ctx.ask("seen", VISIBILITY_CHOICE, *visibility_question()))
    await profile_store.put_part(ctx.db, ctx.who, part, value)
    await profile_store.set_visibility(ctx.db, ctx.who, part, seen)
    held = await profile_store.get_part(ctx.db, ctx.who, part)
    assert held is not None
    return [_("Noted. {part}: {words}", part=PART_NAMES[part], words=held.words)]


def visibility_question() -> list[Line]:
    """Return the question who may see a part of the profile."""
    listed = [
        _("{n}) {who}", n=n, who=texts.visibility_name(seen))
        for n, seen in enumerate(ProfileVisibility, start=1)
    ]
    return [_("Who may see it?"), *listed, _("Answer with the number.")]


def chosen_visibility(answer: str) -> ProfileVisibility:
    """Return the audience with this number in the list that was shown, counted from 1."""
    every: list[ProfileVisibility] = [
        *ProfileVisibility,
        *(seen for _name, seen in _NAMED_VISIBILITIES),
    ]
    return every[int(answer) - 1]
