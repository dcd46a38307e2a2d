"""Ask for a thing, and wait for it if somebody has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Effect,
    Line,
    MissingArgument,
    Number,
    Person,
    Say,
    UserError,
    _,
    shorten_line,
    words,
)
from commands.lending import (
    due_times,
    lend_command,
    loan_changes,
    lookup,
    store,
    texts,
    waiting_queue,
)
from commands.lending.declaration import LENDING_TOPIC, MOST_WANTED, feature
from commands.lending.loan_span import LoanSpan
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState, ThingOwner, first_clash

PATIENCE = timedelta(days=3)


@feature.command(
    words(
        "pido",
        "peço",
        "borrow",
        "pido prestado, pedir prestado, me prestas, me prestan, quiero prestado"
        " | peço emprestado, pedir emprestado, me empresta, pego emprestado"
        " | i borrow, can i borrow",
    ),
    help=_("ask for a thing that is lent here; if somebody has it, wait for it"),
    example=_("For example: `!borrow projector until tomorrow`"),
    topic=LENDING_TOPIC,
)
async def borrow_thing(ctx: Context, *, text: str = "") -> Answer:
    """Ask to borrow a thing by name or number, until a date; or change or give up one's own loan.
    Return the answer.

    Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    # Thing and time are one sentence: `phrases` reads it.
    span, meant, _room = await lend_command.parse_request(ctx, text.rstrip("?¿ "))
    found = await lookup.find_by_reply(ctx) if not meant.name and meant.number is None else None
    if meant.number is not None:
        found = await lookup.find_by_number(ctx, meant.number)
    if found is not None and found[1] is not None and found[1].borrower == ctx.who:
        return await _change_own_loan(ctx, found[0], found[1], span, no=meant.no)
    thing = found[0] if found else await lookup.find_by_name(ctx, meant.name)
    if thing is None and not meant.name:
        raise MissingArgument("text", _("what you need"))
    if thing is None or not thing.open:
        raise UserError(
            _("Nobody lends “{name}” here.", name=shorten_line(meant.name or text, 60)),
            _(
                "What is lent here: `!loans`. To ask everybody for it: `!need {name}`",
                name=shorten_line(meant.name or text, 60),
            ),
        )
    ctx.answer_privately |= not lookup.is_public(ctx, thing)
    return await _request_thing(ctx, thing, span)


async def _request_thing(ctx: Context, thing: LentThing, span: LoanSpan) -> Answer:
    """Store a request with its place in the queue, and ask the lender if the thing is free."""
    await _check_limits(ctx, thing)
    number = await ctx.add_item("loan", thing.title, thing.room)
    wish = Loan(
        number,
        thing.item,
        ctx.who,
        LoanState.WANTED,
        span.starts,
        span.until,
        span.timed,
        span.zone,
    )
    live, queue = (
        await store.live_loans(ctx.db, thing.item),
        await store.waiting_requests(ctx.db, thing.item),
    )
    ends = span.until or ctx.said_at + timedelta(minutes=1)
    clash = first_clash(live, max(span.starts or ctx.said_at, ctx.said_at), ends, ctx.said_at)
    await store.save_loan(ctx.db, wish)
    await due_times.schedule_jobs(ctx, thing, wish)
    if clash is None and await lookup.may_lend(ctx, thing) and span.until is not None:
        return await waiting_queue.grant_request(ctx, thing, wish)
    first = _(
        "Number {number}: you ask for “{title}” ({whose}).",
        number=number,
        title=texts.short_title(thing),
        whose=lookup.owner_name(thing),
    )
    no = _("If you don't need it any more: `!borrow {number} no`", number=number)
    if clash is None and not queue:
        await waiting_queue.ask_lender(ctx, thing, wish)
        asked = _("I ask {lender} in private.", lender=lookup.keeper_name(thing))
        return lookup.answer_quietly(ctx, wish, [first, asked, no])
    lines = [first, _("You are on the waiting list: number {place}.", place=len(queue) + 1)]
    if clash is not None:
        lines.append(
            _(
                "It is lent {when}.",
                when=texts.loan_time(clash, planned=clash.state is LoanState.BOOKED),
            )
        )
    lines.append(_("When it is your turn I write to you. {no}", no=no))
    return lookup.answer_quietly(ctx, wish, lines)


