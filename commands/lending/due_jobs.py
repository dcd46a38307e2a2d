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
from commands.lending import lookup, store, texts, waiting_queue
from commands.lending.declaration import LATE, feature
from commands.lending.loans import Loan, Side, State, Thing

AGAIN = timedelta(days=3)
TIMES = 3
"""How often the lender is told that a thing is late."""


async def _found(ctx: Context, job: Job, *states: State) -> tuple[Thing, Loan] | None:
    loan = await store.get(ctx.db, job.item) if job.item is not None else None
    if loan is None or loan.state not in states:
        return None
    thing = await store.thing(ctx.db, loan.thing)
    return (thing, loan) if thing else None


def _late(ctx: Context, job: Job) -> list[Line]:
    """Return the line that goes before a late message, if it is late."""
    if ctx.now - job.due <= LATE:
        return []
    return [_("Late by {span}, because I was away.", span=Span(ctx.now - job.due))]


async def _letter(ctx: Context, job: Job, loan: Loan, to: UserId | None, *lines: Line) -> Answer:
    """Return a private message, or None if the bot shares no room with the person any more."""
    if not to or not await rooms.shares_room(ctx.db, to):
        return None
    return Say((*_late(ctx, job), *lines), to=to, loud=True, item=loan.item)


@feature.job("begin")
async def begin(ctx: Context, job: Job) -> Answer:
    """Tell both people that their loan begins today."""
    found = await _found(ctx, job, State.BOOKED)
    if found is None:
        return None
    thing, loan = found
    what = {"number": loan.item, "title": texts.title(thing), "until": texts.until(loan)}
    mine = await _letter(
        ctx, job, loan, loan.borrower,
        _("Loan {number} begins today: “{title}”, until {until}.", **what),
        _("When you have it: `!received {number}`. If you don't need it: `!borrow {number} no`",
          number=loan.item),
    )  # fmt: skip
    theirs = await _letter(
        ctx, job, loan, await lookup.lender(ctx, thing),
        _("Loan {number} begins today: “{title}”, until {until}.", **what),
        _("It goes to {borrower}. When you have handed it over: `!received {number}`",
          borrower=texts.who(loan), number=loan.item),
    )  # fmt: skip
    return [one for one in (mine, theirs) if isinstance(one, Say)]


@feature.job("remind")
async def remind(ctx: Context, job: Job) -> Answer:
    """Remind the borrower before the thing is due back."""
    found = await _found(ctx, job, State.OUT, State.BOOKED)
    if found is None or found[1].handed is Side.NOBODY or found[1].back & Side.BORROWER:
        return None
    thing, loan = found
    waiting = await store.queue(ctx.db, thing.item)
    lines = [
        _("Loan {number}: “{title}” goes back by {until}.", number=loan.item,
          title=texts.title(thing), until=texts.until(loan)),
        *([_("Somebody is waiting for it.")] if waiting else []),
        _("When you have given it back: `!returned {number}`. For more time:"
          " `!borrow {number} for 5 days`", number=loan.item),
    ]  # fmt: skip
    return await _letter(ctx, job, loan, loan.borrower, *lines)


@feature.job("late")
async def late(ctx: Context, job: Job) -> Answer:
    """Tell lender and borrower in private that the thing is late, a limited number of times."""
    found = await _found(ctx, job, State.OUT, State.BOOKED)
    if found is None or found[1].handed is Side.NOBODY:
        return None
    thing, loan = found
    turn = int(job.payload.get("time", 1))
    if turn < TIMES:
        at = ctx.now + AGAIN
        await ctx.schedule("late", at, item=loan.item, room=thing.room, zone=loan.zone,
                           time=turn + 1)  # fmt: skip
    theirs = await _letter(
        ctx, job, loan, await lookup.lender(ctx, thing), *_to_lender(thing, loan)
    )
    mine: Answer = None
    if not loan.back & Side.BORROWER:
        mine = await _letter(
            ctx, job, loan, loan.borrower,
            _("Loan {number}: “{title}” was due back {until}.", number=loan.item,
              title=texts.title(thing), until=texts.until(loan)),
            _("If you have given it back: `!returned {number}`. For more time:"
              " `!borrow {number} for 5 days`", number=loan.item),
        )  # fmt: skip
    return [one for one in (theirs, mine) if isinstance(one, Say)]


def _to_lender(thing: Thing, loan: Loan) -> list[Line]:
    what = {"number": loan.item, "title": texts.title(thing), "until": texts.until(loan),
            "borrower": texts.who(loan)}  # fmt: skip
    if loan.back & Side.BORROWER:
        first = _(
            "Loan {number}: {borrower} says that “{title}” is back; it was due {until}.", **what
        )
    else:
        first = _(
            "Loan {number} is late: “{title}” was due back {until}; {borrower} has it.", **what
        )
    return [
        first,
        _("If it is back: `!returned {number}`. To give more time: `!lend {number} for 5 days`",
          number=loan.item),
    ]  # fmt: skip


@feature.job("lapse")
async def lapse(ctx: Context, job: Job) -> Answer:
    """End a request whose time is over, or a loan that never began."""
    found = await _found(ctx, job, State.WANTED, State.BOOKED)
    if found is None or (found[1].state is State.BOOKED and found[1].handed is not Side.NOBODY):
        return None
    thing, loan = found
    rest = await waiting_queue.over(ctx, thing, loan)
    told = [loan.borrower]
    if loan.state is State.BOOKED:
        told += [one for one in (await lookup.lender(ctx, thing),) if one]
    line = _("Number {number} is over: “{title}” was not handed over.", number=loan.item,
             title=texts.title(thing))  # fmt: skip
    letters = [await _letter(ctx, job, loan, one, line,
                             _("To ask for it again: `!borrow {number}`", number=thing.item))
               for one in told]  # fmt: skip
    return [*(one for one in letters if isinstance(one, Say)), *rest]


@feature.job("alone")
async def alone(ctx: Context, job: Job) -> Answer:
    """End a loan that the lender reported back and the borrower did not answer about."""
    found = await _found(ctx, job, State.OUT, State.BOOKED)
    if found is None or found[1].back is not Side.LENDER:
        return None
    thing, loan = found
    rest = await waiting_queue.over(ctx, thing, loan)
    return [
        *[one for one in [await _letter(
            ctx, job, loan, loan.borrower,
            _("Loan {number} is over: “{title}” is back, as its lender says.", number=loan.item,
              title=texts.title(thing)))] if isinstance(one, Say)],
        *rest,
    ]  # fmt: skip


@feature.job("tidy")
async def tidy(ctx: Context, job: Job) -> Answer:
    """Delete a loan that was over long ago."""
    if job.item is not None:
        await items.drop(ctx.db, job.item)
    return None
