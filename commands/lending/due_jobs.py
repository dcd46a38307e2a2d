"""Jobs of loans: reminders, word to the lender when late, and expiry."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Job,
    Line,
    Say,
    Span,
    UserId,
    _,
    items,
    rooms,
)
from commands.lending import due_times, lookup, store, texts, waiting_queue
from commands.lending.declaration import (
    ALONE_JOB,
    BEGIN_JOB,
    LAPSE_JOB,
    LATE_AFTER,
    LATE_JOB,
    REMIND_JOB,
    TIDY_JOB,
    feature,
)
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState

REPEAT_AFTER = timedelta(days=3)
MOST_REPEATS = 3
"""How often the lender is told that a thing is late."""


async def _loan_of_job(ctx: Context, job: Job, *states: LoanState) -> tuple[LentThing, Loan] | None:
    loan = await store.get_loan(ctx.db, job.item) if job.item is not None else None
    if loan is None or loan.state not in states:
        return None
    thing = await store.get_thing(ctx.db, loan.thing)
    return (thing, loan) if thing else None


def _late_lines(ctx: Context, job: Job) -> list[Line]:
    """Return the line that goes before a late message, if it is late."""
    if ctx.said_at - job.due <= LATE_AFTER:
        return []
    return [_("Late by {span}, because I was away.", span=Span(ctx.said_at - job.due))]


async def _private_message(
    ctx: Context, job: Job, loan: Loan, to: UserId | None, *lines: Line
) -> Answer:
    """Return a private message, or None if the bot shares no room with the person any more."""
    if not to or not await rooms.shares_room(ctx.db, to):
        return None
    return Say((*_late_lines(ctx, job), *lines), to=to, loud=True, item=loan.item)


@feature.runs(BEGIN_JOB)
async def begin_loan(ctx: Context, job: Job) -> Answer:
    """Tell both people that their loan begins today. Return what to say, if anything."""
    found = await _loan_of_job(ctx, job, LoanState.BOOKED)
    if found is None or due_times.is_overtaken(found[1], job.due, ctx.said_at):
        return None
    thing, loan = found
    what = {"number": loan.item, "title": texts.short_title(thing), "until": texts.loan_end(loan)}
    mine = await _private_message(
        ctx,
        job,
        loan,
        loan.borrower,
        _("Loan {number} begins today: “{title}”, until {until}.", **what),
        _(
            "When you have it: `!received {number}`. If you don't need it: `!borrow {number} no`",
            number=loan.item,
        ),
    )
    theirs = await _private_message(
        ctx,
        job,
        loan,
        await lookup.find_lender(ctx, thing),
        _("Loan {number} begins today: “{title}”, until {until}.", **what),
        _(
            "It goes to {borrower}. When you have handed it over: `!received {number}`",
            borrower=texts.borrower_name(loan),
            number=loan.item,
        ),
    )
    return [one for one in (mine, theirs) if isinstance(one, Say)]


@feature.runs(REMIND_JOB)
async def remind_borrower(ctx: Context, job: Job) -> Answer:
    """Remind the borrower before a borrowed thing is due back. Return what to say, if anything."""
    found = await _loan_of_job(ctx, job, LoanState.OUT, LoanState.BOOKED)
    if found is None or found[1].handed is LoanSide.NOBODY or found[1].back & LoanSide.BORROWER:
        return None
    thing, loan = found
    if due_times.is_overtaken(loan, job.due, ctx.said_at):
        return None
    waiting = await store.waiting_requests(ctx.db, thing.item)
    lines = [
        _(
            "Loan {number}: “{title}” goes back by {until}.",
            number=loan.item,
            title=texts.short_title(thing),
            until=texts.loan_end(loan),
        ),
        *([_("Somebody is waiting for it.")] if waiting else []),
        _(
            "When you have given it back: `!returned {number}`. For more time:"
            " `!borrow {number} for 5 days`",
            number=loan.item,
        )
        if thing.open
        else _return_line(thing, loan),
    ]
    return await _private_message(ctx, job, loan, loan.borrower, *lines)


@feature.runs(LATE_JOB)
async def tell_late(ctx: Context, job: Job) -> Answer:
    """Tell lender and borrower in private that a borrowed thing is late, a limited number of times.
    Return what to say, if anything."""
    found = await _loan_of_job(ctx, job, LoanState.OUT, LoanState.BOOKED)
    if found is None or found[1].handed is LoanSide.NOBODY:
        return None
    thing, loan = found
    turn = int(job.payload.get("time", 1))
    if turn < MOST_REPEATS:
        at = ctx.said_at + REPEAT_AFTER
        await ctx.schedule(
            LATE_JOB, at, item=loan.item, room=thing.room, zone=loan.zone, time=turn + 1
        )
    theirs = await _private_message(
        ctx, job, loan, await lookup.find_lender(ctx, thing), *_late_lender_lines(thing, loan)
    )
    mine: Answer = None
    if not loan.back & LoanSide.BORROWER:
        mine = await _private_message(
            ctx,
            job,
            loan,
            loan.borrower,
            _(
                "Loan {number}: “{title}” was due back {until}.",
                number=loan.item,
                title=texts.short_title(thing),
                until=texts.loan_end(loan),
            ),
            _(
                "If you have given it back: `!returned {number}`. For more time:"
                " `!borrow {number} for 5 days`",
                number=loan.item,
            )
            if thing.open
            else _return_line(thing, loan),
        )
    return [one for one in (theirs, mine) if isinstance(one, Say)]


def _late_lender_lines(thing: LentThing, loan: Loan) -> list[Line]:
    what = {
        "number": loan.item,
        "title": texts.short_title(thing),
        "until": texts.loan_end(loan),
        "borrower": texts.borrower_name(loan),
    }
    if loan.back & LoanSide.BORROWER:
        first = _(
            "Loan {number}: {borrower} says that “{title}” is back; it was due {until}.", **what
        )
    else:
        first = _(
            "Loan {number} is late: “{title}” was due back {until}; {borrower} has it.", **what
        )
    return [
        first,
        _(
            "If it is back: `!returned {number}`. To give more time: `!lend {number} for 5 days`",
            number=loan.item,
        )
        if thing.open
        else _return_line(thing, loan),
    ]


def _return_line(thing: LentThing, loan: Loan) -> Line:
    """Return the line for a thing that is lent no more, of which no more time can be had."""
    return _(
        "If “{title}” is back: `!returned {number}`",
        title=texts.short_title(thing),
        number=loan.item,
    )


@feature.runs(LAPSE_JOB)
async def expire_loan(ctx: Context, job: Job) -> Answer:
    """End a request to borrow whose time is over, or a loan that never began. Return what to say,
    if anything."""
    found = await _loan_of_job(ctx, job, LoanState.WANTED, LoanState.BOOKED)
    if found is None or (
        found[1].state is LoanState.BOOKED and found[1].handed is not LoanSide.NOBODY
    ):
        return None
    thing, loan = found
    rest = await waiting_queue.end_loan(ctx, thing, loan)
    told = [loan.borrower]
    if loan.state is LoanState.BOOKED:
        told += [one for one in (await lookup.find_lender(ctx, thing),) if one]
    line = _(
        "Number {number} is over: “{title}” was not handed over.",
        number=loan.item,
        title=texts.short_title(thing),
    )
    letters = [
        await _private_message(
            ctx,
            job,
            loan,
            one,
            line,
            _("To ask for it again: `!borrow {number}`", number=thing.item),
        )
        for one in told
    ]
    return [*(one for one in letters if isinstance(one, Say)), *rest]


@feature.runs(ALONE_JOB)
async def end_unanswered(ctx: Context, job: Job) -> Answer:
    """End a loan whose thing the lender says is back, because the borrower did not answer. Return
    what to say, if anything."""
    found = await _loan_of_job(ctx, job, LoanState.OUT, LoanState.BOOKED)
    if found is None or found[1].back is not LoanSide.LENDER:
        return None
    thing, loan = found
    rest = await waiting_queue.end_loan(ctx, thing, loan)
    return [
        *[
            one
            for one in [
                await _private_message(
                    ctx,
                    job,
                    loan,
                    loan.borrower,
                    _(
                        "Loan {number} is over: “{title}” is back, as its lender says.",
                        number=loan.item,
                        title=texts.short_title(thing),
                    ),
                )
            ]
            if isinstance(one, Say)
        ],
        *rest,
    ]


@feature.runs(TIDY_JOB)
async def delete_loan(ctx: Context, job: Job) -> Answer:
    """Delete a loan that was over long ago. Return what to say, if anything."""
    if job.item is not None:
        await items.delete(ctx.db, job.item)
    return None