async def _check_limits(ctx: Context, thing: LentThing) -> None:
    if thing.owner is ThingOwner.PERSON and thing.keeper == ctx.who:
        raise UserError(
            _("“{title}” is yours.", title=texts.short_title(thing)),
            _("To lend it: `!lend {number} to @ana until tomorrow`", number=thing.item),
        )
    theirs = [
        *await store.live_loans(ctx.db, thing.item),
        *await store.waiting_requests(ctx.db, thing.item),
    ]
    if mine := next((one for one in theirs if one.borrower == ctx.who), None):
        raise UserError(
            _(
                "You have asked for “{title}” already: number {number}.",
                title=texts.short_title(thing),
                number=mine.item,
            ),
            _(
                "For other dates: `!borrow {number} for 5 days`. To stop: `!borrow {number} no`",
                number=mine.item,
            ),
        )
    if not ctx.defaults.unlimited and await store.count_requests(ctx.db, ctx.who) >= MOST_WANTED:
        raise UserError(
            _("You wait for {count} things; that is all I keep for one person.", count=MOST_WANTED),
            _("To see them: `!loans` in private."),
        )


# --- one's own loan -------------------------------------------------------------------------------


async def _change_own_loan(
    ctx: Context, thing: LentThing, loan: Loan, span: LoanSpan, *, no: bool
) -> Answer:
    """Extend, change or give up one's own loan or request."""
    if loan.state is LoanState.OVER:
        raise UserError(_("Number {number} is over.", number=loan.item))
    if no:
        return await give_up_loan(ctx, thing, loan)
    if span.until is None:
        return Say((texts.loan_line(thing, loan),), item=loan.item)
    later = replace(loan, until=span.until, timed=span.timed)
    if loan.state is LoanState.WANTED:
        later = await store.save_loan(ctx.db, replace(later, starts=span.starts))
        await due_times.schedule_jobs(ctx, thing, later)
        live = await store.live_loans(ctx.db, thing.item)
        if first_clash(live, span.starts or ctx.said_at, span.until, ctx.said_at) is None:
            await waiting_queue.ask_lender(ctx, thing, later)
        return _("Noted: {loan}", loan=texts.loan_line(thing, later))
    await waiting_queue.check_free(ctx, thing, later)
    lender = await lookup.find_lender(ctx, thing)
    if lender is None or lender == ctx.who:
        return await loan_changes.extend_loan(ctx, thing, later)
    data = {"loan": loan.item, "until": span.until.isoformat(), "timed": span.timed}
    await ctx.begin_dialogue("more", lender, data, patience=PATIENCE)
    return _(
        "I ask {lender} whether you may have it until {until}.",
        lender=Person(lender),
        until=texts.loan_end(later),
    )


async def give_up_loan(ctx: Context, thing: LentThing, loan: Loan) -> list[Line | Effect]:
    """Withdraw a request to borrow, or a loan that was not handed over. Return what to say. Raises
    `UserError` otherwise."""
    if loan.handed & LoanSide.BORROWER:
        raise UserError(
            _("You have it. When you have given it back: `!returned {number}`", number=loan.item)
        )
    if loan.state is LoanState.WANTED:
        rest = await waiting_queue.end_loan(ctx, thing, loan)
        return [
            _(
                "Number {number} is off: you don't wait for “{title}” any more.",
                number=loan.item,
                title=texts.short_title(thing),
            ),
            *rest,
        ]
    return await loan_changes.cancel_loan(ctx, thing, loan)


@feature.dialogue("more")
async def ask_for_extension(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the lender whether a loan may be extended. Return what to say, if anything."""
    loan = await store.get_loan(ctx.db, Number(data["loan"]))
    thing = await store.get_thing(ctx.db, loan.thing) if loan else None
    if loan is None or thing is None or not loan.is_live:
        return None
    later = replace(loan, until=datetime.fromisoformat(data["until"]), timed=data["timed"])
    answer = ctx.ask(
        "more",
        YES_NO,
        _(
            "{person} asks to have “{title}” until {until} (loan {number}, now until {before}).",
            person=texts.borrower_name(loan),
            title=texts.short_title(thing),
            until=texts.loan_end(later),
            number=loan.item,
            before=texts.loan_end(loan),
        ),
        _("Is that all right? `yes` or `no`"),
    )
    if answer == "yes":
        return await loan_changes.extend_loan(ctx, thing, later)
    line = _(
        "Loan {number}, “{title}”: it stays until {until}.",
        number=loan.item,
        title=texts.short_title(thing),
        until=texts.loan_end(loan),
    )
    return [line, Say((line,), to=loan.borrower, loud=True, item=loan.item)]
