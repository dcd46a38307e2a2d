"""What somebody reads who goes alone, or to meet whom they don't trust: `voy sola a casa`; and who
writes the line of a check-in while a call for help is open."""

from __future__ import annotations

import re

from bot.api import (
    NOT_DONE_IN_CALL,
    OUTING_LINES,
    UNMATCHED_LINES,
    Context,
    Line,
    _,
    is_outing,
)
from commands.safety import back_by, back_words, check_in_store, spoken_plans
from commands.safety.declaration import REMIND_BEFORE, feature


@feature.offers(OUTING_LINES)
async def outing_lines(_ctx: Context) -> list[Line]:
    """Return lines that say how to have contacts told if one doesn't come back."""
    return [
        _("Before you go: `back-by 22:00 @ana:server.org`. Without your `ok` by then, I tell them.")
    ]


@feature.offers(NOT_DONE_IN_CALL)
async def check_in_not_begun(ctx: Context, text: str) -> list[Line]:
    """Return that a line of a call for help begins no check-in, and how to begin one, if it may be
    meant so; else nothing."""
    found = ctx.registry.find_command(text)
    is_typed = found is not None and found[0].name.en == "back-by" and re.search(r"\d", found[2])
    if not is_typed and not spoken_plans.is_plan(text):
        return []
    return [
        _(
            "With that I wait for no `ok` of yours. So that I do, write it again with “{mark}” in"
            " front.",
            mark=ctx.policy.prefix,
        )
    ]


@feature.offers(UNMATCHED_LINES)
async def advise_outing(ctx: Context, text: str) -> list[Line]:
    """Return how to leave word of a way out and what to write in danger, for a sentence that tells
    of going out and that nothing else understood; the asker's own plan, if it is due soon or the
    sentence tells that they are back. Empty for any other sentence."""
    danger = [_("In danger: write `panic`.")] if ctx.registry.find_command("panic") else []
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    near = mine is not None and ctx.said_at >= mine.due - REMIND_BEFORE
    if mine is not None and (near or back_words.tells_of_return(text)):
        return [_("I didn't understand that."), *danger, *back_by.check_in_lines(mine)]
    if not is_outing(text) and not spoken_plans.is_plan(text):
        return []
    return [*await outing_lines(ctx), *danger]
