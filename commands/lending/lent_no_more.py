"""What is said of things that are lent no more, and of loans whose room is closed."""

from __future__ import annotations

import re

from bot.api import (
    PENDING,
    UNMATCHED_LINES,
    Context,
    Line,
    Number,
    RoomId,
    UserError,
    _,
    fold,
    items,
    rooms,
    words,
)
from commands.lending import store, texts
from commands.lending.declaration import feature
from commands.lending.loans import LentThing, Loan, LoanState

_MOST_SAID = 5
"""How many loans one answer names."""
_THING_NUMBER = re.compile(
    r"#?(\d{1,9})(?=\s*$|\s+(?:a|al|para|pra|ao|to|hasta|ate|until|till|por|durante|for)\b)"
)
_IS_BACK = re.compile(
    r"\b(?:devolvieron|devolveram|volvio|voltou|(?:esta|tengo) de (?:vuelta|nuevo)"
    r"|de volta|(?:got|gave|came|have|brought|is|it'?s) (?:\w{1,20} ){0,4}back|returned)\b"
)
"""How people say that a thing is back. Folded."""


feature.stands_for(words("puedo prestar", "posso emprestar", "I can lend"), "lend")


async def lent_no_more_lines(ctx: Context, thing: LentThing) -> tuple[Line, ...]:
    """Return lines that say that a thing is lent no more and, to its keeper, how to lend it
    again."""
    room = await rooms.get(ctx.db, thing.room)
    title = texts.short_title(thing)
    if room is not None and room.joined:
        said = _("“{title}” is lent no more.", title=title)
        again = _("To lend it again: `!lend {title}`", title=title)
    else:
        said = _("“{title}” is lent no more: its room is closed.", title=title)
        again = _("To lend it in another room: `!lend {title}`", title=title)
    return (said, again) if ctx.who == thing.keeper else (said,)


async def require_lent(ctx: Context, text: str) -> None:
    """Raise `UserError` if the text begins with the number of a thing that this person lends no
    more."""
    number = _THING_NUMBER.match(fold(text).strip())
    item = await items.get(ctx.db, Number(int(number[1]))) if number else None
    thing = await store.get_thing(ctx.db, item.number) if item and item.kind == "thing" else None
    if thing is None or thing.open or thing.keeper != ctx.who or not ctx.is_trusted:
        return
    ctx.answer_privately |= not ctx.is_private and thing.room != ctx.room
    raise UserError(*await lent_no_more_lines(ctx, thing))


async def _own_loans(ctx: Context) -> list[tuple[Loan, LentThing]]:
    """Return the agreed and current loans of what a person lends or has, with their things."""
    live = (LoanState.OUT, LoanState.BOOKED)
    mine = await store.loans_of(ctx.db, ctx.who, *live)
    every = [*mine, *(one for one in await store.lent_by(ctx.db, ctx.who) if one.is_live)]
    found: dict[Number, tuple[Loan, LentThing]] = {}
    for loan in every:
        if (thing := await store.get_thing(ctx.db, loan.thing)) is not None:
            found[loan.item] = loan, thing
    return list(found.values())


@feature.offers(PENDING)
async def pending_without_room(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line in private for each loan of the person whose room they no longer share."""
    if not ctx.is_private or room != ctx.room:
        return []
    shared = {one.room for one in await rooms.shared_rooms(ctx.db, ctx.who)}
    return [
        _("Loan {loan}", loan=texts.loan_line(thing, loan))
        for loan, thing in await _own_loans(ctx)
        if thing.room not in shared
    ][:_MOST_SAID]


@feature.offers(UNMATCHED_LINES)
async def lines_of_return(ctx: Context, text: str) -> list[Line]:
    """Return how to say that a thing is back, for a person who says so in words of their own and
    lends or has something."""
    if _IS_BACK.search(fold(text)) is None:
        return []
    lines: list[Line] = [
        _(
            "If “{title}” is back: `!returned {number}`",
            title=texts.short_title(thing),
            number=loan.item,
        )
        for loan, thing in await _own_loans(ctx)
        if loan.state is LoanState.OUT or loan.handed
    ][:_MOST_SAID]
    if lines and ctx.registry.find_command("panic"):  # `ya volvió` may be said of somebody feared
        lines.append(_("If it is something else, and in danger: `!panic`"))
    return lines
