"""Confirm what was done urgently, or take it back."""

from __future__ import annotations

from dataclasses import replace

from bot.api import LINE, Context, Effect, Line, Say, UserError, _, answer_parts, run_act, verbatim
from commands.governance import requests
from commands.governance.store import StoredRequest


async def confirm_act(ctx: Context, kept: StoredRequest) -> list[Line | Effect]:
    """Keep the result of an urgent act, since the others agreed. Return what to say."""
    await requests.close_request(ctx, kept)
    await requests.log_approval(ctx, kept, "confirmed")
    what = verbatim(kept.title)
    return [Say((_("It stays, by their word: {what}", what=what),), room=kept.room, item=kept.item)]


async def take_back_act(ctx: Context, kept: StoredRequest, *late: Line) -> list[Line | Effect]:
    """Undo every log entry of an urgent act that was not confirmed, if it still stands. Return what
    to say.

    `late`: lines that explain a delay.
    """
    await requests.close_request(ctx, kept)
    said: list[Line] = []
    done: list[Line | Effect] = []
    for line in reversed(kept.keep):
        try:
            async with ctx.db.savepoint():
                done += answer_parts(
                    await run_act(ctx, replace(kept.as_request(), payload={LINE: line}))
                )
        except UserError as error:
            said += error.lines
    first = _("It was not confirmed, so I took it back: {what}", what=verbatim(kept.title))
    if said:
        first = _("It was not confirmed: {what}", what=verbatim(kept.title))
    effects = [one for one in done if not isinstance(one, Line)]
    return [Say((first, *said, *late), room=kept.room, item=kept.item, loud=True), *effects]
