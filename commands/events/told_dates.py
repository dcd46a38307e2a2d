"""Tell a line that says when an event is (`event 57 is on Sunday`) from one that makes an event."""

from __future__ import annotations

import re

from bot.api import Context, UserError, _, fold, items, split_number, verbatim
from commands.events.grammar import drafts

_IS = re.compile(
    r"^(?:(?:ahora|agora|now|ya|j[aá])\s+)?(?:es|ser[aá]|va\s+a\s+ser|queda|pasa|é|eh?|vai\s+ser|fica"
    r"|passa|is|will\s+be|moves|moved)\s+(?:(?:ahora|agora|now)\s+)?(?:(?:to|para|pra)\s+)?",
    re.IGNORECASE,
)
"""Between a number and a date: `57 es el domingo`."""
_NAMED = re.compile(r"\s*(?:(?:el|o|the|al|ao)\s)?(?:evento?\s)?#?\d")
"""A number, or `event 57`. `Reunión 57` is a title as well. Folded."""


async def refuse_date_of_another(ctx: Context, text: str) -> None:
    """Raise `UserError` for a line that is nothing but the number of an event and a date: `evento
    57 es el domingo` tells when that one is, and makes none.

    An event of another room is named in private; one that the person may not see is none.
    """
    numbered = split_number(text)
    item = await items.get(ctx.db, numbered[0]) if numbered is not None else None
    if numbered is None or item is None or item.kind != "event" or not await ctx.may_see(item):
        return
    if _NAMED.match(fold(text)) is None and _IS.match(numbered[1]) is None:
        return
    day = _IS.sub("", numbered[1])
    draft = drafts.parse_draft(day, ctx.said_at, ctx.policy.zone)
    if not draft.has_date or draft.title:
        return
    ctx.answer_privately_about(item)
    raise UserError(
        _("I made nothing: {number} is “{title}”.", number=item.number, title=item.title),
        _("To move it: `!move {number} {when}`", number=item.number, when=verbatim(day)),
        _("For a new one begin with its title, not with a number."),
    )
