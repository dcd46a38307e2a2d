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
    Missing,
    Number,
    Person,
    Say,
    UserError,
    _,
    words,
)
from commands.lending import due_times, lend_command, lookup, phrases, store, texts, waiting_queue
from commands.lending.declaration import LENDING, MOST_WANTED, feature
from commands.lending.loan_span import Span
from commands.lending.loans import Loan, Owner, Side, State, Thing, clashing

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
    topic=LENDING,
)
async def borrow(ctx: Context, *, text: str = "") -> Answer:
    """Ask for a thing by name or number, until a date; or change or give up one's own loan.

    Raises `UserError`, `Missing` and `Asking`.
    """
    span, meant, _room = await lend_command.understood(ctx, text.rstrip("?¿ "))
    found = await lookup.replied(ctx) if not meant.name and meant.number is None else None
    if meant.number is not None:
        found = await lookup.by_number(ctx, meant.number)
    if found is not None and found[1] is not None and found[1].borrower == ctx.who:
        return await _mine(ctx, found[0], found[1], span, no=meant.no)
    thing = found[0] if found else await lookup.by_name(ctx, meant.name)
    if thing is None and not meant.name:
        raise Missing("text", _("what you need"))
    if thing is None or not thing.open:
        raise UserError(
            _("Nobody lends “{name}” here.", name=phrases.short(meant.name or text)),
            _(
                "What is lent here: `!loans`. To ask everybody for it: `!need {name}`",
                name=phrases.short(meant.name or text),
            ),
        )
    ctx.aside |= not lookup.public(ctx, thing)
    return await _ask(ctx, thing, span)


async def _ask(ctx: Context, thing: Thing, span: Span) -> Answer:
    """Store a request with its place in the queue, and ask the lender if the thing is free."""
    await _bounds(ctx, thing)
    number = await ctx.new_item("loan", thing.title, thing.room)
    wish = Loan(number, thing.item, ctx.who, State.WANTED, span.starts, span.until, span.timed,
                span.zone)  # fmt: skip
    live, queue = await store.live(ctx.db, thing.item), await store.queue(ctx.db, thing.item)
    ends = span.until or ctx.now + timedelta(minutes=1)
    clash = clashing(live, max(span.starts or ctx.now, ctx.now), ends, ctx.now)
    await store.put(ctx.db, wish)
    await due_times.plan(ctx, thing, wish)
    if clash is None and await lookup.lends(ctx, thing) and span.until is not None:
        return await waiting_queue.granted(ctx, thing, wish)
    first = _("Number {number}: you ask for “{title}” ({whose}).", number=number,
              title=texts.title(thing), whose=lookup.whose(thing))  # fmt: skip
    no = _("If you don't need it any more: `!borrow {number} no`", number=number)
    if clash is None and not queue:
        await waiting_queue.ask(ctx, thing, wish)
        return [first, _("I ask {lender} in private.", lender=lookup.keeper(thing)), no]
    lines = [first, _("You are on the waiting list: number {place}.", place=len(queue) + 1)]
    if clash is not None:
        lines.append(_("It is lent {when}.", when=texts.when(clash, planned=clash.state is
                                                          State.BOOKED)))  # fmt: skip
    return [*lines, _("When it is your turn I write to you. {no}", no=no)]


async def _bounds(ctx: Context, thing: Thing) -> None:
    if thing.owner is Owner.PERSON and thing.keeper == ctx.who:
        raise UserError(
            _("“{title}” is yours.", title=texts.title(thing)),
            _("To lend it: `!lend {number} to @ana until tomorrow`", number=thing.item),
        )
    theirs = [*await store.live(ctx.db, thing.item), *await store.queue(ctx.db, thing.item)]
    if mine := next((one for one in theirs if one.borrower == ctx.who), None):
        raise UserError(
            _("You have asked for “{title}” already: number {number}.", title=texts.title(thing),
              number=mine.item),
            _("For other dates: `!borrow {number} for 5 days`. To stop: `!borrow {number} no`",
              number=mine.item),
        )  # fmt: skip
    if not ctx.defaults.unlimited and await store.wanted_by(ctx.db, ctx.who) >= MOST_WANTED:
        raise UserError(
            _("You wait for {count} things; that is all I keep for one person.", count=MOST_WANTED),
            _("To see them: `!loans` in private."),
        )


# --- one's own loan -------------------------------------------------------------------------------


async def _mine(ctx: Context, thing: Thing, loan: Loan, span: Span, *, no: bool) -> Answer:
    """Extend, change or give up one's own loan or request."""
    if loan.state is State.OVER:
        raise UserError(_("Number {number} is over.", number=loan.item))
    if no:
        return await give_up(ctx, thing, loan)
    if span.until is None:
        return Say((texts.one(thing, loan),), item=loan.item)
    later = replace(loan, until=span.until, timed=span.timed)
    if loan.state is State.WANTED:
        later = await store.put(ctx.db, replace(later, starts=span.starts))
        await due_times.plan(ctx, thing, later)
        live = await store.live(ctx.db, thing.item)
        if clashing(live, span.starts or ctx.now, span.until, ctx.now) is None:
            await waiting_queue.ask(ctx, thing, later)
        return _("Noted: {loan}", loan=texts.one(thing, later))
    await waiting_queue.free(ctx, thing, later)
    lender = await lookup.lender(ctx, thing)
    if lender is None or lender == ctx.who:
        return await lend_command.extend(ctx, thing, later)
    data = {"loan": loan.item, "until": span.until.isoformat(), "timed": span.timed}
    await ctx.begin("more", lender, data, patience=PATIENCE)
    return _("I ask {lender} whether you may have it until {until}.", lender=Person(lender),
             until=texts.until(later))  # fmt: skip


async def give_up(ctx: Context, thing: Thing, loan: Loan) -> list[Line | Effect]:
    """Withdraw a request, or a loan that was not handed over. Raises `UserError` otherwise."""
    if loan.handed & Side.BORROWER:
        raise UserError(
            _("You have it. When you have given it back: `!returned {number}`", number=loan.item)
        )
    if loan.state is State.WANTED:
        rest = await waiting_queue.over(ctx, thing, loan)
        return [_("Number {number} is off: you don't wait for “{title}” any more.",
                  number=loan.item, title=texts.title(thing)), *rest]  # fmt: skip
    return await lend_command.take_back(ctx, thing, loan)


@feature.dialogue("more")
async def more(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the lender whether a loan may be extended."""
    loan = await store.get(ctx.db, Number(data["loan"]))
    thing = await store.thing(ctx.db, loan.thing) if loan else None
    if loan is None or thing is None or not loan.live:
        return None
    later = replace(loan, until=datetime.fromisoformat(data["until"]), timed=data["timed"])
    answer = ctx.ask(
        "more", YES_NO,
        _("{person} asks to have “{title}” until {until} (loan {number}, now until {before}).",
          person=texts.who(loan), title=texts.title(thing), until=texts.until(later),
          number=loan.item, before=texts.until(loan)),
        _("Is that all right? `yes` or `no`"),
    )  # fmt: skip
    if answer == "yes":
        return await lend_command.extend(ctx, thing, later)
    line = _("Loan {number}, “{title}”: it stays until {until}.", number=loan.item,
             title=texts.title(thing), until=texts.until(loan))  # fmt: skip
    return [line, Say((line,), to=loan.borrower, loud=True, item=loan.item)]
