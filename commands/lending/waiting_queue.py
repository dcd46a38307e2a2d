"""The queue for a thing, in the order of requests; its lender grants each one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Effect,
    Line,
    Number,
    Person,
    Say,
    UserError,
    _,
    items,
    rooms,
)
from commands.lending import due_times, lookup, store, texts
from commands.lending.declaration import KEPT_FOR, feature
from commands.lending.loans import Loan, Side, State, Thing, clashing

PATIENCE = timedelta(days=3)
"""How long the lender may take to answer; the request waits on."""


async def next_one(ctx: Context, thing: Thing) -> list[Effect]:
    """Ask the lender about the first request that can be met, and tell its borrower.

    Returns no effects if nobody waits.
    """
    if not thing.open:
        return []
    now = await store.live(ctx.db, thing.item)
    for wish in await store.queue(ctx.db, thing.item):
        if not wish.borrower or not await rooms.shares_room(ctx.db, wish.borrower):
            continue
        if wish.until is not None and clashing(now, wish.starts or ctx.now, wish.until, ctx.now):
            continue
        if not await ask(ctx, thing, wish):
            return []
        lines = (
            _("“{title}” is free, and you are next (number {number}). I ask {lender}.",
              title=texts.title(thing), number=wish.item, lender=lookup.keeper(thing)),
            _("If you don't need it any more: `!borrow {number} no`", number=wish.item),
        )  # fmt: skip
        return [Say(lines, to=wish.borrower, loud=True, item=wish.item)]
    return []


async def over(ctx: Context, thing: Thing, loan: Loan) -> list[Effect]:
    """End a loan or a request, and tell the next person in the queue that it is their turn."""
    before = await store.queue(ctx.db, thing.item)
    await ctx.call_off(loan.item)
    await store.put(ctx.db, replace(loan, state=State.OVER))
    await items.close(ctx.db, loan.item)
    await ctx.schedule("tidy", ctx.now + KEPT_FOR, item=loan.item, room=thing.room)
    first = loan.state is State.WANTED and bool(before) and before[0].item == loan.item
    return await next_one(ctx, thing) if loan.live or first else []


async def ask(ctx: Context, thing: Thing, wish: Loan) -> bool:
    """Ask the lender about a request in private. Return False if that is impossible now."""
    lender = await lookup.lender(ctx, thing)
    if lender is None:
        return False
    return await ctx.begin("grant", lender, {"wish": wish.item}, patience=PATIENCE)


@feature.dialogue("grant")
async def grant(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the lender whether to grant a request."""
    wish = await store.get(ctx.db, Number(data["wish"]))
    thing = await store.thing(ctx.db, wish.thing) if wish else None
    if wish is None or thing is None or wish.state is not State.WANTED:
        return None
    answer = ctx.ask("grant", YES_NO, *_asked(thing, wish))
    await lookup.acted(ctx, thing, wish)
    if answer != "yes":
        return await refused(ctx, thing, wish)
    if wish.until is None:
        return [
            _("Good. Until when? For example: `!lend {number} until tomorrow`", number=wish.item)
        ]
    return await granted(ctx, thing, wish)


def _asked(thing: Thing, wish: Loan) -> list[Line]:
    lines = [
        _("{person} asks for “{title}” (number {number}).", person=Person(wish.borrower, full=True),
          title=texts.title(thing), number=wish.item)
    ]  # fmt: skip
    if wish.until is not None:
        lines.append(_("When: {when}.", when=texts.when(wish, planned=wish.starts is not None)))
    return [*lines, _("Do you lend it? `yes` or `no`")]


async def granted(ctx: Context, thing: Thing, wish: Loan) -> list[Line | Effect]:
    """Turn a request into a loan and tell both people. Raises `UserError` if it is taken."""
    assert wish.until is not None
    loan = replace(wish, state=State.BOOKED, starts=wish.starts or ctx.now, handed=Side.NOBODY)
    await free(ctx, thing, loan)
    await store.put(ctx.db, loan)
    await due_times.plan(ctx, thing, loan)
    planned = wish.starts is not None and wish.starts > ctx.now
    echo = texts.lending(thing, loan, lookup.lending(thing), planned=planned)
    letter = Say(
        (echo, _("When you have it: `!received {number}`. If you don't need it:"
                 " `!borrow {number} no`", number=loan.item)),
        to=loan.borrower,
        loud=True,
        item=loan.item,
    )  # fmt: skip
    return [
        echo,
        _("I tell {person}. When you have handed it over: `!received {number}`",
          person=Person(loan.borrower), number=loan.item),
        letter,
        *await next_one(ctx, thing),
    ]  # fmt: skip


async def refused(ctx: Context, thing: Thing, wish: Loan) -> list[Line | Effect]:
    """End a request, tell its borrower, and ask about the next one."""
    rest = await over(ctx, thing, wish)
    letter = Say(
        (_("This time “{title}” can't be lent to you (number {number}).", title=texts.title(thing),
           number=wish.item),
         _("What else is lent: `!loans`")),
        to=wish.borrower,
        loud=True,
        item=wish.item,
    )  # fmt: skip
    return [_("Good: number {number} is off. I tell {person}.", number=wish.item,
              person=Person(wish.borrower)), letter, *rest]  # fmt: skip


async def free(ctx: Context, thing: Thing, loan: Loan) -> None:
    """Raise `UserError` if the thing is lent to somebody else in the time of this loan."""
    assert loan.starts is not None
    assert loan.until is not None
    others = [one for one in await store.live(ctx.db, thing.item) if one.item != loan.item]
    clash = clashing(others, loan.starts, loan.until, ctx.now)
    if clash is None:
        return
    raise UserError(
        _("“{title}” is taken then: loan {number}, {when}.", title=texts.title(thing),
          number=clash.item, when=texts.when(clash, planned=clash.state is State.BOOKED)),
        _("Who has it when: `!loans {number}`", number=thing.item),
    )  # fmt: skip
