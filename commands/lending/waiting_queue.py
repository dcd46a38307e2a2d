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
from commands.lending.declaration import STORED_FOR, TIDY_JOB, feature
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState, first_clash

PATIENCE = timedelta(days=3)
"""How long the lender may take to answer; the request waits on."""


async def ask_for_next(ctx: Context, thing: LentThing) -> list[Effect]:
    """Ask the lender about the first request to borrow that can be met, and tell its borrower.

    Returns no effects if nobody waits.
    """
    if not thing.open:
        return []
    now = await store.live_loans(ctx.db, thing.item)
    for wish in await store.waiting_requests(ctx.db, thing.item):
        if not wish.borrower or not await rooms.shares_room(ctx.db, wish.borrower):
            continue
        if wish.until is not None and first_clash(
            now, wish.starts or ctx.said_at, wish.until, ctx.said_at
        ):
            continue
        if not await ask_lender(ctx, thing, wish):
            return []
        lines = (
            _(
                "“{title}” is free, and you are next (number {number}). I ask {lender}.",
                title=texts.short_title(thing),
                number=wish.item,
                lender=lookup.keeper_name(thing),
            ),
            _("If you don't need it any more: `!borrow {number} no`", number=wish.item),
        )
        return [Say(lines, to=wish.borrower, loud=True, item=wish.item)]
    return []


async def end_loan(ctx: Context, thing: LentThing, loan: Loan) -> list[Effect]:
    """Store that a loan or a request to borrow is over. Return the messages to send, such as the
    one that tells the next person in the queue that it is their turn."""
    before = await store.waiting_requests(ctx.db, thing.item)
    await ctx.cancel_jobs(loan.item)
    await store.save_loan(ctx.db, replace(loan, state=LoanState.OVER))
    await items.close(ctx.db, loan.item)
    await ctx.schedule(TIDY_JOB, ctx.said_at + STORED_FOR, item=loan.item, room=thing.room)
    first = loan.state is LoanState.WANTED and bool(before) and before[0].item == loan.item
    following = await ask_for_next(ctx, thing) if loan.is_live or first else []
    if following or not loan.is_live or not thing.open or loan.handed is LoanSide.NOBODY:
        return following
    return [_free_again(thing)]


def _free_again(thing: LentThing) -> Say:
    """Return the one line to the room when nobody waits for what came back."""
    line = _(
        "“{title}” is free. To ask for it: `!borrow {number} until tomorrow`",
        title=texts.short_title(thing),
        number=thing.item,
    )
    return Say((line,), room=thing.room, item=thing.item)


async def ask_lender(ctx: Context, thing: LentThing, wish: Loan) -> bool:
    """Ask the lender about a request to borrow in private. Return False if that is impossible
    now."""
    lender = await lookup.find_lender(ctx, thing)
    if lender is None:
        return False
    return await ctx.begin_dialogue("grant", lender, {"wish": wish.item}, patience=PATIENCE)


@feature.dialogue("grant")
async def ask_to_grant(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the lender whether to grant a request to borrow. Return what to say, if anything."""
    wish = await store.get_loan(ctx.db, Number(data["wish"]))
    thing = await store.get_thing(ctx.db, wish.thing) if wish else None
    if wish is None or thing is None or wish.state is not LoanState.WANTED:
        return None
    answer = ctx.ask("grant", YES_NO, *_question_lines(thing, wish))
    await lookup.log_moderator(ctx, thing, wish)
    if answer != "yes":
        return await refuse_request(ctx, thing, wish)
    if wish.until is None:
        return [
            _("Good. Until when? For example: `!lend {number} until tomorrow`", number=wish.item)
        ]
    return await grant_request(ctx, thing, wish)


def _question_lines(thing: LentThing, wish: Loan) -> list[Line]:
    lines = [
        _(
            "{person} asks for “{title}” (number {number}).",
            person=Person(wish.borrower, full=True),
            title=texts.short_title(thing),
            number=wish.item,
        )
    ]
    if wish.until is not None:
        lines.append(
            _("When: {when}.", when=texts.loan_time(wish, planned=wish.starts is not None))
        )
    return [*lines, _("Do you lend it? `yes` or `no`")]


async def grant_request(ctx: Context, thing: LentThing, wish: Loan) -> list[Line | Effect]:
    """Turn a request to borrow into a loan and tell both people. Return what to say. Raises
    `UserError` if the thing is taken."""
    assert wish.until is not None
    loan = replace(
        wish, state=LoanState.BOOKED, starts=wish.starts or ctx.said_at, handed=LoanSide.NOBODY
    )
    await check_free(ctx, thing, loan)
    await store.save_loan(ctx.db, loan)
    await due_times.schedule_jobs(ctx, thing, loan)
    planned = wish.starts is not None and wish.starts > ctx.said_at
    echo = texts.loan_sentence(thing, loan, lookup.lender_name(thing), planned=planned)
    letter = Say(
        (
            echo,
            _(
                "When you have it: `!received {number}`. If you don't need it:"
                " `!borrow {number} no`",
                number=loan.item,
            ),
        ),
        to=loan.borrower,
        loud=True,
        item=loan.item,
    )
    return [
        echo,
        _(
            "I tell {person}. When you have handed it over: `!received {number}`",
            person=Person(loan.borrower),
            number=loan.item,
        ),
        letter,
        *await ask_for_next(ctx, thing),
    ]


async def refuse_request(ctx: Context, thing: LentThing, wish: Loan) -> list[Line | Effect]:
    """End a request to borrow, tell its borrower, and ask about the next one. Return what to
    say."""
    rest = await end_loan(ctx, thing, wish)
    letter = Say(
        (
            _(
                "This time “{title}” can't be lent to you (number {number}).",
                title=texts.short_title(thing),
                number=wish.item,
            ),
            _("What else is lent: `!loans`"),
        ),
        to=wish.borrower,
        loud=True,
        item=wish.item,
    )
    return [
        _(
            "Good: number {number} is off. I tell {person}.",
            number=wish.item,
            person=Person(wish.borrower),
        ),
        letter,
        *rest,
    ]


async def check_free(ctx: Context, thing: LentThing, loan: Loan) -> None:
    """Raise `UserError` if the thing is promised to somebody else in the time of this loan."""
    assert loan.starts is not None
    assert loan.until is not None
    others = [one for one in await store.live_loans(ctx.db, thing.item) if one.item != loan.item]
    clash = first_clash(others, loan.starts, loan.until, ctx.said_at)
    if clash is None:
        return
    raise UserError(
        _(
            "“{title}” is taken then: loan {number}, {when}.",
            title=texts.short_title(thing),
            number=clash.item,
            when=texts.loan_time(clash, planned=clash.state is LoanState.BOOKED),
        ),
        _("Who has it when: `!loans {number}`", number=thing.item),
    )
