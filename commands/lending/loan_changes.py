"""Change a loan by its number: extend it, grant or refuse a request, cancel what has not begun."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    MissingArgument,
    Say,
    UserError,
    UserId,
    _,
)
from commands.lending import due_times, lookup, store, texts, waiting_queue
from commands.lending.loan_span import LoanSpan
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState
from commands.lending.phrases import LoanPhrase


async def change_loan(
    ctx: Context, thing: LentThing, loan: Loan, span: LoanSpan, meant: LoanPhrase
) -> Answer:
    """Extend a loan or grant or refuse a request: `57 until Sunday`, `57 no`. Return the answer.

    Raises `UserError` without the right and for a loan that is over, and `MissingArgument`.
    """
    if not loan.is_live and loan.state is not LoanState.WANTED:
        raise UserError(_("Number {number} is over.", number=loan.item))
    await check_may_lend(ctx, thing)
    if meant.people and loan.borrower not in meant.people:
        raise UserError(
            _(
                "Number {number} is for {person}.",
                number=loan.item,
                person=texts.borrower_name(loan),
            ),
            _(
                "To lend it to somebody else: `!lend {number} to @ana until tomorrow`",
                number=thing.item,
            ),
        )
    await lookup.close_question(ctx)
    await lookup.log_moderator(ctx, thing, loan)
    if meant.no:
        return await _refuse_or_cancel(ctx, thing, loan)
    if loan.state is LoanState.WANTED:
        if (span.until or loan.until) is None:
            raise MissingArgument("until", _("until when"))
        if span.until is not None:
            loan = replace(loan, starts=span.starts, until=span.until, timed=span.timed)
        return await waiting_queue.grant_request(ctx, thing, loan)
    if span.until is None:
        return Say((texts.loan_line(thing, loan),), item=loan.item)
    later = replace(loan, until=span.until, timed=span.timed)
    if span.starts is not None and loan.state is LoanState.BOOKED:
        later = replace(later, starts=span.starts)
    return await extend_loan(ctx, thing, later)


async def check_may_lend(ctx: Context, thing: LentThing) -> None:
    """Raise `UserError` unless the sender may lend the thing."""
    if not await lookup.may_lend(ctx, thing):
        raise UserError(
            _(
                "You can't lend “{title}”: that is for {keeper}.",
                title=texts.short_title(thing),
                keeper=lookup.keeper_name(thing),
            ),
            _("To ask for it: `!borrow {number} until tomorrow`", number=thing.item),
        )


async def extend_loan(ctx: Context, thing: LentThing, loan: Loan) -> list[Line | Effect]:
    """Store a new end of a loan and tell the other person. Return what to say. Raises `UserError`
    if the thing is promised to others then."""
    assert loan.until is not None
    if loan.until <= ctx.said_at:
        raise UserError(_("Write a date to come, for example `tomorrow 18:00`."))
    if loan.starts is not None and loan.until <= loan.starts:
        raise UserError(
            _(
                "Loan {number} begins on {start}: write a day after that.",
                number=loan.item,
                start=texts.loan_start(loan),
            )
        )
    await waiting_queue.check_free(ctx, thing, loan)
    await store.save_loan(ctx.db, loan)
    await due_times.schedule_jobs(ctx, thing, loan)
    when = texts.loan_time(loan, planned=loan.state is LoanState.BOOKED)
    line = _(
        "Loan {number}, “{title}”: now {when}.",
        number=loan.item,
        title=texts.short_title(thing),
        when=when,
    )
    other = loan.borrower if loan.borrower != ctx.who else thing.keeper
    return [line, *([Say((line,), to=other, loud=True, item=loan.item)] if other else [])]


async def _refuse_or_cancel(ctx: Context, thing: LentThing, loan: Loan) -> Answer:
    if loan.state is LoanState.WANTED:
        return await waiting_queue.refuse_request(ctx, thing, loan)
    if loan.handed is LoanSide.BOTH:
        raise UserError(
            _(
                "{person} has it. When it is back: `!returned {number}`",
                person=texts.borrower_name(loan),
                number=loan.item,
            )
        )
    return await cancel_loan(ctx, thing, loan)


async def cancel_loan(ctx: Context, thing: LentThing, loan: Loan) -> list[Line | Effect]:
    """Cancel a loan that has not begun. Return what to say. The other person and the next in the
    queue are told."""
    rest = await waiting_queue.end_loan(ctx, thing, loan)
    line = _("Loan {number} is off: “{title}”.", number=loan.item, title=texts.short_title(thing))
    others = {loan.borrower, await lookup.find_lender(ctx, thing)} - {ctx.who, None, UserId("")}
    letters = [
        Say((line,), to=one, loud=True, item=loan.item) for one in sorted(filter(None, others))
    ]
    return [line, *letters, *rest]
