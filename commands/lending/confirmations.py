"""The handover and the return of a loan: what one person says, the other confirms."""

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
    UserId,
    _,
    rooms,
)
from commands.lending import due_times, lookup, store, texts, waiting_queue
from commands.lending.declaration import ALONE_JOB, feature
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState

PATIENCE = timedelta(days=3)


LENDER_DECIDES_AFTER = timedelta(days=3)
"""How long the lender's word that a thing is back waits for the borrower's."""


async def _other_person(
    ctx: Context, thing: LentThing, loan: Loan, side: LoanSide
) -> UserId | None:
    """Return the person who must confirm too, or None if they can't be asked."""
    other = loan.borrower if side is LoanSide.LENDER else await lookup.find_lender(ctx, thing)
    return other if other and await rooms.shares_room(ctx.db, other) else None


async def ask_received(ctx: Context, thing: LentThing, loan: Loan) -> None:
    """Ask the other person of a loan whether the thing was handed over."""
    other = await _other_person(ctx, thing, loan, loan.handed)
    if other:
        await ctx.begin_dialogue(
            "handed", other, {"loan": loan.item, "said": int(loan.handed)}, patience=PATIENCE
        )


@feature.dialogue("handed")
async def ask_about_handover(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one person of a loan whether the thing was handed over, as the other one says. Return
    what to say, if anything."""
    found = await _loan_of_question(ctx, data)
    if found is None or found[1].state is not LoanState.BOOKED:
        return _stale_answer(ctx, "handed")
    thing, loan = found
    if int(loan.handed) != data["said"]:
        return _stale_answer(ctx, "handed")
    what = {"number": loan.item, "title": texts.short_title(thing)}
    if loan.handed is LoanSide.LENDER:
        line = _(
            "{lender} lends you “{title}” until {until} (loan {number}).",
            lender=lookup.lender_name(thing),
            until=texts.loan_end(loan),
            **what,
        )
        question = _("Do you have it? `yes` or `no`")
        side = LoanSide.BORROWER
    else:
        line = _(
            "{borrower} says that they have “{title}” (loan {number}), until {until}.",
            borrower=texts.borrower_name(loan),
            until=texts.loan_end(loan),
            **what,
        )
        question = _("Did you hand it over? `yes` or `no`")
        side = LoanSide.LENDER
    if ctx.ask("handed", YES_NO, line, question) == "yes":
        return await record_handover(ctx, thing, loan, side)
    return await discard_handover(ctx, thing, loan, side)


async def record_handover(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Store that one person of a loan confirms the handover, and ask the other one. Return what to
    say, if anything.

    If nobody can be asked, it counts for both. Raises `UserError` if the thing is still out.
    """
    what = {"number": loan.item, "title": texts.short_title(thing), "until": texts.loan_end(loan)}
    if loan.state is LoanState.OUT:
        return _("Noted already: loan {number}, “{title}”, until {until}.", **what)
    others = await store.live_loans(ctx.db, thing.item)
    if out := next((one for one in others if one.state is LoanState.OUT), None):
        raise UserError(
            _(
                "“{title}” is not back from loan {number} yet.",
                title=texts.short_title(thing),
                number=out.item,
            ),
            _("When it is back: `!returned {number}`", number=out.item),
        )
    other = await _other_person(ctx, thing, loan, side)
    both = (loan.handed | side) if other else LoanSide.BOTH
    loan = replace(
        loan, handed=both, state=LoanState.OUT if both is LoanSide.BOTH else LoanState.BOOKED
    )
    await store.save_loan(ctx.db, loan)
    await due_times.schedule_jobs(ctx, thing, loan)
    if loan.state is LoanState.OUT:
        return [
            _(
                "Noted: {borrower} has “{title}” until {until} (loan {number}).",
                borrower=texts.borrower_name(loan),
                **what,
            ),
            _("When it is back: `!returned {number}`", number=loan.item),
            *await _message_to_other(
                ctx,
                loan,
                other,
                _("Both have confirmed: loan {number}, “{title}”, until {until}.", **what),
            ),
        ]
    await ask_received(ctx, thing, loan)
    return _(
        "Noted: loan {number}, “{title}”. I ask {person} too.",
        number=loan.item,
        title=texts.short_title(thing),
        person=Person(other) if other else "",
    )


async def discard_handover(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Delete the confirmation of a loan's handover. Return what to say, if anything. Raises
    `UserError` if both had confirmed."""
    if loan.state is LoanState.OUT:
        raise UserError(
            _("Both had confirmed it. When it is back: `!returned {number}`", number=loan.item)
        )
    other = await _other_person(ctx, thing, loan, side)
    loan = await store.save_loan(ctx.db, replace(loan, handed=LoanSide.NOBODY))
    await due_times.schedule_jobs(ctx, thing, loan)
    what = {"number": loan.item, "title": texts.short_title(thing)}
    line = _(
        "“{title}” was not handed over yet, says {person} (loan {number}).",
        person=Person(ctx.who),
        **what,
    )
    return [
        _("Noted: “{title}” was not handed over yet. When it is: `!received {number}`", **what),
        _("If nothing comes of it: `!borrow {number} no`", number=loan.item)
        if side is LoanSide.BORROWER
        else _("If nothing comes of it: `!lend {number} no`", number=loan.item),
        *await _message_to_other(ctx, loan, other, line),
    ]


@feature.dialogue("back")
async def ask_about_return(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one person of a loan whether the thing is back, as the other one says. Return what to
    say, if anything."""
    found = await _loan_of_question(ctx, data)
    if found is None or not found[1].is_live or int(found[1].back) != data["said"]:
        return _stale_answer(ctx, "back")
    thing, loan = found
    what = {"number": loan.item, "title": texts.short_title(thing)}
    side = LoanSide.BORROWER if loan.back is LoanSide.LENDER else LoanSide.LENDER
    line = (
        _("“{title}” is back, says its lender (loan {number}).", **what)
        if side is LoanSide.BORROWER
        else _(
            "{borrower} says that “{title}” is back (loan {number}).",
            borrower=texts.borrower_name(loan),
            **what,
        )
    )
    if ctx.ask("back", YES_NO, line, _("Is that so? `yes` or `no`")) == "yes":
        return await record_return(ctx, thing, loan, side)
    return await discard_return(ctx, thing, loan, side)


async def record_return(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Store that one person of a loan confirms the return, and ask the other one.

    When both have confirmed, the next person in the queue is told. Raises `UserError` if the loan
    has not begun.
    """
    if loan.state is LoanState.BOOKED and loan.handed is LoanSide.NOBODY:
        raise UserError(
            _(
                "Loan {number} has not begun: nobody said that it was handed over.",
                number=loan.item,
            ),
            _("If nothing comes of it: `!cancel {number}`", number=loan.item),
        )
    what = {"number": loan.item, "title": texts.short_title(thing)}
    other = await _other_person(ctx, thing, loan, side)
    both = (loan.back | side) if other else LoanSide.BOTH
    loan = replace(loan, back=both)
    await store.save_loan(ctx.db, loan)
    if both is LoanSide.BOTH:
        rest = await waiting_queue.end_loan(ctx, thing, loan)
        line = _("“{title}” is back: loan {number} is over. Thank you.", **what)
        return [line, *await _message_to_other(ctx, loan, other, line), *rest]
    if both is LoanSide.LENDER:
        await ctx.schedule(
            ALONE_JOB, ctx.said_at + LENDER_DECIDES_AFTER, item=loan.item, room=thing.room
        )
    if other:
        await ctx.begin_dialogue(
            "back", other, {"loan": loan.item, "said": int(both)}, patience=PATIENCE
        )
    return _(
        "Noted: “{title}” is back (loan {number}). I ask {person} too.",
        person=Person(other) if other else "",
        **what,
    )


async def discard_return(ctx: Context, thing: LentThing, loan: Loan, side: LoanSide) -> Answer:
    """Delete the confirmation of a loan's return: the thing is still out."""
    other = await _other_person(ctx, thing, loan, side)
    await ctx.cancel_jobs(loan.item, ALONE_JOB)
    await store.save_loan(ctx.db, replace(loan, back=LoanSide.NOBODY))
    what = {"number": loan.item, "title": texts.short_title(thing)}
    return [
        _("Noted: “{title}” is not back. When it is: `!returned {number}`", **what),
        *await _message_to_other(
            ctx,
            loan,
            other,
            _(
                "“{title}” is not back, says {person} (loan {number}). Please talk to each other.",
                person=Person(ctx.who, full=True),
                **what,
            ),
        ),
    ]


def _stale_answer(ctx: Context, key: str) -> Answer:
    """Return a notice for an answer to a settled question, but nothing if none was asked yet."""
    return _("That is settled already. Your loans: `!loans`") if key in ctx.answers else None


async def _message_to_other(
    _ctx: Context, loan: Loan, other: UserId | None, line: Line
) -> list[Effect]:
    return [Say((line,), to=other, loud=True, item=loan.item)] if other else []


async def _loan_of_question(ctx: Context, data: Mapping[str, Any]) -> tuple[LentThing, Loan] | None:
    loan = await store.get_loan(ctx.db, Number(data["loan"]))
    thing = await store.get_thing(ctx.db, loan.thing) if loan else None
    return (thing, loan) if thing and loan else None
